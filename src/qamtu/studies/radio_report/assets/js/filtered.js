// A table with filters above it: a field for names, and lists to choose from.
(() => {
  const states = new Map();

  // options: as of Q.table, and filters: [{key, label, text(row)} or {key, label, value(row),
  // name(value)}]; the choice of each is remembered over a change of language.
  Q.filteredTable = (options) => {
    if (!states.has(options.id)) states.set(options.id, {});
    const state = states.get(options.id);
    const box = Q.h("div", {});
    const fits = (row) => options.filters.every((filter) => {
      const asked = state[filter.key];
      if (!asked) return true;
      return filter.text
        ? filter.text(row).toLowerCase().includes(asked.toLowerCase())
        : String(filter.value(row)) === asked;
    });
    const draw = () => Q.fill(box, Q.table({ pageSize: 25, ...options, rows: options.rows.filter(fits) }));
    const changed = (key) => (event) => {
      state[key] = event.target.value;
      Q.tableFirstPage(options.id);
      draw();
    };
    const field = (filter) => {
      if (filter.text) {
        return Q.h("input", { type: "search", value: state[filter.key] || "", oninput: changed(filter.key), "data-filter": filter.key });
      }
      const values = [...new Set(options.rows.map(filter.value).filter((value) => Q.known(value) && value !== ""))];
      const named = values.map((value) => [String(value), filter.name(value)]).sort((a, b) => Q.compareText(a[1], b[1]));
      return Q.h("select", { onchange: changed(filter.key), "data-filter": filter.key },
        Q.h("option", { value: "" }, Q.t("all")),
        named.map(([value, name]) => Q.h("option", { value, selected: state[filter.key] === value }, name)));
    };
    const useful = options.filters.filter((filter) => filter.text || new Set(options.rows.map(filter.value)).size > 1);
    draw();
    return [
      useful.length > 0 && Q.h("div", { class: "filters", role: "group", "aria-label": Q.t("Filters") },
        useful.map((filter) => Q.h("label", {}, Q.h("span", {}, filter.label), field(filter)))),
      box,
    ];
  };
})();
