"""Pairs of nodes that a spur may join: Delaunay neighbours and nearest settlements."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay, QhullError, cKDTree

__all__ = ["delaunay_pairs", "nearest_pairs", "unique_keys", "unique_pairs"]

Floats = NDArray[np.float64]
Pairs = NDArray[np.int64]


def unique_keys(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort keys and leave out repeats; many times faster than hashing patterned keys."""
    ordered = np.sort(keys)
    made: NDArray[np.int64] = ordered[np.diff(ordered, prepend=ordered[:1] - 1) != 0]
    return made


def unique_pairs(pairs: Pairs) -> Pairs:
    """Order each pair, sort them, leave out loops and repeats; int64[k, 2]."""
    if not len(pairs):
        return np.zeros((0, 2), dtype=np.int64)
    low, high = pairs.min(axis=1), pairs.max(axis=1)
    n = np.int64(high.max()) + 1
    key = unique_keys((low * n + high)[low != high])
    return np.column_stack([key // n, key % n])


def delaunay_pairs(places: Floats) -> Pairs:
    """Find the edges of the Delaunay triangulation; O(n log n).

    The pairs join all places: coincident ones are tied to the one that stands for them, and
    places on one line are tied along it.

    Parameters
    ----------
    places
        Places in a plane [m], float64[n, 2].

    Returns
    -------
    int64[k, 2]
        Pairs of rows, the lower first.
    """
    rows, first, stands_for = np.unique(places, axis=0, return_index=True, return_inverse=True)
    twins = np.column_stack([np.arange(len(places)), first[stands_for.ravel()]])
    try:
        triangles = Delaunay(rows - rows.mean(axis=0))
    except (QhullError, ValueError):
        return unique_pairs(np.concatenate([twins, first[_along_line(rows)]]))
    corners = triangles.simplices.astype(np.int64)
    sides = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    left_out = triangles.coplanar[:, [0, 2]].astype(np.int64)
    return unique_pairs(np.concatenate([twins, first[sides], first[left_out]]))


def _along_line(rows: Floats) -> Pairs:
    """Tie few or collinear places one to the next."""
    centred = rows - rows.mean(axis=0)
    order = np.lexsort((centred[:, 1], centred[:, 0]))
    return np.column_stack([order[:-1], order[1:]])


def nearest_pairs(places: Floats, count: int) -> Pairs:
    """Pair each place with its nearest others; O(n log n).

    Parameters
    ----------
    places
        Places in a plane [m], float64[n, 2].
    count
        How many others.

    Returns
    -------
    int64[k, 2]
        Pairs of rows, the lower first.
    """
    k = min(count + 1, len(places))
    if k < 2:
        return np.zeros((0, 2), dtype=np.int64)
    _, near = cKDTree(places).query(places, k=k)
    own = np.repeat(np.arange(len(places)), k)
    return unique_pairs(np.column_stack([own, near.astype(np.int64).ravel()]))
