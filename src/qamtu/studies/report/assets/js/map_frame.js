// The frame of a map: made once, with its controls, their words and both themes; the page says
// what stands on it (Q.mapSources, Q.mapLayers, Q.updateMap, Q.mapPointer, Q.mapWords).
(() => {
  let map = null;
  let scale = null;
  let loaded = false;
  const waiting = [];

  Q.whenMapReady = (act) => { if (loaded) act(map); else waiting.push(act); };

  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  Q.theme = () => document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");

  const narrow = () => window.matchMedia("(max-width: 899px)").matches;
  Q.isNarrow = narrow;

  // On a small screen the card lies over the lower part of the map.
  const padding = () => (narrow()
    ? { top: 24, left: 24, right: 24, bottom: 24 + covered() }
    : { top: Q.mapTop || 40, bottom: 60, left: 330, right: Q.byId("card").hidden ? 70 : 450 });

  const covered = () => {
    const card = Q.byId("card");
    if (card.hidden) return 0;
    const canvas = Q.byId("canvas").getBoundingClientRect();
    return Math.min(Math.max(canvas.bottom - card.getBoundingClientRect().top, 0), canvas.height * 0.7);
  };

  const corners = ([west, south, east, north]) => [[west, south], [east, north]];

  Q.showBox = (box, options) => Q.whenMapReady((m) => m.fitBounds(
    corners(box), { padding: padding(), maxZoom: Q.boxZoom || 10, ...options },
  ));

  Q.boxOf = (points) => points.reduce(
    (box, [x, y]) => [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)],
    [180, 90, -180, -90],
  );

  const recolour = () => Q.whenMapReady((m) => {
    for (const layer of Q.mapLayers(Q.theme())) {
      for (const [property, value] of Object.entries(layer.paint)) m.setPaintProperty(layer.id, property, value);
    }
    Q.updateMap();
  });

  Q.highlight = (features) => Q.whenMapReady((m) => m.getSource("chosen").setData({
    type: "FeatureCollection", features,
  }));

  // Words of the map's own controls, put in place of the English ones.
  const words = () => ({
    ".maplibregl-ctrl-zoom-in": Q.t("Zoom in"),
    ".maplibregl-ctrl-zoom-out": Q.t("Zoom out"),
    ".maplibregl-ctrl-fullscreen": Q.t("Full screen"),
    ".maplibregl-ctrl-shrink": Q.t("Leave full screen"),
    ".whole": Q.mapWords().whole,
  });

  const putWords = () => {
    const box = Q.byId("canvas");
    for (const [selector, text] of Object.entries(words())) {
      const button = box.querySelector(selector);
      if (!button) continue;
      button.title = text;
      button.setAttribute("aria-label", text);
    }
    const desktop = box.querySelector(".maplibregl-desktop-message");
    const mobile = box.querySelector(".maplibregl-mobile-message");
    if (desktop) desktop.textContent = Q.t("Hold Ctrl and scroll to zoom the map");
    if (mobile) mobile.textContent = Q.t("Use two fingers to move the map");
    const canvas = box.querySelector("canvas");
    canvas.setAttribute("aria-label", Q.mapWords().map);
    Q.fill(Q.byId("map-credit"),
      Q.h("a", { href: "https://maplibre.org/", rel: "noreferrer", target: "_blank" }, "MapLibre"), " | ",
      Q.h("a", { href: "https://www.openstreetmap.org/copyright", rel: "noreferrer", target: "_blank" },
        Q.t("© OpenStreetMap contributors")), ", ODbL");
    Q.whenMapReady((m) => {
      Object.assign(m._locale, { "ScaleControl.Kilometers": Q.t("km"), "ScaleControl.Meters": Q.language() === "en" ? "m" : "м" });
      scale.setUnit("metric");
      for (const id of Q.labelLayers) m.setLayoutProperty(id, "text-field", Q.nameField());
    });
  };

  class Whole {
    onAdd() {
      this.box = Q.h("div", { class: "maplibregl-ctrl maplibregl-ctrl-group" },
        Q.h("button", { type: "button", class: "whole", onclick: () => Q.showBox(Q.bounds) }, "⤢"));
      return this.box;
    }

    onRemove() { this.box.remove(); }
  }

  const make = () => {
    map = new maplibregl.Map({
      container: "canvas",
      style: { version: 8, sources: Q.mapSources(), layers: Q.mapLayers(Q.theme()) },
      bounds: corners(Q.bounds),
      fitBoundsOptions: { padding: padding() },
      attributionControl: false,
      canvasContextAttributes: { preserveDrawingBuffer: true, antialias: true },
      cooperativeGestures: true,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: Q.mapZoom || 14,
      renderWorldCopies: false,
    });
    scale = new maplibregl.ScaleControl({ maxWidth: 120 });
    map.touchZoomRotate.disableRotation();
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "bottom-right");
    map.addControl(new Whole(), "bottom-right");
    map.addControl(new maplibregl.FullscreenControl({ container: document.querySelector(".map-frame") }), "bottom-right");
    map.addControl(scale, "bottom-left");
    Q.byId("canvas").append(Q.h("p", { id: "map-credit", class: "map-credit" }));
    Q.mapPointer(map);
    map.on("load", () => {
      loaded = true;
      Q.updateMap();
      putWords();
      for (const act of waiting.splice(0)) act(map);
      document.documentElement.dataset.map = "ready";
    });
  };

  const themeButton = () => {
    Q.byId("theme").addEventListener("click", () => {
      document.documentElement.dataset.theme = Q.theme() === "dark" ? "light" : "dark";
      recolour();
    });
    dark.addEventListener("change", recolour);
  };

  Q.ready.push(() => {
    themeButton();
    try {
      make();
      Q.renderers.push(putWords);
    } catch {
      map = null;
      Q.byId("map-failure").hidden = false;
      Q.byId("canvas").hidden = true;
      document.documentElement.dataset.map = "failed";
    }
  });
})();
