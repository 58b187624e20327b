// The corridors in tables: regions, roads, sites.
(() => {
  const column = (key, label, value, show) => ({ key, label, numeric: true, value, show: (r) => show(value(r)) });
  const named = (text) => (Q.known(text) ? text : "–");

  const regions = () => {
    const rows = Q.summary.by_region || [];
    const go = (r) => Q.h("button", {
      type: "button", class: "link", onclick: () => {
        Q.byId("map").scrollIntoView({ block: "start" });
        Q.showRegion(r.region_id);
      },
    }, Q.regionName(r.region_id));
    Q.fill(Q.byId("region-table"), Q.table({
      id: "region-rows", caption: Q.t("Regions"), rows, sort: { key: "capex", descending: true }, file: "by_region.csv",
      columns: [
        { key: "region", label: Q.t("Region"), value: (r) => Q.regionName(r.region_id), show: (r) => (Q.regionOf.has(r.region_id) ? go(r) : Q.regionName(r.region_id)) },
        column("length_km", Q.t("Road, km"), (r) => r.length_km, Q.number),
        column("served_km", Q.t("Served, km"), (r) => r.served_km, Q.number),
        column("share", Q.t("Share"), (r) => r.share, Q.share),
        column("sites_new", Q.t("New sites"), (r) => r.sites_new, Q.number),
        column("hops", Q.t("Hops"), (r) => r.hops, Q.number),
        column("capex", Q.t("Cost of building"), (r) => r.capex, Q.money),
        column("opex_per_year", Q.t("Running, a year"), (r) => r.opex_per_year, Q.money),
        column("npv", Q.t("Net present cost"), (r) => r.npv, Q.money),
      ],
    }));
  };

  const roads = () => {
    const r = Q.theroads;
    const at = (key) => (i) => Q.at(r, key, i);
    const go = (i) => Q.h("button", {
      type: "button", class: "link", onclick: () => {
        const lines = Q.linesOfRoad(r.road_id[i]);
        Q.byId("map").scrollIntoView({ block: "start" });
        Q.highlight([Q.lineOf(lines)]);
        if (lines.length) Q.showBox(Q.boxOf(lines.flat()));
      },
    }, Q.roadName(i));
    Q.fill(Q.byId("road-table"), Q.filteredTable({
      id: "road-rows", caption: Q.t("Roads"), rows: Q.each(r.n, (i) => i), sort: { key: "length_m", descending: true }, file: "roads.csv",
      filters: [
        { key: "text", label: Q.t("Name"), text: Q.roadName },
        { key: "class", label: Q.t("Class"), value: at("road_class"), name: (value) => Q.term("road_class", value) },
      ],
      columns: [
        { key: "road", label: Q.t("Road"), value: Q.roadName, show: go },
        { key: "road_class", label: Q.t("Class"), value: (i) => Q.term("road_class", at("road_class")(i)) },
        column("length_m", Q.t("Length, km"), (i) => at("length_m")(i) / 1000, Q.brief),
        column("served_m", Q.t("Served, km"), (i) => at("served_m")(i) / 1000, Q.brief),
        column("share", Q.t("Share"), (i) => at("served_m")(i) / (at("length_m")(i) || 1), Q.share),
        column("gap_m", Q.t("Longest gap, km"), (i) => at("gap_m")(i) / 1000, Q.brief),
        column("sites_new", Q.t("New sites"), at("sites_new"), Q.number),
        { key: "road_id", label: "road_id", value: at("road_id"), csvOnly: true },
      ],
    }));
  };

  const sites = () => {
    const s = Q.thesites;
    const at = (key) => (i) => Q.at(s, key, i);
    Q.fill(Q.byId("site-table"), Q.filteredTable({
      id: "site-rows", caption: Q.t("Sites"), rows: Q.each(s.n, (i) => i), sort: { key: "site_id", descending: false }, file: "sites.csv",
      filters: [
        { key: "text", label: Q.t("Name"), text: Q.siteTitle },
        { key: "region", label: Q.t("Region"), value: at("region_id"), name: Q.regionName },
        { key: "role", label: Q.t("Role"), value: at("role"), name: (value) => Q.term("role", value) },
        { key: "backhaul", label: Q.t("Backhaul"), value: at("backhaul"), name: (value) => Q.term("backhaul", value) },
        { key: "year", label: Q.t("Year"), value: at("year"), name: String },
      ],
      columns: [
        { key: "site_id", label: Q.t("Site"), value: at("site_id"), show: (i) => Q.linkTo("sites", i, s.site_id[i]), nowrap: true },
        { key: "place", label: Q.t("Nearest settlement"), value: (i) => Q.placeName(s.settlement_id[i]) },
        { key: "region", label: Q.t("Region"), value: (i) => Q.regionName(s.region_id[i]) },
        { key: "role", label: Q.t("Role"), value: (i) => Q.term("role", s.role[i]) },
        column("height_m", Q.t("Tower, m"), at("height_m"), Q.number),
        column("served_km", Q.t("Serves, km"), at("served_km"), Q.brief),
        { key: "backhaul", label: Q.t("Backhaul"), value: (i) => Q.term("backhaul", s.backhaul[i]) },
        column("backhaul_clearance", Q.t("Clearance"), at("backhaul_clearance"), (value) => Q.number(value, 1)),
        { key: "power", label: Q.t("Power"), value: (i) => Q.term("power", s.power[i]) },
        column("capex", Q.t("Cost of building"), at("capex"), Q.money),
        { key: "year", label: Q.t("Year"), numeric: true, value: at("year"), show: (i) => named(at("year")(i) && String(at("year")(i))) },
        ...["lat_deg", "lon_deg"].map((key, k) => ({ key, label: key, value: (i) => (k ? s.x[i] : s.y[i]), csvOnly: true })),
        ...["place_kind", "settlement_id", "settlement_km", "road_id", "ground_m", "azimuth_first_deg", "azimuth_second_deg", "frequency_mhz", "backhaul_km", "hop_count", "served_from", "opex_per_year", "npv", "resolution_arcsec"]
          .map((key) => ({ key, label: key, value: at(key), csvOnly: true })),
      ],
    }));
  };

  Q.renderers.push(() => {
    regions();
    roads();
    sites();
  });
})();
