"""Shortest paths from one or many sources with Dijkstra's algorithm (Numer. Math. 1, 1959).

Time O((n + m) log n), memory O(n) besides the graph.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from qamtu.kernels.graphs.csr import Graph
from qamtu.kernels.graphs.heap import heap_pop, heap_push

__all__ = ["PathForest", "dijkstra", "path_edges", "shortest_paths"]


class PathForest(NamedTuple):
    """The forest of shortest paths from a set of sources.

    Attributes
    ----------
    distance : float64[n]
        Distance from the nearest source; inf where none was found.
    edge : int32[n]
        The last edge of the path; -1 at sources and unreached nodes.
    previous : int32[n]
        The node before on the path; -1 at sources and unreached nodes.
    source : int32[n]
        The source that the path starts at (a node number); -1 at unreached nodes.
    """

    distance: NDArray[np.float64]
    edge: NDArray[np.int32]
    previous: NDArray[np.int32]
    source: NDArray[np.int32]


@njit(cache=True)
def dijkstra(
    indptr: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    arc_edge: NDArray[np.int32],
    cost: NDArray[np.float64],
    sources: NDArray[np.int32],
    start: NDArray[np.float64],
    limit: float,
    target: NDArray[np.bool_],
    stop_after: int,
) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Compiled core of `shortest_paths`; the arguments are explained there.

    Parameters
    ----------
    indptr, neighbour, arc_edge : int32 arrays
        The graph.
    cost : float64[m]
        Cost of each edge, not negative; an edge of infinite cost is never used.
    sources, start : int32[k], float64[k]
        Sources and the distance that each begins with.
    limit : float
        Nodes farther than this are left unreached.
    target : bool[n]
        Nodes that count towards ``stop_after``; an empty array for none.
    stop_after : int
        Stop when so many targets are settled; 0 never stops.

    Returns
    -------
    tuple of arrays
        ``distance``, ``edge``, ``previous`` and ``source`` as in `PathForest`. After an early stop
        the distances of nodes not settled are upper bounds.
    """
    n = indptr.size - 1
    distance = np.full(n, np.inf)
    edge = np.full(n, -1, np.int32)
    previous = np.full(n, -1, np.int32)
    source = np.full(n, -1, np.int32)
    position = np.full(n, -1, np.int32)
    heap = np.empty(n, np.int32)
    size = 0
    for i in range(sources.size):
        s = sources[i]
        if start[i] < distance[s] and start[i] <= limit:
            distance[s] = start[i]
            source[s] = s
            size = heap_push(heap, position, distance, size, s)
    settled = 0
    while size > 0:
        u = heap_pop(heap, position, distance, size)
        size -= 1
        if stop_after > 0 and target[u]:
            settled += 1
            if settled >= stop_after:
                break
        for a in range(indptr[u], indptr[u + 1]):
            v = neighbour[a]
            reach = distance[u] + cost[arc_edge[a]]
            if reach < distance[v] and reach <= limit:
                distance[v] = reach
                edge[v] = arc_edge[a]
                previous[v] = u
                source[v] = source[u]
                size = heap_push(heap, position, distance, size, v)
    return distance, edge, previous, source


def shortest_paths(
    graph: Graph,
    cost: ArrayLike,
    sources: ArrayLike,
    *,
    start: ArrayLike | None = None,
    limit: float = np.inf,
    targets: ArrayLike | None = None,
    stop_after: int | None = None,
) -> PathForest:
    """Find the shortest path from the nearest of one or many sources to every node.

    Parameters
    ----------
    graph : Graph
        The graph.
    cost : float[m]
        Cost of each edge, not negative.
    sources : int or int[k]
        The sources.
    start : float[k], optional
        Distance that each source begins with; 0 if left out.
    limit : float
        Cut-off: nodes farther than this stay unreached.
    targets : int[t], optional
        Stop when ``stop_after`` of these nodes are settled.
    stop_after : int, optional
        How many targets end the search; all of them if left out.

    Returns
    -------
    PathForest
        Distances and paths. After an early stop the distances of nodes that were not settled are
        upper bounds.
    """
    n = graph.indptr.size - 1
    origin = np.atleast_1d(np.asarray(sources, dtype=np.int32))
    begin = np.zeros(origin.size) if start is None else np.asarray(start, dtype=np.float64)
    target = np.zeros(n if targets is not None else 0, dtype=np.bool_)
    count = 0
    if targets is not None:
        target[np.asarray(targets, dtype=np.int64)] = True
        count = int(target.sum()) if stop_after is None else stop_after
    weights = np.ascontiguousarray(cost, dtype=np.float64)
    return PathForest(*dijkstra(*graph, weights, origin, begin, float(limit), target, count))


@njit(cache=True)
def path_edges(
    edge: NDArray[np.int32], previous: NDArray[np.int32], node: int
) -> NDArray[np.int32]:
    """Edges of the path that ends at a node, from the node back to its source.

    Parameters
    ----------
    edge, previous : int32[n]
        As in `PathForest`.
    node : int
        Where the path ends.

    Returns
    -------
    int32[k]
        The edges; empty at a source and at an unreached node.
    """
    count = 0
    v = node
    while previous[v] >= 0:
        count += 1
        v = previous[v]
    edges = np.empty(count, np.int32)
    v = node
    for i in range(count):
        edges[i] = edge[v]
        v = previous[v]
    return edges
