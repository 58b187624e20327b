/* Builds a map from the document of /map/data.json: sources, layers, colours. No page logic. */

/* Pale by day, dark by night: routes and settlements must stand out on every step. */
const RAMPS = {
  day: ["#f6f8f7", "#e0ebe8", "#c6dcd7", "#a7cac3", "#84b5ac"],
  night: ["#1d2b33", "#234047", "#2a565b", "#336d70", "#3d8584"],
};
const NONE = "rgba(125, 138, 156, 0.12)";
const COVER = { true: "#009e73", false: "#d55e00" };
const BACKHAUL = { fibre: "#0072b2", microwave: "#e69f00", own: "#7d8a9c", none: "#d55e00" };

export const dark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

const ramp = () => RAMPS[dark() ? "night" : "day"];

const absolute = (path) => location.origin + path;
const match = (property, colours, other) => [
  "match", ["to-string", ["get", property]], ...Object.entries(colours).flat(), other,
];
const source = (from) => ({
  type: "vector", tiles: [absolute(from.tiles)], bounds: [...from.bounds],
  minzoom: from.zooms[0], maxzoom: from.zooms[1],
});
const size = (small, large) => ["interpolate", ["linear"], ["zoom"], 3, small, 10, large];

export function layersOf(line, by, data) {
  const layer = (id, type, paint, more = {}) => ({
    id, type, source: line, "source-layer": id, paint, ...more,
  });
  const years = data.colours.year;
  const option = match("option", data.colours.option, "#7d8a9c");
  const year = match("year", years, "#7d8a9c");
  const settlement = by === "year" ? year : option;
  const edge = dark() ? "#0d1720" : "#ffffff";
  if (line === "villages") {
    return [
      layer("routes", "line", {
        "line-color": by === "year" ? year : "#0072b2", "line-width": size(0.6, 2.4),
        "line-opacity": 0.85,
      }),
      layer("links", "line", {
        "line-color": match("kind", data.colours.option, "#7d8a9c"), "line-width": 1,
        "line-dasharray": [3, 2],
      }),
      layer("settlements", "circle", {
        "circle-color": settlement, "circle-radius": size(1.3, 5.5),
        "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 3, 0, 5, 0.5, 8, 1],
        "circle-stroke-color": edge,
      }),
    ];
  }
  if (line === "mobile") {
    return [
      layer("cities", "fill", { "fill-color": "#cc79a7", "fill-opacity": 0.35 }),
      layer("mobile_hops", "line", { "line-color": "#e69f00", "line-width": 1 }),
      layer("mobile_sites", "circle", {
        "circle-color": match("backhaul", BACKHAUL, "#7d8a9c"), "circle-radius": size(1.2, 4.5),
      }),
    ];
  }
  return [
    layer("coverage", "line", {
      "line-color": match("served", { 1: COVER.true, 0: COVER.false }, "#7d8a9c"),
      "line-width": size(1, 3.2),
    }),
    layer("road_hops", "line", { "line-color": match("kind", BACKHAUL, "#7d8a9c"), "line-width": 1 }),
    layer("road_sites", "circle", {
      "circle-color": match("backhaul", BACKHAUL, "#7d8a9c"), "circle-radius": size(1.2, 4.5),
      "circle-stroke-width": 0.5, "circle-stroke-color": edge,
    }),
  ];
}

export function build(container, data, options = {}) {
  const night = dark();
  const sources = { base: source(data.base) };
  for (const [line, from] of Object.entries(data.lines)) sources[line] = source(from);
  const base = (id, layer, type, paint) => ({
    id, type, source: "base", "source-layer": layer, paint,
  });
  const style = {
    version: 8,
    sources,
    layers: [
      { id: "ground", type: "background", paint: { "background-color": night ? "#101c26" : "#eef2f5" } },
      base("regions", "regions", "fill", { "fill-color": night ? "#182632" : "#ffffff" }),
      base("water", "water", "fill", { "fill-color": night ? "#1d3a4d" : "#c9dfeb" }),
      base("roads", "roads", "line", {
        "line-color": night ? "#3a4e5e" : "#c3ccd4", "line-width": size(0.3, 1.2),
      }),
      base("borders", "regions", "line", {
        "line-color": night ? "#7b8fa0" : "#6b7b88", "line-width": size(0.6, 1.6),
      }),
      ...Object.keys(data.lines).flatMap((line) => layersOf(line, "option", data)),
    ],
  };
  const map = new maplibregl.Map({
    container, style, attributionControl: false, dragRotate: false, pitchWithRotate: false,
    minZoom: 2, maxZoom: 14, fadeDuration: 0, maxPitch: 0,
    bounds: options.bounds ?? data.base.bounds, fitBoundsOptions: { padding: 16 },
    ...(options.center ? { center: options.center, zoom: options.zoom, bounds: undefined } : {}),
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  return map;
}

/** Give the value of a measure for a region at the end of a year, and what it is. */
export function valueOf(measure, region, year, first) {
  if (year < first) {
    const value = measure.standing[region];
    return value === undefined ? null : { value, basis: "estimated" };
  }
  const planned = measure.planned[region] ?? {};
  const known = Object.keys(planned).map(Number).filter((one) => one <= year);
  return known.length ? { value: planned[Math.max(...known)], basis: "planned" } : null;
}

/** Give the limits between the five colours: the same for all years, so that years compare. */
export function limits(measure) {
  const all = [...Object.values(measure.planned).flatMap((one) => Object.values(one)),
    ...Object.values(measure.standing)].sort((a, b) => a - b);
  if (!all.length) return [];
  const found = [0.2, 0.4, 0.6, 0.8].map((share) => all[Math.floor(share * (all.length - 1))]);
  return [...new Set(found)].filter((one) => one < all.at(-1));
}

export function regionColours(measure, year, data) {
  const plain = dark() ? "#182632" : "#ffffff";
  if (!measure) return plain;
  const bounds = limits(measure);
  const pairs = [];
  for (const region of Object.keys(data.regions)) {
    const shown = valueOf(measure, region, year, data.years[0]);
    if (shown) pairs.push(region, ramp()[step(shown.value, bounds)]);
  }
  return pairs.length ? ["match", ["get", "id"], ...pairs, NONE] : plain;
}

const step = (value, bounds) => {
  const place = bounds.filter((one) => value > one).length;
  return bounds.length < 4 ? Math.round((place * 4) / Math.max(1, bounds.length)) : place;
};

export function rampLegend(measure, write) {
  const bounds = limits(measure);
  return [null, ...bounds].map((low, place) => {
    const high = bounds[place];
    const colour = ramp()[step((low ?? -Infinity) === -Infinity ? -Infinity : low + 1e-12 * Math.max(1, Math.abs(low)), bounds)];
    const text = low === null ? `≤ ${write(high ?? 0)}` : high === undefined ? `> ${write(low)}` : `${write(low)} – ${write(high)}`;
    return [colour, text];
  });
}

export { BACKHAUL, COVER };
