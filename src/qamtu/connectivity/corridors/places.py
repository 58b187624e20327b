"""Where a site may stand: settlements near a road, its nodes, and every so far along it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from qamtu.connectivity.corridors.inputs import SurfaceTile
from qamtu.connectivity.corridors.roads import Roads
from qamtu.connectivity.corridors.samples import region_of
from qamtu.kernels.geodesy import EARTH_RADIUS_M, geodesic_m, unit_vectors
from qamtu.kernels.terrain import ClutterClass, ground_height, nearest

__all__ = ["KINDS", "Places", "find_places", "nearest_of", "nearest_road", "tile_of"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

KINDS: Final = ("settlement", "road_node", "road", "existing")
"""Kinds of place, in the order in which one is kept before another nearby."""
_T = TypeVar("_T", bound=np.generic)
_SIGHT_M: Final = 4000.0
"""Distance ahead and back along the road by which the sectors of a site are aimed [m]."""
_PEOPLED: Final = frozenset({"city", "town", "village", "hamlet"})


@dataclass(frozen=True, slots=True)
class Places:
    """Candidate places of sites, shape (p,) each; those that stand today come last.

    Parameters
    ----------
    kind
        Index into `KINDS`.
    lat_deg, lon_deg
        Where it is [deg].
    road, along_m
        Whole road it belongs to, -1 where none is near, and the place along it [m].
    road_km
        Distance from the road [km].
    settlement, settlement_km
        Row of the nearest settlement, -1 for none, and distance to its point [km].
    region
        Row of the region.
    ground_m
        Ground above sea level [m]; NaN where the terrain is not known.
    resolution_arcsec
        Resolution of the terrain there [arcsec].
    tile
        Tile of the terrain that it belongs to, -1 where none does.
    azimuth_deg
        Azimuths ahead and back along the road [deg], float64[p, 2].
    existing
        Row in the table of existing sites, -1 for a place where nothing stands.
    """

    kind: NDArray[np.int8]
    lat_deg: Floats
    lon_deg: Floats
    road: Ints
    along_m: Floats
    road_km: Floats
    settlement: Ints
    settlement_km: Floats
    region: Ints
    ground_m: Floats
    resolution_arcsec: Floats
    tile: Ints
    azimuth_deg: Floats
    existing: Ints

    @property
    def count(self) -> int:
        """Number of places."""
        return len(self.kind)


def find_places(
    roads: Roads,
    settlements: pd.DataFrame,
    regions: gpd.GeoDataFrame,
    tiles: tuple[SurfaceTile, ...],
    water: gpd.GeoDataFrame | None,
    sites: pd.DataFrame | None,
    *,
    step_m: float,
    settlement_m: float,
) -> Places:
    """Find the candidate places. O(p log p).

    A place in water, outside the territory or without known ground is left out, and so is one
    that lies within half a step of a place of a kind that comes first. Existing sites stay.

    Parameters
    ----------
    roads, settlements, regions, tiles, water, sites
        As of the line's inputs; ``roads`` joined.
    step_m
        Distance between places along a road [m].
    settlement_m
        Distance from a road within which a settlement is a place [m].
    """
    kind, lat, lon, road, along, off = _candidates(roads, settlements, step_m, settlement_m)
    region = region_of(regions, lat, lon)
    dry = ~_in_water(water, lat, lon) & (region >= 0)
    tile, ground, resolution, wet = _ground(tiles, lat, lon)
    keep = np.flatnonzero(dry & ~wet & np.isfinite(ground))
    keep = keep[_thinned(kind[keep], lat[keep], lon[keep], step_m / 2.0)]
    count = len(keep)
    stands = np.full(count, -1, dtype=np.int64)
    if sites is not None and len(sites):
        own = sites[["lat_deg", "lon_deg"]].to_numpy(dtype=np.float64)
        near, at, away = nearest_road(roads, own[:, 0], own[:, 1])
        tile2, ground2, resolution2, _ = _ground(tiles, own[:, 0], own[:, 1])

        def joined(a: NDArray[_T], b: NDArray[_T]) -> NDArray[_T]:
            return np.concatenate((a[keep], b))

        kind = joined(kind, np.full(len(own), KINDS.index("existing"), dtype=np.int8))
        lat, lon = joined(lat, own[:, 0]), joined(lon, own[:, 1])
        road, along, off = joined(road, near), joined(along, at), joined(off, away)
        region = joined(region, region_of(regions, own[:, 0], own[:, 1]))
        tile, ground = joined(tile, tile2), joined(ground, ground2)
        resolution = joined(resolution, resolution2)
        stands = np.concatenate((stands, np.arange(len(own))))
        keep = np.arange(len(kind))
    settlement, settlement_m_away = _nearest_settlement(settlements, lat[keep], lon[keep])
    return Places(
        kind=kind[keep], lat_deg=lat[keep], lon_deg=lon[keep], road=road[keep],
        along_m=along[keep], road_km=off[keep] / 1000.0, settlement=settlement,
        settlement_km=settlement_m_away / 1000.0, region=region[keep], ground_m=ground[keep],
        resolution_arcsec=resolution[keep], tile=tile[keep],
        azimuth_deg=_azimuths(roads, road[keep], along[keep], lat[keep], lon[keep]),
        existing=stands,
    )  # fmt: skip


def tile_of(tiles: tuple[SurfaceTile, ...], lat_deg: Floats, lon_deg: Floats) -> Ints:
    """Give the tile whose box holds each place; -1 where none does."""
    found = np.full(len(lat_deg), -1, dtype=np.int64)
    for number, tile in enumerate(tiles):
        west, south, east, north = tile.box
        own = (lon_deg >= west) & (lon_deg < east) & (lat_deg >= south) & (lat_deg < north)
        found[own & (found < 0)] = number
    return found


def nearest_of(
    lat_deg: Floats, lon_deg: Floats, of_lat_deg: Floats, of_lon_deg: Floats
) -> tuple[Ints, Floats]:
    """Give the nearest of some points to each place, -1 where there are none, and how far [m]."""
    if not len(of_lat_deg):
        return np.full(len(lat_deg), -1, dtype=np.int64), np.full(len(lat_deg), np.inf)
    tree = cKDTree(unit_vectors(of_lat_deg, of_lon_deg))
    _, index = tree.query(unit_vectors(lat_deg, lon_deg))
    index = np.asarray(index, dtype=np.int64)
    return index, geodesic_m(lat_deg, lon_deg, of_lat_deg[index], of_lon_deg[index])


def _candidates(
    roads: Roads, settlements: pd.DataFrame, step_m: float, settlement_m: float
) -> tuple[NDArray[np.int8], Floats, Floats, Ints, Floats, Floats]:
    """Give kind, latitude, longitude, road, place along it and distance from it [m]."""
    peopled = settlements["kind"].isin(_PEOPLED).to_numpy()
    own = settlements.loc[peopled, ["lat_deg", "lon_deg"]].to_numpy(dtype=np.float64)
    road_s, along_s, off = nearest_road(roads, own[:, 0], own[:, 1])
    near = off <= settlement_m
    pieces = np.maximum(1, np.round(roads.length_m / step_m)).astype(np.int64)
    road_r = np.repeat(np.arange(roads.count), pieces + 1)
    number = np.arange(len(road_r)) - np.repeat(np.cumsum(pieces + 1) - pieces - 1, pieces + 1)
    along_r = number * (roads.length_m / pieces)[road_r]
    ends = (roads.edge[1:] != roads.edge[:-1]) | (roads.edge[1:] < 0)
    node = np.flatnonzero(np.r_[True, ends])
    road_n = np.repeat(np.arange(roads.count), np.diff(roads.offset))[node]
    road = np.concatenate((road_s[near], road_n, road_r))
    along = np.concatenate((along_s[near], roads.along_m[node], along_r))
    lat, lon, _ = roads.places(road, along)
    inside = int(near.sum())
    lat[:inside], lon[:inside] = own[near, 0], own[near, 1]
    kind = np.repeat(np.arange(3, dtype=np.int8), (inside, len(node), len(road_r)))
    away = np.zeros(len(kind))
    away[:inside] = off[near]
    return kind, lat, lon, road, along, away


def nearest_road(roads: Roads, lat: Floats, lon: Floats) -> tuple[Ints, Floats, Floats]:
    """Give the road nearest to each point, the place along it and the distance [m].

    Degrees of longitude are shortened by the latitude of the point before they are compared.
    """
    count = len(lat)
    if not roads.count or not count:
        return np.full(count, -1, dtype=np.int64), np.zeros(count), np.full(count, np.inf)
    inner = np.flatnonzero(roads.edge >= 0)
    scale = float(np.cos(np.radians(np.mean(lat))))
    a = np.column_stack((roads.lon_deg[inner] * scale, roads.lat_deg[inner]))
    b = np.column_stack((roads.lon_deg[inner + 1] * scale, roads.lat_deg[inner + 1]))
    pieces = shapely.linestrings(np.stack((a, b), axis=1))
    points = shapely.points(lon * scale, lat)
    found = inner[shapely.STRtree(np.asarray(pieces)).nearest(points)]
    across = np.cos(np.radians(lat))
    ax, ay = (roads.lon_deg[found] - lon) * across, roads.lat_deg[found] - lat
    dx = (roads.lon_deg[found + 1] - roads.lon_deg[found]) * across
    dy = roads.lat_deg[found + 1] - roads.lat_deg[found]
    square = dx * dx + dy * dy
    share = np.clip(-(ax * dx + ay * dy) / np.where(square > 0.0, square, 1.0), 0.0, 1.0)
    along = roads.along_m[found] + share * (roads.along_m[found + 1] - roads.along_m[found])
    road = np.searchsorted(roads.offset, found, side="right") - 1
    degree = np.pi / 180.0 * EARTH_RADIUS_M
    return road, along, np.hypot(ax + share * dx, ay + share * dy) * degree


def _in_water(water: gpd.GeoDataFrame | None, lat: Floats, lon: Floats) -> Flags:
    wet = np.zeros(len(lat), dtype=bool)
    if water is not None and len(water) and len(lat):
        tree = shapely.STRtree(np.asarray(water.geometry.array))
        point, _ = tree.query(shapely.points(lon, lat), predicate="intersects")
        wet[point] = True
    return wet


def _ground(
    tiles: tuple[SurfaceTile, ...], lat: Floats, lon: Floats
) -> tuple[Ints, Floats, Floats, Flags]:
    """Give tile, ground [m], resolution [arcsec] and whether the land cover says water."""
    tile = tile_of(tiles, lat, lon)
    ground, resolution = np.full(len(lat), np.nan), np.full(len(lat), np.nan)
    wet = np.zeros(len(lat), dtype=bool)
    for number, own in enumerate(tiles):
        here = np.flatnonzero(tile == number)
        if not len(here):
            continue
        surface, at = own.surface, (lat[here], lon[here])
        ground[here] = ground_height(surface, *at)
        resolution[here] = nearest(surface, surface.resolution_arcsec, *at, np.nan)
        wet[here] = nearest(surface, surface.clutter_class, *at, 0) == ClutterClass.WATER
    return tile, ground, resolution, wet


def _thinned(kind: NDArray[np.int8], lat: Floats, lon: Floats, apart_m: float) -> Ints:
    """Keep places in their order unless one that is kept lies nearer than ``apart_m``."""
    if not len(kind):
        return np.zeros(0, dtype=np.int64)
    points = unit_vectors(lat, lon)
    chord = 2.0 * np.sin(0.5 * (apart_m - 1.0) / EARTH_RADIUS_M)
    pairs = cKDTree(points).query_pairs(chord, output_type="ndarray")
    low, high = pairs.min(axis=1), pairs.max(axis=1)
    order = np.argsort(high, kind="stable")
    dropped = np.zeros(len(kind), dtype=bool)
    for first, second in zip(low[order].tolist(), high[order].tolist(), strict=True):
        if not dropped[first]:
            dropped[second] = True
    return np.flatnonzero(~dropped)


def _nearest_settlement(settlements: pd.DataFrame, lat: Floats, lon: Floats) -> tuple[Ints, Floats]:
    rows = np.flatnonzero(settlements["kind"].isin(_PEOPLED).to_numpy())
    own = settlements[["lat_deg", "lon_deg"]].to_numpy(dtype=np.float64)[rows]
    index, away = nearest_of(lat, lon, own[:, 0], own[:, 1])
    return (rows[index] if len(rows) else index), away


def _azimuths(roads: Roads, road: Ints, along: Floats, lat: Floats, lon: Floats) -> Floats:
    """Aim at the road some way ahead and back; at a road's end both ways along its line."""
    made = np.zeros((len(road), 2))
    on = np.flatnonzero(road >= 0)
    length = roads.length_m[road[on]]
    for side, step in enumerate((_SIGHT_M, -_SIGHT_M)):
        there = np.clip(along[on] + step, 0.0, length)
        to_lat, to_lon, _ = roads.places(road[on], there)
        made[on, side] = _azimuth(lat[on], lon[on], to_lat, to_lon)
    ahead, back = along[on] < length - 1.0, along[on] > 1.0
    made[on[~ahead], 0] = (made[on[~ahead], 1] + 180.0) % 360.0
    made[on[~back], 1] = (made[on[~back], 0] + 180.0) % 360.0
    return made


def _azimuth(lat: Floats, lon: Floats, to_lat: Floats, to_lon: Floats) -> Floats:
    """Initial azimuth of the great circle [deg], 0 .. 360."""
    phi, phi2 = np.radians(lat), np.radians(to_lat)
    turn = np.radians(to_lon - lon)
    y = np.sin(turn) * np.cos(phi2)
    x = np.cos(phi) * np.sin(phi2) - np.sin(phi) * np.cos(phi2) * np.cos(turn)
    return np.asarray(np.degrees(np.arctan2(y, x)) % 360.0)
