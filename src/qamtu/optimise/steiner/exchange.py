"""Local search by taking key paths or key vertices out and joining the pieces again at least cost.

The neighbourhoods are those of E. Uchoa and R. F. Werneck (ACM J. Experimental Algorithmics 17,
2012). A key vertex is a tree node that must stay or does not have degree two; a key path joins
two of them. Here each trial walks only the smaller pieces (they are explored in step until all
but one are complete) and searches outwards from them until the pieces cannot be joined for less
than what was taken out. Time is the size of those pieces and their surroundings; memory O(n).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs import heap_pop, heap_push, union, union_find
from qamtu.optimise.steiner.net import Net

__all__ = ["Pieces", "exchange_paths", "make_pieces"]

_CANDIDATES = 4096


class Pieces(NamedTuple):
    """The tree as a set of edges, and scratch for the trials.

    Attributes
    ----------
    inside, fixed : bool[n]
        Tree nodes; nodes that must stay.
    use : bool[m]
        Tree edges.
    degree : int32[n]
        Tree degrees.
    stamp, piece : int32[n]
        Trial that labelled a tree node, and its piece; -1 for a node taken out.
    after : int32[n]
        Next node of the same piece.
    reach, pred, home : arrays[n]
        Distance from a piece, arc back to it, and which piece.
    touched, heap, position : int32[n]
        Nodes reached in this trial; a heap.
    settled : bool[n]
        Whether the distance is final.
    found : float64[c]
        Costs of connections found.
    found_arc : int32[c]
        The arc in the middle of each.
    path, removed : int32[n]
        Edges and nodes taken out.
    number : int64[3]
        Trials so far, connections found, nodes touched.
    fresh : bool[n]
        Key vertices worth a look, and those next to them.
    """

    inside: NDArray[np.bool_]
    fixed: NDArray[np.bool_]
    use: NDArray[np.bool_]
    degree: NDArray[np.int32]
    stamp: NDArray[np.int32]
    piece: NDArray[np.int32]
    after: NDArray[np.int32]
    reach: NDArray[np.float64]
    pred: NDArray[np.int32]
    home: NDArray[np.int32]
    touched: NDArray[np.int32]
    heap: NDArray[np.int32]
    position: NDArray[np.int32]
    settled: NDArray[np.bool_]
    found: NDArray[np.float64]
    found_arc: NDArray[np.int32]
    path: NDArray[np.int32]
    removed: NDArray[np.int32]
    number: NDArray[np.int64]
    fresh: NDArray[np.bool_]


@njit(cache=True)
def make_pieces(
    net: Net, edges: NDArray[np.int32], fixed: NDArray[np.bool_], fresh: NDArray[np.bool_]
) -> Pieces:
    """Set the tree up for trials.

    Parameters
    ----------
    net : Net
        The graph.
    edges : int32[k]
        The tree's edges, at least one.
    fixed : bool[n]
        Nodes that must stay in the tree.
    fresh : bool[n]
        Key vertices worth a look, and those next to them.

    Returns
    -------
    Pieces
        The tree and scratch.
    """
    n = net.prize.size
    inside = np.zeros(n, np.bool_)
    use = np.zeros(net.cost.size, np.bool_)
    degree = np.zeros(n, np.int32)
    for e in edges:
        use[e] = True
        inside[net.tail[e]] = True
        inside[net.head[e]] = True
        degree[net.tail[e]] += 1
        degree[net.head[e]] += 1
    return Pieces(
        inside,
        fixed,
        use,
        degree,
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.empty(n, np.int32),
        np.full(n, np.inf),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
        np.full(n, -1, np.int32),
        np.zeros(n, np.bool_),
        np.empty(_CANDIDATES),
        np.empty(_CANDIDATES, np.int32),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
        np.zeros(3, np.int64),
        fresh,
    )


@njit(cache=True)
def _is_key(p: Pieces, v: int) -> bool:
    return p.fixed[v] or p.degree[v] != 2


@njit(cache=True)
def _walk(
    net: Net, p: Pieces, start: int, arc: int, n_path: int, n_out: int
) -> tuple[int, int, int]:
    """Collect a key path from a key vertex over a first arc; gives its end and the counts."""
    edge = net.arc_edge[arc]
    v = net.neighbour[arc]
    p.path[n_path] = edge
    n_path += 1
    while not _is_key(p, v):
        p.removed[n_out] = v
        n_out += 1
        for a in range(net.indptr[v], net.indptr[v + 1]):
            e = net.arc_edge[a]
            if p.use[e] and e != edge:
                edge = e
                v = net.neighbour[a]
                break
        p.path[n_path] = edge
        n_path += 1
    return v, n_path, n_out


@njit(cache=True)
def _explore(net: Net, p: Pieces, ends: NDArray[np.int32], limit: int) -> int:
    """Label the pieces in step until all but one are complete; gives that one, -1 past the limit.

    ``ends[i]`` is a node of piece ``i``; on return its list runs through ``after``.
    """
    mark = p.number[0]
    k = ends.size
    last = ends.copy()
    now = ends.copy()
    open_ = np.ones(k, np.bool_)
    for i in range(k):
        p.stamp[ends[i]] = mark
        p.piece[ends[i]] = i
        p.after[ends[i]] = -1
    n_open = k
    steps = 0
    while n_open > 1:
        for i in range(k):
            if not open_[i]:
                continue
            v = now[i]
            if v < 0:
                open_[i] = False
                n_open -= 1
                if n_open == 1:
                    break
                continue
            steps += 1
            for a in range(net.indptr[v], net.indptr[v + 1]):
                w = net.neighbour[a]
                if p.use[net.arc_edge[a]] and p.stamp[w] != mark:
                    p.stamp[w] = mark
                    p.piece[w] = i
                    p.after[w] = -1
                    p.after[last[i]] = w
                    last[i] = w
            now[i] = p.after[v]
        if steps > limit:
            return -1
    for i in range(k):
        if open_[i]:
            return i
    return -1


@njit(cache=True)
def _note(p: Pieces, cost: float, arc: int, a: int, b: int, near: NDArray[np.float64]) -> None:
    at = p.number[1]
    if at < p.found.size:
        p.found[at] = cost
        p.found_arc[at] = arc
        p.number[1] = at + 1
        near[a] = min(near[a], cost)
        near[b] = min(near[b], cost)


@njit(cache=True)
def _relax(
    net: Net, p: Pieces, v: int, size: int, rest: int, budget: float, near: NDArray[np.float64]
) -> int:
    """Look along all arcs of a node in or near a piece; gives the heap's size."""
    mark = p.number[0]
    on_tree = p.stamp[v] == mark and p.piece[v] >= 0
    mine = p.piece[v] if on_tree else p.home[v]
    base = 0.0 if on_tree else p.reach[v]
    for a in range(net.indptr[v], net.indptr[v + 1]):
        w = net.neighbour[a]
        cost = base + net.cost[net.arc_edge[a]]
        if cost >= budget:
            continue
        if p.inside[w] and not (p.stamp[w] == mark and p.piece[w] < 0):
            other = p.piece[w] if p.stamp[w] == mark else rest
            if other != mine:
                _note(p, cost, net.reverse[a], mine, other, near)
        elif p.settled[w]:
            if p.home[w] != mine and cost + p.reach[w] < budget:
                _note(p, cost + p.reach[w], net.reverse[a], mine, p.home[w], near)
        elif cost < p.reach[w]:
            if p.reach[w] == np.inf:
                p.touched[p.number[2]] = w
                p.number[2] += 1
            p.reach[w] = cost
            p.pred[w] = net.reverse[a]
            p.home[w] = mine
            size = heap_push(p.heap, p.position, p.reach, size, w)
    return size


