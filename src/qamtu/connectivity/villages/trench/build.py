"""From tables to the trench graph: draft, draw spurs, price, prune, bridge, finish.

Time grows as O(n log n) in settlements, line vertices and terrain samples, memory linearly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from qamtu.connectivity.villages.trench.barriers import Barred
from qamtu.connectivity.villages.trench.bridges import Bridges, choose_bridges
from qamtu.connectivity.villages.trench.courses import Courses, infer_courses
from qamtu.connectivity.villages.trench.draft import Draft, draft_network, trace_lines
from qamtu.connectivity.villages.trench.graph import EdgeKind, NodeKind, TrenchGraph
from qamtu.connectivity.villages.trench.pricing import (
    Edges,
    Priced,
    price_edges,
    straight_edges,
)
from qamtu.connectivity.villages.trench.settings import TrenchSettings
from qamtu.connectivity.villages.trench.spurs import delaunay_pairs, nearest_pairs, unique_pairs
from qamtu.connectivity.villages.trench.world import World, read_world
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params
from qamtu.core.progress import Report, Stage, silent
from qamtu.kernels.dominance import dominated_edges
from qamtu.kernels.geodesy import geodesic_m
from qamtu.kernels.graphs import graph_from_edges

__all__ = ["build_trench_graph"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_STAGE = "trench graph"
_SETTLE_MAX = 400
_LEAST_M = 1.0


def build_trench_graph(
    settlements: pd.DataFrame,
    roads: pd.DataFrame | None,
    terrain: pd.DataFrame | None,
    water: pd.DataFrame | None,
    territory: BaseGeometry | None,
    fibre_nodes: pd.DataFrame | None,
    fibre_lines: pd.DataFrame | None,
    params: Params,
    railways: pd.DataFrame | None = None,
    progress: Report = silent,
) -> TrenchGraph:
    """Draw every way that fibre could take between the settlements of the plan.

    All tables are in EPSG:4326 with the columns of the pack's schemas; each but the first may
    be None or empty.

    Parameters
    ----------
    settlements
        One row a settlement: settlement_id, lat_deg, lon_deg, in_plan and names.
    roads, railways
        Lines with geometry and, where known, length_m, node_from and node_to.
    terrain
        Regular cells: lat_deg, lon_deg, slope_deg, land_cover, resolution_arcsec. Without it
        all ground is flat.
    water
        Polygons that no spur may cross, with resolution_arcsec.
    territory
        Polygon that spurs may not leave.
    fibre_nodes
        Existing fibre points: lat_deg, lon_deg and, where known, settlement_id.
    fibre_lines
        Existing fibre lines.
    params
        Parameters of `load_trench_params` together with the pack's ``exchange_rate``.
    progress
        Told of each step.

    Returns
    -------
    TrenchGraph
        A connected graph; its findings name every bridge and every place that stands oddly.

    Raises
    ------
    InputError
        If no settlement is in the plan, a coordinate is impossible, a parameter is missing or
        out of range, or the terrain is not a regular grid.
    """
    settings = TrenchSettings.from_params(params)
    progress(Stage(_STAGE, 0.0, "reading roads, water and terrain"))
    world = read_world(
        settlements, roads, railways, terrain, water, territory, fibre_nodes, fibre_lines, settings
    )
    progress(Stage(_STAGE, 0.2, f"joining {world.places.n_settlements:,} settlements to roads"))
    courses = infer_courses(world)
    world = replace(
        world,
        lines=world.lines.keep(~courses.replaced),
        findings=world.findings + courses.findings,
    )
    draft = draft_network(world, courses)
    progress(Stage(_STAGE, 0.4, f"drawing spurs between {draft.n_nodes:,} places"))
    links = _links(world, draft)
    ways, spurs = _candidate_spurs(world, draft, links)
    progress(Stage(_STAGE, 0.6, f"comparing {len(spurs):,} spurs with roads"))
    spurs = spurs[~_dominated(world, draft, links, spurs)] if settings.prune else spurs
    progress(Stage(_STAGE, 0.8, "joining what is still apart"))
    edges = np.column_stack([draft.lines.tail, draft.lines.head])
    bridges = choose_bridges(
        draft.n_nodes,
        np.concatenate([edges, links, spurs]),
        ways,
        lambda pairs: _appraise(world, draft, pairs),
        world.places,
    )
    graph = _finish(world, courses, draft, links, spurs, bridges)
    progress(Stage(_STAGE, 1.0, f"{graph.n_nodes:,} nodes, {graph.n_edges:,} edges"))
    return graph


def _links(world: World, draft: Draft) -> Ints:
    """Pair what existing fibre joins at no cost, int64[k, 2]."""
    homes = world.places.fibre_pairs(world.plane, world.settings.snap_m)
    return unique_pairs(np.concatenate([homes, draft.joins[draft.free]]))


def _candidate_spurs(world: World, draft: Draft, links: Ints) -> tuple[Ints, Ints]:
    """Pair all nodes by the triangulation, and points with whom a spur may join them to."""
    settings, n = world.settings, world.n_points
    at = world.plane.project(draft.lat, draft.lon)
    ways = delaunay_pairs(at)
    payable = ~draft.free & (draft.joins[:, 0] < n)
    pairs = unique_pairs(
        np.concatenate(
            [
                ways[ways[:, 0] < n],
                delaunay_pairs(at[:n]),
                nearest_pairs(at[:n], settings.neighbours),
                draft.joins[payable],
            ]
        )
    )
    size = np.int64(draft.n_nodes)
    pairs = pairs[~np.isin(pairs @ [size, 1], links @ [size, 1])]
    pairs = pairs[_apart(draft, pairs) <= settings.spur_max_m]
    barred = world.barriers.bar(at[pairs[:, 0]], at[pairs[:, 1]])
    return ways, pairs[~barred.any]


def _apart(draft: Draft, pairs: Ints) -> Floats:
    """Geodesic distance of pairs of nodes [m]."""
    a, b = pairs[:, 0], pairs[:, 1]
    return geodesic_m(draft.lat[a], draft.lon[a], draft.lat[b], draft.lon[b])


def _straight(
    world: World, draft: Draft, pairs: Ints, kind: EdgeKind, detour: float | None = None
) -> Edges:
    """Make straight edges of one kind, with the detour factor."""
    factor = world.settings.detour if detour is None else detour
    length = np.maximum(_apart(draft, pairs) * factor, _LEAST_M)
    kinds = np.full(len(pairs), kind, dtype=np.int8)
    return straight_edges(pairs, kinds, length, draft.lat, draft.lon)


def _dominated(world: World, draft: Draft, links: Ints, spurs: Ints) -> Flags:
    """Tell which spurs a path of other edges replaces at lower cost, exactly."""
    edges = (
        draft.lines
        + _straight(world, draft, links, EdgeKind.EXISTING, 1.0)
        + _straight(world, draft, spurs, EdgeKind.SPUR)
    )
    priced = price_edges(edges, world.ground, world.settings.costs)
    graph = graph_from_edges(draft.n_nodes, edges.tail, edges.head)
    candidate = edges.kind == EdgeKind.SPUR
    found = dominated_edges(*graph, priced.capex, priced.opex, candidate, _SETTLE_MAX)
    made: Flags = np.asarray(found)[candidate]
    return made


def _appraise(world: World, draft: Draft, pairs: Ints) -> tuple[Floats, Floats, Barred]:
    """Cost, length and barriers of possible bridges."""
    edges = _straight(world, draft, pairs, EdgeKind.BRIDGE)
    at = world.plane.project(draft.lat, draft.lon)
    barred = world.barriers.bar(at[pairs[:, 0]], at[pairs[:, 1]])
    priced = price_edges(edges, world.ground, world.settings.costs)
    factor = np.where(barred.water, world.settings.water_factor, 1.0)
    return priced.capex * factor, edges.length_m, barred


@dataclass(frozen=True, slots=True)
class _Final:
    """Nodes and edges as they will stay."""

    lat: Floats
    lon: Floats
    kind: NDArray[np.int8]
    edges: Edges
    wet: Flags


def _finish(
    world: World, courses: Courses, draft: Draft, links: Ints, spurs: Ints, bridges: Bridges
) -> TrenchGraph:
    """Cut the lines anew where a spur is left, and put all into arrays."""
    final = _renumber(world, courses, draft, links, spurs, bridges)
    edges, wet = final.edges, np.where(final.wet, world.settings.water_factor, 1.0)
    priced = price_edges(edges, world.ground, world.settings.costs)
    places = world.places
    node_settlement = np.full(len(final.lat), -1, dtype=np.int32)
    node_settlement[: places.n_settlements] = places.row
    settlement_node = np.full(places.n_rows, -1, dtype=np.int32)
    settlement_node[places.row] = np.arange(places.n_settlements)
    return TrenchGraph(
        node_lat_deg=final.lat,
        node_lon_deg=final.lon,
        node_kind=final.kind,
        node_settlement=node_settlement,
        settlement_node=settlement_node,
        edge_tail=edges.tail.astype(np.int32),
        edge_head=edges.head.astype(np.int32),
        edge_length_m=edges.length_m,
        edge_kind=edges.kind,
        edge_terrain=priced.terrain,
        edge_method=priced.method,
        edge_capex=priced.capex * wet,
        edge_opex_per_year=priced.opex * wet,
        edge_resolution_arcsec=priced.resolution,
        edge_path_offset=edges.offset,
        edge_path_lat=edges.lat,
        edge_path_lon=edges.lon,
        findings=world.findings + bridges.findings + _terrain_findings(world, edges, priced),
    )


def _renumber(
    world: World, courses: Courses, draft: Draft, links: Ints, spurs: Ints, bridges: Bridges
) -> _Final:
    """Leave out junctions without a spur and pieces that lead nowhere."""
    straight = (
        _straight(world, draft, links, EdgeKind.EXISTING, 1.0)
        + _straight(world, draft, spurs, EdgeKind.SPUR)
        + _straight(world, draft, bridges.pairs, EdgeKind.BRIDGE)
    )
    used = np.zeros(draft.n_nodes, dtype=bool)
    used[straight.tail] = used[straight.head] = True
    first = draft.n_nodes - len(draft.cut_line)
    stays = used[first:]
    lines, lat, lon, kind = trace_lines(
        world, courses, draft.cut_line[stays], draft.cut_along[stays]
    )
    number = np.concatenate([np.arange(first), first - 1 + np.cumsum(stays)])
    edges = lines + straight.renumbered(number)

    kept = np.concatenate([bridges.kept[:first], bridges.kept[first:][stays]])
    touched = np.zeros(len(lat), dtype=bool)
    touched[edges.tail] = touched[edges.head] = True
    kept &= touched | (kind == NodeKind.SETTLEMENT)
    stays_edge = kept[edges.tail] & kept[edges.head]
    wet = np.zeros(len(edges.tail), dtype=bool)
    wet[len(wet) - len(bridges.wet) :] = bridges.wet
    order = np.cumsum(kept) - 1
    return _Final(
        lat[kept], lon[kept], kind[kept], edges.keep(stays_edge).renumbered(order), wet[stays_edge]
    )


def _terrain_findings(world: World, edges: Edges, priced: Priced) -> Findings:
    """Say how much lies outside the terrain data."""
    blind = priced.resolution == 0
    if not blind.any():
        return Findings()
    length = float(edges.length_m[blind].sum()) / 1000
    known = "outside the terrain table" if world.ground.grids else "without a terrain table"
    finding = Finding(
        "terrain-unknown",
        Severity.INFO,
        f"{int(blind.sum()):,} edges ({length:,.0f} km) {known} are taken as flat",
        "give terrain cells that cover them",
        "terrain",
    )
    return Findings((finding,))
