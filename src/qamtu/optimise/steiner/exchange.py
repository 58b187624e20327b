"""Local search by taking key paths or key vertices out and joining the pieces again at least cost.

The neighbourhoods are those of E. Uchoa and R. F. Werneck (ACM J. Experimental Algorithmics 17,
2012). A key vertex is a tree node that must stay or does not have degree two; a key path joins
two of them. A trial is skipped if bridging its pieces costs too much by the least crossings of
their territories. Otherwise it walks the smaller pieces (all are explored in step until but one
are complete), collects their crossings, and searches anew only the territory of the nodes taken
out. Territories are surveyed once a pass; trials after a change use what still holds of them.
Time is the size of those pieces and their surroundings; memory O(n + m).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs import heap_pop, heap_push, union, union_find
from qamtu.optimise.steiner.cover import Territory
from qamtu.optimise.steiner.net import Net
from qamtu.optimise.steiner.pieces import Pieces, explore, is_key, take_edge, walk

__all__ = ["exchange_paths"]


@njit(cache=True)
def _note(p: Pieces, value: float, edge: int, pair: bool) -> None:
    """Keep a connection; of two pieces only the best is worth keeping."""
    at = p.number[1]
    if pair and at == 1:
        if value >= p.found[0]:
            return
        at = 0
    if at < p.found.size:
        p.found[at] = value
        p.found_edge[at] = edge
        p.number[1] = at + 1


@njit(cache=True)
def _side(p: Pieces, t: Territory, v: int, rest: int) -> int:
    """Piece that a node belongs to or is owned by; -1 if its owner is no longer in the tree."""
    mark = p.number[0]
    if p.orphan[v] == mark:
        return p.home[v] if p.reach[v] < np.inf else -1
    owner = t.owner[v]
    if owner < 0 or not p.inside[owner]:
        return -1
    return p.piece[owner] if p.stamp[owner] == mark else rest


@njit(cache=True)
def _cross(
    net: Net, p: Pieces, t: Territory, ends: NDArray[np.int32], rest: int, cap: float
) -> None:
    """Collect the crossings between territories of different pieces below the cap."""
    mark = p.number[0]
    pair = ends.size == 2
    for i in range(ends.size):
        v = ends[i] if i != rest else -1
        while v >= 0:
            for j in range(t.crossing_start[v], t.crossing_start[v + 1]):
                e = t.crossing[j]
                if t.value[e] >= cap or (pair and p.number[1] and t.value[e] >= p.found[0]):
                    break
                tail, head = net.tail[e], net.head[e]
                if p.orphan[tail] == mark or p.orphan[head] == mark or p.use[e]:
                    continue
                one, other = _side(p, t, tail, rest), _side(p, t, head, rest)
                if one >= 0 and other >= 0 and one != other:
                    _note(p, t.value[e], e, pair)
            v = p.after[v]


@njit(cache=True)
def _adopt(net: Net, p: Pieces, t: Territory, n_out: int, rest: int) -> int:
    """Give the nodes whose owners were taken out to neighbouring pieces; gives the heap's size."""
    mark = p.number[0]
    for i in range(n_out):
        r = p.removed[i]
        for j in range(t.member_start[r], t.member_start[r + 1]):
            x = t.member[j]
            p.orphan[x] = mark
            p.touched[p.number[2]] = x
            p.number[2] += 1
    size = 0
    for i in range(p.number[2]):
        x = p.touched[i]
        for a in range(net.indptr[x], net.indptr[x + 1]):
            y = net.neighbour[a]
            if p.orphan[y] == mark:
                continue
            side = _side(p, t, y, rest)
            reach = t.away[y] + net.cost[net.arc_edge[a]]
            if side >= 0 and reach < p.reach[x]:
                p.reach[x] = reach
                p.pred[x] = a
                p.home[x] = side
        if p.reach[x] < np.inf:
            size = heap_push(p.heap, p.position, p.reach, size, x)
    return size


