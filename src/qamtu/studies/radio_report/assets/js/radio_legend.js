// What the map shows: the chooser, one list of colours for each kind of thing, and the layers.
(() => {
  Q.swatch = (colour, shape) => Q.h("span", { class: `swatch ${shape || ""}`, colour, "aria-hidden": "true" });

  Q.legendRow = (colour, shape, label, count) => Q.h("div", { class: "legend-row" },
    Q.swatch(colour, shape), Q.h("span", {}, label), Q.known(count) && count !== "" && Q.h("span", { class: "count" }, count));

  // legend: {key, title, modes: [[value, label]], rows(mode)}.
  const legend = ({ key, title, modes, rows }) => {
    if (!Q.view.mode[key]) Q.view.mode[key] = modes.length ? modes[0][0] : "only";
    const list = Q.h("div", { class: "legend" });
    const fill = () => Q.fill(list, rows(Q.view.mode[key]));
    const radio = ([value, label]) => Q.h("label", {},
      Q.h("input", {
        type: "radio", name: `mode-${key}`, value, checked: Q.view.mode[key] === value,
        onchange: () => {
          Q.view.mode[key] = value;
          Q.updateMap();
          fill();
        },
      }),
      Q.h("span", {}, label));
    fill();
    return Q.h("div", { class: "legend-part" },
      modes.length > 1
        ? Q.h("fieldset", { class: "segmented" }, Q.h("legend", {}, title), Q.h("div", {}, modes.map(radio)))
        : Q.h("p", { class: "legend-title" }, title),
      list);
  };

  const toggles = () => [...Q.study.toggles(), ["labels", Q.t("names")]].map(([key, label]) => Q.h("label", {},
    Q.h("input", {
      type: "checkbox",
      checked: Q.view.layers[key] !== false,
      onchange: (event) => {
        Q.view.layers[key] = event.target.checked;
        Q.updateMap();
      },
    }),
    Q.h("span", {}, label)));

  const chooser = () => {
    const given = Q.study.chooser && Q.study.chooser();
    const box = Q.byId("chooser");
    box.hidden = !given;
    if (!given) return;
    Q.fill(box, Q.h("label", {}, Q.h("span", { class: "hidden" }, given.label),
      Q.h("select", { id: "choice", onchange: (event) => given.choose(event.target.value) },
        given.options.map(([value, text]) => Q.h("option", { value, selected: value === given.chosen }, text)))));
  };

  // The notice that stands on the map itself where the ground below is coarse.
  Q.groundNotice = () => {
    const told = Q.study.groundNotice();
    const box = Q.byId("map-terrain");
    box.hidden = !told;
    Q.fill(box, told);
  };

  Q.drawLegends = () => {
    Q.fill(Q.byId("legends"), Q.study.legends().map(legend));
    Q.fill(Q.byId("layer-toggles"), toggles());
    chooser();
    Q.groundNotice();
  };

  Q.ready.push(() => { if (Q.isNarrow()) Q.byId("controls").open = false; });
  Q.renderers.push(() => {
    Q.drawLegends();
    Q.updateMap();
  });
})();
