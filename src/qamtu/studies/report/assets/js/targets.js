// The targets, whether they are met and which of them binds; and how the gap is proven.
(() => {
  const targets = () => {
    const given = Q.summary.targets || {};
    return ["villages", "people_share", "capex"].filter((name) => given[name])
      .map((name) => ({ name, ...given[name] }));
  };

  const amount = (name, value) => {
    if (!Q.known(value)) return "–";
    if (name === "people_share") return Q.share(value, 2);
    return name === "capex" ? Q.money(value) : Q.number(value);
  };

  const badges = (one) => Q.h("p", { class: "target-badges" },
    one.met === true && Q.h("span", { class: "badge state" }, `✓ ${Q.t("met")}`),
    one.met === false && Q.h("span", { class: "badge state" }, `✗ ${Q.t("not met")}`),
    !Q.known(one.target) && Q.h("span", { class: "badge known" }, Q.t("no target set")),
    one.binding && Q.h("span", { class: "badge binds" }, Q.t("binding")));

  const target = (one) => {
    const asked = Q.known(one.target);
    const share = asked && one.target > 0 && Q.known(one.reached) ? Math.min(one.reached / one.target, 1) : null;
    const limit = { target: amount(one.name, one.target) };
    return Q.h(
      "article", { class: `target ${one.met === true ? "met" : one.met === false ? "missed" : ""}` },
      Q.h("h3", {}, Q.term("target", one.name)),
      badges(one),
      Q.h("p", { class: "target-value" }, Q.h("strong", {}, amount(one.name, one.reached)), " ",
        asked && (one.name === "capex" ? Q.t("of at most {target}", limit) : Q.t("of at least {target}", limit))),
      share !== null && Q.h("div", { class: "meter", "aria-hidden": "true" }, Q.h("span", { "width%": share * 100 })),
      asked && Q.h("p", { class: "small" }, one.binding
        ? Q.t("This target shapes the plan: without it, another plan would be cheaper.")
        : Q.t("The cheapest plan meets this target by itself.")),
    );
  };

  const bindingCost = () => {
    const cost = (Q.summary.targets || {}).binding_cost;
    return Q.known(cost) && cost > 0 && Q.t("The binding targets make the plan {money} dearer over its lifetime than the cheapest plan found without targets; what they cost is proven to be at most {most}.", { money: Q.money(cost), most: Q.money((Q.summary.targets || {}).binding_cost_most || cost) });
  };

  const proof = () => {
    const { npv, bound, gap } = Q.totals;
    const phasing = Q.summary.phasing || {};
    const words = Q.h(
      "div", { class: "prose" },
      Q.h("p", {}, Q.t("A computer can find a good plan and still not know how good it is. So this plan was computed together with a floor: a cost below which, with the same prices, places and targets, no plan at all can come. To find it, every settlement bids for the trenches that could lead to it. No stretch may collect more than it costs; so all bids together can never exceed the cost of any real network.")),
      Q.h("p", {}, Q.t("The plan costs {cost}, the floor stands at {bound}. Even a perfect plan could thus save at most {saving}, which is {gap}.", {
        cost: Q.money(npv, npv - bound), bound: Q.money(bound, npv - bound), saving: Q.money(npv - bound), gap: Q.share(gap, 2),
      })),
      Q.h("p", {}, Q.t("The proof holds for the data and prices listed on this page. It cannot prove the prices themselves: those marked “to be confirmed” still need a person's word.")),
      Q.known(phasing.gap) && Q.h("p", {}, Q.t("The order of the years is a second task; its proven gap is {gap}.", { gap: Q.share(phasing.gap, 2) })),
    );
    return Q.h("div", { class: "proof" }, words, Q.figure({
      id: "figure-proof", title: Q.t("Between floor and plan"),
      note: Q.t("Enlarged: the grey bar does not begin at zero."),
      drawing: [npv > bound && Q.proofBar(npv, bound), Q.proofFacts(npv, bound, gap)],
      legend: Q.legendOf([{ colour: "#f0b400", label: Q.t("the most that can be saved: {money}", { money: Q.money(npv - bound) }) }]),
    }));
  };

  Q.renderers.push(() => {
    const all = targets();
    Q.byId("targets").hidden = !all.length;
    Q.fill(Q.byId("targets-list"), all.map(target));
    Q.fill(Q.byId("targets-note"), bindingCost());
    const proven = Q.known(Q.totals.npv) && Q.known(Q.totals.bound) && Q.totals.npv >= Q.totals.bound;
    Q.byId("proof").hidden = !proven;
    if (proven) Q.fill(Q.byId("proof-body"), proof());
  });
})();
