// The card of one settlement: what it gets, when, by which way, and what else it could have.
(() => {
  let open = -1;
  let cameFrom = null;

  const OTHER = { en: ["kk", "ru"], ru: ["kk", "en"], kk: ["ru", "en"] };

  const frame = () => document.querySelector(".map-frame");

  const value = (column, row) => (Q.places[column] ? Q.places[column][row] : null);

  const fact = (label, text, note) => (text === null || text === "–" ? null : Q.h("div", { class: "fact" },
    Q.h("dt", {}, label), Q.h("dd", {}, text, note && Q.h("small", {}, note))));

  const otherNames = (row) => {
    const names = OTHER[Q.language()]
      .map((code) => [code, value(`name_${code}`, row)])
      .filter(([, name]) => name && name !== Q.placeName(row));
    return names.length > 0 && Q.h("p", { class: "other-names" },
      names.map(([code, name], i) => [i > 0 && " · ", Q.h("span", { lang: code }, name)]));
  };

  const where = (row) => [
    Q.term("kind", Q.places.kind[row]),
    Q.districtName(value("district_id", row)),
    Q.regionName(Q.places.region_id[row]),
  ].filter((part) => part && part !== "–").join(" · ");

  const sourceMark = (row) => {
    const source = value("population_source", row);
    if (!source) return null;
    const isEstimate = source === "estimated";
    return Q.h("span", { class: `badge ${isEstimate ? "estimate" : "known"}` }, Q.term("population_source", source));
  };

  // How free the air is around the radio link, and how fine the ground was that says so.
  const clearance = (row) => {
    const free = value("link_clearance", row);
    const arcsec = value("link_resolution_arcsec", row);
    return Q.known(free) && fact(Q.t("Clearance of the radio link"),
      Q.t("{n} radii of the first Fresnel zone", { n: Q.number(free, 1) }),
      Q.known(arcsec) && Q.t("on terrain of {n} arc seconds", { n: Q.number(arcsec) }));
  };

  const facts = (row) => {
    const made = Q.isMade(row);
    const speed = value("speed_down_mbps", row);
    const latency = value("latency_ms", row);
    return Q.h("dl", { class: "facts" },
      fact(Q.t("People"), [Q.number(Q.places.population[row]), " ", sourceMark(row)]),
      fact(Q.t("Households"), Q.number(value("households", row))),
      made && fact(Q.t("Year"), Q.places.year[row] ? String(Q.places.year[row]) : null),
      Q.known(speed) && fact(Q.t("Speed down"), `${Q.number(speed)} ${Q.t("Mbit/s")}`),
      Q.known(latency) && fact(Q.t("Latency"), `${Q.number(latency)} ${Q.t("ms")}`),
      made && fact(Q.t("Cost of building here"), Q.money(value("capex", row)),
        value("households", row) > 0 && Q.known(value("capex", row))
          && Q.t("{money} for each household", { money: Q.money(value("capex", row) / value("households", row)) })),
      made && fact(Q.t("Cost of running, a year"), Q.money(value("opex_per_year", row))),
      Q.known(value("link_km", row)) && fact(Q.t("Length of the radio link"), `${Q.brief(value("link_km", row))} ${Q.t("km")}`),
      clearance(row),
    );
  };

  const option = (row) => Q.h("p", { class: "card-option", colour: Q.data.colours.option[Q.places.option[row]] },
    Q.h("span", { class: "swatch dot", colour: Q.data.colours.option[Q.places.option[row]], "aria-hidden": "true" }),
    Q.h("strong", {}, Q.term("option", Q.places.option[row])),
    Q.places.adequate && !Q.places.adequate[row] && Q.h("span", { class: "badge estimate" }, Q.t("below high speed")));

  const why = (row) => {
    const next = value("next_best", row);
    const cost = value("next_best_npv", row);
    const own = value("npv", row);
    const marginal = value("route_own_npv", row);
    return [
      Q.places.option[row] === "fibre" && Q.known(marginal) && marginal > 0 && Q.h("p", { class: "small" },
        Q.t("Besides, the route that serves this place alone costs {money} over its lifetime.", { money: Q.money(marginal) })),
      next && Q.known(cost) && Q.known(own) && Q.h("p", { class: "small" },
        Q.t("The next best would be {option} at {money}.", { option: Q.term("option", next).toLowerCase(), money: Q.money(cost) })),
    ];
  };

  const alternatives = (row) => {
    const options = Object.keys(Q.data.colours.option).filter((name) => name !== "served" && Q.places[`npv_${name}`]);
    const costs = options.map((name) => [name, value(`npv_${name}`, row)]);
    const most = Math.max(...costs.map(([, cost]) => cost || 0));
    if (!(most > 0)) return null;
    return Q.h("table", { class: "options" },
      Q.h("caption", {}, Q.t("What each option would cost here over its lifetime")),
      Q.h("tbody", {}, costs.map(([name, cost]) => Q.h("tr", { class: name === Q.places.option[row] ? "chosen" : null },
        Q.h("th", { scope: "row" }, Q.term("option", name), name === Q.places.option[row] && Q.h("span", { class: "hidden" }, ` (${Q.t("chosen")})`)),
        Q.h("td", { class: "num" }, Q.known(cost) ? Q.money(cost) : Q.h("span", { class: "dim" }, Q.t("not possible"))),
        Q.h("td", { class: "bar-cell", "aria-hidden": "true" }, Q.known(cost)
          && Q.h("span", { class: "bar-line", "width%": Math.max((cost / most) * 100, 1), colour: Q.data.colours.option[name] }))))));
  };

  const way = (row) => {
    const path = Q.pathOf(row);
    if (!path.length) {
      const km = value("route_km", row);
      return Q.known(km) && Q.h("p", { class: "way" }, Q.t("Way to the existing network: {km} km", { km: Q.brief(km) }));
    }
    const km = Q.sum(path, (route) => Q.routes.length_m[route]) / 1000;
    const end = Q.pathEnd(path);
    const years = path.map((route) => Q.routes.year[route]).filter(Boolean);
    return Q.h("p", { class: "way" },
      end >= 0
        ? Q.t("Way to the existing network: {km} km, to {place}", { km: Q.brief(km), place: Q.placeName(end) })
        : Q.t("Way to the existing network: {km} km", { km: Q.brief(km) }),
      years.length > 0 && ` (${Math.min(...years)}${Math.max(...years) > Math.min(...years) ? `–${Math.max(...years)}` : ""})`);
  };

  const source = (row) => {
    const start = Q.sourceOf(row);
    return start >= 0 && Q.h("p", { class: "way" }, Q.t("Radio link from"), " ",
      Q.h("button", { type: "button", class: "link", onclick: () => Q.openCard(start, {}) }, Q.placeName(start)));
  };

  const address = (row) => `id=${encodeURIComponent(Q.places.settlement_id[row]).replace(/%3A/g, ":")}`;

  const share = (row) => Q.h("button", {
    type: "button",
    class: "quiet",
    onclick: async () => {
      const link = new URL(location.href);
      link.hash = address(row);
      try {
        await navigator.clipboard.writeText(link.href);
        Q.announce(Q.t("The link is copied"));
        Q.byId("copied").textContent = Q.t("The link is copied");
      } catch {
        Q.byId("copied").textContent = link.href;
      }
    },
  }, Q.t("Copy a link to this place"));

  const draw = () => {
    const row = open;
    Q.fill(Q.byId("card"),
      Q.h("button", { type: "button", class: "close", "aria-label": Q.t("Close the card"), onclick: Q.closeCard }, "×"),
      Q.h("h3", { id: "card-title" }, Q.placeName(row)),
      otherNames(row),
      Q.h("p", { class: "where" }, where(row)),
      option(row),
      facts(row),
      source(row),
      way(row),
      Q.isMade(row) && alternatives(row),
      Q.isMade(row) && why(row),
      Q.h("p", { class: "card-foot" }, share(row), " ", Q.h("span", { id: "copied", class: "small" })));
  };

  const mark = (row, move) => {
    const path = Q.pathOf(row);
    const here = [Q.places.x[row], Q.places.y[row]];
    const start = Q.sourceOf(row);
    const lines = path.map((route) => ({
      type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: Q.routes.line[route] },
    }));
    if (start >= 0) {
      const hop = [[Q.places.x[start], Q.places.y[start]], here];
      lines.push({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: hop } });
    }
    Q.highlight([...lines, { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: here } }]);
    if (move) Q.showBox(Q.boxOf([here, ...path.flatMap((route) => Q.routes.line[route].flat()), ...(start >= 0 ? [[Q.places.x[start], Q.places.y[start]]] : [])]));
  };

  Q.openCard = (row, { move = true, focus = true } = {}) => {
    open = row;
    if (Q.byId("card").hidden) cameFrom = document.activeElement;
    Q.byId("card").hidden = false;
    frame().classList.add("has-card");
    draw();
    if (Q.isNarrow()) Q.byId("canvas").scrollIntoView({ block: "start" });
    mark(row, move);
    history.replaceState(null, "", `#${address(row)}`);
    Q.byId("card").scrollTop = 0;
    if (focus) Q.byId("card").focus({ preventScroll: true });
  };

  Q.closeCard = () => {
    open = -1;
    Q.byId("card").hidden = true;
    frame().classList.remove("has-card");
    Q.highlight([]);
    history.replaceState(null, "", location.pathname + location.search);
    if (cameFrom && cameFrom.isConnected) cameFrom.focus({ preventScroll: true });
  };

  // From a table far below the map: go up to it first.
  Q.goToPlace = (row) => {
    Q.byId("map").scrollIntoView({ block: "start" });
    Q.openCard(row, {});
  };

  const fromAddress = () => {
    const asked = new URLSearchParams(location.hash.slice(1)).get("id");
    const row = Q.placeOf.get(asked);
    if (row !== undefined) Q.goToPlace(row);
  };

  Q.ready.push(() => {
    window.addEventListener("hashchange", fromAddress);
    Q.afterFirst = fromAddress;
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && open >= 0) Q.closeCard();
    });
  });
  Q.renderers.push(() => { if (open >= 0) draw(); });
})();
