"""Profiles of ground, clutter and zone along great circles over a surface.

Points of a path are those of the great circle through its ends (or along its azimuth) on the
sphere of mean radius, at equal distances; so ``i * step`` is the distance of point ``i``. Knots
of a path, at most 1 km apart, are exact; between them latitude and longitude run straight, which
departs from the great circle by at most ``s² tan(lat) / 8R``: 2 cm at 45 degrees, 11 cm at 80.
Heights are bilinear between the centres of cells, clutter and zone those of the nearest cell.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.terrain.surface import ZONE_INLAND, GridArrays, Surface

__all__ = [
    "Grid",
    "great_circle_m",
    "ground_height",
    "nearest",
    "sample_line",
    "sample_profiles",
    "sample_radials",
    "sample_ray",
]

Grid = GridArrays
"""The grid of a surface as plain arrays and numbers: `Surface.grid`."""

_KNOT_RAD: Final = 1000.0 / EARTH_RADIUS_M
_RAD: Final = np.pi / 180.0
_RADIUS_M: Final = EARTH_RADIUS_M
_INLAND: Final = ZONE_INLAND


@njit(cache=True)
def _bilinear(height: NDArray[np.float32], row: float, col: float) -> float:
    """Height between centres; NaN outside the cells or where a void has weight (above 1e-9)."""
    rows, cols = height.shape
    if not (-0.5 <= row <= rows - 0.5 and -0.5 <= col <= cols - 0.5):
        return np.nan
    row = min(max(row, 0.0), rows - 1.0)
    col = min(max(col, 0.0), cols - 1.0)
    r0, c0 = int(row), int(col)
    r1, c1 = min(r0 + 1, rows - 1), min(c0 + 1, cols - 1)
    fr, fc = row - r0, col - c0
    a, b = np.float64(height[r0, c0]), np.float64(height[r0, c1])
    c, d = np.float64(height[r1, c0]), np.float64(height[r1, c1])
    top, low = a + fc * (b - a), c + fc * (d - c)
    value = top + fr * (low - top)
    if np.isnan(value):
        value = np.float64(0.0)
        for weight, corner in (
            ((1.0 - fr) * (1.0 - fc), a), ((1.0 - fr) * fc, b), (fr * (1.0 - fc), c), (fr * fc, d)
        ):  # fmt: skip
            if weight > 1e-9:
                value += weight * corner
    return value


@njit(cache=True)
def _position(
    start: tuple[float, float, float], ahead: tuple[float, float, float], angle: float
) -> tuple[float, float]:
    """Latitude and longitude [deg] at an angle [rad] along a great circle."""
    c, s = np.cos(angle), np.sin(angle)
    x = c * start[0] + s * ahead[0]
    y = c * start[1] + s * ahead[1]
    z = c * start[2] + s * ahead[2]
    return np.arctan2(z, np.hypot(x, y)) / _RAD, np.arctan2(y, x) / _RAD


@njit(cache=True)
def _walk(
    height_m: NDArray[np.float32], clutter_m: NDArray[np.float32], zone: NDArray[np.uint8],
    lat_top: float, lon_left: float, step_lat: float, step_lon: float,
    start: tuple[float, float, float], ahead: tuple[float, float, float], step: float,
    out_height: NDArray[Any], out_clutter: NDArray[Any], out_zone: NDArray[np.uint8],
) -> int:  # fmt: skip
    """Sample points at equal angles [rad] along a great circle; count those without a height."""
    rows, cols = height_m.shape
    n = out_height.size
    stride = max(1, int(_KNOT_RAD / step)) if step > 0.0 else n
    middle = lon_left + 0.5 * (cols - 1) * step_lon
    lat0, lon0 = _position(start, ahead, 0.0)
    lon0 = middle + lon0 - middle - 360.0 * np.floor((lon0 - middle + 180.0) / 360.0)
    voids = 0
    at = 0
    while at < n:
        count = min(stride, n - 1 - at)
        lat1, lon1 = _position(start, ahead, step * (at + count))
        lon1 = lon0 + (lon1 - lon0) - 360.0 * np.floor((lon1 - lon0 + 180.0) / 360.0)
        row, col = (lat_top - lat0) / step_lat, (lon0 - lon_left) / step_lon
        share = 1.0 / max(count, 1)
        drow = (lat0 - lat1) / step_lat * share
        dcol = (lon1 - lon0) / step_lon * share
        last = count if at + count < n - 1 else count + 1
        row1, col1 = row + count * drow, col + count * dcol
        if (
            min(row, row1) >= 0.0 and max(row, row1) < rows - 1.001
            and min(col, col1) >= 0.0 and max(col, col1) < cols - 1.001
        ):  # fmt: skip
            for k in range(last):
                r, c = row + k * drow, col + k * dcol
                r0, c0 = int(r), int(c)
                fr, fc = r - r0, c - c0
                a, b = np.float64(height_m[r0, c0]), np.float64(height_m[r0, c0 + 1])
                d, e = np.float64(height_m[r0 + 1, c0]), np.float64(height_m[r0 + 1, c0 + 1])
                top, low = a + fc * (b - a), d + fc * (e - d)
                value = top + fr * (low - top)
                if np.isnan(value):
                    value = _bilinear(height_m, r, c)
                    voids += np.isnan(value)
                near_r, near_c = int(r + 0.5), int(c + 0.5)
                out_height[at + k] = value
                out_clutter[at + k] = clutter_m[near_r, near_c]
                out_zone[at + k] = zone[near_r, near_c]
        else:
            for k in range(last):
                r, c = row + k * drow, col + k * dcol
                value = _bilinear(height_m, r, c)
                out_height[at + k] = value
                voids += np.isnan(value)
                if -0.5 <= r <= rows - 0.5 and -0.5 <= c <= cols - 0.5:
                    near_r, near_c = min(int(r + 0.5), rows - 1), min(int(c + 0.5), cols - 1)
                    out_clutter[at + k] = clutter_m[near_r, near_c]
                    out_zone[at + k] = zone[near_r, near_c]
                else:
                    out_clutter[at + k] = 0.0
                    out_zone[at + k] = _INLAND
        at += last
        lat0, lon0 = lat1, lon1
    return voids


@njit(cache=True)
def _unit(lat: float, lon: float) -> tuple[float, float, float]:
    """Point on the unit sphere, from degrees."""
    phi, lam = lat * _RAD, lon * _RAD
    across = np.cos(phi)
    return across * np.cos(lam), across * np.sin(lam), np.sin(phi)


@njit(cache=True)
def _between(
    a: tuple[float, float, float], b: tuple[float, float, float]
) -> tuple[float, tuple[float, float, float]]:
    """Angle from a to b [rad] and the direction at a; no direction where they are one point."""
    dx, dy, dz = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    along = a[0] * dx + a[1] * dy + a[2] * dz
    tx, ty, tz = dx - along * a[0], dy - along * a[1], dz - along * a[2]
    sine = np.sqrt(tx * tx + ty * ty + tz * tz)
    angle = np.arctan2(sine, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])
    if sine == 0.0:
        return 0.0, (0.0, 0.0, 0.0)
    return angle, (tx / sine, ty / sine, tz / sine)


@njit(cache=True)
def great_circle_m(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Distance of two points [deg] on the sphere of mean radius [m]: the length of a profile."""
    angle, _ = _between(_unit(lat_a, lon_a), _unit(lat_b, lon_b))
    return angle * _RADIUS_M


