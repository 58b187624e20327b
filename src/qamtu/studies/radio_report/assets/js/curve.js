// The curve of a promise: what more of it takes, with the proven floor below.
(() => {
  // rows: [{x, y, bound, chosen}] by rising x; extra: points beside the line; label, show(y), and
  // name (what x is).
  Q.shareCurve = (rows, { label, show, name, extra = [] }) => {
    const height = 300;
    const [left, right, top, bottom] = [78, Q.chartWidth() - 20, 18, height - 48];
    const most = Math.max(...[...rows, ...extra].flatMap((row) => [row.y, row.bound || 0]));
    const least = Math.min(...rows.map((row) => row.x));
    const x = Q.scale(Math.min(least, 0.6) - 0.03, 1, left, right);
    const y = Q.scale(0, most * 1.1 || 1, bottom, top);
    const bounded = rows.filter((row) => Q.known(row.bound));
    const ticks = [0.5, 0.6, 0.7, 0.8, 0.9, 1].filter((tick) => tick >= Math.min(least, 0.6) - 0.03);
    return Q.svg(height, label,
      Q.gridY(Q.ticks(0, most * 1.1 || 1, 5), y, left, right, show),
      Q.gridX(ticks, x, top, bottom, (value) => Q.share(value, 0)),
      bounded.length > 1 && Q.s("path", { d: `${Q.linePath([...bounded.map((r) => [x(r.x), y(r.y)]), ...[...bounded].reverse().map((r) => [x(r.x), y(r.bound)])])}Z`, class: "band" }),
      bounded.length > 1 && Q.s("path", { d: Q.linePath(bounded.map((r) => [x(r.x), y(r.bound)])), class: "bound-line" }),
      rows.length > 1 && Q.s("path", { d: Q.linePath(rows.map((r) => [x(r.x), y(r.y)])), class: "curve-line" }),
      [...rows, ...extra].map((r) => Q.tip(Q.s("circle", { cx: x(r.x), cy: y(r.y), r: r.chosen ? 7 : 4, class: r.chosen ? "curve-chosen" : "curve-point" }),
        `${Q.share(r.x)}: ${show(r.y)}`)),
      Q.text((left + right) / 2, height - 6, name, { "text-anchor": "middle" }));
  };

  Q.boundLegend = (label) => Q.legendOf([
    { colour: "var(--accent)", label },
    { colour: "var(--bound)", label: Q.t("proven floor") },
    { colour: "#f0b400", label: Q.t("this plan") },
  ]);
})();
