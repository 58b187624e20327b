"""Bridges of a network: the edges whose single cut separates somebody from the roots.

R. E. Tarjan, "A note on finding the bridges of a graph", Inf. Process. Lett. 2 (1974), 160-161. The
roots, the existing network, count as one place that no cut harms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.kernels.graphs import Graph, graph_from_edges, subtree_sums

__all__ = ["BridgeForest", "Network", "bridge_forest", "contracted_graph", "contracted_weight"]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A network in a graph of possible trenches.

    Parameters
    ----------
    n_nodes : int
        Nodes, numbered from 0.
    tail, head : int32[m]
        Ends of every edge of the graph, used or not.
    used : bool[m]
        The edges that the network consists of.
    roots : int32[r]
        Nodes of the existing network.
    weight : float64[n]
        People served at each node [people], not negative; 0 where the network serves nobody.
    """

    n_nodes: int
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    used: NDArray[np.bool_]
    roots: NDArray[np.int32]
    weight: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit each other.

        Raises
        ------
        InputError
            With a finding for each that does not.
        """
        edges = np.size(self.tail)
        ends = np.concatenate((self.tail, self.head, self.roots))
        wrong = {
            "head": np.shape(self.head) != (edges,),
            "used": np.shape(self.used) != (edges,) or np.asarray(self.used).dtype != np.bool_,
            "roots": np.size(self.roots) == 0,
            "tail": bool(ends.size and (ends.min() < 0 or ends.max() >= self.n_nodes)),
            "weight": np.shape(self.weight) != (self.n_nodes,)
            or not np.all(np.isfinite(self.weight) & (np.asarray(self.weight) >= 0)),
        }
        mend = (
            "give one end, one truth value an edge, at least one root, nodes in range and one "
            "number of at least 0 a node"
        )
        found = [
            Finding("network-array", Severity.ERROR, f"{name} does not fit", mend, field=name)
            for name, bad in wrong.items()
            if bad
        ]
        if found:
            raise InputError("the network cannot be used", found)


@dataclass(frozen=True, slots=True, eq=False)
class BridgeForest:
    """A depth-first tree of the network with its bridges, on the contracted graph.

    The roots are node 0; ``order`` lists a node's descendants right behind it, ``size`` says how
    many nodes that is, the node itself included.
    """

    order: NDArray[np.int32]
    parent: NDArray[np.int32]
    parent_edge: NDArray[np.int32]
    place: NDArray[np.int32]
    size: NDArray[np.int32]
    bridge: NDArray[np.bool_]
    people: NDArray[np.float64]


def contracted_graph(network: Network) -> tuple[Graph, NDArray[np.int32]]:
    """Build the adjacency of all edges with the roots drawn together into node 0.

    Parameters
    ----------
    network : Network
        The network.

    Returns
    -------
    graph : Graph
        The adjacency; ``arc_edge`` is ``2 edge`` from tail to head and ``2 edge + 1`` back.
    label : int32[n]
        Number of each node in it.
    """
    label = np.ones(network.n_nodes, np.int32)
    label[network.roots] = 0
    inner = np.flatnonzero(label)
    label[inner] = np.arange(1, inner.size + 1, dtype=np.int32)
    tail = label[network.tail]
    graph = graph_from_edges(inner.size + 1, tail, label[network.head])
    start = np.repeat(np.arange(inner.size + 1, dtype=np.int32), np.diff(graph.indptr))
    backwards = (start != tail[graph.arc_edge]).astype(np.int32)
    return graph._replace(arc_edge=(2 * graph.arc_edge + backwards).astype(np.int32)), label


@njit(cache=True)
def _lowlinks(
    indptr: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    arc: NDArray[np.int32],
    used: NDArray[np.bool_],
) -> tuple[
    NDArray[np.int32],
    NDArray[np.int32],
    NDArray[np.int32],
    NDArray[np.int32],
    NDArray[np.int32],
    NDArray[np.bool_],
]:
    """Depth-first search from node 0 over the used edges; O(n + m)."""
    n = indptr.size - 1
    order = np.empty(n, np.int32)
    parent = np.full(n, -1, np.int32)
    parent_edge = np.full(n, -1, np.int32)
    place = np.full(n, -1, np.int32)
    low = np.full(n, -1, np.int32)
    size = np.zeros(n, np.int32)
    bridge = np.zeros(n, np.bool_)
    following = indptr[:-1].copy()
    order[0] = 0
    place[0] = 0
    low[0] = 0
    count = 1
    v = 0
    while v >= 0:
        if following[v] < indptr[v + 1]:
            a = following[v]
            following[v] += 1
            e = arc[a] >> 1
            u = neighbour[a]
            if not used[e] or e == parent_edge[v]:
                continue
            if place[u] < 0:
                place[u] = count
                low[u] = count
                order[count] = u
                count += 1
                parent[u] = v
                parent_edge[u] = e
                v = u
            elif place[u] < low[v]:
                low[v] = place[u]
            continue
        size[v] = count - place[v]
        p = parent[v]
        if p >= 0:
            bridge[v] = low[v] == place[v]
            low[p] = min(low[p], low[v])
        v = p
    return order[:count].copy(), parent, parent_edge, place, size, bridge


def bridge_forest(
    graph: Graph, used: NDArray[np.bool_], weight: NDArray[np.float64]
) -> BridgeForest:
    """Find the bridges of the used edges and the people behind them; O(n + m).

    Parameters
    ----------
    graph : Graph
        As from `contracted_graph`.
    used : bool[m]
        The edges that count.
    weight : float64[n']
        People at each node of the contracted graph [people].

    Returns
    -------
    BridgeForest
        The search tree; ``people`` is the sum over each node's descendants.
    """
    order, parent, parent_edge, place, size, bridge = _lowlinks(
        graph.indptr, graph.neighbour, graph.arc_edge, used
    )
    people = subtree_sums(order, parent, weight)
    return BridgeForest(order, parent, parent_edge, place, size, bridge, people)


def contracted_weight(network: Network, label: NDArray[np.int32]) -> NDArray[np.float64]:
    """People at each node of the contracted graph.

    Parameters
    ----------
    network : Network
        The network.
    label : int32[n]
        As from `contracted_graph`.

    Returns
    -------
    float64[n']
        People [people]; those at the roots stand at node 0.
    """
    total = np.zeros(int(label.max()) + 1)
    np.add.at(total, label, network.weight)
    return total