@njit(cache=True)
def sample_line(
    height_m: NDArray[np.float32], clutter_m: NDArray[np.float32], zone: NDArray[np.uint8],
    lat_top: float, lon_left: float, step_lat: float, step_lon: float,
    lat_a: float, lon_a: float, lat_b: float, lon_b: float,
    out_height: NDArray[Any], out_clutter: NDArray[Any], out_zone: NDArray[np.uint8],
) -> int:  # fmt: skip
    """Fill one profile from a to b, ends included; compiled core of `sample_profiles`.

    Parameters
    ----------
    height_m, clutter_m, zone, lat_top, lon_left, step_lat, step_lon
        `Surface.grid`.
    lat_a, lon_a, lat_b, lon_b : float
        Ends [deg], not antipodal.
    out_height, out_clutter : float64[n] or float32[n]
        Filled with the ground [m] (NaN where it is not known) and the clutter [m].
    out_zone : uint8[n]
        Filled with the zone.

    Returns
    -------
    int
        Points without a height.
    """
    start = _unit(lat_a, lon_a)
    angle, ahead = _between(start, _unit(lat_b, lon_b))
    step = angle / max(1, out_height.size - 1)
    return _walk(
        height_m, clutter_m, zone, lat_top, lon_left, step_lat, step_lon,
        start, ahead, step, out_height, out_clutter, out_zone,
    )  # fmt: skip


