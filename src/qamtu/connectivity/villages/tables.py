"""The plan as tables: one row a settlement, one row a route."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.connectivity.villages.formulation import (
    Choice,
    hang,
    own_route_npv,
    served_by,
)
from qamtu.connectivity.villages.options import OPTIONS, RADIO, STANDALONE
from qamtu.connectivity.villages.phasing import Phasing
from qamtu.connectivity.villages.prepare import Prepared
from qamtu.connectivity.villages.trench import EdgeKind, Method, Terrain
from qamtu.kernels.graphs import RootedForest, graph_from_edges, shortest_paths, subtree_sums

__all__ = ["route_table", "settlement_table"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NAMES = ("name_kk", "name_ru", "name_en")
_CARRIED = (
    "settlement_id", *_NAMES, "kind", "region_id", "district_id", "lat_deg", "lon_deg",
    "population", "population_source", "households", "fibre_source",
)  # fmt: skip


def settlement_table(
    settlements: pd.DataFrame, prepared: Prepared, choice: Choice, phasing: Phasing
) -> gpd.GeoDataFrame:
    """Tell for every settlement of the plan how, when and for how much it is served.

    Parameters
    ----------
    settlements
        The line's input.
    prepared, choice, phasing
        The plan.

    Returns
    -------
    GeoDataFrame
        One row a settlement with ``in_plan``, fields of ``fields.csv`` of shape settlement.
    """
    graph, customers = prepared.graph, prepared.customers
    rows = np.flatnonzero(settlements["in_plan"].to_numpy(dtype=bool))
    table = settlements.iloc[rows][[c for c in _CARRIED if c in settlements.columns]].copy()
    table = table.reset_index(drop=True)
    place = np.full(len(settlements), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    at = place[customers]
    forest = hang(prepared, choice.edges)
    table["node"] = graph.settlement_node[rows].astype(np.int64)
    table["option"] = "served"
    table.loc[at, "option"] = _option_names(prepared, choice)
    table["adequate"] = True
    table.loc[at, "adequate"] = (choice.leaf >= 0) | prepared.alternatives.adequate
    table["year"] = pd.array([pd.NA] * len(table), dtype="Int64")
    table.loc[at, "year"] = pd.array(phasing.customer_year, dtype="Int64")
    table.loc[table["year"] == 0, "year"] = pd.NA
    for name, values in _money(prepared, choice).items():
        table[name] = 0.0
        table.loc[at, name] = values
    served = prepared.options["fibre"]
    for name in ("speed_down_mbps", "latency_ms"):
        table[name] = getattr(served, name)
        table.loc[at, name] = [getattr(prepared.options[o], name) for o in table.loc[at, "option"]]
    table["route_km"] = np.nan
    table.loc[at, "route_km"] = _route_km(prepared, choice, forest)
    table["link_km"] = np.nan
    table["served_from"] = pd.Series([None] * len(table), dtype="str")
    radio = np.flatnonzero((choice.leaf >= 0) & (prepared.leaves.kind[choice.leaf] > 0))
    table.loc[at[radio], "link_km"] = prepared.leaves.distance_km[choice.leaf[radio]]
    leaf = choice.leaf[radio]
    table["link_clearance"] = np.nan
    table.loc[at[radio], "link_clearance"] = prepared.leaves.clearance[leaf]
    table["link_resolution_arcsec"] = pd.array([pd.NA] * len(table), dtype="Int64")
    seen = prepared.leaves.resolution_arcsec[leaf] > 0
    table.loc[at[radio[seen]], "link_resolution_arcsec"] = prepared.leaves.resolution_arcsec[
        leaf[seen]
    ]
    table.loc[at[radio], "served_from"] = _source_ids(settlements, prepared, choice.leaf[radio])
    for name, values in _comparison(prepared, choice, forest).items():
        table[name] = np.nan if values.dtype.kind == "f" else pd.Series([None], dtype="str")
        table.loc[at, name] = values
    points = gpd.points_from_xy(table["lon_deg"], table["lat_deg"])
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def route_table(
    prepared: Prepared, choice: Choice, phasing: Phasing, rings: Ints
) -> gpd.GeoDataFrame:
    """Tell for every edge that is built, and every ring closure, where, when and for whom.

    Parameters
    ----------
    prepared, choice, phasing
        The plan.
    rings
        Edges of the graph that only close rings, shape (q,).

    Returns
    -------
    GeoDataFrame
        One row a route, fields of ``fields.csv`` of shape route.
    """
    graph = prepared.graph
    forest = hang(prepared, choice.edges)
    nodes = forest.order[forest.parent[forest.order] >= 0].astype(np.int64)
    tree = forest.parent_edge[nodes].astype(np.int64)
    edges = np.concatenate((tree, rings))
    people, places = _downstream(prepared, choice, forest)
    far = np.concatenate((nodes, graph.edge_head[rings].astype(np.int64)))
    near = np.concatenate(
        (forest.parent[nodes].astype(np.int64), graph.edge_tail[rings].astype(np.int64))
    )
    parent_edge = forest.parent_edge[near]
    is_ring = np.r_[np.zeros(len(tree), dtype=bool), np.ones(len(rings), dtype=bool)]
    year = phasing.edge_year[edges]
    table = pd.DataFrame(
        {
            "route_id": [f"route:{e}" for e in edges],
            "route_kind": _words(EdgeKind)[graph.edge_kind[edges]],
            "terrain_class": _words(Terrain)[graph.edge_terrain[edges]],
            "method": _words(Method)[graph.edge_method[edges]],
            "length_m": graph.edge_length_m[edges],
            "capex": graph.edge_capex[edges],
            "opex_per_year": graph.edge_opex_per_year[edges],
            "year": pd.array(np.where(year > 0, year, 0), dtype="Int64"),
            "people_downstream": np.where(is_ring, 0.0, people[far]),
            "settlements_downstream": np.where(is_ring, 0, places[far]).astype(np.int64),
            "is_ring": is_ring,
            "node_near": near,
            "node_far": far,
            "parent_route": [
                f"route:{e}" if e >= 0 and not ring else None
                for e, ring in zip(parent_edge, is_ring, strict=True)
            ],
            "resolution_arcsec": graph.edge_resolution_arcsec[edges],
        }
    )
    table.loc[table["year"] == 0, "year"] = pd.NA
    return gpd.GeoDataFrame(table, geometry=graph.edge_lines(edges), crs="EPSG:4326")


def _words(kind: type[IntEnum]) -> NDArray[np.object_]:
    """Name the members of an enumeration in their order, in lower case."""
    return np.array([member.name.lower() for member in kind], dtype=object)


def _option_names(prepared: Prepared, choice: Choice) -> NDArray[np.object_]:
    return np.array(OPTIONS, dtype=object)[served_by(prepared, choice)]


def _money(prepared: Prepared, choice: Choice) -> dict[str, Floats]:
    """Capital, running cost and net present cost of each customer's own works."""
    index = served_by(prepared, choice)
    rows = np.arange(len(index))
    return {
        field: np.stack([getattr(prepared.options[o], field) for o in OPTIONS])[index, rows]
        for field in ("capex", "opex_per_year", "npv")
    }


