// The head of a page: its name, its sentence, its tiles, and a picture drawn from its data.
(() => {
  Q.country = () => {
    const given = Q.summary.title;
    if (given && typeof given === "object") return given[Q.language()] || given.en;
    return Q.data.country[Q.language()] || given || "qamtu";
  };

  Q.tile = (value, label, note) => Q.h(
    "li", { class: "tile" },
    Q.h("span", { class: "tile-label" }, label),
    Q.h("strong", {}, value),
    note && Q.h("span", { class: "tile-note" }, note),
  );

  const meta = (more) => {
    const s = Q.summary;
    return [
      Q.data.made_on && Q.t("Computed on {date}", { date: Q.data.made_on[Q.language()] }),
      s.price_year && Q.t("prices of {year}", { year: s.price_year }),
      Q.known(s.discount_rate) && Q.t("discounted at {rate} a year", { rate: Q.share(s.discount_rate) }),
      ...more,
      s.version && `qamtu ${s.version}`,
      Q.known(s.seed) && Q.t("seed {seed}", { seed: s.seed }),
    ].filter(Boolean).join(" · ");
  };

  // parts: kind (what sort of page), title, where (texts beside the kind), sentence, tiles, meta.
  Q.drawHead = ({ kind, title, where, sentence, tiles, more }) => {
    document.title = `${title} – ${kind} – qamtu`;
    Q.fill(Q.byId("eyebrow"), kind, where && ` · ${where}`);
    Q.fill(Q.byId("title"), title);
    Q.fill(Q.byId("sentence"), sentence);
    Q.fill(Q.byId("tiles"), tiles);
    Q.fill(Q.byId("meta"), meta(more || []));
    const made = Q.byId("made-label");
    made.hidden = !Q.summary.made;
    Q.fill(made, Q.t("Made data: no number on this page comes from the world."));
    Q.fill(Q.byId("foot-made"), Q.t("Made with qamtu, open software under the Apache Licence 2.0."), " ", meta(more || []));
  };

  // The picture behind the head: areas, lines and dots, drawn once from the data.
  const paint = ({ bounds, areas, lines, dots }) => {
    const canvas = Q.byId("hero-picture");
    const { width, height } = canvas.getBoundingClientRect();
    if (!width) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const mercator = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * (180 / Math.PI);
    const [west, south, east, north] = bounds;
    const tall = mercator(north) - mercator(south);
    const size = Math.min((width * 0.8) / (east - west), (height * 1.05) / tall);
    const middle = Math.max(width / 2, width - ((east - west) * size) / 2 - 24);
    const at = ([x, y]) => [
      middle + (x - (east + west) / 2) * size,
      height / 2 - (mercator(y) - (mercator(north) + mercator(south)) / 2) * size,
    ];
    const trace = (points) => points.forEach((point, i) => (i ? pen.lineTo(...at(point)) : pen.moveTo(...at(point))));
    pen.beginPath();
    for (const area of areas) for (const polygon of area) trace(polygon[0]);
    pen.fillStyle = "rgba(255,255,255,0.045)";
    pen.fill("evenodd");
    pen.strokeStyle = "rgba(255,255,255,0.16)";
    pen.lineWidth = 0.8;
    pen.stroke();
    pen.beginPath();
    for (const parts of lines) parts.forEach(trace);
    pen.strokeStyle = "rgba(77,216,233,0.95)";
    pen.lineWidth = 1;
    pen.stroke();
    pen.fillStyle = "rgba(255,212,59,0.9)";
    for (const dot of dots) {
      const [x, y] = at(dot);
      pen.fillRect(x - 0.7, y - 0.7, 1.4, 1.4);
    }
  };

  Q.ready.push(() => {
    let wait = 0;
    new ResizeObserver(() => {
      clearTimeout(wait);
      wait = setTimeout(() => paint(Q.headPicture()), 60);
    }).observe(Q.byId("hero-picture"));
  });
})();
