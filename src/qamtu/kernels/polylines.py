"""Places on polylines: nearest ones, samples along them, clusters of them."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.geodesy import point_to_segment

__all__ = ["cluster_along", "nearest_places"]


@njit(cache=True)
def nearest_places(
    px: NDArray[np.float64],
    py: NDArray[np.float64],
    line: NDArray[np.int64],
    offset: NDArray[np.int64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Nearest place of one polyline to each point, in a plane; O(vertices of the polylines).

    Parameters
    ----------
    px, py : float64[k]
        Points [m].
    line : int64[k]
        The polyline that each point is held against.
    offset, x, y : int64[n + 1], float64[offset[n]], float64[offset[n]]
        Polylines: vertices ``offset[i]:offset[i + 1]`` [m].

    Returns
    -------
    vertex : int64[k]
        First vertex of the nearest segment.
    share : float64[k]
        Where on that segment, 0 .. 1.
    distance : float64[k]
        Distance of the point from there [m].
    """
    vertex = np.empty(line.size, np.int64)
    share = np.zeros(line.size)
    distance = np.full(line.size, np.inf)
    for i in range(line.size):
        vertex[i] = offset[line[i]]
        for j in range(offset[line[i]], offset[line[i] + 1] - 1):
            t, d = point_to_segment(px[i], py[i], x[j], y[j], x[j + 1], y[j + 1])
            if d < distance[i]:
                vertex[i] = j
                share[i] = t
                distance[i] = d
    return vertex, share, distance


@njit(cache=True)
def cluster_along(
    line: NDArray[np.int64], along: NDArray[np.float64], width: float
) -> NDArray[np.int64]:
    """Gather places into groups that lie within a width of the group's first place; O(k).

    Parameters
    ----------
    line : int64[k]
        Polyline of each place, ascending.
    along : float64[k]
        Distance from the polyline's start [m], ascending within a polyline.
    width : float
        Greatest extent of a group [m].

    Returns
    -------
    int64[k]
        Group of each place, ascending from 0.
    """
    group = np.empty(line.size, np.int64)
    current = -1
    start = 0.0
    for i in range(line.size):
        if i == 0 or line[i] != line[i - 1] or along[i] - start > width:
            current += 1
            start = along[i]
        group[i] = current
    return group
