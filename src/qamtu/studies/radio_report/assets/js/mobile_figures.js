// The cities in figures: the result in a sentence, targets, curve, years, cities, proof.
(() => {
  const asked = () => Q.summary.requirement || {};
  const { number } = Q;
  const cities = () => Q.thecities;

  const requirement = () => {
    const r = asked();
    const what = Q.known(r.speed_down_mbps)
      ? Q.t("{n} Mbit/s", { n: number(r.speed_down_mbps) })
      : Q.t("{n} dBm", { n: number(r.level_dbm) });
    return Q.t("{what} {where} at {share} of the places, {band} MHz", {
      what, where: Q.term("situation", r.situation), share: Q.share(r.location_share, 0), band: number(r.band_mhz),
    });
  };

  const head = () => {
    const t = Q.totals;
    const sentence = [
      Q.tn("5G covers {share} of the territory of {n} city.", "5G covers {share} of the territory of {n} cities.", t.cities, { share: Q.share(t.territory_share) }),
      Q.tn("{n} new site is needed.", "{n} new sites are needed.", t.sites_needed),
      Q.t("Building it costs {money}.", { money: Q.money(t.capex) }),
      Q.known(t.gap) && Q.t("No plan of the same candidate sites and prices can be more than {gap} cheaper over its lifetime, and this is proven.", { gap: Q.share(t.gap) }),
    ].filter(Boolean).join(" ");
    const tiles = [
      Q.tile(`${number(t.cities_met)} / ${number(t.cities)}`, Q.t("Cities that reach the share"), Q.t("{n} of {total} km² covered", { n: number(t.covered_km2), total: number(t.area_km2) })),
      Q.tile(Q.share(t.people_share), Q.t("People covered"), Q.t("where people live within a city is estimated")),
      Q.tile(number(t.sites_needed), Q.t("New sites"), Q.t("at least {n} of these candidates", { n: number(Math.ceil(t.sites_bound - 1e-6)) })),
      Q.tile(Q.money(t.capex), Q.t("Cost of building"), Q.otherMoney(t.capex)),
      Q.tile(Q.money(t.npv), Q.t("Net present cost"), Q.t("building and {years} years of running, discounted", { years: Q.summary.horizon_years })),
      Q.tile(Q.share(t.gap), Q.t("Proven gap"), Q.t("the most that a perfect plan could still save")),
    ];
    const one = cities().n === 1;
    return {
      title: one ? Q.name(cities(), 0) : Q.country(), where: one && Q.country(), sentence, tiles,
      more: [requirement(), asked().model, Q.known(Q.mainArcsec()) && Q.t("terrain of {n} arc seconds", { n: number(Q.mainArcsec()) })],
    };
  };

  const targets = () => {
    const t = Q.totals;
    const promise = Q.summary.target || {};
    const made = [{
      title: Q.t("Cities that reach the share"), reached: number(t.cities_met), met: t.cities_met >= t.cities, share: t.cities_met / (t.cities || 1),
      asked: Q.t("of {n}", { n: number(t.cities) }), note: requirement(),
    }];
    if (Q.known(promise.territory_share)) {
      made.push({
        title: Q.t("Territory covered"), reached: Q.share(t.territory_share, 2), met: t.territory_share >= promise.territory_share - 1e-9, share: t.territory_share / promise.territory_share,
        asked: Q.t("of at least {target}", { target: Q.share(promise.territory_share) }), note: Q.t("asked of each city; here of all together"),
      });
    }
    if (promise.people_share > 0) {
      made.push({
        title: Q.t("People covered"), reached: Q.share(t.people_share, 2), met: t.people_share >= promise.people_share - 1e-9, share: t.people_share / promise.people_share,
        asked: Q.t("of at least {target}", { target: Q.share(promise.people_share) }), note: Q.t("where people live within a city is estimated"),
      });
    }
    if (Q.known(t.overall_sites) && t.cities > 1) {
      made.push({
        title: Q.t("If the share held over all cities together"), reached: number(t.overall_sites), met: null,
        asked: Q.t("new sites"), note: Q.t("net present cost {money}", { money: Q.money(t.overall_npv) }),
      });
    }
    return made;
  };

  // The points of the curve of one city, or of all cities summed. A city whose plan also serves
  // the asked people without more has no other point at its share.
  const curveRows = (city) => {
    const given = (Q.summary.curve || []).filter((row) => !city || row.city_id === city);
    const ids = [...new Set(given.map((row) => row.city_id))];
    const sum = (share, chosen, pick) => {
      const rows = ids.map(pick);
      if (!rows.length || rows.includes(undefined)) return null;
      const total = (key) => Q.sum(rows, (row) => row[key]);
      return { share, chosen, sites: total("sites_new"), bound: total("bound"), cost: total("cost"), cost_bound: total("cost_bound") };
    };
    const own = (id, fits) => given.find((row) => row.city_id === id && fits(row));
    const shares = [...new Set(given.filter((row) => !row.chosen).map((row) => row.share))].sort((x, y) => x - y);
    const asked = (given.find((row) => row.chosen) || {}).share;
    return [
      ...shares.map((share) => sum(share, false, (id) => own(id, (row) => row.share === share && !row.chosen) || own(id, (row) => row.share === share))),
      Q.known(asked) ? sum(asked, true, (id) => own(id, (row) => row.chosen)) : null,
    ].filter(Boolean);
  };

  const curve = () => {
    const city = Q.view.city || "";
    const rows = curveRows(city);
    if (rows.length < 2) return null;
    const place = city ? Q.cityName(city) : Q.t("all cities");
    const title = Q.t("What more territory takes: {place}", { place });
    const plain = rows.filter((row) => !row.chosen);
    const chart = (heading, y, bound, show) => {
      const points = plain.map((r) => ({ x: r.share, y: r[y], bound: r[bound] }));
      const own = rows.filter((row) => row.chosen).map((r) => ({ x: r.share, y: r[y], bound: r[bound], chosen: true }));
      return Q.h("div", {}, Q.h("h4", {}, heading), Q.shareCurve([...points], { label: heading, show, name: Q.t("Share of the territory"), extra: own }));
    };
    return Q.figure({
      id: "figure-curve", shape: "wide", title, note: Q.t("Each point is the best plan found for that share, with its own proven floor. The chosen plan also serves the asked share of the people, so it may lie above the curve."),
      legend: Q.boundLegend(Q.t("best found")),
      drawing: Q.h("div", { class: "halves" },
        chart(Q.t("New sites"), "sites", "bound", number),
        chart(Q.t("Net present cost"), "cost", "cost_bound", Q.money)),
      table: Q.table({
        id: "curve-table", caption: title, rows, file: "curve.csv", columns: [
          { key: "share", label: Q.t("Share of the territory"), numeric: true, value: (r) => r.share, show: (r) => (r.chosen ? Q.h("strong", {}, Q.share(r.share), ` ${Q.t("this plan")}`) : Q.share(r.share)) },
          { key: "sites", label: Q.t("New sites"), numeric: true, value: (r) => r.sites, show: (r) => number(r.sites) },
          { key: "bound", label: Q.t("At least"), numeric: true, value: (r) => r.bound, show: (r) => number(Math.ceil(r.bound - 1e-6)) },
          { key: "cost", label: Q.t("Net present cost"), numeric: true, value: (r) => r.cost, show: (r) => Q.money(r.cost) },
          { key: "cost_bound", label: Q.t("Proven floor"), numeric: true, value: (r) => r.cost_bound, show: (r) => Q.money(r.cost_bound) },
        ],
      }),
    });
  };

  const years = () => {
    const rows = (Q.summary.by_year || []).filter((row) => row.year > 0);
    if (!rows.length) return null;
    let total = 0;
    const made = rows.map((row) => ({ ...row, total: (total += row.gain_km2 || 0) }));
    const title = Q.t("Building by year");
    const chart = (heading, pick, show) => Q.h("div", {}, Q.h("h4", {}, heading),
      Q.columns(made.map((row) => ({ label: String(row.year), value: pick(row) || 0, colour: Q.data.colours.year[row.year] || "#1864ab" })), heading, show));
    return Q.figure({
      id: "figure-years", shape: "wide", title, note: Q.t("The sites that add most area for their money come first."),
      drawing: Q.h("div", { class: "thirds" },
        chart(Q.t("Cost of building"), (r) => r.capex, Q.money),
        chart(Q.t("New sites"), (r) => r.sites_new, number),
        chart(Q.t("Area covered from the start, km²"), (r) => r.total, number)),
      table: Q.table({
        id: "year-table", caption: title, rows: made, file: "years.csv", columns: [
          { key: "year", label: Q.t("Year"), numeric: true, value: (r) => r.year, show: (r) => String(r.year) },
          { key: "sites_new", label: Q.t("New sites"), numeric: true, value: (r) => r.sites_new, show: (r) => number(r.sites_new) },
          { key: "capex", label: Q.t("Cost of building"), numeric: true, value: (r) => r.capex, show: (r) => Q.money(r.capex) },
          { key: "gain_km2", label: Q.t("Area added, km²"), numeric: true, value: (r) => r.gain_km2, show: (r) => number(r.gain_km2, 1) },
        ],
      }),
    });
  };

  const byCity = () => {
    const c = cities();
    if (c.n < 2) return null;
    const rows = Q.each(c.n, (i) => i).sort((a, b) => c.capex[b] - c.capex[a]);
    const title = Q.t("Cost of building by city");
    return Q.figure({
      id: "figure-cities", shape: "tall", title,
      drawing: Q.bars(rows.map((i) => ({ label: Q.name(c, i), parts: [{ value: c.capex[i], colour: "#15aabf", label: Q.t("Cost of building") }] })), title, Q.money),
    });
  };

  const counted = (id, title, list, counts, colours) => {
    const rows = Object.entries(counts || {}).sort((a, b) => b[1] - a[1]);
    return rows.length > 0 && Q.figure({
      id, title,
      drawing: Q.bars(rows.map(([key, n]) => ({ label: Q.term(list, key), parts: [{ value: n, colour: colours[key] || "#7d8a9c", label: Q.t("sites") }] })), title, number),
    });
  };

  const proof = () => {
    const t = Q.totals;
    if (!Q.known(t.cost_bound) || !(t.npv >= t.cost_bound)) return null;
    return Q.h("div", { class: "proof" },
      Q.h("div", { class: "prose" },
        Q.h("p", {}, Q.t("A computer can find a good choice of sites and still not know how good it is. So each city's plan was computed together with a floor: a cost below which no choice out of the same candidate sites can cover the asked share.")),
        Q.h("p", {}, Q.t("The plan costs {cost}, the floor stands at {bound}. Even a perfect plan could thus save at most {saving}, which is {gap}.", {
          cost: Q.money(t.npv, t.npv - t.cost_bound), bound: Q.money(t.cost_bound, t.npv - t.cost_bound), saving: Q.money(t.npv - t.cost_bound), gap: Q.share(t.gap, 2),
        })),
        Q.h("p", {}, Q.t("The proof holds for the candidate sites, the terrain and the prices listed on this page. It cannot prove these themselves."))),
      Q.figure({
        id: "figure-proof", title: Q.t("Between floor and plan"), note: Q.t("Enlarged: the grey bar does not begin at zero."),
        drawing: [t.npv > t.cost_bound && Q.proofBar(t.npv, t.cost_bound), Q.proofFacts(t.npv, t.cost_bound, t.gap)],
      }));
  };

  Object.assign(Q.study, { head, targets, proof });

  const draw = () => Q.fill(Q.byId("figures-body"), curve(), years(), byCity(),
    counted("figure-kinds", Q.t("Sites by kind"), "site_kind", Q.summary.site_kinds, Q.data.colours.site_kind),
    counted("figure-backhaul", Q.t("Sites by backhaul"), "backhaul", Q.summary.backhaul, Q.data.colours.backhaul));

  // The curve follows the city that is chosen on the map.
  Q.drawCurve = draw;
  Q.renderers.push(draw);
})();
