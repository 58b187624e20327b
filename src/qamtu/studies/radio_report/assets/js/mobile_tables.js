// The cities and their sites in tables.
(() => {
  const column = (key, label, value, show) => ({ key, label, numeric: true, value, show: (r) => show(value(r)) });
  const state = (met) => (met ? Q.t("met") : Q.t("not met"));

  const cities = () => {
    const c = Q.thecities;
    const at = (key) => (i) => Q.at(c, key, i);
    const name = (i) => Q.name(c, i);
    Q.fill(Q.byId("city-table"), Q.filteredTable({
      id: "city-rows", caption: Q.t("Cities"), rows: Q.each(c.n, (i) => i), sort: { key: "population", descending: true }, file: "cities.csv",
      filters: c.n > 1 ? [
        { key: "text", label: Q.t("Name"), text: name },
        { key: "met", label: Q.t("Target"), value: (i) => Boolean(c.target_met[i]), name: state },
      ] : [],
      columns: [
        { key: "city", label: Q.t("City"), value: name, show: (i) => Q.linkTo("centres", i, name(i)) },
        column("population", Q.t("People"), at("population"), Q.number),
        column("area_km2", Q.t("Area, km²"), at("area_km2"), Q.number),
        column("territory_share", Q.t("Territory covered"), at("territory_share"), Q.share),
        column("people_share", Q.t("People covered"), at("people_share"), Q.share),
        { key: "target_met", label: Q.t("Target"), value: (i) => state(c.target_met[i]), show: (i) => Q.h("span", { class: `badge ${c.target_met[i] ? "known" : "estimate"}` }, state(c.target_met[i])) },
        column("sites_needed", Q.t("New sites"), at("sites_needed"), Q.number),
        column("sites_bound", Q.t("At least"), (i) => (Q.known(c.sites_bound[i]) ? Math.ceil(c.sites_bound[i] - 1e-6) : null), Q.number),
        column("capex", Q.t("Cost of building"), at("capex"), Q.money),
        column("npv", Q.t("Net present cost"), at("npv"), Q.money),
        column("gap", Q.t("Proven gap"), at("gap"), Q.share),
        { key: "territory_source", label: Q.t("Territory"), value: (i) => Q.term("territory_source", c.territory_source[i]) },
        column("resolution_arcsec", Q.t("Terrain, arc seconds"), at("resolution_arcsec"), Q.number),
        ...["city_id", "region_id", "sites_existing", "area_official_km2", "area_date", "area_source", "cost_bound", "territory_share_today", "sinr_share", "speed_down_mbps", "candidates", "opex_per_year"]
          .map((key) => ({ key, label: key, value: at(key), csvOnly: true })),
      ],
    }));
  };

  const sites = () => {
    const s = Q.thesites;
    const at = (key) => (i) => Q.at(s, key, i);
    Q.fill(Q.byId("site-table"), Q.filteredTable({
      id: "site-rows", caption: Q.t("Sites"), rows: Q.each(s.n, (i) => i), sort: { key: "site_id", descending: false }, file: "sites.csv",
      filters: [
        { key: "text", label: Q.t("Site"), text: (i) => s.site_id[i] },
        { key: "city", label: Q.t("City"), value: at("city_id"), name: Q.cityName },
        { key: "kind", label: Q.t("Kind"), value: at("site_kind"), name: (value) => Q.term("site_kind", value) },
        { key: "backhaul", label: Q.t("Backhaul"), value: at("backhaul"), name: (value) => Q.term("backhaul", value) },
        { key: "year", label: Q.t("Year"), value: at("year"), name: String },
      ],
      columns: [
        { key: "site_id", label: Q.t("Site"), value: at("site_id"), show: (i) => Q.linkTo("sites", i, s.site_id[i]), nowrap: true },
        { key: "city", label: Q.t("City"), value: (i) => Q.cityName(s.city_id[i]) },
        { key: "site_kind", label: Q.t("Kind"), value: (i) => Q.term("site_kind", s.site_kind[i]) },
        column("height_m", Q.t("Height, m"), at("height_m"), Q.number),
        column("gain_km2", Q.t("Adds, km²"), at("gain_km2"), Q.brief),
        { key: "backhaul", label: Q.t("Backhaul"), value: (i) => Q.term("backhaul", s.backhaul[i]) },
        column("backhaul_km", Q.t("Backhaul, km"), at("backhaul_km"), Q.brief),
        column("backhaul_clearance", Q.t("Clearance"), at("backhaul_clearance"), (value) => Q.number(value, 1)),
        column("capex", Q.t("Cost of building"), at("capex"), Q.money),
        { key: "year", label: Q.t("Year"), numeric: true, value: at("year"), show: (i) => (s.year[i] ? String(s.year[i]) : "–") },
        ...["lat_deg", "lon_deg"].map((key, k) => ({ key, label: key, value: (i) => (k ? s.x[i] : s.y[i]), csvOnly: true })),
        ...["ground_m", "existing", "backhaul_to", "opex_per_year", "npv", "resolution_arcsec"].map((key) => ({ key, label: key, value: at(key), csvOnly: true })),
      ],
    }));
  };

  Q.renderers.push(() => {
    cities();
    sites();
  });
})();
