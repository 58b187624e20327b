/* The page of the map: reads its form, colours, toggles, pop-ups, what is in view, the address. */

import { BACKHAUL, COVER, build, layersOf, rampLegend, regionColours, valueOf } from "./view.js";

const page = document.getElementById("map-page");
const form = document.getElementById("map-form");
const state = document.getElementById("map-state");
const table = document.getElementById("region-table");
const root = document.documentElement;

const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  if (text !== null) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const answer = await fetch(page.dataset.source, { headers: { Accept: "application/json" } });
const data = await answer.json();
const say = data.words.text;
/* Not every browser knows how every language writes numbers: the server says it. */
const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const number = {
  format: (value) => plain.formatToParts(value)
    .map((part) => ({ group: data.numbers.group, decimal: data.numbers.decimal })[part.type] ?? part.value).join(""),
};
const percent = { format: (value) => data.numbers.percent.replace("{0}", number.format(value * 100)) };
const written = (measure, value) => (measure.unit === "share" ? percent : number).format(value);

const yearField = form.elements.year;
const colourField = document.getElementById("colour");
const boxes = [...form.querySelectorAll("[data-layer]")];
const first = data.years[0];
let map = null;
let shown = null;

function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (asked.has("measure")) form.elements.measure.value = asked.get("measure");
  if (asked.has("year") && yearField) yearField.value = asked.get("year");
  if (asked.has("colour") && colourField) colourField.value = asked.get("colour");
  if (asked.has("layers")) {
    const on = new Set(asked.get("layers").split(","));
    for (const box of boxes) box.checked = on.has(box.value);
  }
  const place = (asked.get("at") ?? "").split("/").map(Number);
  return place.length === 3 && place.every(Number.isFinite) ? place : null;
}

function writeAddress() {
  const told = new URLSearchParams();
  if (map) {
    const { lng, lat } = map.getCenter();
    told.set("at", `${map.getZoom().toFixed(2)}/${lat.toFixed(4)}/${lng.toFixed(4)}`);
  }
  told.set("measure", form.elements.measure.value);
  if (yearField) told.set("year", yearField.value);
  if (colourField) told.set("colour", colourField.value);
  told.set("layers", boxes.filter((box) => box.checked).map((box) => box.value).join(","));
  history.replaceState(null, "", `#${told.toString().replaceAll("%2F", "/").replaceAll("%2C", ",")}`);
}

const year = () => (yearField ? Number(yearField.value) : first);
const measure = () => data.measures.find((one) => one.key === form.elements.measure.value);

/* What is coloured, of when, and whether it is planned: nobody shall take a plan for the state. */
const titleOf = (chosen) => `${chosen.name} – ${year() < first ? `${say.today}, ${say.estimated}` : `${year()}, ${say.planned}`}`;

function paintTable() {
  const chosen = measure();
  if (!table || !chosen) return;
  table.caption.textContent = titleOf(chosen);
  for (const row of table.tBodies[0].rows) {
    const found = valueOf(chosen, row.dataset.region, year(), first);
    row.cells[1].textContent = found ? written(chosen, found.value) : "–";
    row.cells[2].textContent = found ? say[found.basis] ?? data.words.text.planned : say.no_value;
  }
}

function paintLegend() {
  const box = document.getElementById("legend");
  const list = (title, rows) => {
    if (!rows.length) return [];
    const items = element("ul", null);
    for (const [colour, text] of rows) {
      const item = element("li", null);
      const mark = element("span", null, { class: "mark", "aria-hidden": "true" });
      mark.style.backgroundColor = colour;
      item.append(mark, text);
      items.append(item);
    }
    return [element("h2", title), items];
  };
  const on = new Set(boxes.filter((one) => one.checked).map((one) => one.value));
  const chosen = measure();
  const byYear = colourField?.value === "year";
  const options = Object.entries(data.colours.option).map(([key, colour]) => [colour, data.words.option[key]]);
  const years = Object.entries(data.colours.year).map(([key, colour]) => [colour, key]);
  box.replaceChildren(
    ...(chosen ? list(titleOf(chosen), rampLegend(chosen, (value) => written(chosen, value))) : []),
    ...(on.has("settlements") || on.has("routes") ? list(byYear ? say.year : say.technology, byYear ? years : options) : []),
    ...(on.has("coverage") && data.lines.corridors
      ? list(say.road, [true, false].map((one) => [COVER[one], data.words.served[one]])) : []),
    ...((on.has("road_sites") && data.lines.corridors) || (on.has("mobile_sites") && data.lines.mobile)
      ? list(say.site, Object.entries(BACKHAUL).map(([key, colour]) => [colour, data.words.backhaul[key]])) : []),
  );
  box.hidden = !box.childElementCount;
}

function paint() {
  const output = document.getElementById("year-shown");
  if (output) output.textContent = year() < first ? say.today : String(year());
  paintTable();
  paintLegend();
  writeAddress();
  if (!map) return;
  map.setPaintProperty("regions", "fill-color", regionColours(measure(), year(), data));
  const built = ["<=", ["coalesce", ["get", "year"], 0], year()];
  for (const line of Object.keys(data.lines)) {
    for (const layer of layersOf(line, colourField?.value ?? "option", data)) {
      const box = boxes.find((one) => one.value === layer.id);
      map.setLayoutProperty(layer.id, "visibility", !box || box.checked ? "visible" : "none");
      map.setFilter(layer.id, layer.id === "cities" || layer.id === "coverage" ? null : built);
      for (const [key, value] of Object.entries(layer.paint)) map.setPaintProperty(layer.id, key, value);
    }
  }
}

