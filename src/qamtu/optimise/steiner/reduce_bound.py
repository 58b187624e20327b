"""Reductions by bound: what no answer cheaper than the known one can use.

With a dual ascent's bound and reduced costs, an answer that uses a node costs at least the bound
plus the reduced distance from the root to it plus that from it to the nearest terminal (T.
Polzin and S. Vahdati Daneshmand, Discrete Applied Math. 112, 2001). O((n + m) log n).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs import heap_pop, heap_push
from qamtu.optimise.steiner.dual_ascent import Ascent
from qamtu.optimise.steiner.net import Net
from qamtu.optimise.steiner.work import Work, drop_edge

__all__ = ["reduce_bound", "reduced_distances"]


@njit(cache=True)
def _spread(
    net: Net, reduced: NDArray[np.float64], distance: NDArray[np.float64], forward: bool
) -> None:
    n = distance.size
    heap = np.empty(n, np.int32)
    position = np.full(n, -1, np.int32)
    size = 0
    for v in range(n):
        if distance[v] < np.inf:
            size = heap_push(heap, position, distance, size, v)
    while size > 0:
        u = heap_pop(heap, position, distance, size)
        size -= 1
        for a in range(net.indptr[u], net.indptr[u + 1]):
            v = net.neighbour[a]
            step = reduced[net.reverse[a]] if forward else reduced[a]
            if distance[u] + step < distance[v]:
                distance[v] = distance[u] + step
                size = heap_push(heap, position, distance, size, v)


@njit(cache=True)
def reduced_distances(net: Net, asc: Ascent) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Distances in reduced costs from the root to every node and from it to a terminal.

    Parameters
    ----------
    net : Net
        The graph.
    asc : Ascent
        A complete ascent.

    Returns
    -------
    float64[n], float64[n]
        The distances. Without a root, a node's artificial arc costs what is left of its price.
    """
    n = net.prize.size
    root = asc.number[2]
    down = np.full(n, np.inf)
    if root >= 0:
        down[root] = 0.0
    else:
        price = asc.load.max()
        for v in range(n):
            down[v] = price - asc.load[v]
    _spread(net, asc.reduced, down, True)
    up = np.full(n, np.inf)
    for v in range(n):
        if net.prize[v] > 0 and v != root:
            up[v] = 0.0
    _spread(net, asc.reduced, up, False)
    return down, up


@njit(cache=True)
def _forgo(work: Work, node: int) -> None:
    a = work.first[node]
    while a >= 0:
        drop_edge(work, a >> 1)
        a = work.first[node]
    work.constant[0] += work.prize[node]
    work.prize[node] = 0.0
    work.node_history[node] = -1


@njit(cache=True)
def reduce_bound(work: Work, net: Net, asc: Ascent, room: float) -> int:
    """Delete nodes and edges that only answers dearer than the known one use.

    Parameters
    ----------
    work : Work
        The shrinking graph; changed.
    net : Net
        Its picture, on which the ascent ran.
    asc : Ascent
        A complete ascent.
    room : float
        Cost of the known answer less the ascent's bound; what needs at least this is deleted.

    Returns
    -------
    int
        Edges deleted, plus prizes decided.
    """
    down, up = reduced_distances(net, asc)
    hits = 0
    root = asc.number[2]
    for v in range(net.prize.size):
        if v == root or net.prize[v] == np.inf or v == net.root:
            continue
        if down[v] + up[v] >= room:
            hits += net.indptr[v + 1] - net.indptr[v]
            _forgo(work, net.node_id[v])
        elif root >= 0 and net.prize[v] > 0 and asc.budget[v] >= room:
            work.prize[net.node_id[v]] = np.inf
            hits += 1
    for v in range(net.prize.size):
        for a in range(net.indptr[v], net.indptr[v + 1]):
            u = net.neighbour[a]
            e = net.edge_id[net.arc_edge[a]]
            if u < v or not work.alive[e]:
                continue
            into = down[u] + asc.reduced[a] + up[v]
            back = down[v] + asc.reduced[net.reverse[a]] + up[u]
            if into >= room and back >= room:
                drop_edge(work, e)
                hits += 1
    return hits
