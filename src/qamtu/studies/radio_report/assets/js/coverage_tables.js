// Regions and sectors in tables.
(() => {
  const column = (key, label, value, show) => ({ key, label, numeric: true, value, show: (r) => show(value(r)) });

  const regions = () => {
    const rows = Q.summary.by_region || [];
    Q.byId("regions").hidden = !rows.length;
    const figure = (key, label) => column(key, label, (r) => r[key], Q.number);
    Q.fill(Q.byId("region-table"), rows.length > 0 && Q.table({
      id: "region-rows", caption: Q.t("Regions"), rows, sort: { key: "area_covered_km2", descending: true }, file: "by_region.csv",
      columns: [
        { key: "region", label: Q.t("Region"), value: (r) => Q.regionName(r.region_id) },
        figure("area_covered_km2", Q.t("Covered, km²")),
        figure("area_reached_km2", Q.t("Reached, km²")),
        figure("settlements_covered", Q.t("Settlements covered")),
        figure("settlements_reached", Q.t("Settlements reached")),
        figure("people_covered", Q.t("People covered")),
        figure("people_reached", Q.t("People reached")),
      ],
    }));
  };

  const sectors = () => {
    const s = Q.thesectors;
    const at = (key) => (k) => Q.at(s, key, k);
    const siteRow = Q.rowsBy(Q.siteList().map((site) => site.id));
    Q.fill(Q.byId("site-table"), Q.filteredTable({
      id: "sector-rows", caption: Q.t("Sectors"), rows: Q.each(s.n, (k) => k), sort: { key: "sector_id", descending: false }, file: "sectors.csv",
      filters: [
        { key: "text", label: Q.t("Site"), text: (k) => String(s.sector_id[k]) },
        { key: "technology", label: Q.t("Technology"), value: at("technology"), name: (value) => Q.term("technology", value) },
        { key: "frequency", label: Q.t("Frequency, MHz"), value: at("frequency_mhz"), name: (value) => Q.number(value, 1) },
      ],
      columns: [
        { key: "sector_id", label: Q.t("Sector"), value: at("sector_id"), show: (k) => Q.linkTo("sites", siteRow.get(s.site_id[k]), s.sector_id[k]), nowrap: true },
        { key: "technology", label: Q.t("Technology"), value: (k) => Q.term("technology", s.technology[k]) },
        column("frequency_mhz", Q.t("Frequency, MHz"), at("frequency_mhz"), (value) => Q.number(value, 1)),
        column("height_m", Q.t("Height, m"), at("height_m"), (value) => Q.number(value, 1)),
        column("azimuth_deg", Q.t("Azimuth, °"), at("azimuth_deg"), Q.number),
        column("tilt_deg", Q.t("Tilt, °"), at("tilt_deg"), (value) => Q.number(value, 1)),
        column("eirp_dbm", Q.t("EIRP, dBm"), at("eirp_dbm"), (value) => Q.number(value, 1)),
        column("area_km2", Q.t("Serves, km²"), at("area_km2"), Q.brief),
        column("resolution_arcsec", Q.t("Terrain, arc seconds"), at("resolution_arcsec"), Q.number),
        ...["lat_deg", "lon_deg"].map((key, i) => ({ key, label: key, value: (k) => (i ? s.x[k] : s.y[k]), csvOnly: true })),
        ...["site_id", "name", "operator", "bandwidth_mhz", "electrical_tilt_deg", "pattern", "gain_dbi", "load_share", "approximate", "ground_m"].map((key) => ({ key, label: key, value: at(key), csvOnly: true })),
      ],
    }));
  };

  Q.renderers.push(() => {
    regions();
    sectors();
  });
})();
