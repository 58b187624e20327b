// What the plan rests on: sources and licences, every parameter, assumptions, findings, stages.
(() => {
  const part = (title, body, note, open) => body && Q.h("details", { class: "part", open },
    Q.h("summary", {}, Q.h("h3", {}, title)), note && Q.h("p", { class: "small" }, note), body);

  const text = (key, label) => ({ key, label, value: (row) => row[key] });

  const verify = (row) => (row.verify ? Q.h("span", { class: "badge estimate" }, Q.t("to be confirmed")) : Q.h("span", { class: "dim" }, "–"));

  const quantity = (row) => {
    const band = Q.known(row.low) && Q.known(row.high) && row.low < row.high
      ? ` (${Q.number(row.low, 4)} – ${Q.number(row.high, 4)})` : "";
    return [Q.number(row.value, 4), Q.h("span", { class: "dim" }, band)];
  };

  const parameters = (rows) => rows.length > 0 && Q.table({
    id: "parameter-table", caption: Q.t("Parameters"), rows, file: "parameters.csv",
    columns: [
      { key: "description", label: Q.t("Parameter"), value: (r) => r.description || r.name, show: (r) => [Q.dataText(r.description || r.name), Q.h("br"), Q.h("code", {}, r.name)] },
      { key: "value", label: Q.t("Value"), numeric: true, value: (r) => r.value, show: quantity },
      { key: "unit", label: Q.t("Unit"), value: (r) => r.unit, show: (r) => Q.dataText(r.unit && r.unit !== "1" ? r.unit : "–") },
      { ...text("date", Q.t("Date")), nowrap: true },
      { key: "source", label: Q.t("Source"), value: (r) => r.source, show: (r) => Q.dataText(r.source || "–") },
      { key: "verify", label: Q.t("State"), value: (r) => (r.verify ? Q.t("to be confirmed") : ""), show: verify },
    ],
  });

  const sources = (rows) => rows.length > 0 && Q.table({
    id: "source-table", caption: Q.t("Sources and licences"), rows,
    columns: [
      { key: "title", label: Q.t("Source"), value: (r) => r.title || r.id, show: (r) => [Q.dataText(r.title || r.id), r.note && Q.h("p", { class: "small dim" }, Q.dataText(r.note))] },
      { key: "origin", label: Q.t("Origin"), value: (r) => r.origin, show: (r) => Q.dataText(r.origin || "–") },
      { key: "licence", label: Q.t("Licence"), value: (r) => r.licence, show: (r) => Q.dataText(r.licence || "–") },
      text("date", Q.t("Date")),
      { key: "sha256", label: "SHA-256", value: (r) => r.sha256, show: (r) => (r.sha256 ? Q.h("code", { title: r.sha256 }, `${r.sha256.slice(0, 12)}…`) : "–") },
    ],
  });

  const assumptions = (rows) => rows.length > 0 && Q.h("ul", { class: "assumptions" }, rows.map((row) => {
    const one = typeof row === "string" ? { text: row } : row;
    return Q.h("li", {}, Q.dataText(one.text || ""), one.source && [" ", Q.h("span", { class: "dim" }, one.source)],
      one.verify && [" ", verify(one)]);
  }));

  const findings = (rows) => rows.length > 0 && Q.table({
    id: "finding-table", caption: Q.t("Findings about the data"), rows, pageSize: 20,
    columns: [
      { key: "what", label: Q.t("What"), value: (r) => r.what, show: (r) => Q.dataText(r.what) },
      { key: "severity", label: Q.t("Weight"), value: (r) => Q.term("severity", r.severity), show: (r) => Q.h("span", { class: `badge ${r.severity === "info" ? "known" : "estimate"}` }, Q.term("severity", r.severity)) },
      { key: "where", label: Q.t("Where"), value: (r) => [r.file, r.row, r.field].filter(Q.known).join(", ") || "–" },
      { key: "mend", label: Q.t("What to do"), value: (r) => r.mend, show: (r) => Q.dataText(r.mend || "–") },
      { key: "id", label: Q.t("Rule"), value: (r) => r.id, show: (r) => Q.h("code", {}, r.id) },
    ],
  });

  const stages = (rows) => rows.length > 0 && Q.table({
    id: "stage-table", caption: Q.t("How long it took"), rows,
    columns: [
      { key: "name", label: Q.t("Stage"), value: (r) => r.name, show: (r) => Q.dataText(r.name) },
      { key: "seconds", label: Q.t("Seconds"), numeric: true, value: (r) => r.seconds, show: (r) => Q.number(r.seconds, 1) },
    ],
  });

  Q.renderers.push(() => {
    const s = Q.summary;
    const given = s.parameters || [];
    const unsure = given.filter((row) => row.verify).length;
    Q.fill(Q.byId("sources-body"),
      part(Q.t("Sources and licences"), sources(s.sources || []), null, true),
      part(Q.t("Assumptions"), assumptions(s.assumptions || []), null, true),
      part(Q.t("Parameters"), parameters(given),
        Q.t("{n} of {total} still need a person's confirmation.", { n: Q.number(unsure), total: Q.number(given.length) })),
      part(Q.t("Findings about the data"), findings(s.findings || [])),
      part(Q.t("How long it took"), stages(s.stages || [])));
  });
})();
