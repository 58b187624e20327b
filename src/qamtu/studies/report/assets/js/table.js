// Tables: sorted by a press on a heading, shown page by page, given out as CSV.
(() => {
  const states = new Map();

  const state = (id, first) => {
    if (!states.has(id)) states.set(id, { sort: first, page: 0 });
    return states.get(id);
  };

  const compare = (a, b) => {
    const lacks = [a, b].map((value) => !Q.known(value) || value === "");
    if (lacks[0] || lacks[1]) return lacks[0] - lacks[1] || 0;
    return typeof a === "number" && typeof b === "number"
      ? a - b
      : Q.compareText(String(a), String(b));
  };

  const sorted = (rows, columns, sort) => {
    const column = columns.find((one) => one.key === (sort && sort.key));
    if (!column) return rows;
    const keyed = rows.map((row) => [column.value(row), row]);
    const lacks = (value) => !Q.known(value) || value === "";
    keyed.sort((a, b) => (lacks(a[0]) || lacks(b[0])
      ? compare(a[0], b[0])
      : compare(a[0], b[0]) * (sort.descending ? -1 : 1)));
    return keyed.map((pair) => pair[1]);
  };

  const safe = (value) => {
    if (!Q.known(value)) return "";
    if (typeof value === "number") return String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };

  Q.csv = (columns, rows) => [
    columns.map((column) => safe(column.key)).join(","),
    ...rows.map((row) => columns.map((column) => safe(column.value(row))).join(",")),
  ].join("\n");

  Q.download = (name, text) => {
    const url = URL.createObjectURL(new Blob(["\ufeff", text, "\n"], { type: "text/csv" }));
    const link = Q.h("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };

  const heading = (column, now, change) => {
    const isSorted = now.sort && now.sort.key === column.key;
    const direction = now.sort && now.sort.descending ? "descending" : "ascending";
    const press = () => {
      now.sort = isSorted
        ? { key: column.key, descending: !now.sort.descending }
        : { key: column.key, descending: Boolean(column.numeric) };
      now.page = 0;
      change(column.key);
    };
    return Q.h(
      "th",
      { scope: "col", class: column.numeric ? "num" : null, "aria-sort": isSorted ? direction : null },
      Q.h("button", { type: "button", "data-sort": column.key, onclick: press },
        column.label,
        Q.h("span", { class: "arrow", "aria-hidden": "true" },
          isSorted ? (now.sort.descending ? "▼" : "▲") : "")),
    );
  };

  const cell = (column, row, isFirst) => Q.h(
    isFirst ? "th" : "td",
    { scope: isFirst ? "row" : null, class: column.numeric ? "num" : column.nowrap ? "nowrap" : null },
    column.show ? column.show(row) : Q.known(column.value(row)) ? column.value(row) : "–",
  );

  const pager = (now, pages, total, turn) => {
    const button = (label, text, to, off) => Q.h(
      "button",
      { type: "button", "aria-label": label, disabled: off, onclick: () => turn(to, label) },
      text,
    );
    return Q.h(
      "div",
      { class: "pager" },
      Q.h("p", { role: "status" },
        Q.t("Rows: {total}. Page {page} of {pages}", {
          total: Q.number(total), page: Q.number(now.page + 1), pages: Q.number(pages),
        })),
      pages > 1 && button(Q.t("First page"), "«", 0, now.page === 0),
      pages > 1 && button(Q.t("Previous page"), "‹", now.page - 1, now.page === 0),
      pages > 1 && button(Q.t("Next page"), "›", now.page + 1, now.page >= pages - 1),
      pages > 1 && button(Q.t("Last page"), "»", pages - 1, now.page >= pages - 1),
    );
  };

  // options: id, caption, columns, rows, sort, pageSize, file (name of the CSV).
  // A column: key, label, value(row), show(row) for the eye, numeric, and csvOnly where only the
  // file has it. The first names the row.
  Q.table = (options) => {
    const now = state(options.id, options.sort || null);
    const size = options.pageSize || 1000;
    const box = Q.h("div", { class: "table-box" });
    const visible = options.columns.filter((column) => !column.csvOnly);

    const draw = (focus) => {
      const rows = sorted(options.rows, options.columns, now.sort);
      const pages = Math.max(1, Math.ceil(rows.length / size));
      now.page = Math.min(now.page, pages - 1);
      const shown = rows.slice(now.page * size, (now.page + 1) * size);
      const table = Q.h(
        "table",
        { id: options.id },
        Q.h("caption", { class: "hidden" }, options.caption),
        Q.h("thead", {}, Q.h("tr", {}, visible.map((c) => heading(c, now, draw)))),
        Q.h("tbody", {}, shown.map((row) => Q.h("tr", {},
          visible.map((column, place) => cell(column, row, place === 0))))),
      );
      Q.fill(
        box,
        Q.h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": options.caption }, table),
        Q.h("div", { class: "table-foot" },
          rows.length > size || options.pageSize
            ? pager(now, pages, rows.length, (page, label) => { now.page = page; draw(null); refocus(label); })
            : null,
          options.file && Q.h("button", {
            type: "button", class: "quiet", onclick: () => Q.download(options.file, Q.csv(options.columns, rows)),
          }, Q.t("Download as CSV"))),
      );
      if (focus) box.querySelector(`[data-sort="${focus}"]`).focus();
    };
    const refocus = (label) => {
      const same = [...box.querySelectorAll(".pager button")]
        .find((one) => one.getAttribute("aria-label") === label && !one.disabled);
      (same || box.querySelector(".table-scroll")).focus();
    };
    draw(null);
    return box;
  };

  Q.tableFirstPage = (id) => { if (states.has(id)) states.get(id).page = 0; };
})();
