// What the plan costs: by technology, along the trade-off curve, by region and by year.
(() => {
  const ROUTES = "#1864ab";

  const optionName = (name) => (name === "routes" ? Q.t("Fibre routes") : Q.term("option", name));
  const optionColour = (name) => (name === "routes" ? "#15aabf" : Q.data.colours.option[name]);

  const byOption = () => {
    const rows = (Q.summary.by_option || []).filter((row) => row.settlements > 0 || row.capex > 0);
    if (!rows.length) return null;
    const order = [...Object.keys(Q.data.colours.option), "routes"];
    rows.sort((a, b) => order.indexOf(a.option) - order.indexOf(b.option));
    const total = Q.sum(rows, (row) => row.people);
    const columns = [
      { key: "option", label: Q.t("Technology"), value: (r) => optionName(r.option), show: (r) => [Q.h("span", { class: "swatch dot", colour: optionColour(r.option), "aria-hidden": "true" }), optionName(r.option)] },
      { key: "settlements", label: Q.t("Settlements"), numeric: true, value: (r) => r.settlements, show: (r) => (r.settlements ? Q.number(r.settlements) : "–") },
      { key: "people", label: Q.t("People"), numeric: true, value: (r) => r.people, show: (r) => (r.people ? Q.number(r.people) : "–") },
      { key: "people_share", label: Q.t("Share of people"), numeric: true, value: (r) => r.people / total, show: (r) => (r.people ? Q.share(r.people / total) : "–") },
      { key: "capex", label: Q.t("Cost of building"), numeric: true, value: (r) => r.capex, show: (r) => Q.money(r.capex) },
      { key: "opex_per_year", label: Q.t("Running, a year"), numeric: true, value: (r) => r.opex_per_year, show: (r) => Q.money(r.opex_per_year) },
      { key: "npv", label: Q.t("Net present cost"), numeric: true, value: (r) => r.npv, show: (r) => Q.money(r.npv) },
    ];
    const bar = Q.h("div", { class: "share-bar", "aria-hidden": "true" }, rows.filter((r) => r.people > 0).map((r) => Q.h("span", {
      "width%": (r.people / total) * 100, colour: optionColour(r.option), title: `${optionName(r.option)}: ${Q.share(r.people / total)}`,
    })));
    return Q.figure({
      id: "figure-options", shape: "wide", title: Q.t("Who gets what"), note: Q.t("People by the technology that serves them. Costs are those in the settlements; routes are counted apart."),
      drawing: [bar, Q.table({ id: "options-table", caption: Q.t("Who gets what"), columns, rows })],
    });
  };

  const binding = (row) => {
    const names = { price_village: "village", price_person: "person", price_capital: "capital" };
    return Object.keys(names).filter((key) => row[key] > 0).map((key) => Q.term("binding", names[key])).join(", ") || "–";
  };

  const curveDrawing = (rows, label) => {
    const height = 330;
    const [left, right, top, bottom] = [84, Q.chartWidth() - 20, 18, height - 48];
    const costs = rows.flatMap((row) => [row.npv, row.bound]).filter(Q.known);
    const low = Math.min(...costs);
    const high = Math.max(...costs);
    const room = (high - low) * 0.1 || high * 0.01;
    const xs = rows.map((row) => row.villages);
    const x = Q.scale(Math.min(...xs), Math.max(...xs), left + 12, right - 12);
    const y = Q.scale(low - room, high + room, bottom, top);
    const bounded = rows.filter((row) => Q.known(row.bound));
    const band = [...bounded.map((r) => [x(r.villages), y(r.npv)]), ...[...bounded].reverse().map((r) => [x(r.villages), y(r.bound)])];
    const chosen = rows.find((row) => row.chosen);
    return Q.svg(height, label,
      Q.gridY(Q.ticks(low - room, high + room, 5), y, left, right, Q.money),
      Q.gridX(Q.ticks(Math.min(...xs), Math.max(...xs), Q.chartWidth() / 110), x, top, bottom, (v) => Q.number(v)),
      bounded.length > 1 && Q.s("path", { d: `${Q.linePath(band)}Z`, class: "band" }),
      bounded.length > 1 && Q.s("path", { d: Q.linePath(bounded.map((r) => [x(r.villages), y(r.bound)])), class: "bound-line" }),
      Q.s("path", { d: Q.linePath(rows.map((r) => [x(r.villages), y(r.npv)])), class: "curve-line" }),
      rows.map((r) => Q.tip(Q.s("circle", { cx: x(r.villages), cy: y(r.npv), r: r.chosen ? 8 : 4, class: r.chosen ? "curve-chosen" : "curve-point" }),
        Q.t("{villages} settlements with fibre: {money}", { villages: Q.number(r.villages), money: Q.money(r.npv) }))),
      chosen && Q.text(x(chosen.villages), y(chosen.npv) - 16, Q.t("this plan"), {
        "text-anchor": x(chosen.villages) > right - 70 ? "end" : x(chosen.villages) < left + 70 ? "start" : "middle", class: "value",
      }),
      Q.text((left + right) / 2, height - 6, Q.t("Settlements that get fibre"), { "text-anchor": "middle" }));
  };

  const curve = () => {
    const rows = (Q.summary.curve || []).filter((row) => Q.known(row.villages) && Q.known(row.npv));
    if (rows.length < 2) return null;
    rows.sort((a, b) => a.villages - b.villages);
    const title = Q.t("What more fibre costs");
    const columns = [
      { key: "villages", label: Q.t("Settlements that get fibre"), numeric: true, value: (r) => r.villages, show: (r) => (r.chosen ? Q.h("strong", {}, Q.number(r.villages), " ◀") : Q.number(r.villages)) },
      { key: "people_fibre", label: Q.t("People on fibre"), numeric: true, value: (r) => r.people_fibre, show: (r) => Q.number(r.people_fibre) },
      { key: "capex", label: Q.t("Cost of building"), numeric: true, value: (r) => r.capex, show: (r) => Q.money(r.capex) },
      { key: "npv", label: Q.t("Net present cost"), numeric: true, value: (r) => r.npv, show: (r) => Q.money(r.npv) },
      { key: "bound", label: Q.t("Proven floor"), numeric: true, value: (r) => r.bound, show: (r) => Q.money(r.bound) },
      { key: "binding", label: Q.t("Pushed towards"), value: binding },
    ];
    return Q.figure({
      id: "figure-curve", title, note: Q.t("Each point is a whole plan for the country with its own proven floor. Left of the lowest point fibre saves money, right of it each further settlement costs more than its next best option."),
      legend: Q.legendOf([{ colour: "var(--accent)", label: Q.t("net present cost") }, { colour: "var(--bound)", label: Q.t("proven floor") }]),
      drawing: curveDrawing(rows, title),
      table: Q.table({ id: "curve-table", caption: title, columns, rows, file: "curve.csv" }),
    });
  };

  const press = () => {
    const rows = Q.summary.press_comparison || [];
    if (!rows.length) return null;
    const title = Q.t("Held against the press");
    const show = (row, value) => (row.unit.startsWith("currency") ? Q.money(value) : Q.brief(value));
    const stem = (name) => Object.keys(Q.data.terms.press).find((key) => name.startsWith(key)) || name;
    return Q.figure({
      id: "figure-press", title, note: Q.t("The plan's mean costs beside figures that the press gave for earlier programmes, as printed and at the plan's prices."),
      drawing: Q.table({
        id: "press-table", caption: title, rows,
        columns: [
          { key: "name", label: Q.t("Figure"), value: (r) => Q.term("press", stem(r.name)), show: (r) => [Q.term("press", stem(r.name)), Q.h("p", { class: "small" }, Q.dataText(r.source))] },
          { key: "plan", label: Q.t("This plan"), numeric: true, value: (r) => r.plan, show: (r) => show(r, r.plan) },
          { key: "press", label: Q.t("Press"), numeric: true, value: (r) => r.press, show: (r) => show(r, r.press) },
          { key: "press_repriced", label: Q.t("Press, at the plan's prices"), numeric: true, value: (r) => r.press_repriced, show: (r) => show(r, r.press_repriced) },
        ],
      }),
    });
  };

  const byRegion = () => {
    const rows = Q.regionRows().filter((row) => row.capex > 0).sort((a, b) => b.capex - a.capex);
    if (!rows.length) return null;
    const names = ["routes", ...Object.keys(Q.data.colours.option)].filter((name) => rows.some((row) => row.by[name] > 0));
    const title = Q.t("Cost of building by region");
    return Q.figure({
      id: "figure-regions", shape: "tall", title, note: Q.t("A route is counted in the region of the first settlement that it serves."),
      legend: Q.legendOf(names.map((name) => ({ colour: optionColour(name), label: optionName(name) }))),
      drawing: Q.bars(rows.map((row) => ({
        label: Q.regionName(row.id),
        parts: names.map((name) => ({ value: row.by[name] || 0, colour: optionColour(name), label: optionName(name) })),
      })), title, Q.money),
      table: Q.table({
        id: "region-cost-table", caption: title, rows,
        columns: [
          { key: "region", label: Q.t("Region"), value: (r) => Q.regionName(r.id) },
          ...names.map((name) => ({ key: name, label: optionName(name), numeric: true, value: (r) => r.by[name] || 0, show: (r) => Q.money(r.by[name] || 0) })),
        ],
      }),
    });
  };

  const byYear = () => {
    const rows = (Q.summary.by_year || []).filter((row) => row.year > 0);
    if (!rows.length) return null;
    let total = 0;
    const made = rows.map((row) => {
      total = row.people_cumulative ?? total + (row.people || 0);
      return { ...row, total };
    });
    const title = Q.t("Building by year");
    const colour = (row) => Q.data.colours.year[row.year] || ROUTES;
    const chart = (heading, pick, show) => made.some((row) => Q.known(pick(row))) && Q.h("div", {},
      Q.h("h4", {}, heading),
      Q.columns(made.map((row) => ({ label: String(row.year), value: pick(row) || 0, colour: colour(row) })), heading, show));
    return Q.figure({
      id: "figure-years", shape: "wide", title, note: Q.t("Each year's network hangs together with what stands before it."),
      drawing: Q.h("div", { class: "thirds" },
        chart(Q.t("Cost of building"), (r) => r.capex, Q.money),
        chart(Q.t("Fibre routes, km"), (r) => r.km, Q.number),
        chart(Q.t("People newly served, from the start"), (r) => r.total, Q.people)),
      table: Q.table({
        id: "year-table", caption: title, rows: made, file: "by_year.csv",
        columns: [
          { key: "year", label: Q.t("Year"), numeric: true, value: (r) => r.year, show: (r) => String(r.year) },
          { key: "capex", label: Q.t("Cost of building"), numeric: true, value: (r) => r.capex, show: (r) => Q.money(r.capex) },
          { key: "km", label: Q.t("km"), numeric: true, value: (r) => r.km, show: (r) => Q.number(r.km) },
          { key: "settlements", label: Q.t("Settlements"), numeric: true, value: (r) => r.settlements, show: (r) => Q.number(r.settlements) },
          { key: "people", label: Q.t("People"), numeric: true, value: (r) => r.people, show: (r) => Q.number(r.people) },
          { key: "people_cumulative", label: Q.t("People from the start"), numeric: true, value: (r) => r.total, show: (r) => Q.number(r.total) },
        ],
      }),
    });
  };

  Q.renderers.push(() => Q.fill(Q.byId("cost-figures"), byOption(), curve(), byRegion(), press(), byYear()));
})();
