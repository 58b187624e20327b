// The tables of the plan as arrays: columns, coordinates, and what is counted from them.
(() => {
  const STEPS = 100000;

  const column = (packed) => (packed.l
    ? packed.c.map((code) => (code < 0 ? null : packed.l[code]))
    : packed.v);

  const table = (packed) => {
    const made = { n: packed.n };
    for (const [name, value] of Object.entries(packed)) {
      if (value && (value.l || value.v)) made[name] = column(value);
    }
    return made;
  };

  const degrees = (steps) => {
    const made = new Float64Array(steps.length);
    let at = 0;
    for (let i = 0; i < steps.length; i += 1) {
      at += steps[i];
      made[i] = at / STEPS;
    }
    return made;
  };

  const reader = (packed) => {
    const x = degrees(packed.x);
    const y = degrees(packed.y);
    let at = 0;
    return (count) => Q.each(count, () => {
      at += 1;
      return [x[at - 1], y[at - 1]];
    });
  };

  const lines = (packed) => {
    const take = reader(packed);
    return packed.p.map((parts) => parts.map(take));
  };

  const polygons = (packed) => {
    const take = reader(packed);
    return packed.p.map((feature) => feature.map((rings) => rings.map(take)));
  };

  const bounds = () => {
    const box = [180, 90, -180, -90];
    for (const region of Q.regions.area) {
      for (const polygon of region) {
        for (const [x, y] of polygon[0]) {
          box[0] = Math.min(box[0], x);
          box[1] = Math.min(box[1], y);
          box[2] = Math.max(box[2], x);
          box[3] = Math.max(box[3], y);
        }
      }
    }
    return box;
  };

  const places = (ids) => new Map((ids || []).map((id, row) => [id, row]));

  Q.decode = (payload) => {
    Q.data = payload;
    Q.summary = payload.summary;
    Q.totals = payload.summary.totals || {};
    Q.places = table(payload.settlements);
    Q.places.x = degrees(payload.settlements.x);
    Q.places.y = degrees(payload.settlements.y);
    Q.routes = table(payload.routes);
    Q.routes.line = lines(payload.routes.line);
    Q.regions = table(payload.regions);
    Q.regions.area = polygons(payload.regions.area);
    Q.regions.label = [degrees(payload.regions.label_x), degrees(payload.regions.label_y)];
    Q.districts = payload.districts ? table(payload.districts) : null;
    Q.roads = payload.roads ? lines(payload.roads) : [];
    Q.water = payload.water ? polygons(payload.water) : [];
    Q.placeOf = places(Q.places.settlement_id);
    Q.regionOf = places(Q.regions.region_id);
    Q.districtOf = places(Q.districts && Q.districts.district_id);
    Q.routeOf = places(Q.routes.route_id);
    Q.bounds = bounds();
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
