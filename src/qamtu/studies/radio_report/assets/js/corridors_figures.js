// The corridors in figures: the result in a sentence, targets, years, regions, towers, proof.
(() => {
  const asked = () => Q.summary.requirement || {};
  const { number } = Q;

  const head = () => {
    const t = Q.totals;
    const last = Q.years[Q.years.length - 1];
    const sentence = [
      Q.t("By {year}, {service} reach {share} of {km} km of road.", {
        year: last || "–", service: Q.term("service", asked().service), share: Q.share(t.share), km: number(t.length_km),
      }),
      Q.tn("{n} new site is needed.", "{n} new sites are needed.", t.sites_new),
      Q.t("Building it costs {money}.", { money: Q.money(t.capex) }),
      Q.known(t.gap) && Q.t("No plan of the same candidate sites and prices can be more than {gap} cheaper over its lifetime, and this is proven.", { gap: Q.share(t.gap) }),
    ].filter(Boolean).join(" ");
    const tiles = [
      Q.tile(Q.share(t.share), Q.t("Road served"), Q.t("{n} of {total} km", { n: number(t.served_km), total: number(t.length_km) })),
      Q.tile(number(t.sites_new), Q.t("New sites"), [
        t.sites_relay > 0 && Q.tn("{n} of them only a relay", "{n} of them only relays", t.sites_relay),
        t.sites_existing > 0 && Q.t("{n} stand today", { n: number(t.sites_existing) }),
      ].filter(Boolean).join(", ") || Q.t("{km} km of road for each", { km: Q.brief(t.served_km / (t.sites_new || 1)) })),
      Q.tile(number(t.hops), Q.t("Microwave hops"), Q.t("{km} km, and {fibre} km of new fibre", { km: number(t.hop_km), fibre: number(t.fibre_km) })),
      Q.tile(Q.money(t.capex), Q.t("Cost of building"), Q.otherMoney(t.capex)),
      Q.tile(Q.money(t.npv), Q.t("Net present cost"), Q.t("building and {years} years of running, discounted", { years: Q.summary.horizon_years })),
      Q.tile(Q.share(t.gap), Q.t("Proven gap"), Q.t("of the sites alone: {n}", { n: Q.share(t.sites_gap, 2) })),
    ];
    return {
      title: Q.summary.region && Q.regions.n === 1 ? Q.regionName(Q.regions.region_id[0]) : Q.country(),
      where: Q.summary.region && Q.country(), sentence, tiles,
      more: [asked().model, Q.known(Q.mainArcsec()) && Q.t("terrain of {n} arc seconds", { n: number(Q.mainArcsec()) })],
    };
  };

  const targets = () => {
    const t = Q.totals;
    const promise = Q.summary.target || {};
    const made = [];
    if (Q.known(asked().share)) {
      made.push({
        title: Q.t("Share of the road with service"), reached: Q.share(t.share, 2), met: t.share >= asked().share - 1e-9, share: t.share / asked().share,
        asked: Q.t("of at least {target}", { target: Q.share(asked().share) }), note: Q.term("service", asked().service),
      });
    }
    if (Q.known(asked().gap_km_max)) {
      made.push({
        title: Q.t("Longest stretch without service"), reached: Q.km(t.gap_km * 1000), met: t.gap_km <= asked().gap_km_max + 1e-9,
        asked: Q.t("of at most {target}", { target: Q.km(asked().gap_km_max * 1000) }),
      });
    }
    if (Q.known(promise.target_km)) {
      made.push({
        title: Q.t("The programme's promise"), reached: Q.km(promise.reached_km * 1000, 0), met: promise.reached_km >= promise.target_km, share: promise.reached_km / promise.target_km,
        asked: Q.t("of at least {target}", { target: Q.km(promise.target_km * 1000, 0) }),
        note: promise.considered_km < promise.target_km && Q.t("The roads given here are {km} km long, fewer than the promise speaks of.", { km: number(promise.considered_km) }),
      });
    }
    return made;
  };

  const years = () => {
    const rows = (Q.summary.by_year || []).filter((row) => row.year > 0);
    if (!rows.length) return null;
    const title = Q.t("Building by year");
    const chart = (heading, pick, show) => Q.h("div", {}, Q.h("h4", {}, heading),
      Q.columns(rows.map((row) => ({ label: String(row.year), value: pick(row) || 0, colour: Q.data.colours.year[row.year] || "#1864ab" })), heading, show));
    return Q.figure({
      id: "figure-years", shape: "wide", title, note: Q.t("A site is built after the one that its traffic passes through; service counts from the year after."),
      drawing: Q.h("div", { class: "thirds" },
        chart(Q.t("Cost of building"), (r) => r.capex, Q.money),
        chart(Q.t("New sites"), (r) => r.sites, number),
        chart(Q.t("Road served from the start, km"), (r) => r.served_km_cumulative, number)),
      table: Q.table({
        id: "year-table", caption: title, rows, file: "by_year.csv", columns: [
          { key: "year", label: Q.t("Year"), numeric: true, value: (r) => r.year, show: (r) => String(r.year) },
          { key: "sites", label: Q.t("New sites"), numeric: true, value: (r) => r.sites, show: (r) => number(r.sites) },
          { key: "hops", label: Q.t("Hops"), numeric: true, value: (r) => r.hops, show: (r) => number(r.hops) },
          { key: "served_km", label: Q.t("Road newly served, km"), numeric: true, value: (r) => r.served_km, show: (r) => number(r.served_km) },
          { key: "served_km_cumulative", label: Q.t("Road served from the start, km"), numeric: true, value: (r) => r.served_km_cumulative, show: (r) => number(r.served_km_cumulative) },
          { key: "capex", label: Q.t("Cost of building"), numeric: true, value: (r) => r.capex, show: (r) => Q.money(r.capex) },
        ],
      }),
    });
  };

  const regions = () => {
    const rows = (Q.summary.by_region || []).filter((row) => row.capex > 0).sort((a, b) => b.capex - a.capex);
    if (rows.length < 2) return null;
    const title = Q.t("Cost of building by region");
    return Q.figure({
      id: "figure-regions", shape: "tall", title,
      drawing: Q.bars(rows.map((row) => ({ label: Q.regionName(row.region_id), parts: [{ value: row.capex, colour: "#15aabf", label: Q.t("Cost of building") }] })), title, Q.money),
    });
  };

  const towers = () => {
    const rows = Object.entries(Q.summary.towers || {}).map(([height, n]) => [Number(height), n]).sort((a, b) => a[0] - b[0]);
    if (!rows.length) return null;
    const title = Q.t("New sites by height of the tower");
    return Q.figure({
      id: "figure-towers", title,
      drawing: Q.columns(rows.map(([height, n]) => ({ label: `${number(height)} ${Q.metre()}`, value: n })), title, number, "#1f8a8c"),
    });
  };

  const backhaul = () => {
    const rows = Object.entries(Q.summary.backhaul || {}).sort((a, b) => b[1] - a[1]);
    if (!rows.length) return null;
    const title = Q.t("Sites by backhaul");
    return Q.figure({
      id: "figure-backhaul", title, note: Q.t("A microwave hop counts only where the terrain leaves its first Fresnel zone clear."),
      drawing: Q.bars(rows.map(([key, n]) => ({ label: Q.term("backhaul", key), parts: [{ value: n, colour: Q.data.colours.backhaul[key] || "#7d8a9c", label: Q.t("sites") }] })), title, number),
    });
  };

  const curve = () => {
    const rows = (Q.summary.curve || []).filter((row) => Q.known(row.share) && Q.known(row.cost ?? row.npv)).sort((a, b) => a.share - b.share);
    if (rows.length < 2) return null;
    const title = Q.t("What more of the road takes");
    return Q.figure({
      id: "figure-curve", title, legend: Q.boundLegend(Q.t("net present cost")),
      drawing: Q.shareCurve(rows.map((r) => ({ x: r.share, y: r.cost ?? r.npv, bound: r.bound, chosen: r.chosen })), { label: title, show: Q.money, name: Q.t("Share of the road with service") }),
      table: Q.table({
        id: "curve-table", caption: title, rows, file: "curve.csv", columns: [
          { key: "share", label: Q.t("Share"), numeric: true, value: (r) => r.share, show: (r) => Q.share(r.share) },
          { key: "sites", label: Q.t("Sites"), numeric: true, value: (r) => r.sites, show: (r) => number(r.sites) },
          { key: "cost", label: Q.t("Net present cost"), numeric: true, value: (r) => r.cost ?? r.npv, show: (r) => Q.money(r.cost ?? r.npv) },
          { key: "bound", label: Q.t("Proven floor"), numeric: true, value: (r) => r.bound, show: (r) => Q.money(r.bound) },
        ],
      }),
    });
  };

  const budget = () => {
    const rows = Q.summary.budget || [];
    if (!rows.length) return null;
    const title = Q.t("What counts as served: the link budget");
    return Q.figure({
      id: "figure-budget", shape: "tall", title, note: Q.t("A point of a road is served where the path loss from a site is no more than the one allowed."),
      drawing: Q.table({
        id: "budget-table", caption: title, rows, columns: [
          { key: "name", label: Q.t("Figure"), value: (r) => Q.term("budget", r.name) },
          { key: "value", label: Q.t("Value"), numeric: true, value: (r) => r.value, show: (r) => number(r.value, 1) },
          { key: "unit", label: Q.t("Unit"), value: (r) => r.unit, show: (r) => Q.dataText(r.unit) },
        ],
      }),
    });
  };

  const proofFigure = (id, title, note, npv, bound, gap) => Q.figure({
    id, title, note: [note, " ", npv > bound && Q.t("Enlarged: the grey bar does not begin at zero.")],
    drawing: [npv > bound && Q.proofBar(npv, bound), Q.proofFacts(npv, bound, gap)],
  });

  const proof = () => {
    const t = Q.totals;
    if (!Q.known(t.bound) || !(t.npv >= t.bound)) return null;
    const phasing = Q.summary.phasing || {};
    return [
      Q.h("div", { class: "prose" },
        Q.h("p", {}, Q.t("The plan is found in two steps, and each has a floor of its own: first the cheapest sites that serve the road, each billed with the cheapest link there could be; then the cheapest way to join the chosen sites. The floor of the whole is that of the first step: below it no plan of these candidate sites, towers and prices can come. What lies between is the price of real links over the cheapest thinkable ones, so the true gap is smaller than it looks.")),
        Q.h("p", {}, Q.t("The proof holds for the candidate sites, the terrain and the prices listed on this page. It cannot prove these themselves.")),
        Q.known(phasing.gap) && Q.h("p", {}, Q.t("The order of the years is a second task; its proven gap is {gap}.", { gap: Q.share(phasing.gap, 2) }))),
      Q.h("div", { class: "figures proofs" },
        proofFigure("proof-whole", Q.t("Sites and links together"), Q.t("The plan's cost over its lifetime against the floor of the whole."), t.npv, t.bound, t.gap),
        Q.known(t.sites_bound) && proofFigure("proof-sites", Q.t("The choice of sites"), Q.t("The chosen sites with the cheapest link there could be."), t.sites_npv, t.sites_bound, t.sites_gap)),
    ];
  };

  Object.assign(Q.study, { head, targets, proof });
  Q.renderers.push(() => Q.fill(Q.byId("figures-body"), years(), curve(), regions(), budget(), towers(), backhaul()));
})();
