// The card of what is chosen on the map or in a table: a site, a stretch, a hop or a city.
(() => {
  let open = null;
  let cameFrom = null;

  Q.fact = (label, text, note) => (text === null || text === undefined || text === "–" || text === false ? null : Q.h("div", { class: "fact" },
    Q.h("dt", {}, label), Q.h("dd", {}, text, note && Q.h("small", {}, note))));

  Q.facts = (...facts) => Q.h("dl", { class: "facts" }, facts);

  const frame = () => document.querySelector(".map-frame");

  const draw = () => {
    const { title, where, body } = Q.study.card(open.layer, open.row);
    Q.fill(Q.byId("card"),
      Q.h("button", { type: "button", class: "close", "aria-label": Q.t("Close the card"), onclick: Q.closeCard }, "×"),
      Q.h("h3", { id: "card-title" }, title),
      where && Q.h("p", { class: "where" }, where),
      body);
  };

  Q.openRow = (layer, row, { move = true, focus = true } = {}) => {
    if (Q.byId("card").hidden) cameFrom = document.activeElement;
    open = { layer, row };
    Q.byId("card").hidden = false;
    frame().classList.add("has-card");
    draw();
    const { features, box } = Q.study.mark(layer, row);
    Q.highlight(features);
    if (Q.isNarrow()) Q.byId("canvas").scrollIntoView({ block: "start" });
    if (move && box) Q.showBox(box);
    Q.byId("card").scrollTop = 0;
    if (focus) Q.byId("card").focus({ preventScroll: true });
  };

  Q.closeCard = () => {
    open = null;
    Q.byId("card").hidden = true;
    frame().classList.remove("has-card");
    Q.highlight([]);
    if (cameFrom && cameFrom.isConnected) cameFrom.focus({ preventScroll: true });
  };

  // From a table far below the map: go up to it first.
  Q.goToRow = (layer, row) => {
    Q.byId("map").scrollIntoView({ block: "start" });
    Q.openRow(layer, row);
  };

  Q.linkTo = (layer, row, text) => Q.h("button", { type: "button", class: "link", onclick: () => Q.goToRow(layer, row) }, text);

  Q.point = (x, y) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [x, y] } });
  Q.lineOf = (parts) => ({ type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: parts } });

  Q.ready.push(() => document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open) Q.closeCard();
  }));
  Q.renderers.push(() => { if (open) draw(); });
})();
