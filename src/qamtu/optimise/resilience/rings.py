"""The cheapest rings: closing paths for the worst single cuts, one after the other.

A stretch of bridges is protected when a second way leads around each of its edges. The cheapest
set of new edges that does so is a shortest path from behind the stretch to before it, in which used
edges are free, except that the stretch itself may be walked outwards only: so several short
arches that overlap count as well as one long one. (It is the shortest path for covering an interval
by intervals; cf. K. P. Eswaran, R. E. Tarjan, "Augmentation problems", SIAM J. Comput. 5 (1976),
653-665.) Taken worst first, each ring joins the network before the next cut is looked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.core.progress import Report, Stage, silent
from qamtu.kernels.graphs import Graph, path_edges, shortest_paths
from qamtu.optimise.resilience.bridges import (
    BridgeForest,
    Network,
    bridge_forest,
    contracted_graph,
    contracted_weight,
)
from qamtu.optimise.resilience.exposure import Exposure, exposure_of, stretches_of

__all__ = ["OpenCut", "Ring", "RingPlan", "close_rings"]


@dataclass(frozen=True, slots=True, eq=False)
class Ring:
    """One closing path.

    Attributes
    ----------
    cut_edges : int32[k]
        The bridges that it was built for, from the side of the roots outwards.
    people_before : float
        People who hung on them [people].
    new_edges : int32[j]
        Edges to be built.
    cost : float
        Their cost [currency].
    length_km : float
        Their length [km].
    people_protected : float
        People who get two edge-disjoint routes to the existing network by it [people]. It is 0
        where another cut nearer to the roots is still open.
    worst_left : float
        People who hang on the worst single cut that is left [people].
    """

    cut_edges: NDArray[np.int32]
    people_before: float
    new_edges: NDArray[np.int32]
    cost: float
    length_km: float
    people_protected: float
    worst_left: float


@dataclass(frozen=True, slots=True, eq=False)
class OpenCut:
    """A cut that was looked at and stays open.

    Attributes
    ----------
    cut_edges : int32[k]
        The bridges, from the side of the roots outwards.
    people : float
        People who hang on them [people].
    reason : {"no-path", "too-dear"}
        ``no-path``: the graph of possible trenches has no way around; ``too-dear``: the cheapest
        ring costs more than what is left of the money.
    """

    cut_edges: NDArray[np.int32]
    people: float
    reason: Literal["no-path", "too-dear"]


@dataclass(frozen=True, slots=True, eq=False)
class RingPlan:
    """The rings, what stays open, and the network before and after.

    Attributes
    ----------
    rings : tuple of Ring
        In the order of building.
    open_cuts : tuple of OpenCut
        Cuts that were at least as bad as the last one closed and have no (affordable) ring.
    used : bool[m]
        Edges of the network with the rings.
    before, after : Exposure
        What single cuts do without and with the rings.
    """

    rings: tuple[Ring, ...]
    open_cuts: tuple[OpenCut, ...]
    used: NDArray[np.bool_]
    before: Exposure
    after: Exposure


def _check_amount(name: str, values: NDArray[np.float64], size: int) -> None:
    given = np.asarray(values, dtype=np.float64)
    if given.shape != (size,) or np.any(np.isnan(given) | (given < 0)):
        mend = "give one number of at least 0 an edge (inf: cannot be built)"
        what = f"{name} does not fit {size} edges, or is negative or not a number"
        finding = Finding("ring-array", Severity.ERROR, what, mend, field=name)
        raise InputError("the rings cannot be searched", [finding])


def _closing_path(
    graph: Graph,
    forest: BridgeForest,
    nodes: list[int],
    cost: NDArray[np.float64],
    used: NDArray[np.bool_],
    tail: NDArray[np.int32],
    limit: float,
) -> tuple[float, NDArray[np.int32]] | None:
    """Cheapest new edges that lead around a stretch, or None."""
    by_arc = np.repeat(np.where(used, 0.0, cost), 2)
    edges = forest.parent_edge[nodes]
    # The arc that leads inwards starts at the bridge's lower node.
    inwards = 2 * edges + (tail[edges] != np.array(nodes))
    by_arc[inwards] = np.inf
    lowest, highest = nodes[-1], nodes[0]
    place, size = forest.place, forest.size
    behind = forest.order[place[lowest] : place[lowest] + size[lowest]]
    before = np.concatenate(
        (
            forest.order[: place[highest]],
            forest.order[place[highest] + size[highest] :],
        )
    )
    found = shortest_paths(graph, by_arc, behind, limit=limit, targets=before, stop_after=1)
    goal = int(before[np.argmin(found.distance[before])])
    if not np.isfinite(found.distance[goal]):
        return None
    path = path_edges(found.edge, found.previous, goal) >> 1
    return float(found.distance[goal]), np.unique(path[~used[path]])


def close_rings(
    network: Network,
    cost: NDArray[np.float64],
    length_km: NDArray[np.float64],
    *,
    n_rings: int = 10,
    max_cost: float = np.inf,
    progress: Report | None = None,
) -> RingPlan:
    """Close the worst single cuts by the cheapest rings, greedily; each ring O((n + m) log n).

    Parameters
    ----------
    network : Network
        The network without rings.
    cost : float64[m]
        Cost of building each edge [currency]; inf where it cannot be built.
    length_km : float64[m]
        Length of each edge [km].
    n_rings : int
        Rings to build at most.
    max_cost : float
        Money for all rings together [currency]. As many cuts as ``n_rings`` may turn out too dear
        before the search ends.
    progress : callable, optional
        Takes each `Stage`.

    Returns
    -------
    RingPlan
        The rings and what they do.

    Raises
    ------
    InputError
        If ``cost`` or ``length_km`` does not fit.
    """
    _check_amount("cost", cost, network.tail.size)
    _check_amount("length_km", length_km, network.tail.size)
    report = progress or silent
    graph, label = contracted_graph(network)
    tail = label[network.tail]
    used = network.used.copy()
    forest = bridge_forest(graph, used, contracted_weight(network, label))
    first = exposure_of(network, forest, label)
    # Places that a ring only passes through are not served by it.
    counted = replace(network, weight=np.where(first.connected, network.weight, 0.0))
    people = contracted_weight(counted, label)
    possible = bridge_forest(graph, used | np.isfinite(cost), people)
    forever = np.zeros(network.tail.size, np.bool_)
    forever[possible.parent_edge[possible.bridge]] = True
    now, left = first, max_cost
    rings: list[Ring] = []
    closed_out: dict[int, OpenCut] = {}
    too_dear = 0
    while len(rings) < n_rings and too_dear < n_rings:
        chosen = _next_stretch(forest, forever, closed_out)
        if chosen is None:
            break
        hanging, nodes = chosen
        edges = forest.parent_edge[nodes]
        found = _closing_path(graph, forest, nodes, cost, used, tail, left)
        if found is None:
            too_dear += 1
            closed_out[int(edges[0])] = OpenCut(edges, hanging, "too-dear")
            continue
        used[found[1]] = True
        left -= found[0]
        forest = bridge_forest(graph, used, people)
        then = exposure_of(counted, forest, label)
        rings.append(
            Ring(
                cut_edges=edges,
                people_before=hanging,
                new_edges=found[1],
                cost=float(cost[found[1]].sum()),
                length_km=float(length_km[found[1]].sum()),
                people_protected=then.people_two_routes - now.people_two_routes,
                worst_left=float(then.people.max(initial=0.0)),
            )
        )
        now = then
        report(Stage("rings", len(rings) / n_rings, f"{then.share_two_routes:.1%} on two routes"))
    # A later ring may have closed what was too dear by itself.
    still = tuple(cut for cut in closed_out.values() if now.bridge[cut.cut_edges].any())
    return RingPlan(tuple(rings), still, used, first, now)


def _next_stretch(
    forest: BridgeForest, forever: NDArray[np.bool_], closed_out: dict[int, OpenCut]
) -> tuple[float, list[int]] | None:
    """Worst stretch that can be closed; those that cannot are noted on the way."""
    for hanging, nodes in stretches_of(forest):
        edges = forest.parent_edge[nodes]
        if int(edges[0]) in closed_out:
            continue
        if not forever[edges].any():
            return hanging, nodes
        closed_out[int(edges[0])] = OpenCut(edges, hanging, "no-path")
    return None
