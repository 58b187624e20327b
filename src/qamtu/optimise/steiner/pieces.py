"""A tree that can be taken apart: its key vertices, key paths, and the pieces left."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.steiner.net import Net

__all__ = ["Pieces", "explore", "is_key", "make_pieces", "take_edge", "walk"]

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
        Of nodes whose owner was taken out: distance from a piece, arc towards it, which piece.
    touched, heap, position : int32[n]
        Nodes reached in this trial; a heap.
    settled : bool[n]
        Whether the distance is final.
    orphan : int32[n]
        Trial that took the node's owner out.
    found : float64[c]
        Costs of connections found.
    found_edge : int32[c]
        The edge in the middle of each.
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
    orphan: NDArray[np.int32]
    found: NDArray[np.float64]
    found_edge: NDArray[np.int32]
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
        np.zeros(n, np.int32),
        np.empty(_CANDIDATES),
        np.empty(_CANDIDATES, np.int32),
        np.empty(n, np.int32),
        np.empty(n, np.int32),
        np.zeros(3, np.int64),
        fresh,
    )


@njit(cache=True)
def is_key(p: Pieces, v: int) -> bool:
    """Whether a tree node is a key vertex."""
    return p.fixed[v] or p.degree[v] != 2


@njit(cache=True)
def walk(net: Net, p: Pieces, arc: int, n_path: int, n_out: int) -> tuple[int, int, int]:
    """Collect a key path from a key vertex over a first arc; gives its end and the counts."""
    edge = net.arc_edge[arc]
    v = net.neighbour[arc]
    p.path[n_path] = edge
    n_path += 1
    while not is_key(p, v):
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
def explore(net: Net, p: Pieces, ends: NDArray[np.int32], limit: int) -> int:
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
def take_edge(net: Net, p: Pieces, edge: int) -> None:
    """Put an edge into the tree if it is not in it."""
    if not p.use[edge]:
        p.use[edge] = True
        for v in (net.tail[edge], net.head[edge]):
            p.inside[v] = True
            p.degree[v] += 1