@njit(cache=True)
def _search(net: Net, p: Pieces, t: Territory, k: int, n_out: int, rest: int, cap: float) -> None:
    """Find connections through the territory of the nodes taken out."""
    mark = p.number[0]
    size = _adopt(net, p, t, n_out, rest)
    while size > 0:
        x = heap_pop(p.heap, p.position, p.reach, size)
        size -= 1
        if p.reach[x] >= cap:
            break
        p.settled[x] = True
        for a in range(net.indptr[x], net.indptr[x + 1]):
            y = net.neighbour[a]
            e = net.arc_edge[a]
            reach = p.reach[x] + net.cost[e]
            if reach >= cap:
                continue
            if p.orphan[y] == mark:
                if p.settled[y]:
                    if p.home[y] != p.home[x] and reach + p.reach[y] < cap:
                        _note(p, reach + p.reach[y], e, k == 2)
                elif reach < p.reach[y]:
                    p.reach[y] = reach
                    p.pred[y] = net.reverse[a]
                    p.home[y] = p.home[x]
                    size = heap_push(p.heap, p.position, p.reach, size, y)
            else:
                side = _side(p, t, y, rest)
                if side >= 0 and side != p.home[x] and reach + t.away[y] < cap:
                    _note(p, reach + t.away[y], e, k == 2)
    for i in range(size):
        p.position[p.heap[i]] = -1


@njit(cache=True)
def _rejoin(
    net: Net,
    p: Pieces,
    t: Territory,
    k: int,
    rest: int,
    n_path: int,
    n_out: int,
    budget: float,
    least: float,
) -> float:
    """Join the pieces by the connections found if that saves; gives the saving."""
    count = p.number[1]
    order = np.argsort(p.found[:count], kind="mergesort")
    links = union_find(k)
    chosen = np.empty(k, np.int32)
    joined = 0
    total = 0.0
    for i in order:
        e = p.found_edge[i]
        if union(links, _side(p, t, net.tail[e], rest), _side(p, t, net.head[e], rest)):
            chosen[joined] = e
            joined += 1
            total += p.found[i]
            if joined == k - 1 or total >= budget:
                break
    if joined < k - 1 or total >= budget - least:
        return 0.0
    for i in range(n_path):
        e = p.path[i]
        p.use[e] = False
        for v in (net.tail[e], net.head[e]):
            p.degree[v] -= 1
    for i in range(n_out):
        p.inside[p.removed[i]] = False
    for i in range(joined):
        e = chosen[i]
        take_edge(net, p, e)
        for x in (net.tail[e], net.head[e]):
            y = x
            while p.orphan[y] == p.number[0]:
                take_edge(net, p, net.arc_edge[p.pred[y]])
                y = net.neighbour[p.pred[y]]
            while t.previous[y] >= 0:
                take_edge(net, p, t.link[y])
                y = t.previous[y]
    return budget - total


@njit(cache=True)
def _budget(net: Net, p: Pieces, n_path: int, n_out: int) -> float:
    budget = 0.0
    for i in range(n_path):
        budget += net.cost[p.path[i]]
    for i in range(n_out):
        budget -= net.prize[p.removed[i]]
    return budget


@njit(cache=True)
def _bar(p: Pieces, bridge: NDArray[np.float64], begin: int, end: int) -> float:
    highest = 0.0
    for i in range(begin, end):
        highest = max(highest, bridge[p.path[i]])
    return highest


@njit(cache=True)
def _least(bars: NDArray[np.float64]) -> float:
    """Least cost of joining all pieces: every one but one has a connection of its own."""
    total = 0.0
    lowest = np.inf
    for bar in bars:
        total += bar
        lowest = min(lowest, bar)
    return np.inf if lowest == np.inf else total - lowest


