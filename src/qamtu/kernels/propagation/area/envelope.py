"""Upper hull of the terrain already passed along a radial, and what it tells of the terrain.

Points come with rising index ``x``; the hull is the stack of the monotone chain (A. M. Andrew,
"Another efficient algorithm for convex hulls in two dimensions", Information Processing Letters
9(5), 1979), so that adding all n points costs O(n). Both questions are binary searches over the
hull's edges, whose slopes fall from left to right; the edge where the last search ended is
tried first, since the answer moves little from one receiver to the next.

A hull is a float64[4, n] with one column a vertex: its index, its height, and slope and
intercept of the edge that ends in it (the first column has none). The functions take the number
of vertices beside it.
"""

from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["extreme", "push", "tangent"]

_X: Final = 0
_Y: Final = 1
_SLOPE: Final = 2
_INTERCEPT: Final = 3


@njit(cache=True, error_model="numpy")
def push(hull: NDArray[np.float64], size: int, x: float, y: float) -> int:
    """Add a point to the right of all others.

    Parameters
    ----------
    hull : float64[4, n]
        The hull, changed in place.
    size : int
        Vertices it has.
    x, y : float
        Index and height [m] of the point.

    Returns
    -------
    int
        Vertices it has now.
    """
    if size == 0:
        hull[_X, 0], hull[_Y, 0] = x, y
        return 1
    slope = (y - hull[_Y, size - 1]) / (x - hull[_X, size - 1])
    while size > 1 and hull[_SLOPE, size - 1] <= slope:
        size -= 1
        slope = (y - hull[_Y, size - 1]) / (x - hull[_X, size - 1])
    hull[_X, size], hull[_Y, size] = x, y
    hull[_SLOPE, size] = slope
    hull[_INTERCEPT, size] = y - slope * x
    return size + 1


@njit(cache=True, error_model="numpy")
def tangent(hull: NDArray[np.float64], size: int, x: float, y: float, start: int) -> Any:
    """Find the vertex that a point right of all vertices sees highest.

    The line of an edge passes above the point as long as the vertex at the edge's right end is
    seen higher than the one at its left end; along the hull this holds up to the tangent.

    Parameters
    ----------
    hull : float64[4, n]
        The hull.
    size : int
        Vertices it has, one at least.
    x, y : float
        Index and height [m] of the point.
    start : int
        Vertex to try first, any number.

    Returns
    -------
    int
        The vertex of greatest ``(Y - y) / (x - X)``; of equals the rightmost.
    """
    at = min(max(start, 0), size - 1)
    low, high = 0, size - 1
    if at < high and hull[_INTERCEPT, at + 1] + hull[_SLOPE, at + 1] * x >= y:
        low = at + 1
    elif at > 0 and hull[_INTERCEPT, at] + hull[_SLOPE, at] * x < y:
        high = at - 1
    else:
        return at
    while low < high:
        middle = (low + high) >> 1
        if hull[_INTERCEPT, middle + 1] + hull[_SLOPE, middle + 1] * x >= y:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, error_model="numpy")
def extreme(hull: NDArray[np.float64], size: int, slope: float, start: int) -> Any:
    """Find the vertex that rises most above lines of a slope.

    Parameters
    ----------
    hull : float64[4, n]
        The hull.
    size : int
        Vertices it has, one at least.
    slope : float
        Slope of the lines [m per index].
    start : int
        Vertex to try first, any number.

    Returns
    -------
    int
        The vertex of greatest ``Y - slope X``; of equals the rightmost.
    """
    at = min(max(start, 0), size - 1)
    low, high = 0, size - 1
    if at < high and hull[_SLOPE, at + 1] >= slope:
        low = at + 1
    elif at > 0 and hull[_SLOPE, at] < slope:
        high = at - 1
    else:
        return at
    while low < high:
        middle = (low + high) >> 1
        if hull[_SLOPE, middle + 1] >= slope:
            low = middle + 1
        else:
            high = middle
    return low
