// The plan on the map: what the legend shows and hides, and what the pointer finds.
(() => {
  const state = Q.mapState = {
    placeMode: "option", routeMode: "year", until: null, hidden: new Set(),
    layers: { routes: true, links: true, roads: true, labels: true, rings: true },
  };

  const later = ["all", [">", ["get", "y"], 0]];

  // Put the state of the legend into filters and colours.
  Q.updateMap = () => Q.whenMapReady((m) => {
    const until = state.until ?? 9999;
    const stands = ["<=", ["get", "y"], until];
    const shown = ["!", ["in", ["get", "o"], ["literal", [...state.hidden]]]];
    const isRing = ["==", ["get", "ring"], true];
    m.setPaintProperty("places", "circle-color", ["case", ["all", later, [">", ["get", "y"], until]],
      Q.theme() === "dark" ? "#3a4c5c" : "#cfd6dd", Q.placeColour(state.placeMode)]);
    m.setPaintProperty("routes", "line-color", Q.routeColour(state.routeMode));
    m.setFilter("places", shown);
    m.setFilter("routes", ["all", stands, ["!", isRing]]);
    m.setFilter("routes-casing", ["all", stands, ["!", isRing]]);
    m.setFilter("rings", ["all", stands, isRing]);
    m.setFilter("links", ["all", stands, shown]);
    const visible = (id, on) => m.setLayoutProperty(id, "visibility", on ? "visible" : "none");
    visible("routes", state.layers.routes);
    visible("routes-casing", state.layers.routes);
    visible("rings", state.layers.routes && state.layers.rings);
    visible("links", state.layers.links);
    visible("roads", state.layers.roads);
    for (const id of Q.labelLayers) visible(id, state.layers.labels);
  });

  Q.mapWords = () => ({
    whole: Q.t("Show the whole country"),
    map: Q.t("Map of the plan; the tables below hold the same as text"),
  });

  Q.mapPointer = (map) => {
    const near = (event) => {
      const reach = Q.isNarrow() ? 12 : 5;
      const { x, y } = event.point;
      return map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers: ["places"] })
        .sort((a, b) => {
          const distance = (f) => {
            const at = map.project([Q.places.x[f.id], Q.places.y[f.id]]);
            return (at.x - x) ** 2 + (at.y - y) ** 2;
          };
          return distance(a) - distance(b);
        })[0];
    };
    const tip = Q.h("div", { class: "map-tip", hidden: true, "aria-hidden": "true" });
    Q.byId("canvas").append(tip);
    map.on("mousemove", (event) => {
      const found = near(event);
      map.getCanvas().style.cursor = found ? "pointer" : "";
      tip.hidden = !found;
      if (!found) return;
      Q.fill(tip, Q.h("strong", {}, Q.placeName(found.id)), Q.h("br"),
        Q.term("option", Q.places.option[found.id]), " · ", Q.number(Q.places.population[found.id]));
      tip.style.transform = `translate(${event.point.x + 14}px, ${event.point.y + 10}px)`;
    });
    map.on("mouseout", () => { tip.hidden = true; });
    map.on("click", (event) => {
      const found = near(event);
      if (found) Q.openCard(found.id, { move: false });
    });
  };
})();
