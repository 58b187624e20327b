/* The small map of a settlement's page. */
import { build } from "../mapview/view.js";

const box = document.getElementById("place-map");
try {
  const data = await (await fetch(box.dataset.source)).json();
  const centre = [Number(box.dataset.lon), Number(box.dataset.lat)];
  const map = build(box, data, { center: centre, zoom: 9 });
  map.scrollZoom.disable();
  new maplibregl.Marker({ color: "#a8201a" }).setLngLat(centre).addTo(map);
  map.once("idle", () => { document.documentElement.dataset.map = "ready"; });
} catch {
  box.hidden = true;
  document.documentElement.dataset.map = "none";
}
