"""Points of the roads that are held against coverage, and the windows that allow no long gap."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from qamtu.connectivity.corridors.roads import Roads

__all__ = ["Samples", "longest_gaps", "region_of", "sample_roads", "windows"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Samples:
    """Points of the roads inside the territory, in order along each road, shape (s,) each.

    Parameters
    ----------
    road, along_m
        Whole road, and distance of the point from its start [m].
    length_m
        Length of road that the point stands for [m]; it lies in its middle.
    lat_deg, lon_deg
        Where it is [deg].
    edge
        Row in the table of edges.
    region
        Row in the table of regions.
    run
        Number of the unbroken piece of road inside the territory that it belongs to, rising.
    """

    road: Ints
    along_m: Floats
    length_m: Floats
    lat_deg: Floats
    lon_deg: Floats
    edge: Ints
    region: Ints
    run: Ints

    @property
    def count(self) -> int:
        """Number of points."""
        return len(self.road)


def region_of(regions: gpd.GeoDataFrame, lat_deg: Floats, lon_deg: Floats) -> Ints:
    """Give the row of the region that each point lies in; -1 outside of all."""
    found = np.full(len(lat_deg), -1, dtype=np.int64)
    if not len(lat_deg):
        return found
    tree = shapely.STRtree(np.asarray(regions.geometry.array))
    point, region = tree.query(shapely.points(lon_deg, lat_deg), predicate="intersects")
    found[point[::-1]] = region[::-1]
    return found


def sample_roads(roads: Roads, regions: gpd.GeoDataFrame, step_m: float) -> Samples:
    """Cut every road into equal pieces of at most ``step_m`` and keep those in the territory.

    Parameters
    ----------
    roads
        Whole roads.
    regions
        Polygons of the territory, EPSG:4326.
    step_m
        Most length of a piece [m].
    """
    length = roads.length_m
    pieces = np.maximum(1, np.ceil(length / step_m - 1e-9)).astype(np.int64)
    road = np.repeat(np.arange(roads.count), pieces)
    number = np.arange(len(road)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    each = (length / pieces)[road]
    along = (number + 0.5) * each
    lat, lon, edge = roads.places(road, along)
    region = region_of(regions, lat, lon)
    inside = region >= 0
    broken = np.r_[True, road[1:] != road[:-1]] | np.r_[True, ~inside[:-1]]
    run = np.cumsum(broken)[inside] - 1 if len(road) else np.zeros(0, np.int64)
    _, run = np.unique(run, return_inverse=True)
    return Samples(
        road[inside], along[inside], each[inside], lat[inside], lon[inside], edge[inside],
        region[inside], np.asarray(run, dtype=np.int64),
    )  # fmt: skip


def windows(samples: Samples, gap_m: float) -> tuple[Ints, Ints]:
    """Give the windows of road of which one point at least has to be served.

    A gap is a row of points of one run that are all unserved; its length is the sum of theirs.
    The shortest rows that are longer than ``gap_m`` are the windows: no gap is longer than
    ``gap_m`` if and only if each window holds a served point. O(s).

    Parameters
    ----------
    samples
        Points of the roads.
    gap_m
        Longest gap allowed [m].

    Returns
    -------
    first, last
        First and last point of each window, shape (w,) each.
    """
    total = np.concatenate(([0.0], np.cumsum(samples.length_m)))
    first = np.arange(samples.count)
    # the least number of points whose length exceeds the gap, a millimetre aside
    last = np.searchsorted(total, total[:-1] + gap_m + 1e-3, side="right") - 1
    inside = last < samples.count
    first, last = first[inside], last[inside]
    one = samples.run[first] == samples.run[last]
    first, last = first[one], last[one]
    # of windows that end at the same point the last to begin is the shortest
    shortest = np.r_[last[1:] != last[:-1], True] if len(last) else np.zeros(0, bool)
    return first[shortest], last[shortest]


def longest_gaps(samples: Samples, served: Flags, roads: int) -> Floats:
    """Measure the longest unserved row of points on each road [m], shape (r,)."""
    longest = np.zeros(roads)
    if not samples.count:
        return longest
    new = np.r_[True, (samples.run[1:] != samples.run[:-1]) | served[1:] | served[:-1]]
    row = np.cumsum(new) - 1
    length = np.bincount(row, weights=np.where(served, 0.0, samples.length_m))
    np.maximum.at(longest, samples.road[new], length)
    return longest
