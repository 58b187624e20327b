"""Losses along the radials of a site, and how they become a raster.

Distances and azimuths are those of great circles on the sphere of mean radius, as of the terrain
samplers. Between radials and between points of a radial the loss is interpolated in decibels,
after the free-space part of the slant distance has been taken off: that part is known exactly at
every cell, and near the site it is most of the change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from qamtu.core.errors import InputError
from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.propagation.area.frame import Frame

__all__ = ["Polar", "azimuth_count", "azimuths_deg", "polar_to_raster"]

_RAD = np.pi / 180.0
_RADIUS_M = EARTH_RADIUS_M
_AZIMUTHS_MIN = 16


@dataclass(frozen=True, slots=True)
class Polar:
    """Losses of one site along its radials.

    Parameters
    ----------
    lat_deg, lon_deg : float
        Site [deg].
    tx_height_m, rx_height_m : float
        Antennas above ground [m].
    azimuth_deg : float64[a]
        Directions of the radials, clockwise from north, equally spaced and rising [deg].
    step_m : float
        Distance between points of a radial [m].
    radius_m : float
        Reach asked for [m].
    loss_db : float32[a, n]
        Loss at 1 .. n steps from the site [dB]; NaN at and behind voids.
    voids : int
        Points of the radials whose height is not known, after filling if that was asked.
    missing : int
        Receivers without a loss.
    """

    lat_deg: float
    lon_deg: float
    tx_height_m: float
    rx_height_m: float
    azimuth_deg: NDArray[np.float64]
    step_m: float
    radius_m: float
    loss_db: NDArray[np.float32]
    voids: int
    missing: int


def azimuth_count(radius_m: float, cell_m: float, arc_cells: float = 1.0) -> int:
    """Count the radials of a full circle that leave no wide gap at its edge.

    Parameters
    ----------
    radius_m : float
        Reach [m].
    cell_m : float
        Cell of the raster that is asked for [m].
    arc_cells : float
        Widest arc between neighbouring radials, at the edge, in cells. One cell makes the polar
        grid nowhere coarser than the raster: the distance to the next radial is then half a cell
        at most, the same as to the next point along it.

    Raises
    ------
    InputError
        If a number is not positive.
    """
    if not min(radius_m, cell_m, arc_cells) > 0.0:
        raise InputError(f"radius {radius_m} m, cell {cell_m} m, {arc_cells} cells: give positive")
    return max(_AZIMUTHS_MIN, int(np.ceil(2.0 * np.pi * radius_m / (arc_cells * cell_m))))


def azimuths_deg(count: int) -> NDArray[np.float64]:
    """Directions of the radials of a full circle, the first to the north [deg]."""
    return np.arange(count, dtype=np.float64) * (360.0 / count)


@njit(cache=True, nogil=True, error_model="numpy")
def place(lat0: float, lon0: float, lat: float, lon: float) -> Any:
    """Distance [m] and azimuth [rad, 0 .. 2 pi] of a point [deg] from a site [deg]."""
    phi0, phi, dlon = lat0 * _RAD, lat * _RAD, (lon - lon0) * _RAD
    s0, c0, s1, c1 = np.sin(phi0), np.cos(phi0), np.sin(phi), np.cos(phi)
    east = np.sin(dlon) * c1
    north = c0 * s1 - s0 * c1 * np.cos(dlon)
    angle = np.arctan2(np.sqrt(east * east + north * north), s0 * s1 + c0 * c1 * np.cos(dlon))
    azimuth = np.arctan2(east, north)
    return angle * _RADIUS_M, azimuth if azimuth >= 0.0 else azimuth + 2.0 * np.pi


@njit(cache=True, nogil=True, error_model="numpy")
def _slant_db(distance_m: float, drop_m: float) -> float:
    """20 log10 of the slant distance, never of less than a metre."""
    return 10.0 * np.log10(max(distance_m * distance_m + drop_m * drop_m, 1.0))


@njit(cache=True, nogil=True, error_model="numpy")
def excess_losses(loss_db: NDArray[np.float32], step_m: float, drop_m: float) -> None:
    """Take the slant distance's part off the losses of radials, in place."""
    for j in range(loss_db.shape[1]):
        part = _slant_db((j + 1) * step_m, drop_m)
        for i in range(loss_db.shape[0]):
            loss_db[i, j] -= part


@njit(cache=True, nogil=True, error_model="numpy")
def _blend(excess: NDArray[np.float32], radial: float, point: float) -> float:
    """Interpolate between four neighbours; NaN ones give their weight to the others.

    Where the nearest neighbour is NaN, so is the answer.
    """
    a, n = excess.shape
    i = min(int(radial), a - 2)
    j = min(max(int(point), 0), max(n - 2, 0))
    fi = radial - i
    fj = min(max(point - j, 0.0), 1.0)
    near_i, near_j = i + (fi > 0.5), min(j + (fj > 0.5), n - 1)
    if np.isnan(excess[near_i, near_j]):
        return np.nan
    total = weight = 0.0
    for di in range(2):
        wi = fi if di else 1.0 - fi
        for dj in range(2):
            w = wi * (fj if dj else 1.0 - fj)
            value = excess[i + di, min(j + dj, n - 1)]
            if w > 0.0 and not np.isnan(value):
                total += w * value
                weight += w
    return total / weight


