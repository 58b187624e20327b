"""Who hangs on each single cut: bridges of a network and the people behind them.

An edge whose cut separates somebody is a bridge (R. E. Tarjan, "A note on finding the bridges of a
graph", Inf. Process. Lett. 2 (1974), 160-161). A node has two edge-disjoint routes to the roots
exactly where no bridge lies between (K. Menger, Fund. Math. 10 (1927), 96-115). The roots, the
existing network, count as one place that no cut harms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.kernels.graphs import Graph, graph_from_edges, subtree_sums

__all__ = [
    "BridgeForest",
    "Exposure",
    "Network",
    "Stretch",
    "bridge_forest",
    "contracted_graph",
    "cut_exposure",
    "network_exposure",
    "stretches_of",
    "worst_stretches",
]


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
class Exposure:
    """What single cuts do to a network.

    Attributes
    ----------
    people : float64[m]
        People separated by a cut of each edge [people]; 0 for edges that are no bridge.
    bridge : bool[m]
        Used edges whose cut separates a node.
    connected : bool[n]
        Nodes that the network joins to the roots.
    two_routes : bool[n]
        Nodes with two edge-disjoint routes to the roots (the roots too).
    people_connected : float
        People at connected nodes [people].
    people_two_routes : float
        People at nodes with two routes [people].
    """

    people: NDArray[np.float64]
    bridge: NDArray[np.bool_]
    connected: NDArray[np.bool_]
    two_routes: NDArray[np.bool_]
    people_connected: float
    people_two_routes: float

    @property
    def share_two_routes(self) -> float:
        """Share of the connected people who have two routes [1]; 1 if nobody is connected."""
        if self.people_connected <= 0:
            return 1.0
        return self.people_two_routes / self.people_connected


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Bridges in a row that separate the same people: one cut as a planner sees it.

    Attributes
    ----------
    edges : int32[k]
        The bridges, from the side of the roots outwards.
    people : float
        People separated by a cut of any of them [people].
    """

    edges: NDArray[np.int32]
    people: float


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


def cut_exposure(parent: NDArray[np.int32], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum the people who hang on the edge from each node to its parent, in a forest; O(n).

    Parameters
    ----------
    parent : int32[n]
        Parent of each node; -1 for a node that hangs on the existing network. No circles.
    weight : float64[n]
        People served at each node [people]; leave out those served by satellite.

    Returns
    -------
    float64[n]
        People separated when the edge to the parent (or to the existing network) is cut [people].
    """
    above = np.ascontiguousarray(parent, dtype=np.int32)
    nodes = np.arange(above.size, dtype=np.int32)
    network = Network(
        above.size + 1,
        np.where(above < 0, above.size, above).astype(np.int32),
        nodes,
        np.ones(above.size, np.bool_),
        np.array([above.size], np.int32),
        np.append(np.asarray(weight, dtype=np.float64), 0.0),
    )
    return network_exposure(network).people


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


def network_exposure(network: Network) -> Exposure:
    """Say what each single cut does to a network, rings included; O(n + m).

    Parameters
    ----------
    network : Network
        The network.

    Returns
    -------
    Exposure
        People behind each edge, and who has two edge-disjoint routes.
    """
    graph, label = contracted_graph(network)
    forest = bridge_forest(graph, network.used, contracted_weight(network, label))
    return exposure_of(network, forest, label)


def exposure_of(network: Network, forest: BridgeForest, label: NDArray[np.int32]) -> Exposure:
    """Read a network's exposure from its search tree.

    Parameters
    ----------
    network : Network
        The network.
    forest : BridgeForest
        Its search tree.
    label : int32[n]
        As from `contracted_graph`.

    Returns
    -------
    Exposure
        People behind each edge, and who has two edge-disjoint routes.
    """
    cut = np.flatnonzero(forest.bridge)
    people = np.zeros(network.tail.size)
    bridge = np.zeros(network.tail.size, np.bool_)
    people[forest.parent_edge[cut]] = forest.people[cut]
    bridge[forest.parent_edge[cut]] = True
    exposed = _exposed(forest.order, forest.parent, forest.bridge)
    connected = (forest.place >= 0)[label]
    two_routes = connected & ~exposed[label]
    return Exposure(
        people,
        bridge,
        connected,
        two_routes,
        float(network.weight[connected].sum()),
        float(network.weight[two_routes].sum()),
    )


@njit(cache=True)
def _exposed(
    order: NDArray[np.int32], parent: NDArray[np.int32], bridge: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    exposed = bridge.copy()
    for v in order:
        if parent[v] >= 0 and exposed[parent[v]]:
            exposed[v] = True
    return exposed


def stretches_of(forest: BridgeForest) -> list[tuple[float, list[int]]]:
    """Join bridges in a row that separate the same people.

    Parameters
    ----------
    forest : BridgeForest
        The search tree.

    Returns
    -------
    list of (people, nodes)
        For each stretch the people behind it and the lower node of each of its bridges, from the
        roots outwards; most people first, then by the first bridge's edge.
    """
    rows: dict[int, list[int]] = {}
    top: dict[int, int] = {}
    for v in forest.order[forest.bridge[forest.order]].tolist():
        if forest.people[v] <= 0:
            continue
        p = int(forest.parent[v])
        joined = p in top and forest.people[p] == forest.people[v]
        top[v] = top[p] if joined else v
        rows.setdefault(top[v], []).append(v)
    found = [(float(forest.people[first]), nodes) for first, nodes in rows.items()]
    return sorted(found, key=lambda row: (-row[0], int(forest.parent_edge[row[1][0]])))


def worst_stretches(network: Network, count: int) -> tuple[Stretch, ...]:
    """List the worst single cuts of a network.

    Parameters
    ----------
    network : Network
        The network.
    count : int
        How many at most.

    Returns
    -------
    tuple of Stretch
        Most people first; only cuts that separate somebody.
    """
    graph, label = contracted_graph(network)
    forest = bridge_forest(graph, network.used, contracted_weight(network, label))
    return tuple(
        Stretch(forest.parent_edge[np.array(nodes)], people)
        for people, nodes in stretches_of(forest)[:count]
    )
