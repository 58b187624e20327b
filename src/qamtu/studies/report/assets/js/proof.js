// How a plan's cost stands to its proven floor, as a bar and as figures.
(() => {
  Q.proofBar = (npv, bound) => {
    const low = bound - (npv - bound) * 1.5;
    const scale = Q.scale(low, npv + (npv - bound) * 0.6, 10, Q.chartWidth() - 10);
    const label = Q.t("The proven floor is {bound}, this plan costs {cost}", { bound: Q.money(bound, npv - bound), cost: Q.money(npv, npv - bound) });
    return Q.svg(128, label,
      Q.s("rect", { x: 10, y: 52, width: scale(bound) - 10, height: 24, class: "proof-impossible" }),
      Q.s("rect", { x: scale(bound), y: 52, width: scale(npv) - scale(bound), height: 24, class: "proof-gap" }),
      Q.s("line", { x1: scale(bound), x2: scale(bound), y1: 40, y2: 88, class: "proof-line" }),
      Q.s("line", { x1: scale(npv), x2: scale(npv), y1: 40, y2: 88, class: "proof-line" }),
      Q.text((scale(bound) + 10) / 2, 69, Q.t("no plan can be here"), { "text-anchor": "middle", class: "proof-word" }),
      Q.text(scale(bound), 30, `${Q.t("proven floor")} ${Q.money(bound, npv - bound)}`, { "text-anchor": "middle", class: "value" }),
      Q.text(scale(npv), 106, `${Q.t("this plan")} ${Q.money(npv, npv - bound)}`, { "text-anchor": "middle", class: "value" }));
  };

  Q.proofFacts = (npv, bound, gap) => {
    const fact = (label, value) => Q.h("div", { class: "fact" }, Q.h("dt", {}, label), Q.h("dd", {}, value));
    return Q.h("dl", { class: "facts" },
      fact(Q.t("This plan"), Q.money(npv, npv - bound)),
      fact(Q.t("Proven floor"), Q.money(bound, npv - bound)),
      fact(Q.t("Difference"), Q.money(npv - bound)),
      fact(Q.t("Proven gap"), Q.share(gap, 2)));
  };
})();