@njit(cache=True)
def _search(net: Net, p: Pieces, ends: NDArray[np.int32], rest: int, budget: float) -> None:
    """Search outwards from all pieces but one for connections cheaper than the budget."""
    k = ends.size
    near = np.full(k, np.inf)
    size = 0
    for i in range(k):
        v = ends[i] if i != rest else -1
        while v >= 0:
            size = _relax(net, p, v, size, rest, budget, near)
            v = p.after[v]
    while size > 0:
        v = heap_pop(p.heap, p.position, p.reach, size)
        size -= 1
        p.settled[v] = True
        least = 0.0
        for i in range(k):
            if i != rest:
                least += min(near[i], p.reach[v])
        if least >= budget or (k == 2 and p.reach[v] >= near[1 - rest]):
            break
        size = _relax(net, p, v, size, rest, budget, near)
    for i in range(size):
        p.position[p.heap[i]] = -1


@njit(cache=True)
def _piece_of(net: Net, p: Pieces, v: int, rest: int) -> int:
    mark = p.number[0]
    if p.inside[v] and not (p.stamp[v] == mark and p.piece[v] < 0):
        return p.piece[v] if p.stamp[v] == mark else rest
    return p.home[v]


@njit(cache=True)
def _take(net: Net, p: Pieces, edge: int) -> None:
    if not p.use[edge]:
        p.use[edge] = True
        for v in (net.tail[edge], net.head[edge]):
            p.inside[v] = True
            p.degree[v] += 1


