// The tables of regions and of settlements, filtered and sorted by whoever reads.
(() => {
  const PAGE = 25;
  const NEW = "*new";
  const filter = { text: "", region: "", option: NEW, year: "" };
  let counted = null;

  // Settlements are counted from the plan's table; its summary gives the routes of each region.
  Q.regionRows = () => {
    if (!counted) counted = Q.countRegions().filter((row) => row.settlements > 0);
    const given = new Map((Q.summary.by_region || []).map((row) => [row.region_id, row]));
    return counted.map((row) => {
      const { km = null, capex_routes: routes = 0 } = given.get(row.id) || {};
      return {
        ...row, km, capex: row.local + routes, by: { ...row.by, routes },
        share: row.people ? row.fast / row.people : null,
      };
    });
  };

  const regionTable = () => {
    const rows = Q.regionRows();
    const number = (key, label, pick, show) => ({ key, label, numeric: true, value: pick, show: (r) => show(pick(r)) });
    const go = (row) => Q.h("button", {
      type: "button", class: "link", onclick: () => {
        Q.byId("map").scrollIntoView({ block: "start" });
        Q.showBox(Q.boxOf(Q.regions.area[Q.regionOf.get(row.id)].flatMap((polygon) => polygon[0])));
      },
    }, Q.regionName(row.id));
    const columns = [
      { key: "region", label: Q.t("Region"), value: (r) => Q.regionName(r.id), show: go },
      number("settlements", Q.t("Settlements"), (r) => r.settlements, Q.number),
      number("people", Q.t("People"), (r) => r.people, Q.number),
      number("people_high_speed_share", Q.t("At high speed"), (r) => r.share, Q.share),
      number("villages_fibre", Q.t("Get fibre"), (r) => r.fibre, Q.number),
      number("km", Q.t("Routes, km"), (r) => r.km, Q.number),
      number("capex", Q.t("Cost of building"), (r) => r.capex, Q.money),
      number("capex_per_person", Q.t("For each person"), (r) => (r.people ? r.capex / r.people : null), Q.money),
    ];
    Q.fill(Q.byId("region-table"), Q.table({
      id: "regions-rows", caption: Q.t("Regions"), columns, rows, sort: { key: "capex", descending: true }, file: "by_region.csv",
    }));
  };

  const chosen = () => {
    const text = Q.fold(filter.text);
    const rows = [];
    for (let i = 0; i < Q.places.n; i += 1) {
      if (filter.region && Q.places.region_id[i] !== filter.region) continue;
      if (filter.option === NEW ? !Q.isMade(i) : filter.option && Q.places.option[i] !== filter.option) continue;
      if (filter.year && String(Q.places.year[i] || 0) !== filter.year) continue;
      if (text && !Q.matches(i, text)) continue;
      rows.push(i);
    }
    return rows;
  };

  const settlementColumns = () => {
    const at = (key) => (row) => (Q.places[key] ? Q.places[key][row] : null);
    const number = (key, label, show) => ({ key, label, numeric: true, value: at(key), show: (row) => show(at(key)(row)) });
    const money = (key, label) => ({ ...number(key, label, Q.money), show: (row) => (Q.isMade(row) ? Q.money(at(key)(row)) : "–") });
    return [
      { key: "name", label: Q.t("Settlement"), value: Q.placeName, show: (row) => Q.h("button", { type: "button", class: "link", onclick: () => Q.goToPlace(row) }, Q.placeName(row)) },
      { key: "district", label: Q.t("District"), value: (row) => Q.districtName(at("district_id")(row)) },
      { key: "region", label: Q.t("Region"), value: (row) => Q.regionName(Q.places.region_id[row]) },
      { key: "population", label: Q.t("People"), numeric: true, value: at("population"), show: (row) => [at("population_source")(row) === "estimated" && Q.h("abbr", { title: Q.t("estimate") }, "≈"), Q.number(at("population")(row))] },
      { key: "option", label: Q.t("Technology"), value: (row) => Q.term("option", Q.places.option[row]), show: (row) => [Q.h("span", { class: "swatch dot", colour: Q.data.colours.option[Q.places.option[row]], "aria-hidden": "true" }), Q.term("option", Q.places.option[row])] },
      { key: "year", label: Q.t("Year"), numeric: true, value: (row) => Q.places.year[row] || null, show: (row) => (Q.places.year[row] ? String(Q.places.year[row]) : "–") },
      number("speed_down_mbps", Q.t("Mbit/s"), Q.number),
      money("capex", Q.t("Cost of building")),
      money("npv", Q.t("Net present cost")),
      ...["settlement_id", "households", "population_source", "opex_per_year", "latency_ms", "route_km", "link_km", "next_best"]
        .map((key) => ({ key, label: key, value: at(key), csvOnly: true })),
    ];
  };

  const settlementTable = () => {
    const box = Q.h("div", {});
    const draw = () => Q.fill(box, Q.table({
      id: "settlement-rows", caption: Q.t("Settlements"), columns: settlementColumns(), rows: chosen(),
      sort: { key: "population", descending: true }, pageSize: PAGE, file: "settlements.csv",
    }));
    const changed = (key) => (event) => {
      filter[key] = event.target.value;
      Q.tableFirstPage("settlement-rows");
      draw();
    };
    const choice = (key, label, entries) => Q.h("label", {}, Q.h("span", {}, label),
      Q.h("select", { onchange: changed(key), "data-filter": key },
        Q.h("option", { value: "" }, Q.t("all")),
        entries.map(([value, text]) => Q.h("option", { value, selected: filter[key] === value }, text))));
    const regions = Q.regions.region_id.map((id) => [id, Q.regionName(id)]).sort((a, b) => Q.compareText(a[1], b[1]));
    const filters = Q.h("div", { class: "filters", role: "group", "aria-label": Q.t("Filters") },
      Q.h("label", {}, Q.h("span", {}, Q.t("Name")), Q.h("input", { type: "search", value: filter.text, oninput: changed("text"), "data-filter": "text" })),
      choice("region", Q.t("Region"), regions),
      choice("option", Q.t("Technology"), [[NEW, Q.t("newly served")], ...Q.options.map((option) => [option, Q.term("option", option)])]),
      choice("year", Q.t("Year"), Q.years.map((year) => [String(year), String(year)])));
    draw();
    Q.fill(Q.byId("settlement-table"), filters, box);
  };

  Q.renderers.push(() => {
    regionTable();
    settlementTable();
  });
})();
