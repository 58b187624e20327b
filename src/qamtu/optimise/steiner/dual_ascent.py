"""Wong's dual ascent: a proven lower bound, reduced costs, and a small graph that guides search.

R. T. Wong, Math. Programming 28 (1984), on the directed cut formulation; terminals are served by
rising size of their cut as in T. Pajor, E. Uchoa and R. F. Werneck, Math. Programming Computation
10 (2018). A node with a finite prize is a terminal that gives up once its prize is spent: the
artificial arc from the root to it is saturated. Without a root every node has an artificial arc
of equal price from the root of which one may be used; its price is set afterwards, to the
largest load on any node, and subtracted.

One raise costs the arcs of its cut; in the worst case O(m · min(m, terminals · n)), in practice
close to linear. Memory O(n + m).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs import heap_pop, heap_push
from qamtu.optimise.steiner.construct import hang_tree
from qamtu.optimise.steiner.net import Net

__all__ = ["Ascent", "ascend", "ascent_bound", "start_ascent", "tree_arcs"]

_WAIT = 1e6


class Ascent(NamedTuple):
    """The state of a dual ascent; it can be left and taken up again.

    Attributes
    ----------
    reduced : float64[2 m]
        Reduced cost of the arc ``neighbour[a] -> v`` at place ``a`` of the row of ``v``.
    budget : float64[n]
        What is left of each node's prize.
    load : float64[n]
        Sum of the raises of cuts around the node (kept only without a root).
    state : int8[n]
        0 no terminal, 1 active, 2 waiting, 3 connected, 4 given up.
    key : float64[n]
        Size of the terminal's last cut.
    heap, position, stamp, wait_first, wait_next, queue : int32[n]
        Heap of active terminals, marks, lists of those that wait, scratch.
    cut : int32[2 m]
        Scratch.
    number : int64[3]
        Heap size, marks used, root.
    bound : float64[2]
        Sum of all raises; the largest load that a node may get.
    tree : bool[2 m]
        Arcs of a known tree, directed away from the root; all False for none.
    """

    reduced: NDArray[np.float64]
    budget: NDArray[np.float64]
    load: NDArray[np.float64]
    state: NDArray[np.int8]
    key: NDArray[np.float64]
    heap: NDArray[np.int32]
    position: NDArray[np.int32]
    stamp: NDArray[np.int32]
    wait_first: NDArray[np.int32]
    wait_next: NDArray[np.int32]
    queue: NDArray[np.int32]
    cut: NDArray[np.int32]
    number: NDArray[np.int64]
    bound: NDArray[np.float64]
    tree: NDArray[np.bool_]


def start_ascent(
    net: Net,
    root: int,
    reduced: NDArray[np.float64] | None = None,
    cap: float = np.inf,
    tree: NDArray[np.bool_] | None = None,
) -> Ascent:
    """Set up an ascent.

    Parameters
    ----------
    net : Net
        The graph.
    root : int
        Root of the arborescence, a node of every answer; -1 if there is none.
    reduced : float64[2 m], optional
        Costs of the arcs to begin with; the edge costs if left out.
    cap : float
        Without a root: the largest load that a node may get.
    tree : bool[2 m], optional
        Arcs of a good tree. In a best solution of the dual a cut that is raised is crossed by one
        arc of the best tree, so cuts that are crossed more often have to wait.

    Returns
    -------
    Ascent
        The state before the first raise.
    """
    n = net.prize.size
    arcs = net.neighbour.size
    ascent = Ascent(
        net.cost[net.arc_edge] if reduced is None else reduced.copy(),
        net.prize.copy(),
        np.zeros(n),
        np.zeros(n, np.int8),
        np.diff(net.indptr).astype(np.float64),
        np.empty(n, np.int32),
        np.full(n, -1, np.int32),
        np.zeros(n, np.int32),
        np.full(n, -1, np.int32),
        np.full(n, -1, np.int32),
        np.empty(n, np.int32),
        np.empty(arcs, np.int32),
        np.array([0, 0, root], np.int64),
        np.array([0.0, cap]),
        np.zeros(arcs, np.bool_) if tree is None else tree,
    )
    _fill_heap(ascent)
    return ascent


@njit(cache=True)
def _fill_heap(asc: Ascent) -> None:
    root = asc.number[2]
    size = 0
    for v in range(asc.budget.size):
        if asc.budget[v] > 0 and v != root:
            asc.state[v] = 1
            size = heap_push(asc.heap, asc.position, asc.key, size, v)
    asc.number[0] = size
    if root >= 0:
        asc.state[root] = 3


@njit(cache=True)
def _wake(asc: Ascent, node: int) -> None:
    size = asc.number[0]
    t = asc.wait_first[node]
    while t >= 0:
        after = asc.wait_next[t]
        asc.state[t] = 1
        size = heap_push(asc.heap, asc.position, asc.key, size, t)
        t = after
    asc.wait_first[node] = -1
    asc.number[0] = size


@njit(cache=True)
def _grow(net: Net, asc: Ascent, begin: int, size: int, n_cut: int) -> tuple[int, int, int]:
    """Extend the set by saturated arcs; gives its size, the cut's size and a blocking node."""
    mark = asc.number[1]
    i = begin
    while i < size:
        v = asc.queue[i]
        i += 1
        for a in range(net.indptr[v], net.indptr[v + 1]):
            u = net.neighbour[a]
            if asc.stamp[u] == mark:
                continue
            if asc.reduced[a] > 0:
                asc.cut[n_cut] = a
                n_cut += 1
            elif asc.state[u] == 3 or asc.state[u] == 1:
                return size, n_cut, u
            else:
                asc.stamp[u] = mark
                asc.queue[size] = u
                size += 1
    return size, n_cut, -1


