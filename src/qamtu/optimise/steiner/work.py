"""The shrinking graph that reductions work on: linked adjacency with a way back to the input.

Edges and nodes keep their numbers while others vanish. Every edge and node carries a history: a
node of a binary DAG whose leaves are original edges, so that any answer in the reduced graph can
be unfolded into one of the original problem.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["Work", "contract", "covered", "drop_edge", "join", "make_work", "put_edge", "unfold"]


class Work(NamedTuple):
    """Arrays of the shrinking graph; half-edges ``2 e`` and ``2 e + 1`` belong to edge ``e``.

    Attributes
    ----------
    first : int32[n]
        First half-edge of each node's list, -1 for none.
    following, before : int32[2 m]
        The next and previous half-edge in the list.
    to : int32[2 m]
        The node at the half-edge's far end; its own node is ``to[a ^ 1]``.
    cost : float64[m]
        Edge costs.
    alive : bool[m]
        Whether the edge still exists.
    history : int32[m]
        History of each edge.
    degree : int32[n]
        Edges at each node.
    prize : float64[n]
        Prize of each node; inf if it must be reached.
    node_history : int32[n]
        Edges to be added when the node is in the answer; -1 for none.
    left, right : int32[h]
        The history DAG: entries below ``m`` are original edges, others join two.
    counter : int64[2]
        Entries of the DAG in use; the root node (-1: unrooted).
    constant : float64[1]
        Cost that every answer has.
    """

    first: NDArray[np.int32]
    following: NDArray[np.int32]
    before: NDArray[np.int32]
    to: NDArray[np.int32]
    cost: NDArray[np.float64]
    alive: NDArray[np.bool_]
    history: NDArray[np.int32]
    degree: NDArray[np.int32]
    prize: NDArray[np.float64]
    node_history: NDArray[np.int32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    counter: NDArray[np.int64]
    constant: NDArray[np.float64]


@njit(cache=True)
def _link(work: Work, half: int, node: int) -> None:
    head = work.first[node]
    work.following[half] = head
    work.before[half] = -1
    if head >= 0:
        work.before[head] = half
    work.first[node] = half
    work.to[half ^ 1] = node
    work.degree[node] += 1


@njit(cache=True)
def _unlink(work: Work, half: int) -> None:
    node = work.to[half ^ 1]
    after = work.following[half]
    prior = work.before[half]
    if after >= 0:
        work.before[after] = prior
    if prior >= 0:
        work.following[prior] = after
    else:
        work.first[node] = after
    work.degree[node] -= 1


@njit(cache=True)
def drop_edge(work: Work, edge: int) -> None:
    """Delete an edge."""
    _unlink(work, 2 * edge)
    _unlink(work, 2 * edge + 1)
    work.alive[edge] = False


@njit(cache=True)
def join(work: Work, one: int, other: int) -> int:
    """History that holds both of two (-1: an empty one)."""
    if one < 0:
        return other
    if other < 0:
        return one
    at = work.counter[0]
    work.left[at] = one
    work.right[at] = other
    work.counter[0] = at + 1
    return at


@njit(cache=True)
def _parallel(work: Work, u: int, v: int) -> int:
    if work.degree[u] > work.degree[v]:
        u, v = v, u
    a = work.first[u]
    while a >= 0:
        if work.to[a] == v:
            return a >> 1
        a = work.following[a]
    return -1


@njit(cache=True)
def put_edge(work: Work, slot: int, u: int, v: int, cost: float, history: int) -> bool:
    """Make the dead edge number ``slot`` an edge between two nodes, unless a cheaper one is there.

    Returns
    -------
    bool
        Whether the edge was made; a dearer parallel edge is deleted.
    """
    twin = _parallel(work, u, v)
    if twin >= 0:
        if work.cost[twin] <= cost:
            return False
        drop_edge(work, twin)
    work.alive[slot] = True
    work.cost[slot] = cost
    work.history[slot] = history
    _link(work, 2 * slot, u)
    _link(work, 2 * slot + 1, v)
    return True


@njit(cache=True)
def contract(work: Work, edge: int, seen: NDArray[np.int32]) -> int:
    """Merge the two ends of an edge that the answer holds if it holds either of them.

    Parameters
    ----------
    work : Work
        The graph; changed.
    edge : int
        The edge.
    seen : int32[n]
        Scratch, all -1; left so.

    Returns
    -------
    int
        The node that stays.
    """
    u = work.to[2 * edge]
    v = work.to[2 * edge + 1]
    if work.degree[u] > work.degree[v] or work.counter[1] == u:
        u, v = v, u
    if work.counter[1] == u:
        work.counter[1] = v
    drop_edge(work, edge)
    both = join(work, work.node_history[u], work.node_history[v])
    work.node_history[v] = join(work, both, work.history[edge])
    work.node_history[u] = -1
    work.constant[0] += work.cost[edge]
    gained = work.prize[u] + work.prize[v]
    work.prize[v] = gained if gained == np.inf else max(gained - work.cost[edge], 0.0)
    work.prize[u] = 0.0
    a = work.first[v]
    while a >= 0:
        seen[work.to[a]] = a >> 1
        a = work.following[a]
    a = work.first[u]
    while a >= 0:
        after = work.following[a]
        x = work.to[a]
        e = a >> 1
        if seen[x] >= 0 and work.cost[seen[x]] <= work.cost[e]:
            drop_edge(work, e)
        else:
            if seen[x] >= 0:
                drop_edge(work, seen[x])
            _unlink(work, a)
            _link(work, a, v)
            seen[x] = e
        a = after
    a = work.first[v]
    while a >= 0:
        seen[work.to[a]] = -1
        a = work.following[a]
    return v


@njit(cache=True)
def _fill(work: Work, tail: NDArray[np.int32], head: NDArray[np.int32]) -> None:
    for e in range(tail.size - 1, -1, -1):
        _link(work, 2 * e, tail[e])
        _link(work, 2 * e + 1, head[e])


def make_work(
    n_nodes: int,
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    cost: NDArray[np.float64],
    prize: NDArray[np.float64],
    root: int,
    constant: float,
) -> Work:
    """Set up the graph; no loops, no parallel edges; O(n + m).

    Parameters
    ----------
    n_nodes, tail, head, cost, prize
        The graph.
    root : int
        A node of every answer, -1 if there is none.
    constant : float
        Cost that every answer has.

    Returns
    -------
    Work
        The arrays.
    """
    m = tail.size
    room = 4 * m + 4 * n_nodes + 16
    work = Work(
        np.full(n_nodes, -1, np.int32),
        np.full(2 * m, -1, np.int32),
        np.full(2 * m, -1, np.int32),
        np.empty(2 * m, np.int32),
        cost.astype(np.float64).copy(),
        np.ones(m, np.bool_),
        np.arange(m, dtype=np.int32),
        np.zeros(n_nodes, np.int32),
        prize.astype(np.float64).copy(),
        np.full(n_nodes, -1, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.array([m, root], np.int64),
        np.array([constant], np.float64),
    )
    _fill(work, tail, head)
    return work


@njit(cache=True)
def unfold(work: Work, histories: NDArray[np.int32]) -> NDArray[np.int32]:
    """Original edges in a set of histories, each once, ascending.

    Parameters
    ----------
    work : Work
        The graph with its history DAG.
    histories : int32[k]
        Histories; -1 counts as empty.

    Returns
    -------
    int32[j]
        Edges of the graph that the work began with.
    """
    m = work.alive.size
    size = work.counter[0]
    mark = np.zeros(size, np.bool_)
    for h in histories:
        if h >= 0:
            mark[h] = True
    for h in range(size - 1, m - 1, -1):
        if mark[h]:
            mark[work.left[h]] = True
            mark[work.right[h]] = True
    return np.flatnonzero(mark[:m]).astype(np.int32)


@njit(cache=True)
def covered(work: Work, given: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which histories consist of given edges only.

    Parameters
    ----------
    work : Work
        The graph with its history DAG.
    given : bool[m]
        Edges of the graph that the work began with.

    Returns
    -------
    bool[h]
        True for histories all of whose original edges are given.
    """
    m = work.alive.size
    size = work.counter[0]
    whole = np.zeros(size, np.bool_)
    whole[:m] = given
    for h in range(m, size):
        whole[h] = whole[work.left[h]] and whole[work.right[h]]
    return whole
