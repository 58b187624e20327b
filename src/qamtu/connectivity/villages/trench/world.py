"""Everything the trench graph is made of, read once: places, lines, barriers, ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from qamtu.connectivity.villages.trench.barriers import Barriers, read_barriers
from qamtu.connectivity.villages.trench.graph import EdgeKind
from qamtu.connectivity.villages.trench.lines import Lines, join_lines, read_lines
from qamtu.connectivity.villages.trench.places import Places, outside_findings, read_places
from qamtu.connectivity.villages.trench.plane import Plane
from qamtu.connectivity.villages.trench.settings import TrenchSettings
from qamtu.connectivity.villages.trench.terrain import Ground, read_ground
from qamtu.core.findings import Finding, Findings, Severity

__all__ = ["World", "read_world"]


@dataclass(frozen=True, slots=True)
class World:
    """What the graph is drawn from.

    Parameters
    ----------
    settings
        Distances, tolerances and costs.
    places
        Settlements of the plan and fibre points: the first nodes of the graph.
    lines
        Existing fibre, roads and railways; their nodes come next, in this order.
    n_fibre_ends
        Line nodes of existing fibre, the first of the line nodes.
    n_road_nodes
        Line nodes of roads, the next.
    plane, barriers, ground
        Where neighbours are sought, what bars a way, what the ground is.
    findings
        What was found on the way.
    """

    settings: TrenchSettings
    places: Places
    lines: Lines
    n_fibre_ends: int
    n_road_nodes: int
    plane: Plane
    barriers: Barriers
    ground: Ground
    findings: Findings

    @property
    def n_places(self) -> int:
        """Settlements and fibre points."""
        return len(self.places.lat)

    @property
    def n_points(self) -> int:
        """Nodes that get spurs: places and ends of existing fibre."""
        return self.n_places + self.n_fibre_ends


def read_world(
    settlements: pd.DataFrame,
    roads: pd.DataFrame | None,
    railways: pd.DataFrame | None,
    terrain: pd.DataFrame | None,
    water: pd.DataFrame | None,
    territory: BaseGeometry | None,
    fibre_nodes: pd.DataFrame | None,
    fibre_lines: pd.DataFrame | None,
    settings: TrenchSettings,
) -> World:
    """Read all tables; see `build_trench_graph` for them."""
    places = read_places(settlements, fibre_nodes)
    existing, found_existing = read_lines(fibre_lines, EdgeKind.EXISTING, "fibre_lines")
    road, found_road = read_lines(roads, EdgeKind.ROAD, "roads")
    rail, found_rail = read_lines(railways, EdgeKind.RAILWAY, "railways")
    plane = Plane.around(places.lat, places.lon)
    barriers = read_barriers(water, territory, plane, settings.border_m, settings.shore_m)
    lines, found_abroad = _stay_home(join_lines([existing, road, rail]), plane, barriers)
    return World(
        settings=settings,
        places=places,
        lines=lines,
        n_fibre_ends=len(existing.node_lat),
        n_road_nodes=len(road.node_lat),
        plane=plane,
        barriers=barriers,
        ground=read_ground(terrain, settings.slope_hilly, settings.slope_mountain),
        findings=found_existing
        + found_road
        + found_rail
        + found_abroad
        + _place_findings(places, plane, barriers),
    )


def _stay_home(lines: Lines, plane: Plane, barriers: Barriers) -> tuple[Lines, Findings]:
    """Leave out roads and railways with an end outside the territory."""
    abroad = barriers.abroad(plane.project(lines.node_lat, lines.node_lon))
    out = (lines.kind != EdgeKind.EXISTING) & (abroad[lines.tail] | abroad[lines.head])
    if not out.any():
        return lines, Findings()
    finding = Finding(
        "line-outside-territory",
        Severity.INFO,
        f"{int(out.sum()):,} roads or railways ({float(lines.length_m[out].sum()) / 1000:,.0f} km) "
        "end outside the territory",
        "they are left out; nothing to do unless the territory's border is wrong",
        "roads",
    )
    return lines.keep(~out), Findings((finding,))


def _place_findings(places: Places, plane: Plane, barriers: Barriers) -> Findings:
    at = plane.project(places.lat, places.lon)
    return outside_findings(
        places,
        barriers.abroad(at),
        "settlement-outside-territory",
        "stands outside the territory",
        "mend its coordinates, or leave it out with in_plan = false",
    ) + outside_findings(
        places,
        np.asarray(barriers.afloat(at)),
        "settlement-in-water",
        "stands in water, as the water polygons draw it",
        "mend its coordinates, or give finer water polygons",
    )
