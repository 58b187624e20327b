// The tables of a radio study as arrays, and the names of the places that they speak of.
(() => {
  const table = (packed) => {
    const made = Q.tableOf(packed);
    if (packed.line) made.line = Q.linesOf(packed.line);
    if (packed.area) made.area = Q.polygonsOf(packed.area);
    return made;
  };

  Q.decode = (payload) => {
    Q.data = payload;
    Q.summary = payload.summary;
    Q.totals = payload.summary.totals || {};
    Q.regions = Q.tableOf(payload.regions);
    Q.regions.area = Q.polygonsOf(payload.regions.area);
    Q.regions.label = [Q.degrees(payload.regions.label_x), Q.degrees(payload.regions.label_y)];
    Q.roads = payload.roads ? Q.linesOf(payload.roads) : [];
    Q.water = payload.water ? Q.polygonsOf(payload.water) : [];
    Q.places = Q.tableOf(payload.places);
    for (const [name, packed] of Object.entries(payload.tables)) Q[`the${name}`] = table(packed);
    Q.bounds = payload.bounds;
    Q.years = Object.keys(payload.colours.year).map(Number).sort((a, b) => a - b);
    Q.placeOf = Q.rowsBy(Q.places.settlement_id);
    Q.regionOf = Q.rowsBy(Q.regions.region_id);
  };

  Q.regionName = (id) => (Q.regionOf.has(id) ? Q.name(Q.regions, Q.regionOf.get(id)) : id || "–");

  // A settlement's name in the language of the page; what the table says where it is not known.
  Q.placeName = (id, other) => (Q.placeOf.has(id) ? Q.name(Q.places, Q.placeOf.get(id)) : other || id || "–");

  Q.at = (columns, key, row) => (columns[key] ? columns[key][row] : null);

  Q.km = (metres, digits) => (Q.known(metres) ? `${digits === undefined ? Q.brief(metres / 1000) : Q.number(metres / 1000, digits)}\u00a0${Q.t("km")}` : "–");
  Q.metre = () => (Q.language() === "en" ? "m" : "м");
  Q.metres = (value) => (Q.known(value) ? `${Q.number(value)}\u00a0${Q.metre()}` : "–");

  // The terrain below, in words: only where it is coarser than about a hundred metres a cell.
  const COARSE = 3.5;
  Q.coarse = (arcsec) => (Q.known(arcsec) && arcsec > COARSE
    ? Q.t("Coarse terrain: {n} arc seconds (about {m} m a cell). Hills and streets smaller than that are not seen.", {
      n: Q.number(arcsec), m: Q.number(Math.round(arcsec * 3.09) * 10),
    })
    : "");

  // Resolutions of all ground of a study, the coarse ones named with their share.
  Q.coarseAll = () => {
    const shares = Object.entries((Q.summary.terrain || {}).resolution_arcsec || {})
      .map(([arcsec, share]) => [Number(arcsec), share]).filter(([arcsec]) => arcsec > COARSE)
      .sort((a, b) => b[1] - a[1]);
    if (!shares.length) return "";
    const list = shares.map(([arcsec, share]) => Q.t("{share} at {n} arc seconds (about {m} m)", {
      share: Q.share(share, 0), n: Q.number(arcsec), m: Q.number(Math.round(arcsec * 3.09) * 10),
    })).join(", ");
    return Q.t("The terrain is coarse: {list}. Hills, valleys and streets smaller than a cell are not in these results; they show the order of size, not the place of a mast. Finer heights can be given, and the study made anew.", { list });
  };

  Q.worstArcsec = () => Math.max(0, ...Object.keys((Q.summary.terrain || {}).resolution_arcsec || {}).map(Number));
  Q.mainArcsec = () => {
    const shares = Object.entries((Q.summary.terrain || {}).resolution_arcsec || {}).sort((a, b) => b[1] - a[1]);
    return shares.length ? Number(shares[0][0]) : null;
  };
})();
