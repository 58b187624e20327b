// How the answer moves with what it rests on, and what a single cut would take away.
(() => {
  // A change is told as text (−30 %) or as the new value of a parameter.
  const change = (row) => {
    const value = Number(row.change);
    if (!Q.known(row.change) || Number.isNaN(value)) return String(row.change ?? "");
    const parameter = (Q.summary.parameters || []).find((one) => one.name === row.name);
    return parameter && ["1", "1/year"].includes(parameter.unit) ? Q.share(value) : Q.brief(value);
  };

  const grouped = () => {
    const base = Q.totals.npv;
    const groups = new Map();
    for (const row of Q.summary.sensitivity || []) {
      if (!Q.known(row.npv) || !Q.known(base) || row.name === "base") continue;
      if (!groups.has(row.name)) groups.set(row.name, []);
      groups.get(row.name).push({ ...row, delta: row.difference ?? row.npv - base });
    }
    const width = (rows) => Math.max(...rows.map((r) => Math.abs(r.delta)));
    return [...groups.entries()].sort((a, b) => width(b[1]) - width(a[1]));
  };

  const tornadoDrawing = (groups, label) => {
    const height = groups.length * 44 + 30;
    const [left, right] = [16, Q.chartWidth() - 16];
    const most = Math.max(...groups.flatMap(([, rows]) => rows.map((r) => Math.abs(r.delta))), 1e-9) * 1.32;
    const x = Q.scale(-most, most, left, right);
    const signed = (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${Q.money(Math.abs(value))}`;
    return Q.svg(height, label,
      Q.gridX(Q.ticks(-most, most, Q.chartWidth() / 170), x, 0, height - 26, signed),
      groups.map(([name, rows], i) => Q.s("g", {},
        Q.text(left, i * 44 + 12, Q.term("change", name), { class: "name" }),
        rows.map((row) => {
          const [from, to] = [x(Math.min(row.delta, 0)), x(Math.max(row.delta, 0))];
          return Q.s("g", {},
            Q.tip(Q.s("rect", { x: from, y: i * 44 + 18, width: Math.max(to - from, 1), height: 18, class: row.delta > 0 ? "dearer" : "cheaper" }),
              `${Q.term("change", name)} ${change(row)}: ${signed(row.delta)}`),
            Q.text(row.delta > 0 ? to + 5 : from - 5, i * 44 + 31, change(row), { "text-anchor": row.delta > 0 ? "start" : "end", class: "value" }));
        }))),
      Q.s("line", { x1: x(0), x2: x(0), y1: 0, y2: height - 26, class: "zero" }));
  };

  const tornado = () => {
    const groups = grouped();
    if (!groups.length) return null;
    const title = Q.t("What the cost depends on");
    const rows = groups.flatMap(([, list]) => list);
    return Q.figure({
      id: "figure-sensitivity", title, note: Q.t("Net present cost if one number of the world is different, against this plan; each time the whole plan is computed anew."),
      drawing: tornadoDrawing(groups, title),
      table: Q.table({
        id: "sensitivity-table", caption: title, rows, file: "sensitivity.csv",
        columns: [
          { key: "name", label: Q.t("Changed"), value: (r) => Q.term("change", r.name) },
          { key: "change", label: Q.t("Change"), value: (r) => change(r) },
          { key: "npv", label: Q.t("Net present cost"), numeric: true, value: (r) => r.npv, show: (r) => Q.money(r.npv) },
          { key: "delta", label: Q.t("Difference"), numeric: true, value: (r) => r.delta, show: (r) => Q.money(r.delta) },
          { key: "villages_fibre", label: Q.t("Settlements that get fibre"), numeric: true, value: (r) => r.villages_fibre, show: (r) => Q.number(r.villages_fibre) },
        ],
      }),
    });
  };

  const band = () => {
    const m = Q.summary.monte_carlo;
    if (!m || !Q.known(m.p05) || !Q.known(m.p95)) return null;
    const height = 210;
    const base = Q.totals.npv;
    const all = [m.p05, m.p95, base].filter(Q.known);
    const low = Math.min(...all);
    const high = Math.max(...all);
    const room = (high - low) * 0.12 || 1;
    const x = Q.scale(low - room, high + room, 40, Q.chartWidth() - 40);
    const title = Q.t("The band of the total");
    const label = Q.t("In nine of ten modelled futures the net present cost lies between {low} and {high}", { low: Q.money(m.p05), high: Q.money(m.p95) });
    const mark = (value, word, up) => Q.known(value) && Q.s("g", {},
      Q.s("line", { x1: x(value), x2: x(value), y1: up ? 38 : 60, y2: 150, class: "proof-line" }),
      Q.text(x(value), up ? 30 : 52, word, { "text-anchor": "middle", class: "value" }));
    return Q.figure({
      id: "figure-band", title,
      note: `${label}. ${Q.t("{n} draws of all prices within their stated bands.", { n: Q.number(m.n) })}`,
      drawing: Q.svg(height, label,
        Q.gridX(Q.ticks(low - room, high + room, Q.chartWidth() / 130), x, 60, height - 40, Q.money),
        Q.s("rect", { x: x(m.p05), y: 94, width: x(m.p95) - x(m.p05), height: 16, rx: 4, class: "mc-band" }),
        Q.known(m.p25) && Q.known(m.p75) && Q.s("rect", { x: x(m.p25), y: 86, width: x(m.p75) - x(m.p25), height: 32, rx: 4, class: "mc-half" }),
        mark(m.p50, `${Q.t("middle")} ${Q.money(m.p50)}`, false),
        mark(base, `${Q.t("this plan")} ${Q.money(base)}`, true)),
      table: Q.table({
        id: "band-table", caption: title,
        rows: [5, 25, 50, 75, 95].map((p) => [p / 100, `p${String(p).padStart(2, "0")}`]).filter(([, key]) => Q.known(m[key])),
        columns: [
          { key: "share", label: Q.t("Share of futures below"), numeric: true, value: (r) => r[0], show: (r) => Q.share(r[0], 0) },
          { key: "npv", label: Q.t("Net present cost"), numeric: true, value: (r) => m[r[1]], show: (r) => Q.money(m[r[1]]) },
          { key: "capex", label: Q.t("Cost of building"), numeric: true, value: (r) => (m.capex || {})[r[1]], show: (r) => Q.money((m.capex || {})[r[1]]) },
        ],
      }),
    });
  };

  const onMap = (ids, label) => {
    const rows = ids.map((id) => Q.routeOf.get(String(id))).filter((row) => row !== undefined);
    if (!rows.length) return label;
    const show = () => {
      Q.byId("map").scrollIntoView({ block: "start" });
      Q.highlight(rows.map((row) => ({
        type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: Q.routes.line[row] },
      })));
      Q.showBox(Q.boxOf(rows.flatMap((row) => Q.routes.line[row].flat())), { maxZoom: 8 });
    };
    return Q.h("button", { type: "button", class: "link", onclick: show }, label);
  };

  const ids = (row) => row.route_ids || [];

  // The settlement nearest to where a stretch begins gives it a name that a person knows.
  const near = (row) => {
    const route = Q.routeOf.get(ids(row)[0]);
    if (route === undefined) return "–";
    const [x, y] = Q.routes.line[route][0][0];
    const away = (i) => ((Q.places.x[i] - x) * Math.cos((y * Math.PI) / 180)) ** 2 + (Q.places.y[i] - y) ** 2;
    let best = 0;
    for (let i = 1; i < Q.places.n; i += 1) if (away(i) < away(best)) best = i;
    return `${Q.placeName(best)}, ${Q.regionName(Q.places.region_id[best])}`;
  };

  const cuts = () => {
    const rows = ((Q.summary.resilience || {}).worst_cuts || []).slice(0, 20).map((row) => ({ ...row, near: near(row) }));
    if (!rows.length) return null;
    const title = Q.t("The worst single cuts");
    const share = Q.summary.resilience.edge_disjoint_people_share_before;
    return Q.figure({
      id: "figure-cuts", shape: "tall", title,
      note: [Q.t("How many people would be cut off if this one stretch were broken. Press a name to see it on the map."), " ",
        Q.known(share) && Q.t("Two separate ways to the network of today: {share} of the people on new routes.", { share: Q.share(share) })],
      drawing: Q.table({
        id: "cuts-table", caption: title, rows, sort: { key: "people", descending: true }, file: "worst_cuts.csv",
        columns: [
          { key: "near", label: Q.t("Stretch near"), value: (r) => r.near, show: (r) => onMap(ids(r), r.near) },
          { key: "people", label: Q.t("People"), numeric: true, value: (r) => r.people, show: (r) => Q.number(r.people) },
          { key: "km", label: Q.t("km"), numeric: true, value: (r) => r.km, show: (r) => Q.brief(r.km) },
        ],
      }),
    });
  };

  const rings = () => {
    const rows = ((Q.summary.resilience || {}).rings || []).map((row) => ({ ...row, near: near(row) }));
    if (!rows.length) return null;
    const title = Q.t("The cheapest rings that mend them");
    const share = Q.summary.resilience.edge_disjoint_people_share_after;
    return Q.figure({
      id: "figure-rings", title,
      note: [Q.t("A ring gives these people a second way; it is not part of the plan's cost."), " ",
        Q.known(share) && Q.t("With all these rings {share} of the people on new routes have two separate ways.", { share: Q.share(share) })],
      drawing: Q.table({
        id: "rings-table", caption: title, rows, file: "rings.csv",
        columns: [
          { key: "near", label: Q.t("Ring near"), value: (r) => r.near, show: (r) => onMap(ids(r), r.near) },
          { key: "people_protected", label: Q.t("People protected"), numeric: true, value: (r) => r.people_protected, show: (r) => Q.number(r.people_protected) },
          { key: "km", label: Q.t("km"), numeric: true, value: (r) => r.km, show: (r) => Q.brief(r.km) },
          { key: "capex", label: Q.t("Cost of building"), numeric: true, value: (r) => r.capex, show: (r) => Q.money(r.capex) },
        ],
      }),
    });
  };

  Q.renderers.push(() => {
    const figures = [tornado(), cuts(), band(), rings()].filter(Boolean);
    Q.byId("risks").hidden = !figures.length;
    Q.fill(Q.byId("risk-figures"), figures);
  });
})();
