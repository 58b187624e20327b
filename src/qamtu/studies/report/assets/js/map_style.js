// How the map looks: sources made from the plan's tables, layers, and the colours of both themes.
(() => {
  const { feature, collection, zoomed, roundLine } = Q;
  const [text, beside, halo] = [Q.labelText, Q.labelBeside, Q.labelHalo];
  const PEOPLE_STEPS = [0, 100, 500, 2000, 10000, 100000];
  const PEOPLE_COLOURS = ["#b8c4d0", "#7fb2c9", "#4a94b8", "#2c6f9c", "#1f4c7a", "#5b2a6e"];

  // Places differ a thousandfold in people: the radius follows the logarithm.
  const radius = (people) => 0.8 + 0.85 * Math.log10(Math.max(people || 1, 3));

  const placeFeatures = () => Q.each(Q.places.n, (i) => feature(i, "Point", [Q.places.x[i], Q.places.y[i]], {
    o: Q.places.option[i],
    y: Q.places.year[i] || 0,
    p: Q.places.population[i] || 0,
    r: radius(Q.places.population[i]),
    k: Q.places.kind[i],
    kk: Q.places.name_kk && Q.places.name_kk[i],
    ru: Q.places.name_ru && Q.places.name_ru[i],
    en: Q.places.name_en && Q.places.name_en[i],
  }));

  const routeFeatures = () => Q.each(Q.routes.n, (i) => feature(i, "MultiLineString", Q.routes.line[i], {
    y: Q.routes.year[i] || 0,
    k: Q.routes.route_kind[i],
    ring: Boolean(Q.routes.is_ring && Q.routes.is_ring[i]),
  }));

  // The hop by air from a fibre point to a settlement that is served by radio.
  const linkFeatures = () => {
    const made = [];
    for (let i = 0; i < Q.places.n; i += 1) {
      const start = Q.sourceOf(i);
      if (start < 0) continue;
      made.push(feature(i, "LineString", [[Q.places.x[start], Q.places.y[start]], [Q.places.x[i], Q.places.y[i]]], {
        o: Q.places.option[i], y: Q.places.year[i] || 0,
      }));
    }
    return made;
  };

  Q.mapSources = () => ({
    ...Q.baseSources(),
    routes: collection(routeFeatures()),
    links: collection(linkFeatures()),
    places: collection(placeFeatures()),
  });

  const byYear = () => ["match", ["get", "y"],
    ...Q.years.flatMap((year) => [year, Q.data.colours.year[year]]), "#7d8a9c"];
  const match = (property, colours) => ["match", ["get", property], ...Object.entries(colours).flat(), "#7d8a9c"];

  Q.placeColour = (mode) => {
    if (mode === "year") return byYear();
    if (mode === "people") {
      return ["step", ["get", "p"], PEOPLE_COLOURS[0],
        ...PEOPLE_STEPS.slice(1).flatMap((step, i) => [step, PEOPLE_COLOURS[i + 1]])];
    }
    return match("o", Q.data.colours.option);
  };
  Q.peopleClasses = () => PEOPLE_STEPS.map((step, i) => ({ from: step, to: PEOPLE_STEPS[i + 1], colour: PEOPLE_COLOURS[i] }));
  Q.routeColour = (mode) => (mode === "kind" ? match("k", Q.data.colours.kind) : byYear());

  const planLayers = (c) => [
    { id: "links", type: "line", source: "links", paint: { "line-color": Q.placeColour("option"), "line-width": zoomed(4, 0.4, 8, 1.3), "line-dasharray": [2, 2], "line-opacity": zoomed(4, 0.5, 7, 0.9) } },
    { id: "routes-casing", type: "line", source: "routes", minzoom: 6, layout: roundLine, paint: { "line-color": c.casing, "line-width": zoomed(6, 2.4, 12, 8), "line-opacity": 0.7 } },
    { id: "routes", type: "line", source: "routes", layout: roundLine, paint: { "line-color": Q.routeColour("year"), "line-width": zoomed(3, 0.9, 6, 1.6, 12, 5) } },
    { id: "rings", type: "line", source: "routes", filter: ["==", ["get", "ring"], true], paint: { "line-color": c.ring, "line-width": zoomed(3, 1.6, 8, 3), "line-dasharray": [1.5, 1.2] } },
    { id: "chosen-glow", type: "line", source: "chosen", layout: roundLine, paint: { "line-color": c.glow, "line-width": zoomed(3, 8, 12, 18), "line-opacity": 0.85, "line-blur": 2 } },
    { id: "chosen-line", type: "line", source: "chosen", layout: roundLine, paint: { "line-color": c.chosen, "line-width": zoomed(3, 2.4, 12, 6) } },
    {
      id: "places", type: "circle", source: "places", layout: { "circle-sort-key": ["get", "p"] },
      paint: {
        "circle-color": Q.placeColour("option"),
        "circle-radius": zoomed(3, ["*", 0.42, ["get", "r"]], 6, ["*", 0.85, ["get", "r"]], 10, ["*", 1.9, ["get", "r"]]),
        "circle-stroke-color": c.casing, "circle-stroke-width": zoomed(4, 0.15, 7, 0.8, 10, 1.2),
      },
    },
    { id: "chosen-place", type: "circle", source: "chosen", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": zoomed(3, 8, 10, 15), "circle-opacity": 0, "circle-stroke-width": 4, "circle-stroke-color": c.chosen } },
  ];

  const labelLayers = (c) => [
    { id: "label-villages", type: "symbol", source: "places", minzoom: 8, filter: ["in", ["get", "k"], ["literal", ["village", "hamlet", "isolated"]]], layout: text(zoomed(8, 10.5, 12, 13), beside), paint: halo(c.label, c) },
    { id: "label-towns", type: "symbol", source: "places", minzoom: 6, filter: ["==", ["get", "k"], "town"], layout: text(zoomed(6, 11, 12, 15), beside), paint: halo(c.label, c) },
    { id: "label-regions", type: "symbol", source: "names", maxzoom: 8, layout: text(zoomed(3, 9.5, 6, 14), { "text-letter-spacing": 0.04, "text-padding": 6 }), paint: halo(c.regionLabel, c) },
    { id: "label-cities", type: "symbol", source: "places", minzoom: 4, filter: ["==", ["get", "k"], "city"], layout: text(zoomed(4, 11.5, 12, 17), beside), paint: halo(c.label, c) },
  ];

  Q.labelLayers = ["label-villages", "label-towns", "label-regions", "label-cities"];

  Q.mapLayers = (theme) => {
    const c = Q.mapColours(theme);
    return [...Q.baseLayers(c), ...planLayers(c), ...labelLayers(c)];
  };
})();
