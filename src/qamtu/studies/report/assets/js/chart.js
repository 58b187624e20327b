// Small SVG charts: scales, axes, bars and lines; each stands beside the table of its numbers.
(() => {
  const COLUMNS = 430;
  const small = window.matchMedia("(max-width: 720px)");

  // On a small screen a chart is drawn on fewer units, so that its letters stay readable.
  Q.chartWidth = () => (small.matches ? 370 : 640);
  Q.ready.push(() => small.addEventListener("change", () => Q.setLanguage(Q.language())));

  // Round steps that divide a span into about `count` parts: 1, 2 or 5 times a power of ten.
  Q.ticks = (low, high, count = 5) => {
    if (!(high > low)) return [low];
    const raw = (high - low) / count;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw);
    const made = [];
    for (let at = Math.ceil(low / step - 1e-9) * step + 0; at <= high + step * 1e-6; at += step) made.push(at + 0);
    return made;
  };

  Q.scale = (low, high, from, to) => (value) => from + ((value - low) / ((high - low) || 1)) * (to - from);

  Q.svg = (height, label, ...children) => Q.svgOf(Q.chartWidth(), height, label, children);

  Q.svgOf = (width, height, label, ...children) => Q.s(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "chart", role: "img", "aria-label": label },
    Q.s("title", {}, label),
    children,
  );
  Q.text = (x, y, text, attributes) => Q.s("text", { x, y, ...attributes }, text);

  Q.gridX = (ticks, scale, top, bottom, show) => ticks.map((tick) => Q.s(
    "g",
    { class: "tick" },
    Q.s("line", { x1: scale(tick), x2: scale(tick), y1: top, y2: bottom }),
    Q.text(scale(tick), bottom + 18, show(tick), { "text-anchor": "middle" }),
  ));

  Q.gridY = (ticks, scale, left, right, show) => ticks.map((tick) => Q.s(
    "g",
    { class: "tick" },
    Q.s("line", { x1: left, x2: right, y1: scale(tick), y2: scale(tick) }),
    Q.text(left - 8, scale(tick) + 4, show(tick), { "text-anchor": "end" }),
  ));

  Q.linePath = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

  Q.tip = (node, text) => {
    node.append(Q.s("title", {}, text));
    return node;
  };

  // Bars that lie: rows {label, parts: [{value, colour, label}]}, longest first if so given.
  Q.bars = (rows, label, show) => {
    const left = small.matches ? 134 : 214;
    const right = Q.chartWidth() - 78;
    const height = rows.length * 26 + 34;
    const most = Math.max(...rows.map((row) => Q.sum(row.parts, (p) => p.value)), 1e-9);
    const scale = Q.scale(0, most, left, right);
    return Q.svg(height, label,
      Q.gridX(Q.ticks(0, most, small.matches ? 2 : 4), scale, 0, height - 26, show),
      rows.map((row, i) => {
        let at = 0;
        const y = i * 26 + 4;
        const total = Q.sum(row.parts, (p) => p.value);
        return Q.s("g", {},
          Q.text(left - 10, y + 13, shortened(row.label, small.matches ? 18 : 31), { "text-anchor": "end", class: "name" }),
          row.parts.filter((part) => part.value > 0).map((part) => {
            const x = scale(at);
            at += part.value;
            return Q.tip(Q.s("rect", { x, y, width: Math.max(scale(at) - x, 0.5), height: 18, fill: part.colour }),
              `${row.label}, ${part.label}: ${show(part.value)}`);
          }),
          Q.text(scale(at) + 6, y + 13, show(total), { class: "value" }));
      }));
  };

  const shortened = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

  // Bars that stand: rows {label, value}, with a line {value} over them if given.
  Q.columns = (rows, label, show, colour) => {
    const height = 220;
    const [left, right, top, bottom] = [74, COLUMNS - 4, 22, height - 28];
    const most = Math.max(...rows.map((row) => row.value), 1e-9);
    const scale = Q.scale(0, most, bottom, top);
    const room = (right - left) / rows.length;
    const width = Math.min(room * 0.68, 60);
    return Q.svgOf(COLUMNS, height, label,
      Q.gridY(Q.ticks(0, most, 4), scale, left, right, show),
      rows.map((row, i) => {
        const middle = left + room * (i + 0.5);
        return Q.s("g", {},
          Q.tip(Q.s("rect", {
            x: middle - width / 2, y: scale(row.value), width, height: Math.max(bottom - scale(row.value), 0.5),
            fill: row.colour || colour, rx: 2,
          }), `${row.label}: ${show(row.value)}`),
          room > 46 && Q.text(middle, scale(row.value) - 6, show(row.value), { "text-anchor": "middle", class: "value small-value" }),
          Q.text(middle, bottom + 19, row.label, { "text-anchor": "middle" }));
      }));
  };

  Q.legendOf = (entries) => Q.h("ul", { class: "chart-legend" }, entries.map((entry) => Q.h(
    "li", {}, Q.h("span", { class: "swatch", colour: entry.colour, "aria-hidden": "true" }), entry.label,
  )));

  // A figure with its title, a sentence, the drawing, and its numbers as a table.
  Q.figure = ({ id, title, note, drawing, legend, table, shape }) => Q.h(
    "figure",
    { class: `figure ${shape || ""}`, id },
    Q.h("figcaption", {}, Q.h("h3", {}, title), note && Q.h("p", {}, note)),
    legend,
    drawing,
    table && Q.h("details", { class: "numbers" }, Q.h("summary", {}, Q.t("Show the numbers")), table),
  );
})();
