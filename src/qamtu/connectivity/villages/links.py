"""Which settlements a radio link could join: candidates within range, nearest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from qamtu.kernels.geodesy import unit_vectors

__all__ = ["RadioLinks", "find_links"]

_EARTH_RADIUS_KM = 6371.0088  # mean radius of the GRS 80 ellipsoid, Moritz 2000


@dataclass(frozen=True, slots=True)
class RadioLinks:
    """Candidate links, each from a possible fibre point to the settlement it would serve.

    Parameters
    ----------
    source, target
        Rows of the settlements, shape (k,).
    distance_km
        Great-circle distance [km], shape (k,).
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    distance_km: NDArray[np.float64]


def find_links(
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    targets: NDArray[np.int64],
    sources: NDArray[np.int64],
    range_km: float,
    most: int,
) -> RadioLinks:
    """Find for each target the ``most`` nearest sources within range.

    Parameters
    ----------
    lat_deg, lon_deg
        Positions of all settlements [deg], shape (s,).
    targets, sources
        Rows that may be served and rows that may be a fibre point.
    range_km
        Longest link [km].
    most
        How many sources to keep for one target.

    Returns
    -------
    RadioLinks
        O(s log s) time, O(s · most) memory. The chord of the sphere bounds the search.
    """
    if len(targets) == 0 or len(sources) == 0:
        empty = np.empty(0, dtype=np.int64)
        return RadioLinks(empty, empty, np.empty(0))
    points = unit_vectors(lat_deg, lon_deg)
    chord = 2.0 * np.sin(0.5 * range_km / _EARTH_RADIUS_KM)
    near = min(most + 1, len(sources))
    nearest = cKDTree(points[sources]).query(
        points[targets], k=np.arange(1, near + 1), distance_upper_bound=chord
    )
    found, index = (np.asarray(part) for part in nearest)
    rows, ranks = np.nonzero(np.isfinite(found))
    source = sources[index[rows, ranks]]
    target = targets[rows]
    distance = 2.0 * _EARTH_RADIUS_KM * np.arcsin(np.clip(found[rows, ranks] / 2.0, 0.0, 1.0))
    other = source != target
    rank = np.cumsum(other) - 1
    first = np.maximum.accumulate(
        np.where(np.r_[True, target[1:] != target[:-1]], np.r_[0, np.cumsum(other)[:-1]], 0)
    )
    keep = other & (rank - first < most)
    return RadioLinks(source[keep], target[keep], distance[keep])
