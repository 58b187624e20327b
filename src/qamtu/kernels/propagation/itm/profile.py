"""What the Irregular Terrain Model needs to know of a terrain profile.

Sources: G. A. Hufford, A. G. Longley, W. A. Kissick, *A Guide to the Use of the ITS Irregular
Terrain Model in the Area Prediction Mode*, NTIA Report 82-100 (1982); G. A. Hufford, *The ITS
Irregular Terrain Model, version 1.2.2, the Algorithm* (1995), here "Algorithm", section 5 and 6.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["DELTA_H_POINTS", "SHAPE", "reduce_profile"]

Floats = NDArray[np.float64]

SHAPE: Final = 7
"""Numbers that a reduced profile has: horizon angles of transmitter and receiver [rad], horizon
distances [m], effective heights [m], and terrain irregularity [m]."""
DELTA_H_POINTS: Final = 245  # 10 · 25 − 5, the most points that the irregularity is taken from


@njit(cache=True, nogil=True)
def has_void(height: Floats) -> bool:
    """Tell whether a height is missing. What follows must not meet one: it counts on numbers."""
    known = 0
    for i in range(len(height)):
        known += abs(height[i]) < 1e9
    return known < len(height)


@njit(cache=True, fastmath=True, nogil=True)
def mean_height(height: Floats) -> float:
    """Mean of the middle 80 % of the profile [m] (Algorithm, section 5)."""
    last = len(height) - 1
    skip = int(0.1 * last)
    total = 0.0
    for i in range(skip, last - skip + 1):
        total += height[i]
    return total / (last - 2 * skip + 1)


@njit(cache=True, fastmath=True, nogil=True)
def line_fit(height: Floats, begin_m: float, end_m: float, step_m: float) -> tuple[float, float]:
    """Fit a line by least squares over a part of the profile.

    Returns
    -------
    first, last
        Heights of the line at both ends of the whole profile [m] (Algorithm, 5.53).
    """
    last = len(height) - 1
    a = int(max(begin_m / step_m, 0.0))
    b = last - int(max(last - end_m / step_m, 0.0))
    if b <= a:
        a = int(max(a - 1.0, 0.0))
        b = last - int(max(last - (b + 1.0), 0.0))
    width = float(b - a)
    middle = -0.5 * width
    total = 0.5 * (height[a] + height[b])
    moment = 0.5 * (height[a] - height[b]) * middle
    for i in range(1, b - a):
        total += height[a + i]
        moment += height[a + i] * (middle + i)
    total /= width
    slope = moment * 12.0 / ((width * width + 2.0) * width)
    offset = b + middle
    return total - slope * offset, total + slope * (last - offset)


@njit(cache=True, fastmath=True, nogil=True)
def horizons(
    height: Floats,
    step_m: float,
    inverse: Floats,
    curvature: float,
    top_a: float,
    top_b: float,
    out: Floats,
) -> None:
    """Find both horizons (Algorithm, section 5.47 ff).

    Parameters
    ----------
    height : float64[n + 1]
        Terrain [m].
    step_m
        Distance between points [m].
    inverse : float64[n + 1]
        1 / i for the points' numbers i.
    curvature
        One over the effective Earth radius [1/m].
    top_a, top_b
        Antennas above sea level [m].
    out : float64[7]
        Receives the angles [rad] and distances [m] in its first four places.
    """
    n = len(height) - 1
    length = n * step_m
    per_m, bend = 1.0 / step_m, 0.5 * curvature * step_m
    angle_a = (top_b - top_a) / length - 0.5 * curvature * length
    angle_b = (top_a - top_b) / length - 0.5 * curvature * length
    most_a = most_b = -1e300
    for i in range(1, n):
        most_a = max(most_a, (height[i] - top_a) * per_m * inverse[i] - bend * i)
        most_b = max(most_b, (height[i] - top_b) * per_m * inverse[n - i] - bend * (n - i))
    out[0], out[1], out[2], out[3] = angle_a, angle_b, length, length
    if most_a > angle_a:
        out[0] = most_a
        slack = 1e-13 * (1.0 + abs(most_a))
        for i in range(1, n):
            if (height[i] - top_a) * per_m * inverse[i] - bend * i >= most_a - slack:
                out[2] = i * step_m
                break
    if most_b > angle_b:
        out[1] = most_b
        slack = 1e-13 * (1.0 + abs(most_b))
        for i in range(1, n):
            if (height[i] - top_b) * per_m * inverse[n - i] - bend * (n - i) >= most_b - slack:
                out[3] = (n - i) * step_m
                break


@njit(cache=True, nogil=True)
def _above(values: Floats, count: int, level: float) -> int:
    """Count the values above a level."""
    above = 0
    for i in range(count):
        above += values[i] > level
    return above


@njit(cache=True, nogil=True)
def ranked(values: Floats, count: int, rank: int, low: float, high: float) -> float:
    """Give the value of a rank, 0 for the largest, without sorting.

    The level is bisected until few values are left; counting runs without branches.

    Parameters
    ----------
    values : float64[>= count]
        The values.
    count
        How many of them there are.
    rank
        Which is wanted.
    low, high
        Least and largest of the values.
    """
    over, under = 0, count  # values above ``high`` and at or above ``low``
    while under - over > 8:
        level = 0.5 * (low + high)
        if level <= low or level >= high:
            break
        above = _above(values, count, level)
        if above > rank:
            low, under = level, above
        else:
            high, over = level, above
    best, place = high, over - 1
    left = np.inf
    while True:  # walk down through what is left: values at or below ``high``
        found = -np.inf
        times = 0
        for i in range(count):
            v = values[i]
            if v <= best and v < left:
                if v > found:
                    found, times = v, 1
                elif v == found:
                    times += 1
        place += times
        if place >= rank:
            return found
        left = found


@njit(cache=True, fastmath=True, nogil=True)
def irregularity(
    height: Floats, begin_m: float, end_m: float, step_m: float, work: Floats
) -> float:
    """Terrain irregularity parameter Δh of a profile [m] (Algorithm, section 5, ``dlthx``).

    Parameters
    ----------
    height : float64[n + 1]
        Terrain [m].
    begin_m, end_m
        Part of the path that counts [m].
    step_m
        Distance between points [m].
    work : float64[245]
        Work space.
    """
    last = len(height) - 1
    begin, end = begin_m / step_m, end_m / step_m
    if end - begin < 2.0:
        return 0.0
    tenth = min(max(4, int(0.1 * (end - begin + 8.0))), 25)
    n = 10 * tenth - 5
    stride = (end - begin) / (n - 1)
    first = int(begin)
    for j in range(n):  # the point lies behind index i, at most one step before i + 1
        at = begin - first - 1.0 + j * stride
        ahead = min(max(int(np.ceil(at)), 0), last - first - 1)
        i = first + ahead
        work[j] = height[i + 1] + (height[i + 1] - height[i]) * (at - ahead)
    begin_fit, end_fit = line_fit(work[:n], 0.0, float(n - 1), 1.0)
    slope = (end_fit - begin_fit) / (n - 1)
    low, high = np.inf, -np.inf
    for j in range(n):
        work[j] -= begin_fit + slope * j
        low, high = min(low, work[j]), max(high, work[j])
    upper = ranked(work, n, tenth - 1, low, high)
    lower = ranked(work, n, n - tenth, low, high)
    return (upper - lower) / (1.0 - 0.8 * np.exp(-(end_m - begin_m) / 50e3))


@njit(cache=True, nogil=True)
def reduce_profile(
    height: Floats,
    step_m: float,
    inverse: Floats,
    curvature: float,
    height_a: float,
    height_b: float,
    work: Floats,
    out: Floats,
) -> None:
    """Reduce a profile to what the model needs of it. O(n).

    Parameters
    ----------
    height : float64[n + 1]
        Terrain [m].
    step_m
        Distance between points [m].
    inverse : float64[n + 1]
        1 / i for the points' numbers i.
    curvature
        One over the effective Earth radius [1/m].
    height_a, height_b
        Antennas above ground [m].
    work : float64[245]
        Work space.
    out : float64[7]
        Receives the numbers of `SHAPE`.
    """
    last = len(height) - 1
    length = last * step_m
    horizons(height, step_m, inverse, curvature, height[0] + height_a, height[last] + height_b, out)
    begin = min(15.0 * height_a, 0.1 * out[2])
    end = length - min(15.0 * height_b, 0.1 * out[3])
    rough = irregularity(height, begin, end, step_m, work)
    out[6] = rough
    if out[2] + out[3] > 1.5 * length:  # well within sight: horizons of a smoothed Earth
        fit_a, fit_b = line_fit(height, begin, end, step_m)
        out[4] = height_a + max(height[0] - fit_a, 0.0)
        out[5] = height_b + max(height[last] - fit_b, 0.0)
        for e in range(2):
            out[2 + e] = smooth_horizon(out[4 + e], rough, curvature)
        both = out[2] + out[3]
        if both <= length:
            stretch = (length / both) ** 2
            for e in range(2):
                out[4 + e] *= stretch
                out[2 + e] = smooth_horizon(out[4 + e], rough, curvature)
        for e in range(2):
            plain = np.sqrt(2.0 * out[4 + e] / curvature)
            out[e] = (0.65 * rough * (plain / out[2 + e] - 1.0) - 2.0 * out[4 + e]) / plain
    else:
        fit_a, _ = line_fit(height, begin, 0.9 * out[2], step_m)
        _, fit_b = line_fit(height, length - 0.9 * out[3], end, step_m)
        out[4] = height_a + max(height[0] - fit_a, 0.0)
        out[5] = height_b + max(height[last] - fit_b, 0.0)


@njit(cache=True, nogil=True)
def smooth_horizon(effective: float, rough: float, curvature: float) -> float:
    """Horizon distance over irregular ground [m] (Algorithm, 3.4)."""
    plain = np.sqrt(2.0 * effective / curvature)
    return plain * np.exp(-0.07 * np.sqrt(rough / max(effective, 5.0)))
