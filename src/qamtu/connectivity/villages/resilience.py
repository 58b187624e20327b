"""Who hangs on each single cut of the plan, and the rings that mend the worst of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.connectivity.villages.formulation import Choice
from qamtu.connectivity.villages.prepare import Prepared
from qamtu.optimise.resilience import Network, close_rings, worst_stretches

__all__ = ["Shield", "protect"]

_WORST = 20


@dataclass(frozen=True, slots=True)
class Shield:
    """Cuts and rings of a plan.

    Parameters
    ----------
    cuts
        The worst single cuts: people, settlements, km, route_ids, lat_deg, lon_deg.
    rings
        The rings in their order: people_before, people_protected, km, capex, npv, route_ids.
    edges
        Edges of the graph that only close rings, shape (q,).
    edge_disjoint_share
        Share of the people on routes with two edge-disjoint ways to the network of today,
        before and after the rings [1].
    """

    cuts: pd.DataFrame
    rings: pd.DataFrame
    edges: NDArray[np.int64]
    edge_disjoint_share: tuple[float, float]


def protect(prepared: Prepared, choice: Choice, *, rings: int) -> Shield:
    """Find the worst cuts of a plan and its cheapest rings.

    Parameters
    ----------
    prepared, choice
        The plan.
    rings
        How many rings to close at most.
    """
    graph, leaves = prepared.graph, prepared.leaves
    linked = choice.leaf >= 0
    people = np.zeros(graph.n_nodes)
    np.add.at(people, leaves.node[choice.leaf[linked]], prepared.population[linked])
    used = np.zeros(graph.n_edges, dtype=bool)
    used[choice.edges] = True
    network = Network(
        graph.n_nodes,
        graph.edge_tail,
        graph.edge_head,
        used,
        prepared.roots.astype(np.int32),
        people,
    )
    length_km = graph.edge_length_m / 1000.0
    plan = close_rings(network, prepared.edge_npv, length_km, n_rings=rings)
    closures = [ring.new_edges.astype(np.int64) for ring in plan.rings]
    rows = [
        {
            "people_before": ring.people_before,
            "people_protected": ring.people_protected,
            "km": ring.length_km,
            "capex": float(graph.edge_capex[ring.new_edges].sum()),
            "npv": ring.cost,
            "worst_left": ring.worst_left,
            "cut_route_ids": _ids(ring.cut_edges),
            "route_ids": _ids(ring.new_edges),
        }
        for ring in plan.rings
    ]
    cuts = [
        {
            "people": stretch.people,
            "km": float(length_km[stretch.edges].sum()),
            "route_ids": _ids(stretch.edges),
            **_place(prepared, stretch.edges),
        }
        for stretch in worst_stretches(network, _WORST)
    ]
    return Shield(
        cuts=pd.DataFrame(cuts),
        rings=pd.DataFrame(rows),
        edges=np.concatenate([np.empty(0, dtype=np.int64), *closures]),
        edge_disjoint_share=(plan.before.share_two_routes, plan.after.share_two_routes),
    )


def _ids(edges: NDArray[np.int32]) -> list[str]:
    return [f"route:{edge}" for edge in edges]


def _place(prepared: Prepared, edges: NDArray[np.int32]) -> dict[str, float]:
    """Give the place where the stretch begins, for the map."""
    node = prepared.graph.edge_tail[edges[0]]
    return {
        "lat_deg": float(prepared.graph.node_lat_deg[node]),
        "lon_deg": float(prepared.graph.node_lon_deg[node]),
    }