def _route_km(prepared: Prepared, choice: Choice, forest: RootedForest) -> Floats:
    """Length between each linked customer's fibre point and the network of today [km]."""
    graph = prepared.graph
    along = np.zeros(graph.n_nodes)
    for node in forest.order:
        if forest.parent[node] >= 0:
            step = graph.edge_length_m[forest.parent_edge[node]] / 1000.0
            along[node] = along[forest.parent[node]] + step
    linked = choice.leaf >= 0
    return np.where(linked, along[prepared.leaves.node[choice.leaf]], np.nan)


def _downstream(prepared: Prepared, choice: Choice, forest: RootedForest) -> tuple[Floats, Floats]:
    linked = choice.leaf >= 0
    node = prepared.leaves.node[choice.leaf[linked]]
    people = np.zeros(prepared.graph.n_nodes)
    places = np.zeros(len(people))
    np.add.at(people, node, prepared.population[linked])
    np.add.at(places, node, 1.0)
    return (
        subtree_sums(forest.order, forest.parent, people),
        subtree_sums(forest.order, forest.parent, places),
    )


def _comparison(
    prepared: Prepared, choice: Choice, forest: RootedForest
) -> dict[str, NDArray[Any]]:
    """Price every option of each customer with the plan's network standing."""
    graph, leaves = prepared.graph, prepared.leaves
    c = len(prepared.customers)
    lit = np.zeros(graph.n_nodes, dtype=bool)
    lit[forest.order] = True
    joined = shortest_paths(
        graph_from_edges(len(lit), graph.edge_tail, graph.edge_head),
        prepared.edge_npv,
        np.flatnonzero(lit).astype(np.int32),
    ).distance
    own = own_route_npv(prepared, choice, forest)
    node = graph.settlement_node[prepared.customers]
    linked = choice.leaf >= 0
    by_fibre = linked & (leaves.kind[choice.leaf] == 0)
    route = np.where(lit[node], np.where(by_fibre, own[node], 0.0), joined[node])
    cost = {"fibre": prepared.options["fibre"].npv + route}
    for kind, name in enumerate(RADIO, start=1):
        near = np.zeros(c, dtype=bool)
        near[leaves.customer[(leaves.kind == kind) & lit[leaves.node]]] = True
        cost[name] = np.where(near, prepared.options[name].npv, np.nan)
    for name in STANDALONE:
        option = prepared.options[name]
        cost[name] = np.where(option.feasible, option.npv, np.nan)
    names = _option_names(prepared, choice)
    stack = np.stack([cost[name] for name in OPTIONS])
    rivals = np.where(np.isfinite(stack), stack, np.inf)
    for i, name in enumerate(OPTIONS):
        rivals[i, names == name] = np.inf
        if not prepared.adequate[name]:
            rivals[i] = np.inf
    best = np.argmin(rivals, axis=0)
    value = rivals.min(axis=0)
    made: dict[str, NDArray[Any]] = {
        f"npv_{name}": np.where(np.isfinite(v), v, np.nan) for name, v in cost.items()
    }
    made["route_own_npv"] = np.where(by_fibre, own[node], 0.0)
    made["next_best_npv"] = np.where(np.isfinite(value), value, np.nan)
    rival = np.array(OPTIONS, dtype=object)[best]
    rival[~np.isfinite(value)] = None
    made["next_best"] = rival
    return made


def _source_ids(settlements: pd.DataFrame, prepared: Prepared, leaf: Ints) -> list[str]:
    """Name the settlement whose fibre point a radio link comes from."""
    node = prepared.leaves.node[leaf]
    owner = prepared.graph.node_settlement[node]
    ids = settlements["settlement_id"].to_numpy(dtype=object)
    return [str(ids[o]) if o >= 0 else f"node:{n}" for o, n in zip(owner, node, strict=True)]