@njit(cache=True, nogil=True, error_model="numpy")
def fill_sector(
    excess: NDArray[np.float32], first: int, count: int, step_m: float, radius_m: float,
    lat0: float, lon0: float, drop_m: float, lat: NDArray[np.float64], lon: NDArray[np.float64],
    out: NDArray[np.float32],
) -> None:  # fmt: skip
    """Write the cells that lie between the radials of a sector.

    Parameters
    ----------
    excess : float32[a, n]
        Of `excess_losses`, radials ``first`` to ``first + a - 1`` of ``count`` around the circle;
        the last one closes the sector, and its number may be ``count``, which is radial 0 again.
    first, count : int
        See above.
    step_m, radius_m : float
        Distance between points, and beyond which cells are left alone [m].
    lat0, lon0 : float
        Site [deg].
    drop_m : float
        Difference of the antenna heights above ground [m].
    lat, lon : float64[rows], float64[cols]
        Centres of the cells [deg].
    out : float32[rows, cols]
        Written.
    """
    last = first + excess.shape[0] - 1
    per_arc = count / (2.0 * np.pi)
    for r in range(lat.size):
        for c in range(lon.size):
            distance, azimuth = place(lat0, lon0, lat[r], lon[c])
            radial = azimuth * per_arc
            if distance > radius_m or radial < first or radial >= last:
                if not (distance <= radius_m and radial >= count and last == count):
                    continue
                radial = float(count)
            value = _blend(excess, radial - first, distance / step_m - 1.0)
            out[r, c] = value + _slant_db(distance, drop_m)


@njit(cache=True, nogil=True, error_model="numpy")
def mark_arcs(
    lat0: float, lon0: float, lat: NDArray[np.float64], lon: NDArray[np.float64],
    radius_m: float, used: NDArray[np.bool_],
) -> float:  # fmt: skip
    """Mark the arcs between radials in which cells lie; give the farthest cell's distance [m]."""
    per_arc = used.size / (2.0 * np.pi)
    farthest = 0.0
    for r in range(lat.size):
        for c in range(lon.size):
            distance, azimuth = place(lat0, lon0, lat[r], lon[c])
            if distance <= radius_m:
                farthest = max(farthest, distance)
                used[min(int(azimuth * per_arc), used.size - 1)] = True
    return farthest


def polar_to_raster(polar: Polar, frame: Frame) -> NDArray[np.float32]:
    """Interpolate the losses of radials at the cells of a frame.

    Parameters
    ----------
    polar
        Losses along the radials of a full circle, or of a sector that does not hold the north.
    frame
        Cells wanted.

    Returns
    -------
    float32[rows, cols]
        Loss [dB]; NaN beyond the radius, outside the sector, and at and behind voids.

    Raises
    ------
    InputError
        If the radials are not equally spaced or do not divide the circle evenly.
    """
    first, count = _spacing(polar.azimuth_deg)
    excess = np.array(polar.loss_db)
    if excess.shape[0] == count:
        excess = np.concatenate([excess, excess[:1]])
    drop = polar.tx_height_m - polar.rx_height_m
    out = np.full(frame.shape, np.nan, np.float32)
    excess_losses(excess, polar.step_m, drop)
    fill_sector(
        excess, first, count, polar.step_m, polar.radius_m, polar.lat_deg, polar.lon_deg, drop,
        frame.lat_deg, frame.lon_deg, out,
    )  # fmt: skip
    return out


def _spacing(azimuth_deg: ArrayLike) -> tuple[int, int]:
    """Number of the first radial, and radials of a full circle."""
    azimuth = np.asarray(azimuth_deg, dtype=np.float64)
    gaps = np.diff(azimuth)
    if gaps.size == 0 or not (gaps.min() > 0.0 and np.ptp(gaps) < 1e-9 * 360.0):
        raise InputError("radials must rise by equal angles to become a raster")
    gap = (azimuth[-1] - azimuth[0]) / gaps.size
    count = round(360.0 / gap)
    first = azimuth[0] / gap
    whole = abs(count * gap - 360.0) < 1e-6 * gap * count and abs(first - round(first)) < 1e-6
    if not whole or round(first) < 0 or round(first) + gaps.size > count:
        raise InputError(
            f"radials {gap:g} degrees apart from {azimuth[0]:g} do not divide the circle"
        )
    return round(first), count
