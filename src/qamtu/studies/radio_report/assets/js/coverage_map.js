// Coverage on the map: one layer at a time, the sites with their sectors, and their cards.
(() => {
  const sectors = () => Q.thesectors;
  const { zoomed, at, fact } = Q;
  const LAYERS = ["best", "sinr", "throughput", "server"];

  const given = () => LAYERS.filter((name) => Q.data.rasters[name]);
  const mode = () => Q.view.mode.layer || given()[0];

  // Sites out of the sectors: those of one id stand at one place.
  let known = null;
  Q.siteList = () => {
    if (known) return known;
    const by = new Map();
    for (let k = 0; k < sectors().n; k += 1) {
      const id = sectors().site_id[k];
      if (!by.has(id)) by.set(id, { id, x: sectors().x[k], y: sectors().y[k], sectors: [] });
      by.get(id).sectors.push(k);
    }
    known = [...by.values()];
    return known;
  };

  const weakest = () => Math.min(...(Q.summary.levels || []).map((row) => row.level_dbm));

  const stepped = (steps, colours) => colours.map((colour, i) => ({ from: steps[i - 1], to: steps[i], colour }));
  const classes = () => {
    const { below, ramp } = Q.data.colours;
    if (mode() === "best") {
      const least = Number.isFinite(weakest()) ? weakest() : -115;
      return stepped([-10, 0, 5, 10, 15, 20, 30].map((step) => least + step), [...below, ...ramp.slice(1, 6), ramp[7]]);
    }
    if (mode() === "sinr") return stepped([-6, 0, 5, 10, 15, 20], [below[1], ...ramp.slice(1, 6), ramp[7]]);
    return stepped([1, 5, 10, 25, 50, 100, 200], [below[1], ...ramp.slice(1)]);
  };
  const unit = () => ({ best: Q.t("dBm"), sinr: Q.t("dB"), throughput: Q.t("Mbit/s") })[mode()];

  const classText = ({ from, to }) => {
    if (from === undefined) return Q.t("below {n} {unit}", { n: Q.number(to), unit: unit() });
    if (to === undefined) return Q.t("{n} {unit} and more", { n: Q.number(from), unit: unit() });
    return Q.t("{from} to {to} {unit}", { from: Q.number(from), to: Q.number(to), unit: unit() });
  };

  const serverColour = (number) => Q.data.colours.servers[number % Q.data.colours.servers.length];

  const radius = () => {
    const wide = (Q.bounds[2] - Q.bounds[0]) * 111320 * Math.cos((Q.bounds[1] * Math.PI) / 180);
    return Math.min(Math.max(wide / (14 * Math.sqrt(Q.siteList().length)), 80), 2500);
  };

  const sources = () => ({
    sectors: Q.collection(Q.each(sectors().n, (k) => k).filter((k) => Q.known(sectors().azimuth_deg[k])).map((k) => Q.feature(k, "Polygon",
      Q.sectorSlice(sectors().x[k], sectors().y[k], sectors().azimuth_deg[k], 50, radius()), { colour: serverColour(k) }))),
    sites: Q.collection(Q.siteList().map((site, i) => Q.feature(i, "Point", [site.x, site.y]))),
  });

  const layers = (c) => [
    { id: "sectors", type: "fill", source: "sectors", paint: { "fill-color": mode() === "server" ? ["get", "colour"] : c.label, "fill-opacity": 0.4, "fill-outline-color": c.label } },
    { id: "sites", type: "circle", source: "sites", paint: { "circle-color": c.label, "circle-radius": zoomed(6, 2, 12, 5), "circle-stroke-color": c.casing, "circle-stroke-width": 1.4 } },
  ];

  const update = (m, visible) => {
    m.setPaintProperty("sectors", "fill-color", mode() === "server" ? ["get", "colour"] : Q.mapColours(Q.theme()).label);
    visible("sites", Q.view.layers.sites !== false);
    visible("sectors", Q.view.layers.sectors !== false);
    visible("roads", Q.view.layers.roads !== false);
    const wanted = Q.view.layers.picture !== false ? mode() : null;
    if (Q.view.painted !== wanted) {
      Q.view.painted = wanted;
      const found = classes();
      Q.showRaster(wanted, wanted === "server" ? serverColour : (value) => Q.classOf(found, value).colour);
    }
  };

  const serverRows = () => {
    const shown = Q.each(Math.min(sectors().n, 12), (k) => Q.legendRow(serverColour(k), "", sectors().sector_id[k]));
    return sectors().n > 12 ? [Q.h("p", { class: "small" }, Q.t("Neighbouring colours are different sectors; {n} colours are used again and again.", { n: Q.number(Q.data.colours.servers.length) }))] : shown;
  };

  const legends = () => given().length > 0 ? [{
    key: "layer", title: Q.t("Layer"), modes: given().map((name) => [name, Q.term("layer", name)]),
    rows: (name) => (name === "server" ? serverRows() : classes().map((one) => Q.legendRow(one.colour, "", classText(one),
      name === "best" && (one.from === undefined || one.to === weakest()) ? Q.t("too weak") : ""))),
  }] : [];

  const toggles = () => [["picture", Q.t("the layer")], ["sectors", Q.t("sectors")], ["sites", Q.t("sites")], ["roads", Q.t("main roads")]];

  const tip = (layer, row) => Q.h("strong", {}, Q.siteList()[row].id);

  // What the shown layer says of the ground below the pointer, and how fine its terrain is.
  const ground = (place) => {
    const raster = Q.view.painted && Q.shownRaster();
    const value = raster ? Q.valueAt(raster, place.lng, place.lat) : null;
    if (!Q.known(value)) return null;
    return Q.h("strong", {}, mode() === "server" ? String(Q.at(sectors(), "sector_id", value) || value) : `${Q.number(value)} ${unit()}`);
  };

  const card = (layer, row) => {
    const site = Q.siteList()[row];
    const s = sectors();
    const first = site.sectors[0];
    return {
      title: at(s, "name", first) || site.id,
      where: [site.id, at(s, "operator", first)].filter(Boolean).join(" · "),
      body: [
        Q.facts(
          fact(Q.t("Antennas above ground"), Q.metres(s.height_m[first]), Q.known(at(s, "ground_m", first)) && Q.t("on ground at {n} m", { n: Q.number(s.ground_m[first]) })),
          fact(Q.t("Terrain under it"), Q.known(at(s, "resolution_arcsec", first)) && Q.t("{n} arc seconds", { n: Q.number(s.resolution_arcsec[first]) })),
          fact(Q.t("Area that it serves"), Q.known(at(s, "area_km2", first)) && `${Q.brief(Q.sum(site.sectors, (k) => s.area_km2[k]))} ${Q.t("km²")}`),
        ),
        at(s, "approximate", first) ? Q.h("p", { class: "small" }, Q.h("span", { class: "badge estimate" }, Q.t("estimate")), " ", Q.t("The place of this site is only approximate.")) : null,
        Q.h("table", { class: "options" },
          Q.h("caption", {}, Q.t("Sectors")),
          Q.h("tbody", {}, site.sectors.map((k) => Q.h("tr", {},
            Q.h("th", { scope: "row" }, `${Q.term("technology", s.technology[k])} ${Q.number(s.frequency_mhz[k])} ${Q.t("MHz")}`),
            Q.h("td", { class: "num" }, Q.known(s.azimuth_deg[k]) ? Q.t("azimuth {n}°", { n: Q.number(s.azimuth_deg[k]) }) : Q.t("all around")),
            Q.h("td", { class: "num" }, `${Q.number(s.eirp_dbm[k], 1)} ${Q.t("dBm")}`))))),
        Q.h("p", { class: "small" }, `${Q.number(site.y, 5)}, ${Q.number(site.x, 5)}`),
      ],
    };
  };

  const mark = (layer, row) => {
    const { x, y } = Q.siteList()[row];
    return { features: [Q.point(x, y)], box: [x - 0.04, y - 0.025, x + 0.04, y + 0.025] };
  };

  Q.study = {
    sources, layers, update, legends, toggles, tip, ground, card, mark,
    pressed: ["sites"],
    groundNotice: () => Q.coarse(Q.mainArcsec()),
    lead: () => Q.t("The picture is an estimate by a model over the terrain given, not a measurement. Move over it to read its values; choose a site to see its card."),
    picture: () => ({ lines: [], dots: Q.siteList().map((site) => [site.x, site.y]) }),
  };
})();
