"""Microwave hops that could be built: pairs within reach, and the least towers that clear them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from qamtu.connectivity.corridors.inputs import SurfaceTile
from qamtu.connectivity.corridors.posts import Posts
from qamtu.kernels.geodesy import EARTH_RADIUS_M, geodesic_m, unit_vectors
from qamtu.kernels.propagation.clearance import hop_clear
from qamtu.kernels.terrain import Surface

__all__ = ["HopTask", "Hops", "clear_tile", "gather_hops", "hop_pairs", "hop_tasks"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_LENGTH_MIN_M: Final = 100.0
_STEP_M: Final = 150.0


@dataclass(frozen=True, slots=True)
class Hops:
    """Hops that are clear, shape (h,) each.

    Parameters
    ----------
    a, b
        Posts at the ends.
    length_m
        Length [m].
    height_a_m, height_b_m
        Antenna heights at which it is clear [m].
    clearance, clearance_low
        Least share of the first Fresnel zone that is free for the median Earth and for that of
        the worst month [1].
    """

    a: Ints
    b: Ints
    length_m: Floats
    height_a_m: Floats
    height_b_m: Floats
    clearance: Floats
    clearance_low: Floats


@dataclass(frozen=True, slots=True)
class HopTask:
    """Pairs whose first end lies in one tile, k of them.

    Parameters
    ----------
    surface
        Ground and clutter.
    pair
        Numbers of the pairs in the whole, int64[k].
    ends
        Latitude and longitude of both ends [deg], float64[k, 4].
    height_m
        Antenna heights that the ends have anyhow [m], float64[k, 2].
    movable
        Whether each end may be raised, bool[k, 2].
    ladder_m
        Antenna heights that can be built [m], rising.
    frequency_ghz
        Carrier frequency [GHz].
    """

    surface: Surface
    pair: Ints
    ends: Floats
    height_m: Floats
    movable: NDArray[np.bool_]
    ladder_m: Floats
    frequency_ghz: float


def hop_pairs(posts: Posts, hop_m: float, neighbours: int) -> tuple[Ints, Ints]:
    """Pair each site and relay with its nearest posts within reach.

    Sites look for sites and served points first and for relays besides; relays look for relays
    and served points. O(n log n).

    Parameters
    ----------
    posts
        What may be joined.
    hop_m
        Longest hop [m].
    neighbours
        How many of each kind each post tries.
    """
    order = np.arange(posts.count)
    site, relay, root = order < posts.sites, posts.is_relay, posts.is_root
    found = [
        _nearest(posts, order[one], order[other], hop_m, neighbours)
        for one, other in ((site, site), (site, root), (site, relay), (relay, relay), (relay, root))
    ]
    both = np.concatenate([pair for pair in found if len(pair)] or [np.zeros((0, 2), np.int64)])
    both = np.unique(np.sort(both, axis=1), axis=0)
    return both[:, 0], both[:, 1]


def _nearest(posts: Posts, sources: Ints, targets: Ints, hop_m: float, most: int) -> Ints:
    if not len(sources) or not len(targets):
        return np.zeros((0, 2), dtype=np.int64)
    points = unit_vectors(posts.lat_deg, posts.lon_deg)
    chord = 2.0 * np.sin(0.5 * hop_m / EARTH_RADIUS_M)
    ranks = np.arange(1, min(most + 1, len(targets)) + 1)
    away, index = cKDTree(points[targets]).query(
        points[sources], k=ranks, distance_upper_bound=chord
    )
    rows, place = np.nonzero(np.isfinite(away))
    pairs = np.column_stack((sources[rows], targets[np.asarray(index)[rows, place]]))
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]])


def hop_tasks(
    tiles: tuple[SurfaceTile, ...],
    posts: Posts,
    pairs: tuple[Ints, Ints],
    ladder_m: Floats,
    frequency_ghz: float,
) -> list[HopTask]:
    """Cut the pairs into one task a tile; a pair whose first end has no terrain has none."""
    a, b = pairs
    at = np.column_stack((posts.lat_deg, posts.lon_deg))
    tasks = []
    for number, tile in enumerate(tiles):
        here = np.flatnonzero(posts.tile[a] == number)
        if not len(here):
            continue
        p, q = a[here], b[here]
        tasks.append(
            HopTask(
                surface=tile.surface, pair=here, ends=np.column_stack((at[p], at[q])),
                height_m=np.column_stack((posts.height_m[p], posts.height_m[q])),
                movable=np.column_stack((posts.movable[p], posts.movable[q])),
                ladder_m=ladder_m, frequency_ghz=frequency_ghz,
            )
        )  # fmt: skip
    return tasks


def clear_tile(task: HopTask) -> tuple[Ints, Floats]:
    """Find the least towers at which each pair is clear.

    Both ends are raised rung by rung, each from the height it has anyhow, an end that stands
    already not at all. The rule is that of ITU-R P.530 (`ClearanceRule`).

    Returns
    -------
    pair
        Numbers of the clear pairs, int64[c].
    values
        Antenna heights of both ends [m] and both clearances [1], float64[c, 4].
    """
    count = len(task.pair)
    values = np.full((count, 4), np.nan)
    waiting = np.arange(count)
    for rung in (0.0, *task.ladder_m):
        base, movable = task.height_m[waiting], task.movable[waiting]
        height = np.where(movable, np.maximum(base, rung), base)
        ends = task.ends[waiting]
        seen = hop_clear(
            task.surface, ends[:, 0], ends[:, 1], height[:, 0], ends[:, 2], ends[:, 3],
            height[:, 1], task.frequency_ghz, step_m=_STEP_M,
        )  # fmt: skip
        good = seen.clear
        values[waiting[good]] = np.column_stack(
            (height[good], seen.ratio_median[good], seen.ratio_low[good])
        )
        waiting = waiting[~good & seen.known]
        if not len(waiting):
            break
    clear = np.flatnonzero(np.isfinite(values[:, 0]))
    return task.pair[clear], values[clear]


def gather_hops(posts: Posts, pairs: tuple[Ints, Ints], parts: list[tuple[Ints, Floats]]) -> Hops:
    """Put the answers of `clear_tile` together."""
    pair = np.concatenate([p for p, _ in parts]) if parts else np.zeros(0, np.int64)
    values = np.concatenate([v for _, v in parts]) if parts else np.zeros((0, 4))
    a, b = pairs[0][pair], pairs[1][pair]
    length = geodesic_m(posts.lat_deg[a], posts.lon_deg[a], posts.lat_deg[b], posts.lon_deg[b])
    keep = length >= _LENGTH_MIN_M
    return Hops(
        a[keep], b[keep], length[keep], values[keep, 0], values[keep, 1], values[keep, 2],
        values[keep, 3],
    )  # fmt: skip
