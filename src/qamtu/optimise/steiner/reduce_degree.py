"""Reductions by degree: dangling nodes, chains, and neighbours that always come together.

For Steiner trees: C. W. Duin and A. Volgenant, Networks 19 (1989). With prizes: E. Uchoa, Oper.
Res. Letters 34 (2006), and D. Rehfeldt and T. Koch, INFORMS J. Computing 34 (2022).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.steiner.work import Work, contract, drop_edge, join, put_edge

__all__ = ["reduce_degree"]


@njit(cache=True)
def _forgo(work: Work, node: int) -> None:
    """Decide that no answer needs the node: its prize is paid."""
    work.constant[0] += work.prize[node]
    work.prize[node] = 0.0
    work.node_history[node] = -1


@njit(cache=True)
def _bypass(work: Work, node: int) -> bool:
    """Replace a node of degree two, never a leaf of an answer, by one edge."""
    a = work.first[node]
    b = work.following[a]
    paid = work.prize[node]
    if paid > min(work.cost[a >> 1], work.cost[b >> 1]):
        return False
    u, v = work.to[a], work.to[b]
    cost = work.cost[a >> 1] + work.cost[b >> 1] - paid
    history = join(work, work.history[a >> 1], work.history[b >> 1])
    history = join(work, history, work.node_history[node])
    drop_edge(work, a >> 1)
    drop_edge(work, b >> 1)
    _forgo(work, node)
    put_edge(work, a >> 1, u, v, cost, history)
    return True


@njit(cache=True)
def _cheapest(work: Work, node: int) -> int:
    best = -1
    a = work.first[node]
    while a >= 0:
        if best < 0 or work.cost[a >> 1] < work.cost[best]:
            best = a >> 1
        a = work.following[a]
    return best


@njit(cache=True)
def _adjacent(work: Work, node: int) -> int:
    """Edge to a neighbour that is worth it whenever the node is, and the other way round."""
    if work.prize[node] <= 0:
        return -1
    least = work.cost[_cheapest(work, node)]
    if least > work.prize[node]:
        return -1
    a = work.first[node]
    while a >= 0:
        if work.cost[a >> 1] <= least and work.prize[work.to[a]] >= least:
            return a >> 1
        a = work.following[a]
    return -1


@njit(cache=True)
def _merge(work: Work, edge: int, guarded: NDArray[np.int64], seen: NDArray[np.int32]) -> int:
    """Contract an edge; the guarded node stays guarded under its new number."""
    held = work.to[2 * edge] == guarded[0] or work.to[2 * edge + 1] == guarded[0]
    if min(work.prize[work.to[2 * edge]], work.prize[work.to[2 * edge + 1]]) == np.inf:
        guarded[1] -= 1
    stays = contract(work, edge, seen)
    if held:
        guarded[0] = stays
    return stays


@njit(cache=True)
def _visit(work: Work, node: int, guarded: NDArray[np.int64], seen: NDArray[np.int32]) -> int:
    """Try all tests on one node; gives the node whose surroundings changed, -1 for none."""
    degree = work.degree[node]
    prize = work.prize[node]
    if guarded[0] >= 0 and prize > work.prize[guarded[0]]:
        guarded[0] = node
    free = node != work.counter[1] and node != guarded[0] and prize != np.inf
    if degree == 0:
        if free and prize > 0:
            _forgo(work, node)
        return -1
    if degree == 1:
        only = work.first[node] >> 1
        other = work.to[work.first[node]]
        if free and prize <= work.cost[only]:
            _forgo(work, node)
            drop_edge(work, only)
            return other
        needed = prize == np.inf and guarded[1] > 1
        if needed or (free and prize > work.cost[only]):
            return _merge(work, only, guarded, seen)
    if degree == 2 and free:
        other = work.to[work.first[node]]
        if _bypass(work, node):
            return other
    edge = _adjacent(work, node)
    if edge >= 0:
        return _merge(work, edge, guarded, seen)
    return -1


@njit(cache=True)
def reduce_degree(work: Work) -> int:
    """Apply the degree tests until none holds; O(n + m) tests of O(degree) each.

    Parameters
    ----------
    work : Work
        The graph; changed.

    Returns
    -------
    int
        How many times a test held.
    """
    n = work.first.size
    guarded = np.full(2, -1, np.int64)
    guarded[1] = np.sum(work.prize == np.inf)
    if work.counter[1] < 0:
        guarded[0] = np.argmax(work.prize)
    seen = np.full(n, -1, np.int32)
    queued = np.ones(n, np.bool_)
    stack = np.arange(n)[::-1].astype(np.int32)
    size = n
    hits = 0
    around = np.empty(4, np.int64)
    while size > 0:
        size -= 1
        v = stack[size]
        queued[v] = False
        if work.degree[v] == 0 and work.prize[v] == 0:
            continue
        around[3] = v
        around[1] = work.to[work.first[v]] if work.degree[v] > 0 else -1
        around[2] = work.to[work.following[work.first[v]]] if work.degree[v] == 2 else -1
        around[0] = _visit(work, v, guarded, seen)
        if around[0] < 0:
            continue
        hits += 1
        for x in around:
            if x >= 0 and not queued[x]:
                queued[x] = True
                stack[size] = x
                size += 1
    return hits
