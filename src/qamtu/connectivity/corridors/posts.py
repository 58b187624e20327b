"""What may be joined to what: chosen sites, possible relays, and the points served today."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.connectivity.corridors.inputs import SurfaceTile
from qamtu.connectivity.corridors.places import Places, nearest_of, nearest_road, tile_of
from qamtu.connectivity.corridors.roads import Roads
from qamtu.core.params import Params

__all__ = ["FibrePoints", "Posts", "fibre_points", "gather_posts", "nearest_fibre_m"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FibrePoints:
    """Points with fibre today, f of them.

    Parameters
    ----------
    name
        Id of the settlement or node, object[f].
    lat_deg, lon_deg
        Where they are [deg], float64[f].
    """

    name: NDArray[np.object_]
    lat_deg: Floats
    lon_deg: Floats


@dataclass(frozen=True, slots=True)
class Posts:
    """Ends of possible links, shape (n,) each: first the sites, then relays, then what stands.

    Parameters
    ----------
    sites, relays
        How many of the posts are chosen sites, and how many possible relays.
    place
        Place of a site, relay or site of today; -1 for a fibre point.
    fibre
        Number of the fibre point; -1 for the others.
    lat_deg, lon_deg
        Where it is [deg].
    tile
        Tile of the terrain, -1 for none.
    height_m
        Height of the antenna that the post has anyhow [m]; for a relay the lowest tower offered.
    tower_m
        Height of its tower [m]; NaN for a fibre point.
    road, along_m, spur_m
        Whole road it hangs on (-1 for none), where, and the length of the way there [m].
    """

    sites: int
    relays: int
    place: Ints
    fibre: Ints
    lat_deg: Floats
    lon_deg: Floats
    tile: Ints
    height_m: Floats
    tower_m: Floats
    road: Ints
    along_m: Floats
    spur_m: Floats

    @property
    def count(self) -> int:
        """Number of posts."""
        return len(self.place)

    @property
    def movable(self) -> Flags:
        """Whether its tower is still to be built, so that it may be taller, bool[n]."""
        return np.arange(self.count) < self.sites + self.relays

    @property
    def is_relay(self) -> Flags:
        """Whether it is a possible relay, bool[n]."""
        order = np.arange(self.count)
        return (order >= self.sites) & (order < self.sites + self.relays)

    @property
    def is_root(self) -> Flags:
        """Whether it is served today, bool[n]."""
        return ~self.movable


def fibre_points(settlements: pd.DataFrame, nodes: pd.DataFrame | None) -> FibrePoints:
    """List the settlements and nodes that have fibre."""
    lit = settlements[settlements["has_fibre"].eq(True)]  # noqa: FBT003 (a value)
    name = lit["settlement_id"].astype("str").to_numpy(dtype=object)
    at = lit[["lat_deg", "lon_deg"]].to_numpy(dtype=np.float64)
    if nodes is not None and len(nodes):
        name = np.concatenate((name, nodes["node_id"].astype("str").to_numpy(dtype=object)))
        at = np.concatenate((at, nodes[["lat_deg", "lon_deg"]].to_numpy(dtype=np.float64)))
    return FibrePoints(name, np.ascontiguousarray(at[:, 0]), np.ascontiguousarray(at[:, 1]))


def gather_posts(
    roads: Roads,
    tiles: tuple[SurfaceTile, ...],
    places: Places,
    chosen: Ints,
    height_m: Floats,
    points: FibrePoints,
    params: Params,
    *,
    lowest_m: float,
    standing_m: Floats,
) -> Posts:
    """Put together what may be joined.

    Parameters
    ----------
    roads, tiles, places, points, params
        Of the study.
    chosen, height_m
        Places of the new sites, and the heights of their towers [m].
    lowest_m
        Lowest tower offered [m].
    standing_m
        Antenna heights of the sites of today [m], by row of their table.
    """
    relay = _relays(places, chosen, 1000.0 * params.value("relay_spacing"))
    stands = np.flatnonzero(places.existing >= 0)
    below = params.value("microwave_below_top")
    detour = params.value("spur_detour_factor")
    reach_m = 1000.0 * params.value("fibre_join_distance")
    at = np.concatenate((chosen, relay, stands))
    tower = np.concatenate(
        (height_m, np.full(len(relay), lowest_m), standing_m[places.existing[stands]])
    )
    road, along, off = nearest_road(roads, points.lat_deg, points.lon_deg)
    road = np.where(off <= reach_m, road, -1)
    many = len(points.name)
    return Posts(
        sites=len(chosen),
        relays=len(relay),
        place=np.concatenate((at, np.full(many, -1, dtype=np.int64))),
        fibre=np.concatenate((np.full(len(at), -1, dtype=np.int64), np.arange(many))),
        lat_deg=np.concatenate((places.lat_deg[at], points.lat_deg)),
        lon_deg=np.concatenate((places.lon_deg[at], points.lon_deg)),
        tile=np.concatenate((places.tile[at], tile_of(tiles, points.lat_deg, points.lon_deg))),
        height_m=np.concatenate(
            (np.maximum(tower - below, 1.0), np.full(many, params.value("served_point_height")))
        ),
        tower_m=np.concatenate((tower, np.full(many, np.nan))),
        road=np.concatenate((places.road[at], road)),
        along_m=np.concatenate((places.along_m[at], along)),
        spur_m=np.concatenate((places.road_km[at] * 1000.0, off)) * detour,
    )


def nearest_fibre_m(places: Places, points: FibrePoints) -> Floats:
    """Straight distance of each place from the nearest fibre point [m]; infinite without one."""
    _, away = nearest_of(places.lat_deg, places.lon_deg, points.lat_deg, points.lon_deg)
    return away


def _relays(places: Places, chosen: Ints, spacing_m: float) -> Ints:
    """Take the highest place of every so long stretch of road that is not chosen already."""
    free = (places.existing < 0) & (places.road >= 0)
    free[chosen] = False
    rows = np.flatnonzero(free)
    cell = np.floor(places.along_m[rows] / spacing_m).astype(np.int64)
    order = np.lexsort((rows, -places.ground_m[rows], cell, places.road[rows]))
    road, cell = places.road[rows][order], cell[order]
    first = np.r_[True, (road[1:] != road[:-1]) | (cell[1:] != cell[:-1])][: len(rows)]
    return np.sort(rows[order][first])