@njit(cache=True)
def _rejoin(
    net: Net, p: Pieces, k: int, rest: int, n_path: int, n_out: int, budget: float, least: float
) -> float:
    """Join the pieces by the connections found if that saves; gives the saving."""
    count = p.number[1]
    order = np.argsort(p.found[:count], kind="mergesort")
    links = union_find(k)
    chosen = np.empty(k, np.int32)
    joined = 0
    total = 0.0
    for i in order:
        arc = p.found_arc[i]
        v = net.neighbour[arc]
        w = net.neighbour[net.reverse[arc]]
        if union(links, _piece_of(net, p, v, rest), _piece_of(net, p, w, rest)):
            chosen[joined] = arc
            joined += 1
            total += p.found[i]
            if joined == k - 1 or total >= budget:
                break
    if joined < k - 1 or total >= budget - least:
        return 0.0
    mark = p.number[0]
    for i in range(n_path):
        e = p.path[i]
        p.use[e] = False
        for v in (net.tail[e], net.head[e]):
            p.degree[v] -= 1
    for i in range(n_out):
        p.inside[p.removed[i]] = False
    for i in range(joined):
        arc = chosen[i]
        _take(net, p, net.arc_edge[arc])
        for x in (net.neighbour[arc], net.neighbour[net.reverse[arc]]):
            y = x
            while p.reach[y] < np.inf and not (p.stamp[y] == mark and p.piece[y] >= 0):
                _take(net, p, net.arc_edge[p.pred[y]])
                y = net.neighbour[p.pred[y]]
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
def _trial(
    net: Net,
    p: Pieces,
    ends: NDArray[np.int32],
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
    rest = _explore(net, p, ends, limit)
    for i in range(n_path):
        p.use[p.path[i]] = True
    saved = 0.0
    if rest >= 0:
        _search(net, p, ends, rest, budget)
        saved = _rejoin(net, p, ends.size, rest, n_path, n_out, budget, least)
    for i in range(p.number[2]):
        p.reach[p.touched[i]] = np.inf
        p.settled[p.touched[i]] = False
        p.position[p.touched[i]] = -1
    return saved


@njit(cache=True)
def exchange_paths(
    net: Net,
    p: Pieces,
    nodes: NDArray[np.int32],
    least_gain: float,
    limit: int,
    bridge: NDArray[np.float64],
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
    bridge : float64[m]
        What it costs at least to bridge each tree edge, see `bridge_costs`.

    Returns
    -------
    float
        The cost saved (new paths may save more by sharing edges and prizes).
    """
    saved = 0.0
    ends = np.empty(nodes.size + 1, np.int32)
    for v in nodes:
        if not p.inside[v] or not _is_key(p, v):
            continue
        if not p.fixed[v] and p.degree[v] >= 3:
            n_path = 0
            n_out = 1
            p.removed[0] = v
            k = 0
            total = 0.0
            lowest = np.inf
            for a in range(net.indptr[v], net.indptr[v + 1]):
                if p.use[net.arc_edge[a]]:
                    begin = n_path
                    ends[k], n_path, n_out = _walk(net, p, v, a, n_path, n_out)
                    k += 1
                    highest = _bar(p, bridge, begin, n_path)
                    total += highest
                    lowest = min(lowest, highest)
            gain = 0.0
            look = p.fresh[v] or p.fresh[ends[:k]].any()
            if look and total - lowest < _budget(net, p, n_path, n_out):
                gain = _trial(net, p, ends[:k].copy(), n_path, n_out, least_gain, limit)
            saved += gain
            if gain > 0:
                continue
        for a in range(net.indptr[v], net.indptr[v + 1]):
            if p.use[net.arc_edge[a]] and _is_key(p, v):
                ends[0] = v
                ends[1], n_path, n_out = _walk(net, p, v, a, 0, 0)
                worth = _bar(p, bridge, 0, n_path) < _budget(net, p, n_path, n_out)
                look = p.fresh[v] or p.fresh[ends[1]]
                if ends[1] > v and worth and look:
                    saved += _trial(net, p, ends[:2].copy(), n_path, n_out, least_gain, limit)
    return saved
