// The way of the fibre from a settlement up to the network that stands today.
(() => {
  let above = null; // node -> the route that leads from it towards the network

  const build = () => {
    above = new Map();
    const far = Q.routes.node_far;
    for (let row = 0; far && row < Q.routes.n; row += 1) {
      if (!Q.routes.is_ring || !Q.routes.is_ring[row]) above.set(far[row], row);
    }
  };

  // The settlement whose fibre a radio link comes from, or -1.
  Q.sourceOf = (place) => {
    const from = Q.places.served_from && Q.places.served_from[place];
    return Q.known(from) ? Q.placeOf.get(String(from)) ?? -1 : -1;
  };

  // Rows of the routes from a settlement, or from where its radio link begins, to the network of
  // today; empty where there are none or the table cannot tell.
  Q.pathOf = (place) => {
    const start = Q.places.option[place] === "fibre" ? place : Q.sourceOf(place);
    if (start < 0 || !Q.places.node || !Q.routes.node_near) return [];
    if (!above) build();
    const path = [];
    const seen = new Set();
    let node = Q.places.node[start];
    while (above.has(node) && !seen.has(node)) {
      seen.add(node);
      path.push(above.get(node));
      node = Q.routes.node_near[above.get(node)];
    }
    return path;
  };

  // The settlement where a way meets the network of today, or -1 where it is on a line.
  Q.pathEnd = (path) => (path.length
    ? Q.places.node.indexOf(Q.routes.node_near[path[path.length - 1]])
    : -1);
})();
