// The head of the page: the country, the result in one sentence, and the key figures.
(() => {
  // A plan of one region bears the region's name.
  const title = () => (Q.summary.region ? Q.regionName(Q.summary.region) : Q.country());

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

  const ofAll = (totals) => {
    const speed = (Q.summary.service_level || {}).speed_down_mbps;
    const values = { share: Q.share(totals.people_high_speed_share), people: Q.people(totals.people), speed: Q.number(speed) };
    return Q.known(speed) ? Q.t("{share} of {people}, {speed} Mbit/s or more", values) : Q.t("{share} of {people}", values);
  };

  const tiles = () => {
    const totals = Q.totals;
    const made = [];
    if (Q.known(totals.villages_fibre)) {
      made.push(Q.tile(Q.number(totals.villages_fibre), Q.t("Settlements that get fibre"),
        Q.known(totals.settlements_without_fibre_today) && Q.t("of {n} without it today", { n: Q.number(totals.settlements_without_fibre_today) })));
    }
    if (Q.known(totals.people_adequate)) {
      made.push(Q.tile(Q.people(totals.people_adequate), Q.t("People at high speed"),
        Q.known(totals.people_high_speed_share) && ofAll(totals)));
    }
    if (Q.known(totals.new_km)) {
      made.push(Q.tile(`${Q.number(totals.new_km)}\u00a0${Q.t("km")}`, Q.t("New fibre routes"),
        Q.known(totals.villages_fibre) && totals.villages_fibre > 0
          && Q.t("{km} km for each new settlement", { km: Q.brief(totals.new_km / totals.villages_fibre) })));
    }
    if (Q.known(totals.capex)) made.push(Q.tile(Q.money(totals.capex), Q.t("Cost of building"), Q.otherMoney(totals.capex)));
    if (Q.known(totals.npv)) {
      made.push(Q.tile(Q.money(totals.npv), Q.t("Net present cost"), Q.summary.horizon_years
        ? Q.t("building and {years} years of running, discounted", { years: Q.summary.horizon_years })
        : Q.t("building and running, discounted")));
    }
    if (Q.known(totals.gap)) made.push(Q.tile(Q.share(totals.gap, 2), Q.t("Proven gap"), Q.t("the most that a perfect plan could still save")));
    return made;
  };

  Q.headPicture = () => ({
    bounds: Q.bounds,
    areas: Q.regions.area,
    lines: Q.routes.line.filter((_, row) => Q.routes.route_kind[row] !== "existing"),
    dots: Q.each(Q.places.n, (i) => [Q.places.x[i], Q.places.y[i]]).filter((_, i) => Q.places.option[i] === "served"),
  });

  Q.renderers.push(() => Q.drawHead({
    kind: Q.t("National access plan"),
    title: title(),
    where: Q.summary.region && Q.country(),
    sentence: sentence(),
    tiles: tiles(),
    more: [Q.totals.people_estimated > 0 && Q.t("for {share} of the people the number is an estimate", { share: Q.share(Q.totals.people_estimated / Q.totals.people, 0) })],
  }));
})();
