"""Undirected graphs in compressed sparse row form, built from an edge list.

Every edge stands twice, once at each end; ``arc_edge`` leads from such an arc to its edge, so
costs stay in one array by edge. Self loops are left out; parallel edges stay.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

__all__ = ["Graph", "csr_arrays", "graph_from_edges"]


class Graph(NamedTuple):
    """Adjacency of an undirected graph; a plain tuple of arrays, so compiled code takes it.

    Attributes
    ----------
    indptr : int32[n + 1]
        The arcs of node ``v`` are ``indptr[v]:indptr[v + 1]``.
    neighbour : int32[2 m]
        The node at the arc's far end.
    arc_edge : int32[2 m]
        The edge that the arc belongs to.
    """

    indptr: NDArray[np.int32]
    neighbour: NDArray[np.int32]
    arc_edge: NDArray[np.int32]


@njit(cache=True)
def csr_arrays(
    n_nodes: int, tail: NDArray[np.int32], head: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Counting sort of the edges by node; O(n + m).

    Parameters
    ----------
    n_nodes : int
        Nodes, numbered from 0.
    tail, head : int32[m]
        The ends of each edge; an edge with ``tail == head`` is left out.

    Returns
    -------
    tuple of int32 arrays
        ``indptr``, ``neighbour`` and ``arc_edge`` as in `Graph`. A node's arcs stand in the order
        of their edges.
    """
    indptr = np.zeros(n_nodes + 1, np.int32)
    for e in range(tail.size):
        if tail[e] != head[e]:
            indptr[tail[e] + 1] += 1
            indptr[head[e] + 1] += 1
    for v in range(n_nodes):
        indptr[v + 1] += indptr[v]
    fill = indptr[:-1].copy()
    neighbour = np.empty(indptr[n_nodes], np.int32)
    arc_edge = np.empty(indptr[n_nodes], np.int32)
    for e in range(tail.size):
        u = tail[e]
        v = head[e]
        if u != v:
            neighbour[fill[u]] = v
            arc_edge[fill[u]] = e
            fill[u] += 1
            neighbour[fill[v]] = u
            arc_edge[fill[v]] = e
            fill[v] += 1
    return indptr, neighbour, arc_edge


def graph_from_edges(n_nodes: int, tail: ArrayLike, head: ArrayLike) -> Graph:
    """Build the adjacency of an undirected graph.

    Parameters
    ----------
    n_nodes : int
        Nodes, numbered from 0.
    tail, head : integers[m]
        The ends of each edge, in ``0 .. n_nodes - 1``.

    Returns
    -------
    Graph
        The adjacency.

    Raises
    ------
    ValueError
        If the ends differ in length or leave the range of nodes.
    """
    start = np.ascontiguousarray(tail, dtype=np.int32)
    end = np.ascontiguousarray(head, dtype=np.int32)
    if start.shape != end.shape or start.ndim != 1:
        msg = f"tail and head must be one-dimensional and equally long: {start.shape}, {end.shape}"
        raise ValueError(msg)
    if start.size and min(start.min(), end.min()) < 0:
        msg = "an edge has a negative node number"
        raise ValueError(msg)
    if start.size and max(start.max(), end.max()) >= n_nodes:
        msg = f"an edge has a node number beyond {n_nodes - 1}"
        raise ValueError(msg)
    return Graph(*csr_arrays(n_nodes, start, end))
