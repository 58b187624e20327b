// The corridors on the map: roads served or not, sites by tower, hops, and the cards of each.
(() => {
  const sites = () => Q.thesites;
  const stretches = () => Q.thestretches;
  const hops = () => Q.thehops;
  const { zoomed, roundLine, at, fact } = Q;
  const GREY = "#7d8a9c";

  let siteOf = null;
  const siteRow = (id) => {
    if (!siteOf) siteOf = Q.rowsBy(sites().site_id);
    return siteOf.has(id) ? siteOf.get(id) : -1;
  };
  let roadOf = null;
  const roadRow = (id) => {
    if (!roadOf) roadOf = Q.rowsBy(Q.theroads.road_id);
    return roadOf.has(id) ? roadOf.get(id) : -1;
  };

  Q.siteTitle = (row) => `${sites().site_id[row]} · ${Q.placeName(sites().settlement_id[row])}`;
  Q.roadName = (row) => `${Q.placeName(at(Q.theroads, "place_from_id", row), at(Q.theroads, "place_from", row))} – ${Q.placeName(at(Q.theroads, "place_to_id", row), at(Q.theroads, "place_to", row))}`;
  Q.roadNameOf = (id) => (roadRow(id) >= 0 ? Q.roadName(roadRow(id)) : "–");
  Q.linesOfRoad = (id) => Q.each(stretches().n, (i) => i).filter((i) => stretches().road_id[i] === id).flatMap((i) => stretches().line[i]);

  // What a hop or site is joined to: a site, a settlement, or a point of the user's.
  const endName = (id) => (siteRow(id) >= 0 ? Q.siteTitle(siteRow(id)) : Q.placeName(id));

  const heights = () => [...new Set(Q.each(sites().n, (i) => sites().height_m[i]))].sort((a, b) => a - b);
  const heightColour = (height) => {
    const all = heights();
    const ramp = Q.data.colours.ramp;
    const place = all.length > 1 ? all.indexOf(height) / (all.length - 1) : 0.5;
    return ramp[ramp.length - 1 - Math.round(place * (ramp.length - 1))];
  };

  const siteColour = (mode, row) => {
    if (mode === "backhaul") return Q.data.colours.backhaul[sites().backhaul[row]] || GREY;
    if (mode === "year") return Q.data.colours.year[sites().year[row]] || GREY;
    return heightColour(sites().height_m[row]);
  };

  const sources = () => ({
    stretches: Q.collection(Q.each(stretches().n, (i) => Q.feature(i, "MultiLineString", stretches().line[i], {
      served: Boolean(stretches().served[i]), y: stretches().year[i] || 0,
    }))),
    hops: Q.collection(Q.each(hops().n, (i) => Q.feature(i, "MultiLineString", hops().line[i], { k: hops().hop_kind[i] }))),
    sites: Q.collection(Q.each(sites().n, (i) => Q.feature(i, "Point", [sites().x[i], sites().y[i]], {
      height_m: heightColour(sites().height_m[i]),
      backhaul: siteColour("backhaul", i), year: siteColour("year", i),
      r: 2.4 + 2.6 * (heights().length > 1 ? heights().indexOf(sites().height_m[i]) / (heights().length - 1) : 0.5),
      relay: sites().role[i] === "relay", existing: Boolean(sites().existing[i]),
    }))),
  });

  const byYear = () => ["match", ["get", "y"], ...Q.years.flatMap((year) => [year, Q.data.colours.year[year]]), GREY];
  const roadColour = () => (Q.view.mode.roads === "year" && Q.years.length
    ? ["case", ["get", "served"], byYear(), Q.data.colours.served.false]
    : ["case", ["get", "served"], Q.data.colours.served.true, Q.data.colours.served.false]);

  const layers = (c) => [
    { id: "stretches", type: "line", source: "stretches", layout: roundLine, paint: { "line-color": roadColour(), "line-width": zoomed(3, ["case", ["get", "served"], 1.3, 2], 8, ["case", ["get", "served"], 3, 4.2], 13, 7) } },
    { id: "hops-fibre", type: "line", source: "hops", filter: ["==", ["get", "k"], "fibre"], paint: { "line-color": Q.data.colours.backhaul.fibre, "line-width": zoomed(4, 1.2, 10, 3) } },
    { id: "hops", type: "line", source: "hops", filter: ["==", ["get", "k"], "microwave"], paint: { "line-color": c.label, "line-width": zoomed(4, 0.7, 10, 1.8), "line-dasharray": [2, 2] } },
    {
      id: "sites", type: "circle", source: "sites", paint: {
        "circle-color": ["get", Q.view.mode.sites || "height_m"],
        "circle-radius": zoomed(3, ["*", 0.5, ["get", "r"]], 7, ["get", "r"], 12, ["*", 2, ["get", "r"]]),
        "circle-stroke-color": ["case", ["get", "relay"], Q.data.colours.role.relay, ["get", "existing"], c.chosen, Q.rim(c)],
        "circle-stroke-width": zoomed(4, 0.5, 8, ["case", ["any", ["get", "relay"], ["get", "existing"]], 2.5, 1]),
      },
    },
  ];

  const update = (m, visible) => {
    m.setPaintProperty("stretches", "line-color", roadColour());
    m.setPaintProperty("sites", "circle-color", ["get", Q.view.mode.sites || "height_m"]);
    const only = Q.view.layers.served === false ? ["!", ["get", "served"]] : Q.view.layers.unserved === false ? ["get", "served"] : null;
    m.setFilter("stretches", Q.view.layers.served === false && Q.view.layers.unserved === false ? ["==", 1, 2] : only);
    visible("sites", Q.view.layers.sites !== false);
    visible("hops", Q.view.layers.hops !== false);
    visible("hops-fibre", Q.view.layers.fibre !== false);
  };

  const kmOf = (served) => Q.sum(Q.each(stretches().n, (i) => i).filter((i) => Boolean(stretches().served[i]) === served), (i) => stretches().length_m[i]);

  const count = (pick) => {
    const made = new Map();
    for (let i = 0; i < sites().n; i += 1) made.set(pick(i), (made.get(pick(i)) || 0) + 1);
    return made;
  };

  const siteRows = (mode) => {
    if (mode === "backhaul") {
      const by = count((i) => sites().backhaul[i]);
      return Object.entries(Q.data.colours.backhaul).filter(([key]) => by.has(key))
        .map(([key, colour]) => Q.legendRow(colour, "dot", Q.term("backhaul", key), Q.number(by.get(key))));
    }
    if (mode === "year") {
      const by = count((i) => sites().year[i]);
      return Q.years.filter((year) => by.has(year)).map((year) => Q.legendRow(Q.data.colours.year[year], "dot", String(year), Q.number(by.get(year))));
    }
    const by = count((i) => sites().height_m[i]);
    return heights().map((height) => Q.legendRow(heightColour(height), "dot", Q.t("tower of {n} m", { n: Q.number(height) }), Q.number(by.get(height))));
  };

  const roadRows = (mode) => {
    const dark = Q.legendRow(Q.data.colours.served.false, "dash", Q.t("not served"), Q.km(kmOf(false), 0));
    return mode === "year"
      ? [...Q.years.map((year) => Q.legendRow(Q.data.colours.year[year], "dash", String(year))), dark]
      : [Q.legendRow(Q.data.colours.served.true, "dash", Q.t("served"), Q.km(kmOf(true), 0)), dark];
  };

  const legends = () => [
    { key: "roads", title: Q.t("Roads by"), modes: [["served", Q.t("service")], ["year", Q.t("year")]], rows: roadRows },
    { key: "sites", title: Q.t("Sites by"), modes: [["height_m", Q.t("tower")], ["backhaul", Q.t("backhaul")], ["year", Q.t("year")]], rows: siteRows },
  ];

  const toggles = () => [
    ["served", Q.t("served road")], ["unserved", Q.t("road not served")], ["sites", Q.t("sites")],
    ["hops", Q.t("microwave hops")], ["fibre", Q.t("new fibre")],
  ];

  const chooser = () => Q.regions.n > 1 && {
    label: Q.t("Region"), chosen: Q.view.region || "",
    options: [["", Q.t("the whole country")], ...Q.regions.region_id.map((id) => [id, Q.regionName(id)]).sort((a, b) => Q.compareText(a[1], b[1]))],
    choose: (id) => {
      Q.view.region = id;
      Q.showRegion(id);
    },
  };
  Q.showRegion = (id) => Q.showBox(id ? Q.boundsOf([Q.regions.area[Q.regionOf.get(id)]]) : Q.bounds);

  const tip = (layer, row) => {
    if (layer === "sites") return [Q.h("strong", {}, Q.siteTitle(row)), Q.h("br"), Q.t("tower of {n} m", { n: Q.number(sites().height_m[row]) }), " · ", Q.term("backhaul", sites().backhaul[row])];
    if (layer === "stretches") return [Q.h("strong", {}, stretches().served[row] ? Q.t("served") : Q.t("not served")), " · ", Q.km(stretches().length_m[row])];
    return [Q.h("strong", {}, Q.term("hop_kind", hops().hop_kind[row])), " · ", Q.km(hops().length_m[row])];
  };

  const ground = (row) => [
    fact(Q.t("Terrain under it"), Q.known(at(sites(), "resolution_arcsec", row)) && Q.t("{n} arc seconds", { n: Q.number(sites().resolution_arcsec[row]) })),
  ];

  const siteCard = (i) => {
    const s = sites();
    const azimuths = [s.azimuth_first_deg[i], s.azimuth_second_deg[i]].filter(Q.known);
    const hop = Q.each(hops().n, (k) => k).find((k) => hops().site_from[k] === s.site_id[i]);
    return {
      title: Q.siteTitle(i),
      where: [Q.term("role", s.role[i]), Q.term("place_kind", s.place_kind[i]), Q.regionName(s.region_id[i])].join(" · "),
      body: [
        Q.facts(
          fact(Q.t("Tower"), Q.metres(s.height_m[i]), Q.t("on ground at {n} m", { n: Q.number(s.ground_m[i]) })),
          fact(Q.t("Year"), s.year[i] ? String(s.year[i]) : s.existing[i] ? Q.t("stands today") : "–"),
          fact(Q.t("Road it serves"), s.role[i] === "relay" ? "–" : `${Q.brief(s.served_km[i])} ${Q.t("km")}`),
          fact(Q.t("Azimuths"), azimuths.length > 0 && azimuths.map((a) => `${Q.number(a)}°`).join(", ")),
          fact(Q.t("Cost of building"), s.capex[i] > 0 && Q.money(s.capex[i])),
          fact(Q.t("Cost of running, a year"), s.opex_per_year[i] > 0 && Q.money(s.opex_per_year[i])),
          fact(Q.t("Power"), Q.term("power", s.power[i])),
          fact(Q.t("Nearest settlement"), `${Q.brief(s.settlement_km[i])} ${Q.t("km")}`, Q.placeName(s.settlement_id[i])),
          fact(Q.t("Backhaul"), Q.term("backhaul", s.backhaul[i]), s.hop_count[i] > 1 && Q.tn("over {n} hop", "over {n} hops", s.hop_count[i])),
          fact(Q.t("Clearance of the hop"), Q.known(s.backhaul_clearance[i]) && Q.t("{n} radii of the first Fresnel zone", { n: Q.number(s.backhaul_clearance[i], 1) })),
          ground(i),
        ),
        hop !== undefined && Q.h("p", { class: "way" }, Q.t("Joined to"), " ", endLink(hops().site_to[hop]), ` (${Q.km(hops().length_m[hop])})`),
        s.served_from[i] && Q.h("p", { class: "small" }, Q.t("Its traffic enters the network at {place}.", { place: endName(s.served_from[i]) })),
        Q.h("p", { class: "small" }, `${Q.number(s.y[i], 5)}, ${Q.number(s.x[i], 5)}`),
      ],
    };
  };

  const endLink = (id) => (siteRow(id) >= 0 ? Q.linkTo("sites", siteRow(id), Q.siteTitle(siteRow(id))) : Q.placeName(id));

  const stretchCard = (i) => {
    const s = stretches();
    return {
      title: s.served[i] ? Q.t("Served road") : Q.t("Road not served"),
      where: [Q.roadNameOf(s.road_id[i]), Q.regionName(s.region_id[i])].join(" · "),
      body: [
        Q.facts(
          fact(Q.t("Length"), Q.km(s.length_m[i])),
          fact(Q.t("Service from"), s.served[i] ? (s.year[i] ? String(s.year[i]) : Q.t("today")) : null),
          fact(Q.t("Why not"), s.reason[i] ? Q.term("reason", s.reason[i]) : null),
        ),
      ],
    };
  };

  const hopCard = (i) => {
    const h = hops();
    return {
      title: h.hop_kind[i] === "fibre" ? Q.t("New fibre") : Q.t("Microwave hop"),
      where: Q.t("year {year}", { year: h.year[i] || "–" }),
      body: [
        Q.h("p", { class: "way" }, endLink(h.site_from[i]), " → ", endLink(h.site_to[i])),
        Q.facts(
          fact(Q.t("Length"), Q.km(h.length_m[i])),
          fact(Q.t("Antennas above ground"), Q.known(h.height_from_m[i]) && `${Q.number(h.height_from_m[i])} / ${Q.number(h.height_to_m[i])} ${Q.metre()}`),
          fact(Q.t("Clearance of the hop"), Q.known(h.clearance[i]) && Q.t("{n} radii of the first Fresnel zone", { n: Q.number(h.clearance[i], 2) }), Q.known(h.clearance_low[i]) && Q.t("{n} in the worst month", { n: Q.number(h.clearance_low[i], 2) })),
          fact(Q.t("Cost of building"), Q.money(h.capex[i])),
          fact(Q.t("Cost of running, a year"), Q.money(h.opex_per_year[i])),
        ),
      ],
    };
  };

  const card = (layer, row) => (layer === "sites" ? siteCard(row) : layer === "stretches" ? stretchCard(row) : hopCard(row));

  // A site is shown with all hops on its way to the served point.
  const chain = (row) => {
    const lines = [];
    const seen = new Set();
    let id = sites().site_id[row];
    while (id && !seen.has(id)) {
      seen.add(id);
      const now = id;
      const hop = Q.each(hops().n, (k) => k).find((k) => hops().site_from[k] === now);
      if (hop === undefined) break;
      lines.push(...hops().line[hop]);
      id = hops().site_to[hop];
    }
    return lines;
  };

  const mark = (layer, row) => {
    if (layer === "sites") {
      const lines = chain(row);
      const here = [sites().x[row], sites().y[row]];
      return { features: [Q.point(...here), Q.lineOf(lines)], box: Q.boxOf([here, ...lines.flat()]) };
    }
    const lines = (layer === "stretches" ? stretches() : hops()).line[row];
    return { features: [Q.lineOf(lines)], box: Q.boxOf(lines.flat()) };
  };

  Q.study = {
    sources, layers, update, legends, toggles, chooser, tip, card, mark,
    pressed: ["sites", "hops", "hops-fibre", "stretches"],
    groundNotice: () => Q.coarse(Q.mainArcsec()),
    lead: () => Q.t("Every stretch of road with and without service, every site, and the way of its traffic to the network. Choose anything on the map to see its card."),
    picture: () => ({
      lines: stretches().line.filter((_, i) => stretches().served[i]),
      dots: Q.each(sites().n, (i) => [sites().x[i], sites().y[i]]),
    }),
  };
})();
