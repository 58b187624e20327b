// The map of a radio study: the country, what the study lays on it, names, and what is chosen.
(() => {
  Q.view = { layers: { labels: true }, mode: {} };
  Q.mapZoom = 16;
  Q.boxZoom = 13;
  Q.mapTop = 84; // below the notice about the terrain

  const RAD = Math.PI / 180;

  // A sector as a slice: from the mast outwards over its beam.
  Q.sectorSlice = (x, y, azimuth, width, radius) => {
    const east = radius / (111320 * Math.cos(y * RAD));
    const north = radius / 111320;
    const ring = [[x, y]];
    for (let step = 0; step <= 6; step += 1) {
      const turn = (azimuth - width / 2 + (width * step) / 6) * RAD;
      ring.push([x + east * Math.sin(turn), y + north * Math.cos(turn)]);
    }
    return [[...ring, [x, y]]];
  };

  // The rim of a dot, light in both themes, so that the darkest colours stay seen.
  Q.rim = (c) => (Q.theme() === "dark" ? c.label : c.casing);

  const zoomed = Q.zoomed;

  const placeFeatures = () => Q.each(Q.places.n, (i) => Q.feature(i, "Point", [Q.places.x[i], Q.places.y[i]], {
    p: Q.places.population[i] || 0, k: Q.places.kind[i],
    kk: Q.places.name_kk && Q.places.name_kk[i],
    ru: Q.places.name_ru && Q.places.name_ru[i],
    en: Q.places.name_en && Q.places.name_en[i],
  }));

  Q.mapSources = () => ({
    ...Q.baseSources(), places: Q.collection(placeFeatures()), ...Q.study.sources(),
  });

  const label = (id, kinds, minzoom, size, c) => ({
    id, type: "symbol", source: "places", minzoom, filter: ["in", ["get", "k"], ["literal", kinds]],
    layout: Q.labelText(size, Q.labelBeside), paint: Q.labelHalo(c.label, c),
  });

  Q.labelLayers = ["label-villages", "label-towns", "label-regions", "label-cities"];

  Q.mapLayers = (theme) => {
    const c = Q.mapColours(theme);
    return [
      ...Q.baseLayers(c),
      { id: "place-dots", type: "circle", source: "places", minzoom: 5, paint: { "circle-radius": zoomed(5, 1.2, 11, 3), "circle-color": c.regionLabel, "circle-stroke-color": c.casing, "circle-stroke-width": 0.8 } },
      { id: "chosen-glow", type: "line", source: "chosen", layout: Q.roundLine, paint: { "line-color": c.glow, "line-width": zoomed(3, 8, 12, 16), "line-opacity": 0.85, "line-blur": 2 } },
      ...Q.study.layers(c),
      { id: "chosen-place", type: "circle", source: "chosen", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": zoomed(3, 9, 12, 17), "circle-opacity": 0, "circle-stroke-width": 4, "circle-stroke-color": c.chosen } },
      label("label-villages", ["village", "hamlet", "isolated"], 9, zoomed(9, 10.5, 13, 13), c),
      label("label-towns", ["town"], 6, zoomed(6, 11, 12, 15), c),
      { id: "label-regions", type: "symbol", source: "names", maxzoom: 8, layout: Q.labelText(zoomed(3, 9.5, 6, 14), { "text-letter-spacing": 0.04, "text-padding": 6 }), paint: Q.labelHalo(c.regionLabel, c) },
      label("label-cities", ["city"], 4, zoomed(4, 11.5, 12, 17), c),
    ];
  };

  Q.updateMap = () => Q.whenMapReady((m) => {
    const visible = (id, on) => m.setLayoutProperty(id, "visibility", on ? "visible" : "none");
    for (const id of Q.labelLayers) visible(id, Q.view.layers.labels);
    Q.study.update(m, visible);
  });

  Q.mapWords = () => ({ whole: Q.t("Show everything"), map: Q.t("Map of the study; the tables below hold the same as text") });

  Q.mapPointer = (map) => {
    const near = (event) => {
      const reach = Q.isNarrow() ? 12 : 5;
      const { x, y } = event.point;
      const box = [[x - reach, y - reach], [x + reach, y + reach]];
      for (const layer of Q.study.pressed) {
        const found = map.getLayer(layer) ? map.queryRenderedFeatures(box, { layers: [layer] }) : [];
        if (found.length) return { layer, row: found[0].id };
      }
      return null;
    };
    const tip = Q.h("div", { class: "map-tip", hidden: true, "aria-hidden": "true" });
    Q.byId("canvas").append(tip);
    map.on("mousemove", (event) => {
      const found = near(event);
      map.getCanvas().style.cursor = found ? "pointer" : "";
      const told = found ? Q.study.tip(found.layer, found.row) : Q.study.ground && Q.study.ground(event.lngLat);
      tip.hidden = !told;
      if (!told) return;
      Q.fill(tip, told);
      tip.style.transform = `translate(${event.point.x + 14}px, ${event.point.y + 10}px)`;
    });
    map.on("mouseout", () => { tip.hidden = true; });
    map.on("click", (event) => {
      const found = near(event);
      if (found) Q.openRow(found.layer, found.row, { move: false });
    });
  };
})();
