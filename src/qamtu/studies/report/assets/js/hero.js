// The head of the page: the country, the result in one sentence, and the key figures.
(() => {
  const country = () => {
    const given = Q.summary.title;
    if (given && typeof given === "object") return given[Q.language()] || given.en;
    return Q.data.country[Q.language()] || given || "qamtu";
  };

  // A plan of one region bears the region's name.
  const title = () => (Q.summary.region ? Q.regionName(Q.summary.region) : country());

  const lastYear = () => (Q.years.length ? Q.years[Q.years.length - 1] : null);

  const sentence = () => {
    const { villages_fibre: villages, people_high_speed_share: share, capex, gap } = Q.totals;
    const parts = [];
    if (Q.known(villages)) {
      parts.push(lastYear()
        ? Q.tn("By {year}, fibre reaches {n} more settlement.", "By {year}, fibre reaches {n} more settlements.", villages, { year: lastYear() })
        : Q.tn("Fibre reaches {n} more settlement.", "Fibre reaches {n} more settlements.", villages));
    }
    if (share >= 0.9995) parts.push(Q.t("High-speed internet is there for everybody."));
    else if (Q.known(share)) parts.push(Q.t("High-speed internet is there for {share} of the people.", { share: Q.share(share) }));
    if (Q.known(capex)) parts.push(Q.t("Building it costs {money}.", { money: Q.money(capex) }));
    if (Q.known(gap)) parts.push(Q.t("No plan for the same task can be more than {gap} cheaper over its lifetime, and this is proven.", { gap: Q.share(gap, 2) }));
    return parts.join(" ");
  };

  const tile = (value, label, note) => Q.h(
    "li", { class: "tile" },
    Q.h("span", { class: "tile-label" }, label),
    Q.h("strong", {}, value),
    note && Q.h("span", { class: "tile-note" }, note),
  );

  const ofAll = (totals) => {
    const speed = (Q.summary.service_level || {}).speed_down_mbps;
    const values = { share: Q.share(totals.people_high_speed_share), people: Q.people(totals.people), speed: Q.number(speed) };
    return Q.known(speed) ? Q.t("{share} of {people}, {speed} Mbit/s or more", values) : Q.t("{share} of {people}", values);
  };

  const tiles = () => {
    const totals = Q.totals;
    const made = [];
    if (Q.known(totals.villages_fibre)) {
      made.push(tile(Q.number(totals.villages_fibre), Q.t("Settlements that get fibre"),
        Q.known(totals.settlements_without_fibre_today) && Q.t("of {n} without it today", { n: Q.number(totals.settlements_without_fibre_today) })));
    }
    if (Q.known(totals.people_adequate)) {
      made.push(tile(Q.people(totals.people_adequate), Q.t("People at high speed"),
        Q.known(totals.people_high_speed_share) && ofAll(totals)));
    }
    if (Q.known(totals.new_km)) {
      made.push(tile(`${Q.number(totals.new_km)}\u00a0${Q.t("km")}`, Q.t("New fibre routes"),
        Q.known(totals.villages_fibre) && totals.villages_fibre > 0
          && Q.t("{km} km for each new settlement", { km: Q.brief(totals.new_km / totals.villages_fibre) })));
    }
    if (Q.known(totals.capex)) made.push(tile(Q.money(totals.capex), Q.t("Cost of building"), Q.otherMoney(totals.capex)));
    if (Q.known(totals.npv)) {
      made.push(tile(Q.money(totals.npv), Q.t("Net present cost"), Q.summary.horizon_years
        ? Q.t("building and {years} years of running, discounted", { years: Q.summary.horizon_years })
        : Q.t("building and running, discounted")));
    }
    if (Q.known(totals.gap)) made.push(tile(Q.share(totals.gap, 2), Q.t("Proven gap"), Q.t("the most that a perfect plan could still save")));
    return made;
  };

  const meta = () => {
    const s = Q.summary;
    return [
      Q.data.made_on && Q.t("Computed on {date}", { date: Q.data.made_on[Q.language()] }),
      s.price_year && Q.t("prices of {year}", { year: s.price_year }),
      Q.known(s.discount_rate) && Q.t("discounted at {rate} a year", { rate: Q.share(s.discount_rate) }),
      Q.totals.people_estimated > 0 && Q.t("for {share} of the people the number is an estimate", { share: Q.share(Q.totals.people_estimated / Q.totals.people, 0) }),
      s.version && `qamtu ${s.version}`,
      Q.known(s.seed) && Q.t("seed {seed}", { seed: s.seed }),
    ].filter(Boolean).join(" · ");
  };

  Q.renderers.push(() => {
    document.title = `${title()} – ${Q.t("National access plan")} – qamtu`;
    Q.fill(Q.byId("eyebrow"), Q.t("National access plan"), Q.summary.region && ` · ${country()}`);
    Q.fill(Q.byId("title"), title());
    Q.fill(Q.byId("sentence"), sentence());
    Q.fill(Q.byId("tiles"), tiles());
    Q.fill(Q.byId("meta"), meta());
    const made = Q.byId("made-label");
    made.hidden = !Q.summary.made;
    Q.fill(made, Q.t("Made data: no number on this page comes from the world."));
    Q.fill(Q.byId("foot-made"), Q.t("Made with qamtu, open software under the Apache Licence 2.0."), " ", meta());
  });

  // The picture behind the head: the country and its new network, drawn once from the data.
  const draw = () => {
    const canvas = Q.byId("hero-picture");
    const { width, height } = canvas.getBoundingClientRect();
    if (!width) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const mercator = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * (180 / Math.PI);
    const [west, south, east, north] = Q.bounds;
    const tall = mercator(north) - mercator(south);
    const size = Math.min((width * 0.8) / (east - west), (height * 1.05) / tall);
    const middle = Math.max(width / 2, width - ((east - west) * size) / 2 - 24);
    const at = ([x, y]) => [
      middle + (x - (east + west) / 2) * size,
      height / 2 - (mercator(y) - (mercator(north) + mercator(south)) / 2) * size,
    ];
    const trace = (points) => points.forEach((point, i) => (i ? pen.lineTo(...at(point)) : pen.moveTo(...at(point))));
    pen.beginPath();
    for (const region of Q.regions.area) for (const polygon of region) trace(polygon[0]);
    pen.fillStyle = "rgba(255,255,255,0.045)";
    pen.fill("evenodd");
    pen.strokeStyle = "rgba(255,255,255,0.16)";
    pen.lineWidth = 0.8;
    pen.stroke();
    pen.beginPath();
    Q.routes.line.forEach((parts, row) => { if (Q.routes.route_kind[row] !== "existing") parts.forEach(trace); });
    pen.strokeStyle = "rgba(77,216,233,0.95)";
    pen.lineWidth = 1;
    pen.stroke();
    pen.fillStyle = "rgba(255,212,59,0.9)";
    for (let i = 0; i < Q.places.n; i += 1) {
      if (Q.places.option[i] !== "served") continue;
      const [x, y] = at([Q.places.x[i], Q.places.y[i]]);
      pen.fillRect(x - 0.7, y - 0.7, 1.4, 1.4);
    }
  };

  Q.ready.push(() => {
    let wait = 0;
    new ResizeObserver(() => {
      clearTimeout(wait);
      wait = setTimeout(draw, 60);
    }).observe(Q.byId("hero-picture"));
  });
})();