@njit(cache=True)
def sample_ray(
    height_m: NDArray[np.float32], clutter_m: NDArray[np.float32], zone: NDArray[np.uint8],
    lat_top: float, lon_left: float, step_lat: float, step_lon: float,
    lat: float, lon: float, azimuth_deg: float, step_m: float,
    out_height: NDArray[Any], out_clutter: NDArray[Any], out_zone: NDArray[np.uint8],
) -> int:  # fmt: skip
    """Fill one radial from a site along an azimuth; compiled core of `sample_radials`.

    Parameters
    ----------
    height_m, clutter_m, zone, lat_top, lon_left, step_lat, step_lon
        `Surface.grid`.
    lat, lon : float
        Site [deg].
    azimuth_deg : float
        Clockwise from north [deg].
    step_m : float
        Distance between points [m].
    out_height, out_clutter, out_zone
        As in `sample_line`; index 0 is the site.

    Returns
    -------
    int
        Points without a height.
    """
    phi, lam, azimuth = lat * _RAD, lon * _RAD, azimuth_deg * _RAD
    north = (-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi))
    east = (-np.sin(lam), np.cos(lam), 0.0)
    c, s = np.cos(azimuth), np.sin(azimuth)
    ahead = (c * north[0] + s * east[0], c * north[1] + s * east[1], c * north[2])
    return _walk(
        height_m, clutter_m, zone, lat_top, lon_left, step_lat, step_lon,
        _unit(lat, lon), ahead, step_m / _RADIUS_M, out_height, out_clutter, out_zone,
    )  # fmt: skip


@njit(cache=True)
def _profiles(
    height_m: NDArray[np.float32], clutter_m: NDArray[np.float32], zone: NDArray[np.uint8],
    lat_top: float, lon_left: float, step_lat: float, step_lon: float,
    ends: NDArray[np.float64], n: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint8]]:  # fmt: skip
    k = ends.shape[0]
    h, c, z = np.empty((k, n)), np.empty((k, n)), np.empty((k, n), np.uint8)
    for i in range(k):
        sample_line(
            height_m, clutter_m, zone, lat_top, lon_left, step_lat, step_lon,
            ends[i, 0], ends[i, 1], ends[i, 2], ends[i, 3], h[i], c[i], z[i],
        )  # fmt: skip
    return h, c, z


@njit(cache=True)
def _radials(
    height_m: NDArray[np.float32], clutter_m: NDArray[np.float32], zone: NDArray[np.uint8],
    lat_top: float, lon_left: float, step_lat: float, step_lon: float,
    lat: float, lon: float, azimuth_deg: NDArray[np.float64], step_m: float, n: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint8]]:  # fmt: skip
    k = azimuth_deg.size
    h, c, z = np.empty((k, n + 1)), np.empty((k, n + 1)), np.empty((k, n + 1), np.uint8)
    for i in range(k):
        sample_ray(
            height_m, clutter_m, zone, lat_top, lon_left, step_lat, step_lon,
            lat, lon, azimuth_deg[i], step_m, h[i], c[i], z[i],
        )  # fmt: skip
    return h, c, z


