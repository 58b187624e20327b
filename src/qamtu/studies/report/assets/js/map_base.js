// What every map of a page is made of: colours of both themes, features, lines and labels.
(() => {
  const FONT = ["Noto Sans", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"];
  const THEMES = {
    light: {
      sea: "#e4eaee", land: "#fdfcf9", water: "#b5d6e6", border: "#93a1b0", road: "#d8d1c3",
      label: "#24323f", regionLabel: "#5a6b7c", halo: "rgba(255,255,255,0.9)", casing: "#ffffff", chosen: "#111b24", glow: "#ffd000", ring: "#9c1b46",
    },
    dark: {
      sea: "#0a141c", land: "#132230", water: "#0d3b54", border: "#4b6175", road: "#2b3d4c",
      label: "#e6edf3", regionLabel: "#9fb2c4", halo: "rgba(10,20,28,0.9)", casing: "#0a141c", chosen: "#ffffff", glow: "#ffd000", ring: "#ff8fb1",
    },
  };
  Q.mapColours = (theme) => THEMES[theme];

  Q.feature = (id, type, coordinates, properties) => ({
    type: "Feature", id, properties: properties || {}, geometry: { type, coordinates },
  });
  Q.collection = (features) => ({
    type: "geojson", data: { type: "FeatureCollection", features }, attribution: "",
  });

  Q.nameField = () => {
    const order = { en: ["en", "ru", "kk"], ru: ["ru", "kk", "en"], kk: ["kk", "ru", "en"] };
    return ["coalesce", ...order[Q.language()].map((code) => ["get", code]), ""];
  };

  Q.zoomed = (...pairs) => ["interpolate", ["linear"], ["zoom"], ...pairs];
  Q.roundLine = { "line-cap": "round", "line-join": "round" };

  Q.labelText = (size, extra) => ({
    "text-field": Q.nameField(), "text-font": FONT, "text-size": size, "text-max-width": 8, ...extra,
  });
  Q.labelBeside = { "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.7, "text-justify": "auto", "symbol-sort-key": ["-", 0, ["get", "p"]] };
  Q.labelHalo = (colour, c) => ({ "text-color": colour, "text-halo-color": c.halo, "text-halo-width": 1.5 });

  const zoomed = Q.zoomed;

  Q.baseLayers = (c) => [
    { id: "sea", type: "background", paint: { "background-color": c.sea } },
    { id: "land", type: "fill", source: "regions", paint: { "fill-color": c.land } },
    { id: "water", type: "fill", source: "water", paint: { "fill-color": c.water } },
    { id: "roads", type: "line", source: "roads", layout: Q.roundLine, paint: { "line-color": c.road, "line-width": zoomed(3, 0.7, 8, 2.2, 12, 4) } },
    { id: "borders", type: "line", source: "regions", paint: { "line-color": c.border, "line-width": zoomed(3, 0.7, 8, 1.5), "line-dasharray": [3, 2] } },
  ];

  const regionLabels = () => Q.each(Q.regions.n, (i) => Q.feature(i, "Point", [Q.regions.label[0][i], Q.regions.label[1][i]], {
    kk: Q.regions.name_kk && Q.regions.name_kk[i],
    ru: Q.regions.name_ru && Q.regions.name_ru[i],
    en: Q.regions.name_en && Q.regions.name_en[i],
  }));

  Q.baseSources = () => ({
    regions: Q.collection(Q.regions.area.map((area, i) => Q.feature(i, "MultiPolygon", area))),
    water: Q.collection(Q.water.map((area, i) => Q.feature(i, "MultiPolygon", area))),
    roads: Q.collection([Q.feature(0, "MultiLineString", Q.roads.flat())]),
    names: Q.collection(regionLabels()),
    chosen: Q.collection([]),
  });
})();
