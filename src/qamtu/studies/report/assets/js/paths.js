// The way of the fibre from a settlement up to the network that stands today.
(() => {
  let above = null; // node -> the route that leads from it towards the network

  const build = () => {
    above = new Map();
    const far = Q.routes.node_to;
    for (let row = 0; far && row < Q.routes.n; row += 1) {
      if (!Q.routes.is_ring || !Q.routes.is_ring[row]) above.set(far[row], row);
    }
  };

  // Rows of the routes from a settlement to the network; empty where the table cannot tell.
  Q.pathOf = (place) => {
    if (Q.places.option[place] !== "fibre" || !Q.places.node || !Q.routes.node_from) return [];
    if (!above) build();
    const path = [];
    const seen = new Set();
    let node = Q.places.node[place];
    while (above.has(node) && !seen.has(node)) {
      seen.add(node);
      path.push(above.get(node));
      node = Q.routes.node_from[above.get(node)];
    }
    return path;
  };

  // The settlement where a way meets the network of today, or -1 where it is on a line.
  Q.pathEnd = (path) => (path.length
    ? Q.places.node.indexOf(Q.routes.node_from[path[path.length - 1]])
    : -1);
})();
