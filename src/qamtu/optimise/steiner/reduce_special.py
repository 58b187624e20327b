"""Reductions by special distance between terminals: needless edges and nodes of degree three.

Every node learns its few nearest terminals; the bottleneck between two terminals is read off the
minimum spanning tree of the terminals' distance graph (C. W. Duin and A. Volgenant, Networks 19,
1989; T. Polzin and S. Vahdati Daneshmand, Discrete Applied Math. 112, 2001). Only nodes that must
be reached count as terminals. O(k (n + m) log n) with k terminals a node.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs import heap_pop, heap_push
from qamtu.optimise.steiner.work import Work, drop_edge, join, put_edge

__all__ = ["reduce_special"]

_NEAR = 4


@njit(cache=True)
def _nearest_terminals(work: Work) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Up to a few nearest terminals of each node and their distances, nearest first."""
    n = work.first.size
    near = np.full((n, _NEAR), -1, np.int32)
    far = np.full((n, _NEAR), np.inf)
    count = np.zeros(n, np.int32)
    size_label = n * _NEAR
    ceiling = 0.0
    for e in range(work.alive.size):
        if work.alive[e]:
            ceiling = max(ceiling, 2 * work.cost[e])
    key = np.full(size_label, np.inf)
    term = np.full(size_label, -1, np.int32)
    heap = np.empty(size_label, np.int32)
    position = np.full(size_label, -1, np.int32)
    size = 0
    for v in range(n):
        if work.prize[v] == np.inf:
            key[v * _NEAR] = 0.0
            term[v * _NEAR] = v
            size = heap_push(heap, position, key, size, v * _NEAR)
    while size > 0:
        label = heap_pop(heap, position, key, size)
        size -= 1
        u = label // _NEAR
        t = term[label]
        near[u, count[u]] = t
        far[u, count[u]] = key[label]
        count[u] += 1
        if work.prize[u] == np.inf and t != u:
            continue
        a = work.first[u]
        while a >= 0:
            v = work.to[a]
            reach = key[label] + work.cost[a >> 1]
            slot = _slot(term, position, key, v, t, reach)
            if slot >= 0 and (reach <= ceiling or slot == v * _NEAR):
                key[slot] = reach
                term[slot] = t
                size = heap_push(heap, position, key, size, slot)
            a = work.following[a]
    return near, far


@njit(cache=True)
def _slot(
    term: NDArray[np.int32],
    position: NDArray[np.int32],
    key: NDArray[np.float64],
    node: int,
    terminal: int,
    reach: float,
) -> int:
    """Label of a node to be set or lowered to a terminal's distance; -1 for none."""
    worst = -1
    for slot in range(node * _NEAR, node * _NEAR + _NEAR):
        if term[slot] == terminal:
            return slot if position[slot] >= 0 and reach < key[slot] else -1
    for slot in range(node * _NEAR, node * _NEAR + _NEAR):
        if term[slot] < 0:
            return slot
    return worst


@njit(cache=True)
def _climb(up: NDArray[np.int32], v: int) -> int:
    while up[v] >= 0:
        v = up[v]
    return v


