"""Edges of a graph that a cheaper path replaces, found by bounded searches.

The test is the special case "shortest path" of the reductions of T. Polzin and S. Vahdati
Daneshmand, "Improved algorithms for the Steiner problem in networks", Discrete Applied
Mathematics 112, 2001. Each search stops after a number of nodes, so it may miss a replacement
but never finds a false one (as the witness searches of R. Geisberger et al., "Contraction
hierarchies", WEA 2008).
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs import heap_pop, heap_push

__all__ = ["dominated_edges"]

_SLACK = 1e-9


@njit(cache=True)
def dominated_edges(
    indptr: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    arc_edge: NDArray[np.int32],
    cost: NDArray[np.float64],
    second: NDArray[np.float64],
    candidate: NDArray[np.bool_],
    settle_max: int,
) -> NDArray[np.bool_]:
    """Find candidates that may all be left out at once without making any connection dearer.

    An edge is dominated if a path of other edges is cheaper and not dearer in the second cost.
    The edges of that path are cheaper still, so by induction over the cost every edge left out
    is replaced by a path of edges that stay; this holds for any sum of ``cost`` and a
    non-negative multiple of ``second``.

    Parameters
    ----------
    indptr, neighbour, arc_edge : int32 arrays
        Adjacency of the graph with n nodes and m edges.
    cost, second : float64[m]
        Costs, not negative.
    candidate : bool[m]
        Edges that may be left out.
    settle_max : int
        Nodes after which a search gives up; time is O(n · settle_max · log settle_max).

    Returns
    -------
    bool[m]
        The dominated candidates.
    """
    n = indptr.size - 1
    out = np.zeros(cost.size, np.bool_)
    distance = np.full(n, np.inf)
    other = np.zeros(n)
    position = np.full(n, -1, np.int32)
    heap = np.empty(n, np.int32)
    touched = np.empty(n, np.int32)
    for u in range(n):
        reach = -1.0
        for a in range(indptr[u], indptr[u + 1]):
            if candidate[arc_edge[a]] and u < neighbour[a]:
                reach = max(reach, cost[arc_edge[a]])
        if reach < 0.0:
            continue
        count = 1
        touched[0] = u
        distance[u] = 0.0
        other[u] = 0.0
        size = heap_push(heap, position, distance, 0, u)
        settled = 0
        while size > 0 and settled < settle_max:
            v = heap_pop(heap, position, distance, size)
            size -= 1
            settled += 1
            for a in range(indptr[v], indptr[v + 1]):
                w = neighbour[a]
                way = distance[v] + cost[arc_edge[a]]
                if way < distance[w] and way <= reach:
                    if distance[w] == np.inf:
                        touched[count] = w
                        count += 1
                    distance[w] = way
                    other[w] = other[v] + second[arc_edge[a]]
                    size = heap_push(heap, position, distance, size, w)
        for a in range(indptr[u], indptr[u + 1]):
            e = arc_edge[a]
            w = neighbour[a]
            if candidate[e] and u < w:
                cheaper = distance[w] < cost[e] * (1.0 - _SLACK)
                out[e] = cheaper and other[w] <= second[e]
        for i in range(count):
            distance[touched[i]] = np.inf
            position[touched[i]] = -1
    return out