const facts = (rows) => {
  const list = element("dl", null, { class: "map-facts" });
  for (const [key, value] of rows) if (value !== undefined && value !== null && value !== "") list.append(element("dt", key), element("dd", String(value)));
  return list;
};

async function settlement(id) {
  const found = await fetch(`/api/v1/plans/${data.lines.villages.plan}/settlements/${encodeURIComponent(id)}`);
  return found.ok ? found.json() : null;
}

const nameOf = (row) => row[`name_${data.language}`] || row.name_kk || row.name_ru || row.name_en || row.settlement_id;

async function about(feature) {
  const of = feature.properties;
  const body = element("div", null);
  const put = (title, rows) => body.append(element("h3", title), facts(rows));
  switch (feature.layer.id) {
    case "settlements": {
      const row = of.id ? await settlement(of.id) : null;
      if (!row) { put(data.words.option[of.option], [[say.year, of.year]]); break; }
      const people = number.format(row.population);
      put(nameOf(row), [
        [say.technology, data.words.option[row.option]], [say.year, row.year],
        [say.people, row.population_source === "estimated" ? `${people} (${say.estimated})` : people],
      ]);
      body.append(element("a", say.details, { href: `/settlements/${encodeURIComponent(row.settlement_id)}` }));
      break;
    }
    case "routes": put(say.route, [["", data.words.kind[of.kind]], [say.year, of.year], [say.people, of.people && number.format(of.people)]]); break;
    case "links": put(say.link, [["", data.words.option[of.kind]], [say.year, of.year]]); break;
    case "coverage": put(say.road, [["", data.words.served[String(Boolean(of.served))]], [say.year, of.year], ["", data.words.reason[of.reason]]]); break;
    case "cities": put(of.id, [[say.share, of.share && percent.format(of.share)], [say.sites, of.sites]]); break;
    case "regions": {
      const chosen = measure();
      const found = chosen && valueOf(chosen, of.id, year(), first);
      put(data.regions[of.id] ?? of.id, chosen ? [[chosen.name, found ? `${written(chosen, found.value)} (${say[found.basis]})` : say.no_value]] : []);
      body.append(element("a", say.region, { href: `/regions/${encodeURIComponent(of.id)}` }));
      break;
    }
    default: put(feature.layer.id.endsWith("hops") ? say.hop : say.site, [["", of.place], [say.year, of.year], [say.height, of.height && `${of.height} m`], ["", data.words.backhaul[of.backhaul]]]);
  }
  return body;
}

async function open(feature, at) {
  shown?.remove();
  const content = await about(feature);
  shown = new maplibregl.Popup({ maxWidth: "300px", focusAfterOpen: true }).setLngLat(at).setDOMContent(content).addTo(map);
}

const ORDER = ["settlements", "mobile_sites", "road_sites", "mobile_hops", "road_hops", "links", "routes", "coverage", "cities", "regions"];

function pick(point) {
  const around = [[point.x - 5, point.y - 5], [point.x + 5, point.y + 5]];
  const found = map.queryRenderedFeatures(around, { layers: ORDER.filter((id) => map.getLayer(id)) });
  return found.sort((a, b) => ORDER.indexOf(a.layer.id) - ORDER.indexOf(b.layer.id))[0];
}

let listing = 0;
async function listInView() {
  const box = document.getElementById("in-view");
  if (!map.getLayer("settlements")) return;
  const turn = ++listing;
  const seen = new Map();
  for (const one of map.queryRenderedFeatures({ layers: ["settlements"] })) if (one.properties.id) seen.set(one.properties.id, one);
  const largest = [...seen.values()].sort((a, b) => (b.properties.population ?? 0) - (a.properties.population ?? 0)).slice(0, 20);
  const rows = await Promise.all(largest.map((one) => settlement(one.properties.id)));
  if (turn !== listing) return;
  const items = rows.map((row, place) => {
    if (!row) return null;
    const button = element("button", nameOf(row), { type: "button", class: "button quiet" });
    button.addEventListener("click", () => open(largest[place], largest[place].geometry.coordinates));
    const item = element("li", null);
    item.append(button);
    return item;
  }).filter(Boolean);
  box.hidden = false;
  document.getElementById("in-view-list").replaceChildren(...(items.length ? items : [element("li", say.nothing)]));
}

function start() {
  const place = readAddress();
  for (const part of page.querySelectorAll(".map-layers")) part.hidden = false;
  paint();
  begin(place ? { center: [place[2], place[1]], zoom: place[0] } : {});
}

function begin(at) {
  try {
    map = build("map", data, at);
  } catch {
    state.textContent = say.failed;
    root.dataset.map = "none";
    map = null;
    return;
  }
  state.textContent = say.loading;
  map.on("load", () => { paint(); });
  map.once("idle", () => { state.textContent = ""; root.dataset.map = "ready"; listInView(); });
  map.on("moveend", () => { writeAddress(); map.once("idle", listInView); });
  map.on("click", (event) => { const found = pick(event.point); if (found) open(found, event.lngLat); });
  map.on("mousemove", (event) => { map.getCanvas().style.cursor = pick(event.point) ? "pointer" : ""; });
  window.qamtuMap = map;
}

form.addEventListener("input", paint);
form.addEventListener("submit", (event) => event.preventDefault());
new MutationObserver(() => {
  if (!map) { paintLegend(); return; }
  const { lng, lat } = map.getCenter();
  const at = { center: [lng, lat], zoom: map.getZoom() };
  map.remove();
  map = null;
  begin(at);
  paintLegend();
}).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
addEventListener("hashchange", () => {
  const place = readAddress();
  paint();
  if (place && map) map.jumpTo({ center: [place[2], place[1]], zoom: place[0] });
});
start();
