"""Who owns which part of the graph around a tree, and what bridging each tree edge costs at least.

Every node belongs to the tree node nearest to it. An edge between two territories is a crossing;
its value is its cost plus the distances of its ends from their owners. A path that joins the two
sides of a tree edge has to cross somewhere and costs at least the value there. The least such
value is found for all tree edges at once, in the manner of R. E. Tarjan's sensitivity analysis of
spanning trees (Inf. Proc. Letters 14, 1982): crossings by rising value, each covers what is yet
uncovered on the tree path between its owners. O(m log n).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs import dijkstra
from qamtu.optimise.steiner.construct import hang_tree
from qamtu.optimise.steiner.net import Net

__all__ = ["Territory", "survey"]


class Territory(NamedTuple):
    """The territories of a tree's nodes.

    Attributes
    ----------
    away : float64[n]
        Distance of each node from its owner.
    owner, link, previous : int32[n]
        The owner; the last edge and the node before on the way from it (-1 at owners).
    value : float64[m]
        Value of each crossing; inf at other edges.
    bridge : float64[m]
        Least value of a crossing between the two sides of a tree edge; inf elsewhere.
    crossing_start, crossing : int32[n + 1], int32[c]
        Crossings of each owner's territory by rising value.
    member_start, member : int32[n + 1], int32[n]
        Nodes of each owner's territory.
    """

    away: NDArray[np.float64]
    owner: NDArray[np.int32]
    link: NDArray[np.int32]
    previous: NDArray[np.int32]
    value: NDArray[np.float64]
    bridge: NDArray[np.float64]
    crossing_start: NDArray[np.int32]
    crossing: NDArray[np.int32]
    member_start: NDArray[np.int32]
    member: NDArray[np.int32]


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
def _by_owner(
    net: Net, owner: NDArray[np.int32], order: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Sort crossings (kept in their order) and nodes by owner."""
    n = owner.size
    start = np.zeros(n + 1, np.int32)
    own_start = np.zeros(n + 1, np.int32)
    for e in order:
        start[owner[net.tail[e]] + 1] += 1
        start[owner[net.head[e]] + 1] += 1
    for v in range(n):
        if owner[v] >= 0:
            own_start[owner[v] + 1] += 1
    for v in range(n):
        start[v + 1] += start[v]
        own_start[v + 1] += own_start[v]
    fill = start[:-1].copy()
    crossing = np.empty(start[n], np.int32)
    for e in order:
        for v in (owner[net.tail[e]], owner[net.head[e]]):
            crossing[fill[v]] = e
            fill[v] += 1
    own_fill = own_start[:-1].copy()
    member = np.empty(own_start[n], np.int32)
    for v in range(n):
        if owner[v] >= 0:
            member[own_fill[owner[v]]] = v
            own_fill[owner[v]] += 1
    return start, crossing, own_start, member


@njit(cache=True)
def survey(net: Net, edges: NDArray[np.int32], top: int) -> Territory:
    """Find the territories of a tree's nodes, their crossings and the bridging values.

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
    Territory
        The territories.
    """
    n = net.prize.size
    inside, parent, link = hang_tree(net, edges, top)
    nodes = np.flatnonzero(inside).astype(np.int32)
    none = np.zeros(0, np.bool_)
    rows = (net.indptr, net.neighbour, net.arc_edge)
    zero = np.zeros(nodes.size)
    away, last, previous, owner = dijkstra(
        rows[0], rows[1], rows[2], net.cost, nodes, zero, np.inf, none, 0
    )
    value = np.full(net.cost.size, np.inf)
    count = 0
    for e in range(net.cost.size):
        u = net.tail[e]
        v = net.head[e]
        if owner[u] >= 0 and owner[u] != owner[v] and link[u] != e and link[v] != e:
            value[e] = away[u] + net.cost[e] + away[v]
            count += 1
    order = np.argsort(value)[:count]
    depth = _depths(parent, nodes)
    links = np.arange(n).astype(np.int32)
    bridge = np.full(net.cost.size, np.inf)
    for e in order:
        a = _top(links, owner[net.tail[e]])
        b = _top(links, owner[net.head[e]])
        while a != b:
            if depth[a] < depth[b]:
                a, b = b, a
            bridge[link[a]] = value[e]
            links[a] = parent[a]
            a = _top(links, a)
    start, crossing, own_start, member = _by_owner(net, owner, order)
    return Territory(away, owner, last, previous, value, bridge, start, crossing, own_start, member)
