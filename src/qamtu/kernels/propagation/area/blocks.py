"""Largest values over stretches of a radial, exact, by upper bounds on blocks of points.

Which point comes nearest to the line of sight in Fresnel radii is no hull question, since the
radius depends on the receiver: a point inside the hull may be it. But a block of `BLOCK` points
lies below a line, and along a line the clearance is least at an end of the block, while the
Fresnel radius is greatest at the index nearest to the middle of the path. A block whose bound
does not reach the best value known is skipped, and the others are scanned point by point: the
answer is the one of the full scan.
"""

from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["BLOCK", "cover_block", "highest_above", "nearest_to_sight"]

BLOCK: Final = 16
"""Points of a block."""

_SHY: Final = 1e-9
"""Share by which a bound must miss the best value, against rounding."""


@njit(cache=True, error_model="numpy")
def cover_block(y: NDArray[np.float64], block: int, lines: NDArray[np.float64]) -> None:
    """Lay a line over a block: parallel to the chord of its ends, through its highest point.

    Parameters
    ----------
    y : float64[n]
        Heights by index [m]; those of the block must be known. Index 0 is not a point of the
        terrain (the transmitter stands there) and is left out.
    block : int
        Number of the block, which holds the indices ``BLOCK * block`` and following.
    lines : float64[2, b]
        Intercept [m] and slope [m per index] of each block's line, filled in place.
    """
    first, last = max(1, block * BLOCK), block * BLOCK + BLOCK - 1
    slope = (y[last] - y[first]) / (last - first)
    top = y[first] - slope * first
    for i in range(first + 1, last + 1):
        top = max(top, y[i] - slope * i)
    lines[0, block] = top
    lines[1, block] = slope


@njit(cache=True, error_model="numpy")
def nearest_to_sight(
    y: NDArray[np.float64], lines: NDArray[np.float64], blocks: int, k: int,
    y_t: float, y_r: float, root: NDArray[np.float64], floor: float, seed: int,
) -> Any:  # fmt: skip
    """Find the point that comes nearest to the line of sight, in Fresnel radii.

    Parameters
    ----------
    y : float64[n]
        Heights by index, the Earth's curvature taken off [m].
    lines : float64[2, b]
        Of `cover_block`.
    blocks : int
        Blocks covered, all of whose points are left of the receiver.
    k : int
        Index of the receiver, 2 or more; the transmitter has index 0.
    y_t, y_r : float
        Heights of the antennas, as ``y`` [m].
    root : float64[n]
        ``1 / sqrt(i)`` by index; the first is not read.
    floor : float
        Value below which it does not matter which.
    seed : int
        Index to try first, any number.

    Returns
    -------
    value : float
        Greatest ``(y(i) - line(i)) / sqrt(i (k - i))``, or ``floor`` if all are below it.
    index : int
        Where, the rightmost of equals; 0 if all are below the floor.
    """
    slope = (y_r - y_t) / k
    best, at = floor, 0
    if 0 < seed < k:
        value = (y[seed] - y_t - slope * seed) * root[seed] * root[k - seed]
        if value >= best:
            best, at = value, seed
    for i in range(k - 1, max(1, blocks * BLOCK) - 1, -1):
        value = (y[i] - y_t - slope * i) * root[i] * root[k - i]
        if value > best or (value == best and i > at):
            best, at = value, i
    half = k >> 1
    for b in range(blocks - 1, -1, -1):
        first, last = max(1, b * BLOCK), b * BLOCK + BLOCK - 1
        left = lines[0, b] - y_t + (lines[1, b] - slope) * first
        right = lines[0, b] - y_t + (lines[1, b] - slope) * last
        nearest = max(left, right)
        middle = min(max(half, first), last)
        if nearest * root[middle] * root[k - middle] < best - _SHY * abs(best) and nearest < 0.0:
            continue
        for i in range(last, first - 1, -1):
            value = (y[i] - y_t - slope * i) * root[i] * root[k - i]
            if value > best or (value == best and i > at):
                best, at = value, i
    return best, at


@njit(cache=True, error_model="numpy")
def highest_above(
    y: NDArray[np.float64], lines: NDArray[np.float64], blocks: int, first: int, last: int,
    slope: float,
) -> Any:  # fmt: skip
    """Find how far the points of a stretch rise above lines of a slope.

    Parameters
    ----------
    y : float64[n]
        Heights by index [m].
    lines : float64[2, b]
        Of `cover_block` over ``y``.
    blocks : int
        Blocks covered.
    first, last : int
        Stretch, both ends included.
    slope : float
        Slope of the lines [m per index].

    Returns
    -------
    float
        Greatest ``y(i) - slope i`` [m].
    """
    best = -np.inf
    i = first
    while i <= last:
        b = i // BLOCK
        end = b * BLOCK + BLOCK - 1
        if i == max(1, b * BLOCK) and end <= last and b < blocks:
            rise = lines[1, b] - slope
            bound = lines[0, b] + max(rise * i, rise * end)
            if bound < best - _SHY * abs(best):
                i = end + 1
                continue
        for j in range(i, min(end, last) + 1):
            best = max(best, y[j] - slope * j)
        i = end + 1
    return best
