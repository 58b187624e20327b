// The tables of the plan as arrays, and what is counted from them.
(() => {
  Q.decode = (payload) => {
    Q.data = payload;
    Q.summary = payload.summary;
    Q.totals = payload.summary.totals || {};
    Q.places = Q.tableOf(payload.settlements);
    Q.routes = Q.tableOf(payload.routes);
    Q.routes.line = Q.linesOf(payload.routes.line);
    Q.regions = Q.tableOf(payload.regions);
    Q.regions.area = Q.polygonsOf(payload.regions.area);
    Q.regions.label = [Q.degrees(payload.regions.label_x), Q.degrees(payload.regions.label_y)];
    Q.districts = payload.districts ? Q.tableOf(payload.districts) : null;
    Q.roads = payload.roads ? Q.linesOf(payload.roads) : [];
    Q.water = payload.water ? Q.polygonsOf(payload.water) : [];
    Q.placeOf = Q.rowsBy(Q.places.settlement_id);
    Q.regionOf = Q.rowsBy(Q.regions.region_id);
    Q.districtOf = Q.rowsBy(Q.districts && Q.districts.district_id);
    Q.routeOf = Q.rowsBy(Q.routes.route_id);
    Q.bounds = Q.boundsOf(Q.regions.area);
    Q.years = Object.keys(payload.colours.year).map(Number).sort((a, b) => a - b);
    Q.options = Object.keys(payload.colours.option)
      .filter((option) => Q.places.option.includes(option));
  };

  Q.placeName = (row) => Q.name(Q.places, row);
  Q.regionName = (id) => (Q.regionOf.has(id) ? Q.name(Q.regions, Q.regionOf.get(id)) : id || "–");
  Q.districtName = (id) => (Q.districtOf.has(id) ? Q.name(Q.districts, Q.districtOf.get(id)) : "");
  Q.isMade = (row) => Q.places.option[row] !== "served";

  // Settlements summed up by region and option; counted once.
  Q.countRegions = () => {
    const made = Q.regions.region_id.map((id) => ({ id, settlements: 0, people: 0, fast: 0, fibre: 0, local: 0, by: {} }));
    for (let i = 0; i < Q.places.n; i += 1) {
      const row = made[Q.regionOf.get(Q.places.region_id[i])];
      if (!row) continue;
      const option = Q.places.option[i];
      const people = Q.places.population[i] || 0;
      const capex = Q.places.capex[i] || 0;
      row.settlements += 1;
      row.people += people;
      if (Q.places.adequate[i]) row.fast += people;
      if (option === "fibre") row.fibre += 1;
      row.local += capex;
      row.by[option] = (row.by[option] || 0) + capex;
    }
    return made;
  };
})();
