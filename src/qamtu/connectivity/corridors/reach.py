"""Which mast at which place serves which point of a road: tasks a tile, and their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from qamtu.connectivity.corridors.inputs import SurfaceTile
from qamtu.connectivity.corridors.places import Places
from qamtu.connectivity.corridors.samples import Samples
from qamtu.connectivity.corridors.serve import serve_pairs
from qamtu.kernels.geodesy import EARTH_RADIUS_M, unit_vectors
from qamtu.kernels.terrain import Surface

__all__ = [
    "HEIGHTS_MAX",
    "Antenna",
    "Link",
    "Mapper",
    "Reach",
    "ReachTask",
    "find_reach",
    "reach_tasks",
    "serve_tile",
]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]

HEIGHTS_MAX: Final = 8
"""Mast heights that one byte can tell apart."""


@dataclass(frozen=True, slots=True)
class Antenna:
    """Antenna of a site.

    Parameters
    ----------
    gain_dbi
        Gain of its maximum [dBi].
    beamwidth_deg
        Half-power beamwidth of each of the two sectors along the road [deg]; 0 for one antenna
        that is alike at all azimuths.
    most_db
        Greatest loss below the maximum [dB].
    """

    gain_dbi: float
    beamwidth_deg: float
    most_db: float


@dataclass(frozen=True, slots=True)
class Link:
    """The radio link whatever the path.

    Parameters
    ----------
    antenna, standing
        Antenna of a new site, and of a site of today.
    loss_db
        Greatest loss that the service bears without the antenna's gain [dB].
    constants
        Constants of P.1812.
    device_m
        Height of the device [m].
    below_top_m
        How far the antenna of a new site hangs below the top of its tower [m].
    radius_m
        Farthest point tried [m].
    step_m
        Most distance between the points of a profile [m], whatever the cells of the terrain.
    """

    antenna: Antenna
    standing: Antenna
    loss_db: float
    constants: Floats
    device_m: float
    below_top_m: float
    radius_m: float
    step_m: float


@dataclass(frozen=True, slots=True)
class ReachTask:
    """All that one tile's masts and points need; places and points by number in the whole.

    Parameters
    ----------
    surface
        Ground and clutter.
    place, place_lat, place_lon, azimuth
        Places of the tile, their positions [deg] and road azimuths [deg], (p,), …, (p, 2).
    sample, sample_lat, sample_lon
        Points of roads within the radius of the tile.
    heights_m
        Antenna heights [m], at most 8.
    link
        The radio link.
    """

    surface: Surface
    place: Ints
    place_lat: Floats
    place_lon: Floats
    azimuth: Floats
    sample: Ints
    sample_lat: Floats
    sample_lon: Floats
    heights_m: Floats
    link: Link


@dataclass(frozen=True, slots=True)
class Reach:
    """Pairs of place and point that some mast serves, k of them, by place and then by point.

    Parameters
    ----------
    place, sample
        Numbers of place and point, shape (k,).
    mask
        Bit ``i`` is set where a mast of the ``i``-th height serves the point, uint8[k].
    tried
        Number of pairs tried.
    """

    place: Ints
    sample: Ints
    mask: NDArray[np.uint8]
    tried: int


def find_reach(
    tiles: tuple[SurfaceTile, ...],
    places: Places,
    samples: Samples,
    link: Link,
    *,
    heights_m: tuple[float, ...],
    standing_m: Floats,
    mapper: Mapper,
) -> tuple[Reach, Reach]:
    """Find what new masts of every height serve, and what the sites of today do.

    Parameters
    ----------
    tiles, places, samples, link
        Terrain, places, points of roads and the radio link.
    heights_m
        Heights of new masts [m].
    standing_m
        Antenna heights of the sites of today [m], by row of their table. Their antennas are taken
        as alike at all azimuths, with the gain of a sector.
    mapper
        Applies a function to tasks, in order.
    """
    new = np.flatnonzero(places.existing < 0)
    below = np.maximum(np.array(heights_m) - link.below_top_m, 1.0)
    tasks = reach_tasks(tiles, places, samples, link, new, below)
    cuts = [len(tasks)]
    stands = np.flatnonzero(places.existing >= 0)
    own = standing_m[places.existing[stands]]
    rungs = np.unique(own)
    parts = [rungs[i : i + HEIGHTS_MAX] for i in range(0, len(rungs), HEIGHTS_MAX)]
    round_about = replace(link, antenna=link.standing)
    for part in parts:
        tasks += reach_tasks(tiles, places, samples, round_about, stands[np.isin(own, part)], part)
        cuts.append(len(tasks))
    answers = [*mapper(serve_tile, tasks)]
    found = _gathered(answers[: cuts[0]])
    old = [_gathered(answers[a:b]) for a, b in pairwise(cuts)]
    for number, (part, one) in enumerate(zip(parts, old, strict=True)):
        rung = np.searchsorted(part, standing_m[places.existing[one.place]])
        hit = (one.mask >> rung) & 1 == 1
        old[number] = Reach(one.place[hit], one.sample[hit], one.mask[hit], one.tried)
    return found, _gathered([(one.place, one.sample, one.mask, one.tried) for one in old])


def _gathered(answers: list[tuple[Ints, Ints, NDArray[np.uint8], int]]) -> Reach:
    if not answers:
        none = np.zeros(0, dtype=np.int64)
        return Reach(none, none, np.zeros(0, dtype=np.uint8), 0)
    place, sample, mask = (np.concatenate([answer[i] for answer in answers]) for i in range(3))
    order = np.lexsort((sample, place))
    return Reach(place[order], sample[order], mask[order], sum(answer[3] for answer in answers))


def reach_tasks(
    tiles: tuple[SurfaceTile, ...], places: Places, samples: Samples, link: Link, which: Ints,
    heights_m: Floats,
) -> list[ReachTask]:  # fmt: skip
    """Cut the work on some places into one task a tile; a tile with no place has none."""
    chord = 2.0 * np.sin(0.5 * link.radius_m / EARTH_RADIUS_M)
    points = unit_vectors(samples.lat_deg, samples.lon_deg)
    tasks = []
    for number, tile in enumerate(tiles):
        here = which[places.tile[which] == number]
        if not len(here) or not samples.count:
            continue
        own = unit_vectors(places.lat_deg[here], places.lon_deg[here])
        away, _ = cKDTree(own).query(points, distance_upper_bound=chord)
        near = np.flatnonzero(np.isfinite(away))
        if not len(near):
            continue
        tasks.append(
            ReachTask(
                surface=tile.surface, place=here, place_lat=places.lat_deg[here],
                place_lon=places.lon_deg[here], azimuth=places.azimuth_deg[here], sample=near,
                sample_lat=samples.lat_deg[near], sample_lon=samples.lon_deg[near],
                heights_m=heights_m, link=link,
            )
        )  # fmt: skip
    return tasks


def serve_tile(task: ReachTask) -> tuple[Ints, Ints, NDArray[np.uint8], int]:
    """Try every mast of a tile on every point in reach: the arrays of `Reach`."""
    chord = 2.0 * np.sin(0.5 * task.link.radius_m / EARTH_RADIUS_M)
    tree = cKDTree(unit_vectors(task.sample_lat, task.sample_lon))
    near = tree.query_ball_point(unit_vectors(task.place_lat, task.place_lon), chord)
    offset = np.concatenate(([0], np.cumsum([len(one) for one in near]))).astype(np.int64)
    point = np.empty(int(offset[-1]), dtype=np.int64)
    for i, one in enumerate(near):
        point[offset[i] : offset[i + 1]] = np.sort(one)
    surface, link = task.surface, task.link
    mask = serve_pairs(
        *surface.grid, link.step_m, task.place_lat, task.place_lon, task.azimuth,
        task.sample_lat, task.sample_lon, offset, point, task.heights_m, link.device_m,
        link.constants, link.antenna.gain_dbi + link.loss_db, link.antenna.beamwidth_deg,
        link.antenna.most_db,
    )  # fmt: skip
    hit = np.flatnonzero(mask)
    place = np.repeat(np.arange(len(task.place)), np.diff(offset))
    return task.place[place[hit]], task.sample[point[hit]], mask[hit], len(point)
