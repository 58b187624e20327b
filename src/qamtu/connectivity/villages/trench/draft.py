"""The first draft: points joined to lines, lines cut where they are joined, nodes numbered.

Nodes are numbered: settlements of the plan, fibre points, line nodes (ends of existing fibre,
road nodes, railway nodes), junctions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.villages.trench.courses import Courses
from qamtu.connectivity.villages.trench.cuts import cut_lines
from qamtu.connectivity.villages.trench.graph import EdgeKind, NodeKind
from qamtu.connectivity.villages.trench.joins import Joins, find_joins, gather_junctions
from qamtu.connectivity.villages.trench.pricing import Edges, straight_edges
from qamtu.connectivity.villages.trench.world import World
from qamtu.kernels.geodesy import geodesic_m

__all__ = ["Draft", "draft_network", "trace_lines"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Draft:
    """Nodes and lines, before spurs; n nodes.

    Parameters
    ----------
    lat, lon
        Nodes [deg], float64[n].
    kind
        `NodeKind`, int8[n].
    lines
        Edges along roads, railways and existing fibre, and hops of their inferred courses.
    joins
        Pairs of nodes: a point and where it may meet a line, int64[j, 2].
    free
        Whether that join costs nothing: existing fibre within the snapping distance, bool[j].
    cut_line, cut_along
        Line and place [m] of each junction, in the order of their nodes, [g].
    """

    lat: Floats
    lon: Floats
    kind: NDArray[np.int8]
    lines: Edges
    joins: Ints
    free: Flags
    cut_line: Ints
    cut_along: Floats

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.lat)


def draft_network(world: World, courses: Courses) -> Draft:
    """Join points to lines and cut the lines there.

    Parameters
    ----------
    world
        The world, its lines without those that hops stand for.
    courses
        These hops, and which lines must not be joined between their ends.
    """
    joins = _join_points(world, courses.uncertain[~courses.replaced])
    width = world.settings.merge_m
    target, cut_line, cut_along = gather_junctions(joins, world.lines, width)
    first = world.n_places
    junction = first + len(world.lines.node_lat)
    meets = np.where(target >= 0, first + target, junction - 1 - target)
    lines, lat, lon, kind = trace_lines(world, courses, cut_line, cut_along)
    pairs = np.column_stack([joins.point, meets])
    existing = world.lines.kind[joins.line] == EdgeKind.EXISTING
    apart = geodesic_m(lat[pairs[:, 0]], lon[pairs[:, 0]], lat[pairs[:, 1]], lon[pairs[:, 1]])
    return Draft(
        lat=lat,
        lon=lon,
        kind=kind,
        lines=lines,
        joins=pairs,
        free=existing & (apart <= world.settings.snap_m),
        cut_line=cut_line,
        cut_along=cut_along,
    )


def trace_lines(
    world: World, courses: Courses, cut_line: Ints, cut_along: Floats
) -> tuple[Edges, Floats, Floats, NDArray[np.int8]]:
    """Cut the lines; gives edges of lines and hops and latitude, longitude, kind of all nodes."""
    lines, places = world.lines, world.places
    pieces = cut_lines(lines, cut_line, cut_along)
    first = world.n_places
    edges = Edges(
        tail=first + pieces.tail,
        head=first + pieces.head,
        kind=pieces.kind,
        length_m=pieces.length_m,
        offset=pieces.offset,
        lat=pieces.lat,
        lon=pieces.lon,
    )
    kinds = np.full(first, NodeKind.FIBRE, dtype=np.int8)
    kinds[: places.n_settlements] = NodeKind.SETTLEMENT
    junctions = np.full(len(cut_line), NodeKind.JUNCTION, dtype=np.int8)
    lat = np.concatenate([places.lat, lines.node_lat, pieces.junction_lat])
    lon = np.concatenate([places.lon, lines.node_lon, pieces.junction_lon])
    hops = straight_edges(courses.pairs, courses.kind, courses.length_m, lat, lon)
    return edges + hops, lat, lon, np.concatenate([kinds, lines.node_kind, junctions])


def _join_points(world: World, uncertain: Flags) -> Joins:
    """Who may meet which lines, and how far; points are numbered as nodes."""
    settings, lines = world.settings, world.lines
    lat = np.concatenate([world.places.lat, lines.node_lat])
    lon = np.concatenate([world.places.lon, lines.node_lon])
    at = world.plane.project(lat, lon)
    vertices = world.plane.project(lines.lat, lines.lon)
    road_nodes = slice(world.n_points, world.n_points + world.n_road_nodes)
    plan = (
        (slice(0, world.n_places), EdgeKind.EXISTING, settings.road_join_m, 1),
        (road_nodes, EdgeKind.EXISTING, settings.snap_m, 1),
        (slice(0, world.n_points), EdgeKind.ROAD, settings.road_join_m, settings.road_join_count),
        (slice(0, world.places.n_settlements), EdgeKind.RAILWAY, settings.railway_join_m, 1),
    )
    found = []
    for who, kind, reach, count in plan:
        chosen = np.flatnonzero((lines.kind == kind) & ~uncertain)
        made = find_joins(at[who], lines, vertices, chosen, reach, count)
        found.append(Joins(made.point + who.start, made.line, made.along_m))
    return Joins(
        np.concatenate([f.point for f in found]),
        np.concatenate([f.line for f in found]),
        np.concatenate([f.along_m for f in found]),
    )
