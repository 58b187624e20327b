"""Reduction by short detours: an edge goes if a walk around it never costs more in one stretch.

A walk between an edge's ends whose every stretch between nodes that pay for themselves costs at
most the edge makes the edge needless. At a node that must be reached a stretch ends; a prize on
the way lowers what has been spent (prize-constrained walks: D. Rehfeldt and T. Koch, Math. Prog.
197, 2023; for Steiner trees the special distance of C. W. Duin and A. Volgenant, Networks 19,
1989). From every node one search is run that settles at most a few nodes, so the whole pass is
O(n · limit · log limit).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs import heap_pop, heap_push
from qamtu.optimise.steiner.work import Work, drop_edge

__all__ = ["reduce_walk"]

_HUB = 100


@njit(cache=True)
def _longest(work: Work, node: int) -> float:
    worst = -1.0
    a = work.first[node]
    while a >= 0:
        worst = max(worst, work.cost[a >> 1])
        a = work.following[a]
    return worst


@njit(cache=True)
def _explore(
    work: Work,
    start: int,
    limit: int,
    spent: NDArray[np.float64],
    heap: NDArray[np.int32],
    position: NDArray[np.int32],
    previous: NDArray[np.int32],
    touched: NDArray[np.int32],
    done: NDArray[np.bool_],
    worst: NDArray[np.float64],
) -> int:
    """Walk outwards from a node; gives how many nodes were touched."""
    ceiling = _longest(work, start)
    spent[start] = 0.0
    worst[start] = 0.0
    touched[0] = start
    n_touched = 1
    size = heap_push(heap, position, spent, 0, start)
    settled = 0
    while size > 0 and settled < limit:
        u = heap_pop(heap, position, spent, size)
        size -= 1
        done[u] = True
        settled += 1
        if u != start and work.degree[u] > _HUB:
            continue
        base = spent[u] if u == start else max(spent[u] - work.prize[u], 0.0)
        a = work.first[u]
        while a >= 0:
            v = work.to[a]
            reach = base + work.cost[a >> 1]
            if reach <= ceiling and not done[v] and reach < spent[v]:
                if spent[v] == np.inf:
                    touched[n_touched] = v
                    n_touched += 1
                spent[v] = reach
                previous[v] = a >> 1
                worst[v] = max(worst[u], reach)
                size = heap_push(heap, position, spent, size, v)
            a = work.following[a]
    for i in range(size):
        position[heap[i]] = -1
    return n_touched


@njit(cache=True)
def reduce_walk(work: Work, limit: int) -> int:
    """Delete edges around which a walk is no dearer in any stretch.

    Parameters
    ----------
    work : Work
        The graph; changed.
    limit : int
        Nodes that each search settles.

    Returns
    -------
    int
        Edges deleted.
    """
    n = work.first.size
    spent = np.full(n, np.inf)
    heap = np.empty(n, np.int32)
    position = np.full(n, -1, np.int32)
    previous = np.full(n, -1, np.int32)
    touched = np.empty(n, np.int32)
    done = np.zeros(n, np.bool_)
    worst = np.full(n, np.inf)
    hits = 0
    for v in range(n):
        if work.degree[v] < 2:
            continue
        count = _explore(work, v, limit, spent, heap, position, previous, touched, done, worst)
        a = work.first[v]
        while a >= 0:
            after = work.following[a]
            u = work.to[a]
            if worst[u] <= work.cost[a >> 1] and previous[u] != a >> 1:
                drop_edge(work, a >> 1)
                hits += 1
            a = after
        for i in range(count):
            spent[touched[i]] = np.inf
            worst[touched[i]] = np.inf
            done[touched[i]] = False
            previous[touched[i]] = -1
    return hits
