// What the map shows: colours, switches, layers, and the years as a film of the building.
(() => {
  const state = () => Q.mapState;
  let playing = 0;

  const radio = (group, value, label, chosen, choose) => Q.h("label", {},
    Q.h("input", { type: "radio", name: group, value, checked: chosen, onchange: () => choose(value) }),
    Q.h("span", {}, label));

  const modes = (box, group, entries, key) => Q.fill(box, entries.map(([value, label]) => radio(
    group, value, label, state()[key] === value,
    (picked) => {
      state()[key] = picked;
      Q.updateMap();
      legends();
    },
  )));

  const swatch = (colour, shape) => Q.h("span", { class: `swatch ${shape}`, colour, "aria-hidden": "true" });

  const optionLegend = () => {
    const counts = {};
    for (const option of Q.places.option) counts[option] = (counts[option] || 0) + 1;
    return Q.options.map((option) => Q.h("label", { class: "legend-row" },
      Q.h("input", {
        type: "checkbox",
        checked: !state().hidden.has(option),
        onchange: (event) => {
          if (event.target.checked) state().hidden.delete(option);
          else state().hidden.add(option);
          Q.updateMap();
        },
      }),
      swatch(Q.data.colours.option[option], "dot"),
      Q.h("span", {}, Q.term("option", option)),
      Q.h("span", { class: "count" }, Q.number(counts[option]))));
  };

  const row = (colour, shape, label, count) => Q.h("div", { class: "legend-row" },
    swatch(colour, shape), Q.h("span", {}, label), Q.known(count) && Q.h("span", { class: "count" }, count));

  const yearLegend = (shape) => Q.years.map((year) => row(Q.data.colours.year[year], shape, String(year)));

  const kindLegend = () => {
    const km = {};
    Q.routes.route_kind.forEach((kind, i) => { km[kind] = (km[kind] || 0) + (Q.routes.length_m[i] || 0) / 1000; });
    return Object.keys(Q.data.colours.kind).filter((kind) => km[kind]).map((kind) => row(
      Q.data.colours.kind[kind], "dash", Q.term("route_kind", kind), `${Q.number(km[kind])}\u00a0${Q.t("km")}`));
  };

  const peopleLegend = () => Q.peopleClasses().map(({ from, to, colour }) => row(colour, "dot", to
    ? Q.t("{from} to {to} people", { from: Q.number(from), to: Q.number(to) })
    : Q.t("{from} people and more", { from: Q.number(from) })));

  const legends = () => {
    const place = { option: optionLegend, year: () => [row("#7d8a9c", "dot", Q.term("option", "served")), ...yearLegend("dot")], people: peopleLegend };
    Q.byId("settlement-legend").classList.toggle("pairs", state().placeMode === "year");
    Q.byId("route-legend").classList.toggle("pairs", state().routeMode === "year");
    Q.fill(Q.byId("settlement-legend"), place[state().placeMode]());
    Q.fill(Q.byId("route-legend"), state().routeMode === "kind" ? kindLegend() : yearLegend("dash"));
  };

  const layers = () => {
    const hasRings = Q.routes.is_ring && Q.routes.is_ring.some(Boolean);
    const entries = [
      ["routes", Q.t("fibre routes")],
      hasRings && ["rings", Q.t("rings that protect")],
      ["links", Q.t("radio links")],
      Q.roads.length && ["roads", Q.t("main roads")],
      ["labels", Q.t("names")],
    ].filter(Boolean);
    Q.fill(Q.byId("layer-toggles"), entries.map(([key, label]) => Q.h("label", {},
      Q.h("input", {
        type: "checkbox",
        checked: state().layers[key],
        onchange: (event) => {
          state().layers[key] = event.target.checked;
          Q.updateMap();
        },
      }),
      Q.h("span", {}, label))));
  };

  const standing = (year) => {
    let people = 0;
    let settlements = 0;
    for (let i = 0; i < Q.places.n; i += 1) {
      if (!Q.isMade(i) || !Q.places.year[i] || Q.places.year[i] > year) continue;
      settlements += 1;
      people += Q.places.population[i] || 0;
    }
    let km = 0;
    for (let i = 0; i < Q.routes.n; i += 1) {
      if (Q.routes.route_kind[i] !== "existing" && Q.routes.year[i] && Q.routes.year[i] <= year) km += (Q.routes.length_m[i] || 0) / 1000;
    }
    return Q.t("{km} km built, {settlements} settlements, {people} people", {
      km: Q.number(km), settlements: Q.number(settlements), people: Q.people(people),
    });
  };

  const stop = () => {
    clearInterval(playing);
    playing = 0;
  };

  const timeline = () => {
    const box = Q.byId("timeline");
    box.hidden = Q.years.length < 2;
    if (box.hidden) return;
    const [first, last] = [Q.years[0] - 1, Q.years[Q.years.length - 1]];
    const now = state().until ?? last;
    const output = Q.h("output", { for: "year-slider" });
    const slider = Q.h("input", {
      type: "range", id: "year-slider", min: first, max: last, step: 1, value: now, "aria-label": Q.t("Network as it stands at the end of the year"),
    });
    const show = () => {
      const year = Number(slider.value);
      state().until = year === last ? null : year;
      slider.setAttribute("aria-valuetext", String(year));
      Q.fill(output, Q.h("strong", {}, year === first ? Q.t("today") : String(year)), " ",
        Q.h("span", {}, standing(year)));
      Q.updateMap();
    };
    const label = (on) => Q.h("span", { "aria-hidden": "true" }, on ? "❚❚" : "▶");
    const play = Q.h("button", { type: "button", class: "play", "aria-label": Q.t("Play the years") }, label(false));
    play.addEventListener("click", () => {
      if (playing) {
        stop();
        Q.fill(play, label(false));
        return;
      }
      slider.value = Number(slider.value) >= last ? first : slider.value;
      show();
      Q.fill(play, label(true));
      playing = setInterval(() => {
        slider.value = Number(slider.value) + 1;
        show();
        if (Number(slider.value) >= last) {
          stop();
          Q.fill(play, label(false));
        }
      }, 1100);
    });
    slider.addEventListener("input", show);
    stop();
    Q.fill(box, play, slider, output);
    show();
  };

  Q.ready.push(() => { if (Q.isNarrow()) Q.byId("controls").open = false; });

  Q.renderers.push(() => {
    modes(Q.byId("settlement-mode"), "place-mode",
      [["option", Q.t("technology")], ["year", Q.t("year")], ["people", Q.t("people")]], "placeMode");
    modes(Q.byId("route-mode"), "route-mode", [["year", Q.t("year")], ["kind", Q.t("kind")]], "routeMode");
    legends();
    layers();
    timeline();
  });
})();
