"""Where points meet lines: the nearest places, gathered into junctions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from qamtu.connectivity.villages.trench.lines import Lines
from qamtu.connectivity.villages.trench.spurs import unique_keys
from qamtu.kernels.polylines import cluster_along, nearest_places

__all__ = ["Joins", "find_joins", "gather_junctions"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SAMPLES = 48
_STEP_M = 2000.0
_STEP_SHARE = 4.0


@dataclass(frozen=True, slots=True)
class Joins:
    """Pairs of a point and a place on a line, shape (j,) each.

    Parameters
    ----------
    point
        Row of the points given.
    line
        Line of `Lines`.
    along_m
        Place on the line as drawn, from its start [m].
    """

    point: Ints
    line: Ints
    along_m: Floats


def find_joins(
    points: Floats, lines: Lines, vertices: Floats, chosen: Ints, reach_m: float, count: int
) -> Joins:
    """Find the nearest places on the nearest lines of every point.

    Lines are sampled every two kilometres (finer for a short reach); the lines of the 48 nearest
    samples are looked at exactly. O((p + samples) log samples).

    Parameters
    ----------
    points
        Places of the points in the plane [m], float64[p, 2].
    lines
        All lines.
    vertices
        Places of their vertices in the plane [m], float64[v, 2].
    chosen
        Lines that may be joined.
    reach_m
        Greatest distance of a point from a line [m].
    count
        Most lines a point.
    """
    if not len(points) or not len(chosen) or count < 1:
        return Joins(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    step = min(_STEP_M, max(reach_m / _STEP_SHARE, 1.0))
    sample, owner = _samples(lines, vertices, chosen, step)
    k = min(_SAMPLES, len(sample))
    _, near = cKDTree(sample).query(points, k=k, distance_upper_bound=reach_m + step)
    near = near.reshape(len(points), k)
    row, at = np.nonzero(near < len(sample))
    pair = unique_keys(row * np.int64(len(lines.kind)) + owner[near[row, at]])
    point, line = pair // len(lines.kind), pair % len(lines.kind)
    x, y = np.ascontiguousarray(vertices[:, 0]), np.ascontiguousarray(vertices[:, 1])
    vertex, share, distance = nearest_places(
        np.ascontiguousarray(points[point, 0]), np.ascontiguousarray(points[point, 1]),
        line, lines.offset, x, y,
    )  # fmt: skip
    order = np.lexsort((line, distance, point))
    order = order[distance[order] <= reach_m]
    start = np.searchsorted(point[order], point[order], side="left")
    order = order[np.arange(len(order)) - start < count]
    step_m = lines.along_m[vertex + 1] - lines.along_m[vertex]
    along = lines.along_m[vertex] + share * step_m
    return Joins(point[order], line[order], along[order])


def _samples(lines: Lines, vertices: Floats, chosen: Ints, step: float) -> tuple[Floats, Ints]:
    """Sample lines at even distances, at least once each."""
    drawn = lines.drawn_m[chosen]
    n = np.maximum(1, np.ceil(drawn / step)).astype(np.int64)
    owner = np.repeat(chosen, n)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(n) - n, n)
    along = (rank + 0.5) / np.repeat(n, n) * np.repeat(drawn, n)
    base = np.concatenate([[0.0], np.cumsum(lines.drawn_m + 1.0)])
    ruler = lines.along_m + np.repeat(base[:-1], np.diff(lines.offset))
    at = along + base[owner]
    return np.column_stack([np.interp(at, ruler, vertices[:, i]) for i in (0, 1)]), owner


def gather_junctions(joins: Joins, lines: Lines, width_m: float) -> tuple[Ints, Ints, Floats]:
    """Gather places that are very near each other into one junction.

    Parameters
    ----------
    joins
        Places on lines.
    lines
        The lines.
    width_m
        Greatest extent of a junction, and distance from an end within which that end's node is
        taken instead [m].

    Returns
    -------
    target : int64[j]
        What each join leads to: line node ``t`` as ``t``, junction ``g`` as ``-1 - g``.
    line : int64[g]
        Line of each junction, ascending.
    along_m : float64[g]
        Its place on the line [m], ascending within a line.
    """
    total = lines.drawn_m[joins.line]
    to_tail = joins.along_m <= np.minimum(width_m, total / 2)
    to_head = ~to_tail & (joins.along_m >= total - width_m)
    target = np.where(to_tail, lines.tail[joins.line], lines.head[joins.line])
    free = np.flatnonzero(~to_tail & ~to_head)
    free = free[np.lexsort((joins.along_m[free], joins.line[free]))]
    group = cluster_along(joins.line[free], joins.along_m[free], width_m)
    target[free] = -1 - group
    n = int(group[-1]) + 1 if len(group) else 0
    line = np.zeros(n, dtype=np.int64)
    line[group] = joins.line[free]
    mean = np.bincount(group, weights=joins.along_m[free], minlength=n)
    return target, line, mean / np.maximum(np.bincount(group, minlength=n), 1)
