"""A frozen picture of the reduced graph in compressed rows: what ascents and searches run on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs import csr_arrays
from qamtu.optimise.steiner.work import Work, unfold

__all__ = ["Net", "net_from_edges", "net_from_work", "original_edges"]


class Net(NamedTuple):
    """The reduced graph; arc ``a`` in the row of ``v`` stands for both directions at that end.

    Attributes
    ----------
    indptr, neighbour, arc_edge : int32 arrays
        The rows, as in `qamtu.kernels.graphs.Graph`.
    reverse : int32[2 m]
        The same edge's arc in the other row.
    tail, head, cost : arrays[m]
        The edges.
    prize : float64[n]
        Prizes; inf where the node must be reached.
    order : int32[m]
        Edges by rising cost.
    node_id, edge_id : int32[n], int32[m]
        Numbers in the `Work` graph.
    root : int
        A node of every answer; -1 if unrooted.
    """

    indptr: NDArray[np.int32]
    neighbour: NDArray[np.int32]
    arc_edge: NDArray[np.int32]
    reverse: NDArray[np.int32]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    cost: NDArray[np.float64]
    prize: NDArray[np.float64]
    order: NDArray[np.int32]
    node_id: NDArray[np.int32]
    edge_id: NDArray[np.int32]
    root: int


@njit(cache=True)
def _reverse(n_edges: int, arc_edge: NDArray[np.int32]) -> NDArray[np.int32]:
    place = np.full(n_edges, -1, np.int32)
    reverse = np.empty(arc_edge.size, np.int32)
    for a in range(arc_edge.size):
        e = arc_edge[a]
        if place[e] < 0:
            place[e] = a
        else:
            reverse[a] = place[e]
            reverse[place[e]] = a
    return reverse


def net_from_edges(
    n_nodes: int,
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    cost: NDArray[np.float64],
    prize: NDArray[np.float64],
    root: int,
) -> Net:
    """Lay out a graph in normal form; nodes without edge and prize are left out.

    Parameters
    ----------
    n_nodes, tail, head, cost, prize, root
        The graph, without loops and parallel edges.

    Returns
    -------
    Net
        The picture; ``edge_id`` counts the edges as given. O(n + m log m).
    """
    degree = np.bincount(tail, minlength=n_nodes) + np.bincount(head, minlength=n_nodes)
    edge_id = np.arange(tail.size, dtype=np.int32)
    return _assemble(degree > 0, tail, head, cost, prize, root, edge_id)


def net_from_work(work: Work) -> Net:
    """Number the living nodes and edges afresh and lay them out in rows; O(n + m log m).

    Parameters
    ----------
    work : Work
        The shrinking graph.

    Returns
    -------
    Net
        The picture.
    """
    edge_id = np.flatnonzero(work.alive).astype(np.int32)
    tail, head = work.to[2 * edge_id + 1], work.to[2 * edge_id]
    root = int(work.counter[1])
    cost, prize = work.cost[edge_id], work.prize.copy()
    return _assemble(work.degree > 0, tail, head, cost, prize, root, edge_id)


def _assemble(
    keep: NDArray[np.bool_],
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    cost: NDArray[np.float64],
    prize: NDArray[np.float64],
    root: int,
    edge_id: NDArray[np.int32],
) -> Net:
    keep = keep | (prize > 0)
    if root >= 0:
        keep[root] = True
    if not keep.any():
        keep[0] = True
    node_id = np.flatnonzero(keep).astype(np.int32)
    number = np.full(keep.size, -1, np.int32)
    number[node_id] = np.arange(node_id.size, dtype=np.int32)
    if node_id.size < keep.size:
        tail, head, prize = number[tail], number[head], prize[node_id]
    indptr, neighbour, arc_edge = csr_arrays(node_id.size, tail, head)
    order = np.argsort(cost, kind="stable").astype(np.int32)
    return Net(
        indptr,
        neighbour,
        arc_edge,
        _reverse(edge_id.size, arc_edge),
        tail,
        head,
        cost,
        prize,
        order,
        node_id,
        edge_id,
        int(number[root]) if root >= 0 else -1,
    )


def original_edges(
    work: Work, net: Net, edges: NDArray[np.int32], nodes: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Unfold an answer in the net into edges of the graph that the work began with.

    Parameters
    ----------
    work, net
        The graph and its picture (the history may have grown since).
    edges, nodes : int32 arrays
        The answer's edges and nodes in the net.

    Returns
    -------
    int32[k]
        Edges, ascending; with reductions undone they may hold a circle among equals.
    """
    parts = [work.history[net.edge_id[edges]], work.node_history[net.node_id[nodes]]]
    return unfold(work, np.concatenate(parts).astype(np.int32))