@njit(cache=True)
def _others(bars: NDArray[np.float64]) -> float:
    """Least cost of all connections but one: the sum without the two largest."""
    first = 0.0
    second = 0.0
    total = 0.0
    for bar in bars:
        total += bar
        if bar > first:
            second = first
            first = bar
        else:
            second = max(second, bar)
    return total - first - second


@njit(cache=True)
def _trial(
    net: Net,
    p: Pieces,
    t: Territory,
    ends: NDArray[np.int32],
    bars: NDArray[np.float64],
    n_path: int,
    n_out: int,
    least: float,
    limit: int,
) -> float:
    """Take the collected paths out and join what is left at least cost; gives the saving."""
    budget = _budget(net, p, n_path, n_out)
    if budget <= least:
        return 0.0
    p.number[0] += 1
    p.number[1] = 0
    p.number[2] = 0
    for i in range(n_out):
        p.stamp[p.removed[i]] = p.number[0]
        p.piece[p.removed[i]] = -1
    for i in range(n_path):
        p.use[p.path[i]] = False
    rest = explore(net, p, ends, limit)
    for i in range(n_path):
        p.use[p.path[i]] = True
    saved = 0.0
    if rest >= 0:
        cap = budget - _others(bars[: ends.size])
        _search(net, p, t, ends.size, n_out, rest, cap)
        _cross(net, p, t, ends, rest, cap)
        saved = _rejoin(net, p, t, ends.size, rest, n_path, n_out, budget, least)
    for i in range(p.number[2]):
        p.reach[p.touched[i]] = np.inf
        p.settled[p.touched[i]] = False
        p.position[p.touched[i]] = -1
        p.orphan[p.touched[i]] = 0
    return saved


@njit(cache=True)
def exchange_paths(
    net: Net,
    p: Pieces,
    nodes: NDArray[np.int32],
    least_gain: float,
    limit: int,
    t: Territory,
) -> float:
    """Try key-vertex elimination and key-path exchange at every listed node.

    Parameters
    ----------
    net : Net
        The graph.
    p : Pieces
        The tree; changed.
    nodes : int32[k]
        Nodes in the order to try them.
    least_gain : float
        Gains up to this are ignored.
    limit : int
        Give a trial up if its smaller pieces have more nodes than this.
    t : Territory
        The tree's territories as they are before the first trial.

    Returns
    -------
    float
        The cost saved (new paths may save more by sharing edges and prizes).
    """
    saved = 0.0
    ends = np.empty(nodes.size + 2, np.int32)
    bars = np.empty(nodes.size + 2)
    for v in nodes:
        if not p.inside[v] or not is_key(p, v):
            continue
        if not p.fixed[v] and p.degree[v] >= 3:
            n_path = 0
            n_out = 1
            p.removed[0] = v
            k = 0
            for a in range(net.indptr[v], net.indptr[v + 1]):
                if p.use[net.arc_edge[a]]:
                    begin = n_path
                    ends[k], n_path, n_out = walk(net, p, a, n_path, n_out)
                    k += 1
                    bars[k - 1] = _bar(p, t.bridge, begin, n_path)
            gain = 0.0
            look = p.fresh[v] or p.fresh[ends[:k]].any()
            if look and _least(bars[:k]) < _budget(net, p, n_path, n_out):
                gain = _trial(net, p, t, ends[:k].copy(), bars, n_path, n_out, least_gain, limit)
            saved += gain
            if gain > 0:
                continue
        for a in range(net.indptr[v], net.indptr[v + 1]):
            if p.use[net.arc_edge[a]] and is_key(p, v):
                ends[0] = v
                ends[1], n_path, n_out = walk(net, p, a, 0, 0)
                bars[:2] = _bar(p, t.bridge, 0, n_path)
                worth = bars[0] < _budget(net, p, n_path, n_out)
                look = p.fresh[v] or p.fresh[ends[1]]
                if ends[1] > v and worth and look:
                    saved += _trial(
                        net, p, t, ends[:2].copy(), bars, n_path, n_out, least_gain, limit
                    )
    return saved
