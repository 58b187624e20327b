"""What it costs at least to bridge each edge of a tree: a filter for exchange moves.

Let every tree node own the nodes nearest to it. A path that joins the two sides of a tree edge
crosses from one side's territory into the other's over some graph edge, and costs at least that
edge plus the distances of its ends from the tree. The least such value over all edges that cross
is found for all tree edges at once, in the manner of R. E. Tarjan's sensitivity analysis of
spanning trees (Inf. Proc. Letters 14, 1982): crossings by rising value, each covers what is yet
uncovered on the tree path between its owners. O(m log n).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs import dijkstra
from qamtu.optimise.steiner.construct import hang_tree
from qamtu.optimise.steiner.net import Net

__all__ = ["bridge_costs"]


@njit(cache=True)
def _depths(parent: NDArray[np.int32], nodes: NDArray[np.int32]) -> NDArray[np.int32]:
    depth = np.full(parent.size, -1, np.int32)
    way = np.empty(parent.size, np.int32)
    for v in nodes:
        size = 0
        x = v
        while x >= 0 and depth[x] < 0:
            way[size] = x
            size += 1
            x = parent[x]
        base = depth[x] if x >= 0 else -1
        for i in range(size - 1, -1, -1):
            base += 1
            depth[way[i]] = base
    return depth


@njit(cache=True)
def _top(links: NDArray[np.int32], v: int) -> int:
    while links[v] != v:
        links[v] = links[links[v]]
        v = links[v]
    return v


@njit(cache=True)
def bridge_costs(net: Net, edges: NDArray[np.int32], top: int) -> NDArray[np.float64]:
    """Lower bound on any path that joins the two sides of each tree edge without using it.

    Parameters
    ----------
    net : Net
        The graph.
    edges : int32[k]
        The tree.
    top : int
        One of its nodes.

    Returns
    -------
    float64[m]
        The bound at tree edges, inf where nothing crosses; inf elsewhere.
    """
    n = net.prize.size
    inside, parent, link = hang_tree(net, edges, top)
    nodes = np.flatnonzero(inside).astype(np.int32)
    none = np.zeros(0, np.bool_)
    away, _, _, owner = dijkstra(
        net.indptr,
        net.neighbour,
        net.arc_edge,
        net.cost,
        nodes,
        np.zeros(nodes.size),
        np.inf,
        none,
        0,
    )
    value = np.full(net.cost.size, np.inf)
    count = 0
    for e in range(net.cost.size):
        u = net.tail[e]
        v = net.head[e]
        if owner[u] >= 0 and owner[u] != owner[v] and link[u] != e and link[v] != e:
            value[e] = away[u] + net.cost[e] + away[v]
            count += 1
    depth = _depths(parent, nodes)
    links = np.arange(n).astype(np.int32)
    bridge = np.full(net.cost.size, np.inf)
    for e in np.argsort(value)[:count]:
        a = _top(links, owner[net.tail[e]])
        b = _top(links, owner[net.head[e]])
        while a != b:
            if depth[a] < depth[b]:
                a, b = b, a
            bridge[link[a]] = value[e]
            links[a] = parent[a]
            a = _top(links, a)
    return bridge
