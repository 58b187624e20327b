// The head of a radio page, the notice about its terrain, its targets and its proof.
(() => {
  const kind = () => Q.term("page", Q.summary.kind);

  Q.headPicture = () => ({ bounds: Q.boundsOf(Q.regions.area), areas: Q.regions.area, ...Q.study.picture() });

  // target: {title, reached, asked, met, share, note}.
  const target = (one) => Q.h("article", { class: `target ${one.met === true ? "met" : one.met === false ? "missed" : ""}` },
    Q.h("h3", {}, one.title),
    Q.h("p", { class: "target-badges" },
      one.met === true && Q.h("span", { class: "badge state" }, `✓ ${Q.t("met")}`),
      one.met === false && Q.h("span", { class: "badge state" }, `✗ ${Q.t("not met")}`)),
    Q.h("p", { class: "target-value" }, Q.h("strong", {}, one.reached), " ", one.asked),
    Q.known(one.share) && Q.h("div", { class: "meter", "aria-hidden": "true" }, Q.h("span", { "width%": Math.min(one.share, 1) * 100 })),
    one.note && Q.h("p", { class: "small" }, one.note));

  Q.renderers.push(() => {
    const given = Q.study.head();
    Q.drawHead({ kind: kind(), ...given });
    const coarse = Q.byId("terrain-notice");
    coarse.hidden = !Q.coarseAll();
    Q.fill(coarse, Q.h("strong", {}, Q.t("Read with care.")), " ", Q.coarseAll());
    Q.fill(Q.byId("map-lead"), Q.study.lead());
    const targets = Q.study.targets();
    Q.byId("targets").hidden = !targets.length;
    Q.fill(Q.byId("targets-list"), targets.map(target));
    const proof = Q.study.proof();
    Q.byId("proof").hidden = !proof;
    if (proof) Q.fill(Q.byId("proof-body"), proof);
  });
})();
