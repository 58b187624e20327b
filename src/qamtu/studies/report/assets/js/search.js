// Search for a settlement by any of its names, with the keyboard or without.
(() => {
  const SHOWN = 8;
  const FOLD = {
    ә: "а", ғ: "г", қ: "к", ң: "н", ө: "о", ұ: "у", ү: "у", һ: "х", і: "и", ё: "е", й: "и", ы: "и", э: "е",
  };
  let index = [];
  let found = [];
  let active = -1;

  // Letters that people mix up when they type become one: Қостанай and Костанай are found alike.
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC")
    .replace(/[әғқңөұүһіёйыэ]/g, (letter) => FOLD[letter])
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim();

  const build = () => {
    index = Q.each(Q.places.n, (row) => {
      const names = ["kk", "ru", "en"].map((code) => Q.places[`name_${code}`] && Q.places[`name_${code}`][row]).filter(Boolean);
      return [...new Set(names.map(fold))];
    });
  };

  const rank = (names, wanted) => {
    let best = 9;
    for (const name of names) {
      if (name === wanted) best = Math.min(best, 0);
      else if (name.startsWith(wanted)) best = Math.min(best, 1);
      else if (name.includes(` ${wanted}`)) best = Math.min(best, 2);
      else if (wanted.length > 2 && name.includes(wanted)) best = Math.min(best, 3);
    }
    return best;
  };

  Q.findPlaces = (text) => {
    const wanted = fold(text);
    if (!wanted) return [];
    const hits = [];
    index.forEach((names, row) => {
      const place = rank(names, wanted);
      if (place < 9) hits.push([place, -(Q.places.population[row] || 0), row]);
    });
    hits.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    return hits.map((hit) => hit[2]);
  };
  Q.matches = (row, folded) => rank(index[row], folded) < 9;
  Q.fold = fold;

  const input = () => Q.byId("search");
  const list = () => Q.byId("search-results");

  const show = () => {
    const hits = Q.findPlaces(input().value);
    found = hits.slice(0, SHOWN);
    active = found.length ? 0 : -1;
    Q.fill(list(), found.map((row, i) => Q.h(
      "li",
      { role: "option", id: `hit-${i}`, "aria-selected": String(i === active), onmousedown: (event) => { event.preventDefault(); pick(i); } },
      Q.h("span", { class: "swatch dot", colour: Q.data.colours.option[Q.places.option[row]], "aria-hidden": "true" }),
      Q.h("span", { class: "hit-name" }, Q.placeName(row)),
      Q.h("span", { class: "hit-where" }, [Q.districtName(Q.places.district_id && Q.places.district_id[row]), Q.regionName(Q.places.region_id[row])].filter(Boolean).join(", ")),
    )));
    const isOpen = found.length > 0;
    list().hidden = !isOpen;
    input().setAttribute("aria-expanded", String(isOpen));
    mark();
    Q.byId("search-status").textContent = input().value.trim()
      ? Q.t("Found: {n}", { n: Q.number(hits.length) })
      : "";
  };

  const mark = () => {
    [...list().children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
    if (active >= 0) input().setAttribute("aria-activedescendant", `hit-${active}`);
    else input().removeAttribute("aria-activedescendant");
  };

  const close = () => {
    list().hidden = true;
    active = -1;
    input().setAttribute("aria-expanded", "false");
    mark();
  };

  const pick = (place) => {
    const row = found[place];
    if (row === undefined) return;
    input().value = Q.placeName(row);
    close();
    Q.openCard(row, { focus: !Q.isNarrow() });
  };

  const keys = (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && found.length) {
      event.preventDefault();
      if (list().hidden) show();
      else {
        active = (active + steps[event.key] + found.length) % found.length;
        mark();
      }
    } else if (event.key === "Enter" && !list().hidden) {
      event.preventDefault();
      pick(active);
    } else if (event.key === "Escape" && !list().hidden) {
      event.stopPropagation();
      close();
    }
  };

  Q.ready.push(() => {
    build();
    input().addEventListener("input", show);
    input().addEventListener("keydown", keys);
    input().addEventListener("blur", close);
  });
})();
