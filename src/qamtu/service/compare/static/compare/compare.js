/* The map of what differs between two plans. */
import { build } from "../mapview/view.js";

const box = document.getElementById("changes-map");
if (box) {
  try {
    const data = await (await fetch(box.dataset.source)).json();
    const map = build(box, { ...data, lines: {} });
    map.on("load", () => {
      map.addSource("changes", { type: "geojson", data: location.origin + box.dataset.changes });
      map.addLayer({
        id: "changes", type: "circle", source: "changes",
        paint: {
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 3, 2, 9, 5],
          "circle-color": ["match", ["get", "change"], "sooner", "#009e73", "later", "#d55e00", "#e69f00"],
        },
      });
      map.once("idle", () => { document.documentElement.dataset.map = "ready"; });
    });
  } catch {
    box.hidden = true;
    document.documentElement.dataset.map = "none";
  }
}
