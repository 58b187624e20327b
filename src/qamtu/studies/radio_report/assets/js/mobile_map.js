// The cities on the map: territories, levels, sites with their sectors, hops, and the cards.
(() => {
  const cities = () => Q.thecities;
  const sites = () => Q.thesites;
  const sectors = () => Q.thesectors;
  const { zoomed, at, fact } = Q;
  const GREY = "#7d8a9c";

  let cityOf = null;
  Q.cityRow = (id) => {
    if (!cityOf) cityOf = Q.rowsBy(cities().city_id);
    return cityOf.has(id) ? cityOf.get(id) : -1;
  };
  Q.cityName = (id) => (Q.cityRow(id) >= 0 ? Q.name(cities(), Q.cityRow(id)) : id);
  let siteOf = null;
  const siteRow = (id) => {
    if (!siteOf) siteOf = Q.rowsBy(sites().site_id);
    return siteOf.has(id) ? siteOf.get(id) : -1;
  };
  const chosen = () => Q.view.city || "";
  const sitesOf = (city) => Q.each(sites().n, (i) => i).filter((i) => sites().city_id[i] === city);

  // Levels in classes: grey below what is asked, the ramp above it.
  const needed = () => (Q.summary.requirement || {}).level_median_outdoor_dbm;
  const classes = () => {
    const least = Math.round(needed());
    const { below, ramp } = Q.data.colours;
    const steps = [-10, 0, 5, 10, 15, 20, 25].map((step) => least + step);
    const colours = [...below, ...ramp.slice(1, 6), ramp[7]];
    return colours.map((colour, i) => ({ from: steps[i - 1], to: steps[i], colour }));
  };
  const levelText = ({ from, to }) => {
    const unit = Q.t("dBm");
    if (from === undefined) return Q.t("below {n} {unit}", { n: Q.number(to), unit });
    if (to === undefined) return Q.t("{n} {unit} and more", { n: Q.number(from), unit });
    return Q.t("{from} to {to} {unit}", { from: Q.number(from), to: Q.number(to), unit });
  };

  const siteColour = (mode, i) => {
    if (mode === "backhaul") return Q.data.colours.backhaul[sites().backhaul[i]] || GREY;
    if (mode === "year") return Q.data.colours.year[sites().year[i]] || GREY;
    return Q.data.colours.site_kind[sites().site_kind[i]] || GREY;
  };

  const slices = () => {
    const row = Q.cityRow(chosen());
    if (row < 0) return [];
    const own = sitesOf(chosen()).length || 1;
    const radius = Math.min(Math.max(0.3 * Math.sqrt(((cities().area_km2[row] || 1) * 1e6) / own), 60), 500);
    const made = [];
    for (let k = 0; k < sectors().n; k += 1) {
      const i = siteRow(sectors().site_id[k]);
      if (i < 0 || sites().city_id[i] !== chosen()) continue;
      made.push(Q.feature(k, "Polygon", Q.sectorSlice(sites().x[i], sites().y[i], sectors().azimuth_deg[k], at(sectors(), "beamwidth_deg", k) || 65, radius)));
    }
    return made;
  };

  const hopFeatures = () => Q.each(sites().n, (i) => i)
    .filter((i) => sites().backhaul[i] === "microwave" && siteRow(at(sites(), "backhaul_to", i)) >= 0)
    .map((i) => {
      const to = siteRow(sites().backhaul_to[i]);
      return Q.feature(i, "LineString", [[sites().x[i], sites().y[i]], [sites().x[to], sites().y[to]]]);
    });

  const sources = () => ({
    territories: Q.collection(cities().area.map((area, i) => Q.feature(i, "MultiPolygon", area))),
    centres: Q.collection(Q.each(cities().n, (i) => Q.feature(i, "Point", [cities().lon_deg[i], cities().lat_deg[i]], {
      met: Boolean(cities().target_met[i]), r: 5 + 1.2 * Math.sqrt(cities().sites_needed[i] || 0),
    }))),
    hops: Q.collection(hopFeatures()),
    sectors: Q.collection([]),
    sites: Q.collection(Q.each(sites().n, (i) => Q.feature(i, "Point", [sites().x[i], sites().y[i]], {
      site_kind: siteColour("site_kind", i), backhaul: siteColour("backhaul", i), year: siteColour("year", i),
      existing: Boolean(sites().existing[i]),
    }))),
  });

  const layers = (c) => [
    { id: "sectors", type: "fill", source: "sectors", minzoom: 9.5, paint: { "fill-color": c.label, "fill-opacity": 0.28, "fill-outline-color": c.label } },
    { id: "territories-casing", type: "line", source: "territories", paint: { "line-color": c.casing, "line-width": zoomed(6, 2, 11, 5), "line-opacity": 0.85 } },
    { id: "territories", type: "line", source: "territories", paint: { "line-color": c.ring, "line-width": zoomed(6, 1, 11, 2.4) } },
    { id: "hops", type: "line", source: "hops", minzoom: 7, paint: { "line-color": c.label, "line-width": zoomed(8, 0.8, 13, 2), "line-dasharray": [2, 2] } },
    {
      id: "sites", type: "circle", source: "sites", minzoom: 7.5, paint: {
        "circle-color": ["get", Q.view.mode.sites || "site_kind"],
        "circle-radius": zoomed(8, 1.6, 11, 4, 14, 8),
        "circle-stroke-color": ["case", ["get", "existing"], c.chosen, Q.rim(c)],
        "circle-stroke-width": zoomed(8, 0.4, 11, ["case", ["get", "existing"], 2.5, 1.2]),
      },
    },
    {
      id: "centres", type: "circle", source: "centres", maxzoom: 7.5, paint: {
        "circle-color": ["case", ["get", "met"], Q.data.colours.served.true, Q.data.colours.served.false],
        "circle-radius": zoomed(3, ["*", 0.6, ["get", "r"]], 7, ["get", "r"]), "circle-opacity": 0.75,
        "circle-stroke-color": Q.rim(c), "circle-stroke-width": 1.2,
      },
    },
  ];

  const update = (m, visible) => {
    m.setPaintProperty("sites", "circle-color", ["get", Q.view.mode.sites || "site_kind"]);
    m.getSource("sectors").setData({ type: "FeatureCollection", features: slices() });
    visible("sites", Q.view.layers.sites !== false);
    visible("sectors", Q.view.layers.sectors !== false);
    visible("hops", Q.view.layers.hops !== false);
    visible("roads", Q.view.layers.roads !== false);
    const wanted = Q.view.layers.levels !== false && chosen() ? chosen() : null;
    if (Q.view.painted !== wanted) {
      Q.view.painted = wanted;
      const found = classes();
      Q.showRaster(wanted, (value) => Q.classOf(found, value).colour);
    }
  };

  Q.chooseCity = (id, { move = true } = {}) => {
    Q.view.city = id;
    Q.drawLegends();
    Q.updateMap();
    Q.drawCurve();
    if (move) Q.showBox(id ? Q.boundsOf([cities().area[Q.cityRow(id)]]) : Q.bounds);
  };

  const chooser = () => cities().n > 1 && {
    label: Q.t("City"), chosen: chosen(),
    options: [["", Q.t("all cities")], ...cities().city_id.map((id) => [id, Q.cityName(id)]).sort((a, b) => Q.compareText(a[1], b[1]))],
    choose: Q.chooseCity,
  };

  const siteRows = (mode) => {
    const shown = chosen() ? sitesOf(chosen()) : Q.each(sites().n, (i) => i);
    const count = new Map();
    for (const i of shown) count.set(sites()[mode][i], (count.get(sites()[mode][i]) || 0) + 1);
    if (mode === "year") return Q.years.filter((year) => count.has(year)).map((year) => Q.legendRow(Q.data.colours.year[year], "dot", String(year), Q.number(count.get(year))));
    return Object.entries(Q.data.colours[mode]).filter(([key]) => count.has(key))
      .map(([key, colour]) => Q.legendRow(colour, "dot", Q.term(mode, key), Q.number(count.get(key))));
  };

  const cityRows = () => [true, false].map((met) => {
    const n = cities().target_met.filter((value) => Boolean(value) === met).length;
    return n > 0 && Q.legendRow(Q.data.colours.served[met], "dot", met ? Q.t("share reached") : Q.t("share not reached"), Q.number(n));
  });

  const legends = () => [
    ...(chosen()
      ? [{ key: "levels", title: Q.t("Level of the best server, outdoors"), modes: [], rows: () => [
        ...classes().map((one) => Q.legendRow(one.colour, "", levelText(one), one.to === Math.round(needed()) || one.from === undefined ? Q.t("too weak") : "")),
      ] }]
      : [{ key: "cities", title: Q.t("Cities"), modes: [], rows: cityRows }]),
    { key: "sites", title: Q.t("Sites by"), modes: [["site_kind", Q.t("kind")], ["backhaul", Q.t("backhaul")], ["year", Q.t("year")]], rows: siteRows },
  ];

  const toggles = () => [["levels", Q.t("levels")], ["sectors", Q.t("sectors")], ["sites", Q.t("sites")], ["hops", Q.t("microwave hops")], ["roads", Q.t("main roads")]];

  const tip = (layer, row) => (layer === "sites"
    ? [Q.h("strong", {}, sites().site_id[row]), Q.h("br"), Q.term("site_kind", sites().site_kind[row]), " · ", Q.term("backhaul", sites().backhaul[row])]
    : [Q.h("strong", {}, Q.name(cities(), row)), Q.h("br"), Q.tn("{n} new site", "{n} new sites", cities().sites_needed[row]), " · ", Q.share(cities().territory_share[row])]);

  const ground = (place) => {
    const raster = Q.view.painted && Q.shownRaster();
    const value = raster && Q.valueAt(raster, place.lng, place.lat);
    return Q.known(value) && value !== false
      ? [Q.h("strong", {}, `${Q.number(value)} ${Q.t("dBm")}`), Q.h("br"), value >= needed() ? Q.t("enough") : Q.t("too weak")]
      : null;
  };

  const siteCard = (i) => {
    const s = sites();
    const own = Q.each(sectors().n, (k) => k).filter((k) => sectors().site_id[k] === s.site_id[i]);
    return {
      title: s.site_id[i],
      where: [Q.term("site_kind", s.site_kind[i]), Q.cityName(s.city_id[i])].join(" · "),
      body: [
        Q.facts(
          fact(Q.t("Antennas above ground"), Q.metres(s.height_m[i]), Q.t("on ground at {n} m", { n: Q.number(s.ground_m[i]) })),
          fact(Q.t("Year"), s.year[i] ? String(s.year[i]) : s.existing[i] ? Q.t("stands today") : "–"),
          fact(Q.t("Area that it adds"), Q.known(s.gain_km2[i]) && `${Q.brief(s.gain_km2[i])} ${Q.t("km²")}`),
          fact(Q.t("Cost of building"), s.capex[i] > 0 && Q.money(s.capex[i])),
          fact(Q.t("Cost of running, a year"), s.opex_per_year[i] > 0 && Q.money(s.opex_per_year[i])),
          fact(Q.t("Backhaul"), Q.term("backhaul", s.backhaul[i]), Q.known(s.backhaul_km[i]) && `${Q.brief(s.backhaul_km[i])} ${Q.t("km")}`),
          fact(Q.t("Clearance of the hop"), Q.known(s.backhaul_clearance[i]) && Q.t("{n} radii of the first Fresnel zone", { n: Q.number(s.backhaul_clearance[i], 1) })),
          fact(Q.t("Terrain under it"), Q.known(s.resolution_arcsec[i]) && Q.t("{n} arc seconds", { n: Q.number(s.resolution_arcsec[i]) })),
        ),
        own.length > 0 && Q.h("table", { class: "options" },
          Q.h("caption", {}, Q.t("Sectors")),
          Q.h("tbody", {}, own.map((k) => Q.h("tr", {},
            Q.h("th", { scope: "row" }, Q.t("azimuth {n}°", { n: Q.number(sectors().azimuth_deg[k]) })),
            Q.h("td", { class: "num" }, Q.t("tilt {n}°", { n: Q.number((sectors().tilt_deg[k] || 0) + (at(sectors(), "electrical_tilt_deg", k) || 0), 1) })),
            Q.h("td", { class: "num" }, `${Q.number(sectors().eirp_dbm[k], 1)} ${Q.t("dBm")}`))))),
        Q.h("p", { class: "small" }, `${Q.number(s.y[i], 5)}, ${Q.number(s.x[i], 5)}`),
      ],
    };
  };

  const cityCard = (i) => {
    const c = cities();
    return {
      title: Q.name(c, i),
      where: [Q.term("status", at(c, "status", i)), Q.regionName(at(c, "region_id", i))].join(" · "),
      body: [
        Q.facts(
          fact(Q.t("Territory covered"), Q.share(c.territory_share[i]), Q.t("of {n} km²", { n: Q.brief(c.area_km2[i]) })),
          fact(Q.t("People covered"), Q.share(c.people_share[i]), Q.t("of {n}, an estimate", { n: Q.people(c.population[i]) })),
          fact(Q.t("New sites"), Q.number(c.sites_needed[i]), Q.t("at least {n} of these candidates", { n: Q.number(Math.ceil(c.sites_bound[i] - 1e-6)) })),
          fact(Q.t("Sites of today"), Q.number(c.sites_existing[i])),
          fact(Q.t("Cost of building"), Q.money(c.capex[i])),
          fact(Q.t("Cost of running, a year"), Q.money(c.opex_per_year[i])),
          fact(Q.t("Proven gap"), Q.share(c.gap[i])),
          fact(Q.t("Median speed"), Q.known(at(c, "speed_down_mbps", i)) && `${Q.number(c.speed_down_mbps[i])} ${Q.t("Mbit/s")}`, Q.t("one user alone, at the stated load")),
          fact(Q.t("Territory"), Q.term("territory_source", c.territory_source[i]), at(c, "area_date", i) && Q.t("area of {year}", { year: c.area_date[i] })),
          fact(Q.t("Terrain under it"), Q.t("{n} arc seconds", { n: Q.number(c.resolution_arcsec[i]) })),
        ),
        at(c, "area_verify", i) && Q.h("p", { class: "small" }, Q.h("span", { class: "badge estimate" }, Q.t("to be confirmed")), " ", Q.dataText(c.area_source[i] || "")),
      ],
    };
  };

  const mark = (layer, row) => {
    if (layer === "sites") {
      const here = [sites().x[row], sites().y[row]];
      const to = siteRow(at(sites(), "backhaul_to", row));
      if (sites().city_id[row] !== chosen()) Q.chooseCity(sites().city_id[row], { move: false });
      return {
        features: [Q.point(...here), ...(to >= 0 ? [Q.lineOf([[here, [sites().x[to], sites().y[to]]]])] : [])],
        box: [here[0] - 0.02, here[1] - 0.012, here[0] + 0.02, here[1] + 0.012],
      };
    }
    Q.chooseCity(cities().city_id[row], { move: false });
    const box = Q.boundsOf([cities().area[row]]);
    Q.showBox(box);
    return { features: [], box };
  };

  Q.ready.push(() => { if (cities().n === 1) [Q.view.city] = cities().city_id; });

  Q.study = {
    sources, layers, update, legends, toggles, chooser, tip, ground, mark,
    card: (layer, row) => (layer === "sites" ? siteCard(row) : cityCard(row)),
    pressed: ["sites", "centres"],
    groundNotice: () => Q.coarse(chosen() ? cities().resolution_arcsec[Q.cityRow(chosen())] : Q.mainArcsec()),
    lead: () => Q.t("Choose a city to see its territory, the level at every place, and the sites with their sectors."),
    picture: () => ({ lines: [], dots: Q.each(sites().n, (i) => [sites().x[i], sites().y[i]]) }),
  };
})();