@njit(cache=True)
def _bottlenecks(
    work: Work, near: NDArray[np.int32], far: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Merge tree of the terminals (union by size, no path shortening): parents and heights."""
    n = work.first.size
    m = work.alive.size
    length = np.full(m, np.inf)
    for e in range(m):
        if work.alive[e]:
            u = work.to[2 * e]
            v = work.to[2 * e + 1]
            if near[u, 0] >= 0 and near[v, 0] >= 0 and near[u, 0] != near[v, 0]:
                length[e] = far[u, 0] + work.cost[e] + far[v, 0]
    up = np.full(n, -1, np.int32)
    height = np.full(n, np.inf)
    weight = np.ones(n, np.int64)
    for e in np.argsort(length, kind="mergesort"):
        if length[e] == np.inf:
            break
        a = _climb(up, near[work.to[2 * e], 0])
        b = _climb(up, near[work.to[2 * e + 1], 0])
        if a == b:
            continue
        if weight[a] > weight[b]:
            a, b = b, a
        up[a] = b
        height[a] = length[e]
        weight[b] += weight[a]
    return up, height


@njit(cache=True)
def _between(up: NDArray[np.int32], height: NDArray[np.float64], a: int, b: int) -> float:
    """Bottleneck between two terminals: the highest link on the way between them."""
    worst = 0.0
    while a != b:
        if height[a] > height[b]:
            a, b = b, a
        if up[a] < 0:
            return np.inf
        worst = max(worst, height[a])
        a = up[a]
    return worst


@njit(cache=True)
def _special(
    near: NDArray[np.int32],
    far: NDArray[np.float64],
    up: NDArray[np.int32],
    height: NDArray[np.float64],
    u: int,
    v: int,
    enough: float,
) -> float:
    """Upper bound on the special distance; stops looking below ``enough``."""
    best = np.inf
    for i in range(_NEAR):
        if near[u, i] < 0 or far[u, i] >= best:
            break
        for j in range(_NEAR):
            if near[v, j] < 0 or far[v, j] >= best:
                break
            reach = max(far[u, i], far[v, j])
            if reach < best:
                reach = max(reach, _between(up, height, near[u, i], near[v, j]))
                best = min(best, reach)
                if best < enough:
                    return best
    return best


@njit(cache=True)
def _star(
    work: Work,
    node: int,
    near: NDArray[np.int32],
    far: NDArray[np.float64],
    up: NDArray[np.int32],
    height: NDArray[np.float64],
) -> bool:
    """Replace a node of degree three that no best answer needs at degree three by edges."""
    room = work.counter[0] + 3
    if room > work.left.size:
        return False
    a = work.first[node]
    b = work.following[a]
    c = work.following[b]
    ends = (work.to[a], work.to[b], work.to[c])
    slots = (a >> 1, b >> 1, c >> 1)
    costs = (work.cost[slots[0]], work.cost[slots[1]], work.cost[slots[2]])
    total = costs[0] + costs[1] + costs[2]
    d01 = _special(near, far, up, height, ends[0], ends[1], 0.0)
    d02 = _special(near, far, up, height, ends[0], ends[2], 0.0)
    d12 = _special(near, far, up, height, ends[1], ends[2], 0.0)
    if min(d01 + d02, min(d01 + d12, d02 + d12)) > total:
        return False
    histories = (work.history[slots[0]], work.history[slots[1]], work.history[slots[2]])
    for s in slots:
        drop_edge(work, s)
    if costs[0] + costs[1] <= d01:
        joint = join(work, histories[0], histories[1])
        put_edge(work, slots[0], ends[0], ends[1], costs[0] + costs[1], joint)
    if costs[0] + costs[2] <= d02:
        joint = join(work, histories[0], histories[2])
        put_edge(work, slots[1], ends[0], ends[2], costs[0] + costs[2], joint)
    if costs[1] + costs[2] <= d12:
        joint = join(work, histories[1], histories[2])
        put_edge(work, slots[2], ends[1], ends[2], costs[1] + costs[2], joint)
    return True


@njit(cache=True)
def reduce_special(work: Work, stars: bool) -> int:
    """Delete edges dearer than a special distance, then replace needless nodes of degree three.

    Parameters
    ----------
    work : Work
        The graph; changed.
    stars : bool
        Whether to replace nodes of degree three.

    Returns
    -------
    int
        How many edges and nodes went.
    """
    near, far = _nearest_terminals(work)
    up, height = _bottlenecks(work, near, far)
    hits = 0
    for e in range(work.alive.size):
        if work.alive[e]:
            u = work.to[2 * e]
            v = work.to[2 * e + 1]
            if _special(near, far, up, height, u, v, work.cost[e]) < work.cost[e]:
                drop_edge(work, e)
                hits += 1
    if stars:
        for v in range(work.first.size):
            if work.degree[v] == 3 and work.prize[v] == 0 and work.counter[1] != v:
                hits += _star(work, v, near, far, up, height)
    return hits