def sample_profiles(
    surface: Surface, lat_a: ArrayLike, lon_a: ArrayLike, lat_b: ArrayLike, lon_b: ArrayLike, n: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint8]]:
    """Sample profiles of n points between pairs of places, ends included.

    Parameters
    ----------
    surface
        Ground and clutter.
    lat_a, lon_a, lat_b, lon_b : float[k]
        Ends of the paths [deg]; broadcast against each other.
    n : int
        Points of each profile, 2 or more; the distance between them is the length of the path
        (`great_circle_m`) divided by n - 1.

    Returns
    -------
    height : float64[k, n]
        Ground [m]; NaN outside the surface and in voids.
    clutter : float64[k, n]
        Clutter above the ground [m]; 0 outside.
    zone : uint8[k, n]
        Zone; inland outside.
    """
    ends = np.stack(
        np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (lat_a, lon_a, lat_b, lon_b))
        ),
        axis=-1,
    )
    h, c, z = _profiles(*surface.grid, np.ascontiguousarray(ends), int(n))
    return h, c, z


def sample_radials(
    surface: Surface, lat: float, lon: float, azimuth_deg: ArrayLike, step_m: float, n: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint8]]:
    """Sample radials of a site, index 0 being the site itself.

    Parameters
    ----------
    surface
        Ground and clutter.
    lat, lon : float
        Site [deg].
    azimuth_deg : float[a]
        Clockwise from north [deg].
    step_m : float
        Distance between points [m].
    n : int
        Points beyond the site.

    Returns
    -------
    height, clutter : float64[a, n + 1]
        As of `sample_profiles` [m].
    zone : uint8[a, n + 1]
    """
    azimuth = np.ascontiguousarray(np.atleast_1d(azimuth_deg), dtype=np.float64)
    h, c, z = _radials(
        *surface.grid, float(lat), float(lon), azimuth, float(step_m), int(n)
    )  # fmt: skip
    return h, c, z


@njit(cache=True)
def _heights(
    height_m: NDArray[np.float32], row: NDArray[np.float64], col: NDArray[np.float64]
) -> NDArray[np.float64]:
    out = np.empty(row.size)
    for i in range(row.size):
        out[i] = _bilinear(height_m, row[i], col[i])
    return out


def _rows_cols(
    surface: Surface, lat_deg: ArrayLike, lon_deg: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[int, ...]]:
    """Places as fractions of rows and columns, flat, and their shape."""
    lat, lon = np.broadcast_arrays(
        np.asarray(lat_deg, dtype=np.float64), np.asarray(lon_deg, dtype=np.float64)
    )
    middle = surface.lon_left_deg + 0.5 * (surface.shape[1] - 1) * surface.step_lon_deg
    off = (lon - middle + 180.0) % 360.0 - 180.0
    row = (surface.lat_top_deg - lat) / surface.step_lat_deg
    col = off / surface.step_lon_deg + 0.5 * (surface.shape[1] - 1)
    return np.ascontiguousarray(row).ravel(), np.ascontiguousarray(col).ravel(), lat.shape


def ground_height(surface: Surface, lat_deg: ArrayLike, lon_deg: ArrayLike) -> NDArray[np.float64]:
    """Height of the ground at places, bilinear [m]; NaN outside and in voids.

    Parameters
    ----------
    lat_deg, lon_deg : float[...]
        Places [deg]; broadcast against each other.

    Returns
    -------
    float64[...]
    """
    row, col, shape = _rows_cols(surface, lat_deg, lon_deg)
    return np.asarray(_heights(surface.height_m, row, col)).reshape(shape)


def nearest(
    surface: Surface, values: NDArray[Any], lat_deg: ArrayLike, lon_deg: ArrayLike, outside: float
) -> NDArray[Any]:
    """Value of the nearest cell at places, for any grid of the surface's shape.

    Parameters
    ----------
    values : [r, c]
        For example `Surface.clutter_class`.
    lat_deg, lon_deg : float[...]
        Places [deg].
    outside : float
        Value of places outside the surface.

    Returns
    -------
    array[...]
        Of the type of ``values``.
    """
    row, col, shape = _rows_cols(surface, lat_deg, lon_deg)
    rows, cols = surface.shape
    ok = (row >= -0.5) & (row <= rows - 0.5) & (col >= -0.5) & (col <= cols - 0.5)
    r = np.clip(np.floor(np.where(ok, row, 0.0) + 0.5).astype(np.int64), 0, rows - 1)
    c = np.clip(np.floor(np.where(ok, col, 0.0) + 0.5).astype(np.int64), 0, cols - 1)
    return np.where(ok, values[r, c], outside).astype(values.dtype).reshape(shape)
