"""Who hangs on each single cut of a network, and who has two edge-disjoint routes.

A node has two edge-disjoint routes to the roots exactly where no bridge lies between (K. Menger,
Fund. Math. 10 (1927), 96-115).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.resilience.bridges import (
    BridgeForest,
    Network,
    bridge_forest,
    contracted_graph,
    contracted_weight,
)

__all__ = [
    "Exposure",
    "Stretch",
    "cut_exposure",
    "exposure_of",
    "network_exposure",
    "stretches_of",
    "worst_stretches",
]


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