@njit(cache=True)
def _settle(asc: Ascent, term: int, blocker: int) -> None:
    if asc.state[blocker] == 3:
        asc.state[term] = 3
    else:
        asc.state[term] = 2
        asc.wait_next[term] = asc.wait_first[blocker]
        asc.wait_first[blocker] = term


@njit(cache=True)
def _room(asc: Ascent, size: int) -> float:
    worst = 0.0
    for i in range(size):
        worst = max(worst, asc.load[asc.queue[i]])
    return asc.bound[1] - worst


@njit(cache=True)
def _serve(net: Net, asc: Ascent, term: int, slack: float) -> int:
    """Raise the cut around one terminal until it is connected, spent, or no longer smallest."""
    asc.number[1] += 1
    mark = asc.number[1]
    unrooted = asc.number[2] < 0
    asc.stamp[term] = mark
    asc.queue[0] = term
    size, n_cut, blocker = _grow(net, asc, 0, 1, 0)
    work = n_cut + size
    limit = np.inf
    if asc.number[0] > 0:
        limit = max(asc.key[asc.heap[0]] * slack, asc.key[asc.heap[0]] + 1)
    while True:
        if blocker >= 0:
            _settle(asc, term, blocker)
            return work
        kept = 0
        crossed = 0
        raise_ = asc.budget[term]
        for i in range(n_cut):
            a = asc.cut[i]
            if asc.stamp[net.neighbour[a]] != mark:
                asc.cut[kept] = a
                kept += 1
                crossed += asc.tree[a]
                raise_ = min(raise_, asc.reduced[a])
        n_cut = kept
        work += n_cut
        if n_cut == 0 or (unrooted and _room(asc, size) <= 0):
            asc.state[term] = 4
            _wake(asc, term)
            return work
        score = float(n_cut) if crossed < 2 else n_cut + _WAIT * (crossed - 1.0)
        if score > limit:
            asc.key[term] = score
            asc.number[0] = heap_push(asc.heap, asc.position, asc.key, asc.number[0], term)
            return work
        if unrooted:
            raise_ = min(raise_, _room(asc, size))
            for i in range(size):
                asc.load[asc.queue[i]] += raise_
        asc.bound[0] += raise_
        asc.budget[term] -= raise_
        begin = size
        for i in range(n_cut):
            a = asc.cut[i]
            asc.reduced[a] -= raise_
            if asc.reduced[a] <= 0:
                u = net.neighbour[a]
                asc.reduced[a] = 0.0
                if asc.stamp[u] != mark:
                    if asc.state[u] == 3 or asc.state[u] == 1:
                        blocker = u
                    else:
                        asc.stamp[u] = mark
                        asc.queue[size] = u
                        size += 1
        if asc.budget[term] <= 0:
            asc.state[term] = 4
            _wake(asc, term)
            return work
        if blocker < 0:
            size, n_cut, blocker = _grow(net, asc, begin, size, n_cut)


@njit(cache=True)
def ascend(net: Net, asc: Ascent, slack: float, effort: int) -> bool:
    """Raise cuts until no terminal is active or the effort is spent.

    Parameters
    ----------
    net : Net
        The graph.
    asc : Ascent
        The state; changed.
    slack : float
        A terminal goes on being served while its cut is at most so many times the next one's.
    effort : int
        Arcs to look at before coming back.

    Returns
    -------
    bool
        Whether the ascent is complete.
    """
    spent = 0
    while asc.number[0] > 0:
        if spent > effort:
            return False
        term = heap_pop(asc.heap, asc.position, asc.key, asc.number[0])
        asc.number[0] -= 1
        spent += _serve(net, asc, term, slack)
    return True


def ascent_bound(asc: Ascent) -> float:
    """Lower bound on edge costs plus prizes left out that the raises so far prove.

    Parameters
    ----------
    asc : Ascent
        The state.

    Returns
    -------
    float
        The bound, without the problem's constant.
    """
    price = float(asc.load.max()) if asc.number[2] < 0 and asc.load.size else 0.0
    return float(asc.bound[0]) - price


def tree_arcs(net: Net, edges: NDArray[np.int32], root: int) -> NDArray[np.bool_]:
    """Mark the arcs of a tree, directed away from its root.

    Parameters
    ----------
    net : Net
        The graph.
    edges : int32[k]
        The tree.
    root : int
        One of its nodes.

    Returns
    -------
    bool[2 m]
        True at the place of each tree arc in the row of its head.
    """
    _, _, link = hang_tree(net, edges, root)
    row = np.repeat(np.arange(net.prize.size), np.diff(net.indptr))
    return np.asarray(link[row] == net.arc_edge)
