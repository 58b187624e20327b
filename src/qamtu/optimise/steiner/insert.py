"""Local search by inserting nodes into the tree.

Adding a node with its edges to the tree and dropping the longest edge of every circle that
closes is the vertex insertion of E. Uchoa and R. F. Werneck (ACM J. Experimental Algorithmics 17,
2012), here on parent links without depths: the circle is found by walking up from both ends in
turn. One trial costs the lengths of its circles; memory O(n).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.steiner.net import Net

__all__ = ["insert_nodes"]


@njit(cache=True)
def _meet(
    parent: NDArray[np.int32], stamp: NDArray[np.int64], mark: int, one: int, other: int
) -> int:
    """Lowest node that both stand below."""
    x = one
    y = other
    while x >= 0 or y >= 0:
        if x >= 0:
            if stamp[x] == mark + 1:
                return x
            stamp[x] = mark
            x = parent[x]
        if y >= 0:
            if stamp[y] == mark:
                return y
            stamp[y] = mark + 1
            y = parent[y]
    return -1


@njit(cache=True)
def _dearest(
    net: Net, parent: NDArray[np.int32], link: NDArray[np.int32], start: int, top: int
) -> tuple[float, int]:
    """Dearest edge on the way up to a node: its cost and lower end."""
    worst = -1.0
    at = -1
    x = start
    while x != top:
        if net.cost[link[x]] > worst:
            worst = net.cost[link[x]]
            at = x
        x = parent[x]
    return worst, at


@njit(cache=True)
def _rehang(
    parent: NDArray[np.int32],
    link: NDArray[np.int32],
    start: int,
    stop: int,
    onto: int,
    edge: int,
    log: NDArray[np.int32],
    size: int,
) -> int:
    """Turn the way from ``start`` up to ``stop`` round and hang it onto another node."""
    x = start
    above = onto
    above_edge = edge
    while True:
        old = parent[x]
        old_edge = link[x]
        if size < log.shape[0]:
            log[size, 0] = x
            log[size, 1] = old
            log[size, 2] = old_edge
        size += 1
        parent[x] = above
        link[x] = above_edge
        if x == stop:
            return size
        above = x
        above_edge = old_edge
        x = old


@njit(cache=True)
def _try_node(
    net: Net,
    inside: NDArray[np.bool_],
    parent: NDArray[np.int32],
    link: NDArray[np.int32],
    node: int,
    first: int,
    stamp: NDArray[np.int64],
    mark: int,
    log: NDArray[np.int32],
) -> tuple[float, int, int]:
    parent[node] = net.neighbour[first]
    link[node] = net.arc_edge[first]
    gain = net.prize[node] - net.cost[link[node]]
    size = 0
    for a in range(net.indptr[node], net.indptr[node + 1]):
        b = net.neighbour[a]
        if a == first or not inside[b]:
            continue
        mark += 2
        cost = net.cost[net.arc_edge[a]]
        top = _meet(parent, stamp, mark, node, b)
        worst, at = _dearest(net, parent, link, node, top)
        worst_other, at_other = _dearest(net, parent, link, b, top)
        if max(worst, worst_other) <= cost:
            continue
        if worst_other >= worst:
            gain += worst_other - cost
            size = _rehang(parent, link, b, at_other, node, net.arc_edge[a], log, size)
        else:
            gain += worst - cost
            size = _rehang(parent, link, node, at, b, net.arc_edge[a], log, size)
        if size > log.shape[0]:
            return -np.inf, size, mark
    return gain, size, mark


@njit(cache=True)
def insert_nodes(
    net: Net,
    inside: NDArray[np.bool_],
    parent: NDArray[np.int32],
    link: NDArray[np.int32],
    nodes: NDArray[np.int32],
    least_gain: float,
) -> float:
    """Try to insert every listed node that is not in the tree.

    Parameters
    ----------
    net : Net
        The graph.
    inside, parent, link : arrays[n]
        The tree: its nodes, parents and edges to them; changed.
    nodes : int32[k]
        The candidates in the order to try them.
    least_gain : float
        Gains up to this are ignored.

    Returns
    -------
    float
        The cost saved (more after `best_subtree`, which prunes what no longer serves).
    """
    n = inside.size
    stamp = np.zeros(n, np.int64)
    log = np.empty((4 * n + 16, 3), np.int32)
    mark = 2
    saved = 0.0
    for v in nodes:
        if inside[v]:
            continue
        count = 0
        first = -1
        for a in range(net.indptr[v], net.indptr[v + 1]):
            if inside[net.neighbour[a]]:
                count += 1
                if first < 0 or net.cost[net.arc_edge[a]] < net.cost[net.arc_edge[first]]:
                    first = a
        if first < 0 or (count == 1 and net.prize[v] <= net.cost[net.arc_edge[first]]):
            continue
        gain, size, mark = _try_node(net, inside, parent, link, v, first, stamp, mark, log)
        if gain > least_gain:
            inside[v] = True
            saved += gain
            continue
        for i in range(min(size, log.shape[0]) - 1, -1, -1):
            parent[log[i, 0]] = log[i, 1]
            link[log[i, 0]] = log[i, 2]
        parent[v] = -1
    return saved
