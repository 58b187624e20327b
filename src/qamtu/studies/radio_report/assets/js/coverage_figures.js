// Coverage in figures: the result in a sentence, levels, speeds, carriers, calibration.
(() => {
  const { number } = Q;
  const settings = () => Q.summary.settings || {};

  const where = () => (settings().indoor ? Q.t("indoors") : settings().in_vehicle ? Q.t("in a vehicle") : Q.t("outdoors"));

  const head = () => {
    const t = Q.totals;
    const calibrated = Boolean(Q.summary.calibration);
    const sentence = [
      Q.tn("{n} site covers {km2} km² {where}.", "{n} sites cover {km2} km² {where}.", t.sites, { km2: number(t.area_covered_km2), where: where() }),
      t.settlements_reached > 0 && Q.t("{people} people are covered; in {n} of the {total} settlements in reach it is at least half of them.", {
        n: number(t.settlements_covered), total: number(t.settlements_reached), people: Q.people(t.people_covered),
      }),
      calibrated ? Q.t("The model is calibrated on measurements.") : Q.t("The model is not calibrated on measurements: this is an estimate."),
    ].filter(Boolean).join(" ");
    const tiles = [
      Q.tile(number(t.sites), Q.t("Sites"), Q.tn("{n} sector", "{n} sectors", t.sectors)),
      Q.tile(`${number(t.area_covered_km2)}\u00a0${Q.t("km²")}`, Q.t("Area covered"), Q.t("{share} of what the sites reach", { share: Q.share(t.area_covered_share) })),
      Q.tile(Q.people(t.people_covered), Q.t("People covered"), Q.t("of {n} in reach; where they live in a settlement is estimated", { n: Q.people(t.people_reached) })),
      Q.tile(number(t.settlements_covered), Q.t("Settlements covered"), Q.t("of {n} in reach", { n: number(t.settlements_reached) })),
      Q.known(Q.mainArcsec()) && Q.tile(`${number(Q.mainArcsec())}″`, Q.t("Cell of the terrain"), Q.t("arc seconds, about {m} m", { m: number(Math.round(Q.mainArcsec() * 3.09) * 10) })),
      Q.summary.resampling && Q.tile(`${number(Q.summary.resampling.p95_db, 1)}\u00a0${Q.t("dB")}`, Q.t("Error of the raster"), Q.t("19 of 20 cells are nearer than that to a path of their own")),
    ].filter(Boolean);
    return {
      title: Q.t("Coverage of {file}", { file: settings().sites || Q.country() }), where: Q.country(), sentence, tiles,
      more: [settings().model_name, Q.known(settings().cell_m) && Q.t("cells of {n} m", { n: number(settings().cell_m) }), Q.known(Q.mainArcsec()) && Q.t("terrain of {n} arc seconds", { n: number(Q.mainArcsec()) })],
    };
  };

  const levels = () => {
    const rows = [...(Q.summary.levels || [])].sort((a, b) => b.level_dbm - a.level_dbm);
    if (!rows.length) return null;
    const title = Q.t("Area by level");
    return Q.figure({
      id: "figure-levels", title, note: Q.t("Each bar holds the ones above it: an area with a strong level also has a good one."),
      drawing: Q.bars(rows.map((row) => ({
        label: `${Q.term("band", row.band)}, ${Q.t("{n} {unit} and more", { n: number(row.level_dbm), unit: Q.t("dBm") })}`,
        parts: [{ value: row.area_km2, colour: "#1f8a8c", label: Q.t("km²") }],
      })), title, number),
      table: Q.table({
        id: "level-table", caption: title, rows: Q.summary.curve || rows, file: "curve.csv", columns: [
          { key: "level_dbm", label: Q.t("Level at least, dBm"), numeric: true, value: (r) => r.level_dbm, show: (r) => number(r.level_dbm) },
          { key: "area_km2", label: Q.t("Area, km²"), numeric: true, value: (r) => r.area_km2, show: (r) => number(r.area_km2, 1) },
        ],
      }),
    });
  };

  const speeds = () => {
    const rows = (Q.summary.throughput || []).filter((row) => row.area_km2 > 0);
    if (!rows.length) return null;
    const title = Q.t("Area by speed");
    return Q.figure({
      id: "figure-speeds", title, note: Q.t("The speed of one user alone on the best carrier, at the stated load of the neighbours."),
      drawing: Q.bars(rows.map((row) => ({
        label: Q.t("{n} {unit} and more", { n: number(row.throughput_mbps, 1), unit: Q.t("Mbit/s") }),
        parts: [{ value: row.area_km2, colour: "#2a63b5", label: Q.t("km²") }],
      })), title, number),
    });
  };

  const carriers = () => {
    const rows = Q.summary.by_carrier || [];
    if (!rows.length) return null;
    const title = Q.t("Carriers");
    const figure = (key, label, digits = 1) => ({ key, label, numeric: true, value: (r) => r[key], show: (r) => number(r[key], digits) });
    return Q.figure({
      id: "figure-carriers", shape: "wide", title,
      drawing: Q.table({
        id: "carrier-table", caption: title, rows, file: "by_carrier.csv", columns: [
          { key: "carrier", label: Q.t("Carrier"), value: (r) => `${Q.term("technology", r.technology)} ${number(r.frequency_mhz, 1)} ${Q.t("MHz")}` },
          figure("bandwidth_mhz", Q.t("Bandwidth, MHz")),
          figure("sectors", Q.t("Sectors"), 0),
          figure("area_km2", Q.t("Serves, km²"), 0),
          figure("noise_dbm", Q.t("Noise, dBm")),
          figure("location_sigma_db", Q.t("Spread over places, dB")),
          figure("location_margin_db", Q.t("Margin, dB")),
          figure("entry_loss_db", Q.t("Loss into the building or vehicle, dB")),
        ],
      }),
    });
  };

  const calibration = () => {
    const c = Q.summary.calibration;
    if (!c) return null;
    const title = Q.t("Calibration on measurements");
    const rows = ["before", "after", "held_out"].map((key) => ({ key, ...c[key] }));
    const names = { before: Q.t("before"), after: Q.t("after"), held_out: Q.t("on points held out") };
    const numbers = Object.keys(rows[0]).filter((key) => typeof rows[0][key] === "number");
    return Q.figure({
      id: "figure-calibration", shape: "wide", title, note: c.file,
      drawing: Q.table({
        id: "calibration-table", caption: title, rows, columns: [
          { key: "key", label: Q.t("Residuals"), value: (r) => names[r.key] },
          ...numbers.map((key) => ({ key, label: key, numeric: true, value: (r) => r[key], show: (r) => number(r[key], 2) })),
        ],
      }),
    });
  };

  Object.assign(Q.study, { head, targets: () => [], proof: () => null });
  Q.renderers.push(() => Q.fill(Q.byId("figures-body"), levels(), speeds(), carriers(), calibration()));
})();
