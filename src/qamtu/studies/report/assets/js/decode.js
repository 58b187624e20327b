// How the packed tables, lines and areas inside the page become arrays again.
(() => {
  const STEPS = 100000;

  const column = (packed) => (packed.l
    ? packed.c.map((code) => (code < 0 ? null : packed.l[code]))
    : packed.v);

  // A table of columns; its places, where it has them, as x and y in degrees.
  Q.tableOf = (packed) => {
    const made = { n: packed.n };
    for (const [name, value] of Object.entries(packed)) {
      if (value && (value.l || value.v)) made[name] = column(value);
    }
    if (Array.isArray(packed.x)) {
      made.x = Q.degrees(packed.x);
      made.y = Q.degrees(packed.y);
    }
    return made;
  };

  Q.degrees = (steps) => {
    const made = new Float64Array(steps.length);
    let at = 0;
    for (let i = 0; i < steps.length; i += 1) {
      at += steps[i];
      made[i] = at / STEPS;
    }
    return made;
  };

  const reader = (packed) => {
    const x = Q.degrees(packed.x);
    const y = Q.degrees(packed.y);
    let at = 0;
    return (count) => Q.each(count, () => {
      at += 1;
      return [x[at - 1], y[at - 1]];
    });
  };

  Q.linesOf = (packed) => {
    const take = reader(packed);
    return packed.p.map((parts) => parts.map(take));
  };

  Q.polygonsOf = (packed) => {
    const take = reader(packed);
    return packed.p.map((feature) => feature.map((rings) => rings.map(take)));
  };

  // West, south, east and north of areas.
  Q.boundsOf = (areas) => {
    const box = [180, 90, -180, -90];
    for (const area of areas) {
      for (const polygon of area) {
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

  Q.rowsBy = (ids) => new Map((ids || []).map((id, row) => [id, row]));
})();
