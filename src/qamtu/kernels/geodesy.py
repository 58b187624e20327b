"""Distances, directions and projections on the WGS 84 ellipsoid, arrays in degrees and metres.

The inverse problem follows T. Vincenty, "Direct and inverse solutions of geodesics on the
ellipsoid with application of nested equations", Survey Review 23(176), 1975. His iteration does
not converge for nearly antipodal points; there the geodesic is cut at its middle, which is found
by a search over the azimuth, and both halves are solved by Vincenty's own formulas.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "EARTH_RADIUS_M",
    "along_polyline_m",
    "destination",
    "geodesic_m",
    "haversine_m",
    "point_to_segment",
    "stereographic",
    "stereographic_inverse",
    "unit_vectors",
    "vincenty_inverse",
]

EARTH_RADIUS_M: Final = 6_371_008.7714
"""Mean radius of the Earth (2a + b) / 3 [m] (H. Moritz, Geodetic Reference System 1980)."""

_A: Final = 6_378_137.0
_F: Final = 1.0 / 298.257223563
_B: Final = _A * (1.0 - _F)
_ROUNDS: Final = 60
_TOLERANCE: Final = 1e-13
_GOLDEN: Final = 0.6180339887498949


@njit(cache=True)
def _inverse(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Solve the inverse problem in radians; NaN where the iteration does not converge."""
    u1 = np.arctan((1.0 - _F) * np.tan(lat1))
    u2 = np.arctan((1.0 - _F) * np.tan(lat2))
    su1, cu1 = np.sin(u1), np.cos(u1)
    su2, cu2 = np.sin(u2), np.cos(u2)
    length = lon2 - lon1
    length -= 2.0 * np.pi * np.round(length / (2.0 * np.pi))
    lam = length
    for _ in range(_ROUNDS):
        sl, cl = np.sin(lam), np.cos(lam)
        across = cu1 * su2 - su1 * cu2 * cl
        ss = np.sqrt((cu2 * sl) * (cu2 * sl) + across * across)
        if ss == 0.0:
            return 0.0 if abs(lam) < 1.0 else np.nan
        cs = su1 * su2 + cu1 * cu2 * cl
        sigma = np.arctan2(ss, cs)
        sa = cu1 * cu2 * sl / ss
        c2a = 1.0 - sa * sa
        c2m = cs - 2.0 * su1 * su2 / c2a if c2a > 1e-15 else 0.0
        c = _F / 16.0 * c2a * (4.0 + _F * (4.0 - 3.0 * c2a))
        inner = c2m + c * cs * (2.0 * c2m * c2m - 1.0)
        new = length + (1.0 - c) * _F * sa * (sigma + c * ss * inner)
        if abs(new) > np.pi:
            return np.nan
        if abs(new - lam) < _TOLERANCE:
            return _arc_length(sigma, ss, cs, c2m, c2a)
        lam = new
    return np.nan


@njit(cache=True)
def _arc_length(sigma: float, ss: float, cs: float, c2m: float, c2a: float) -> float:
    """Vincenty's equations (3), (4), (6) and (19)."""
    usq = c2a * (_A * _A - _B * _B) / (_B * _B)
    big_a = 1.0 + usq / 16384.0 * (4096.0 + usq * (-768.0 + usq * (320.0 - 175.0 * usq)))
    big_b = usq / 1024.0 * (256.0 + usq * (-128.0 + usq * (74.0 - 47.0 * usq)))
    tail = big_b / 6.0 * c2m * (4.0 * ss * ss - 3.0) * (4.0 * c2m * c2m - 3.0)
    delta = big_b * ss * (c2m + big_b / 4.0 * (cs * (2.0 * c2m * c2m - 1.0) - tail))
    return float(_B * big_a * (sigma - delta))


@njit(cache=True)
def _direct(lat: float, lon: float, azimuth: float, distance: float) -> tuple[float, float]:
    """Vincenty's direct problem, in radians and metres."""
    u1 = np.arctan((1.0 - _F) * np.tan(lat))
    su1, cu1 = np.sin(u1), np.cos(u1)
    saz, caz = np.sin(azimuth), np.cos(azimuth)
    sigma1 = np.arctan2(su1, cu1 * caz)
    sa = cu1 * saz
    c2a = 1.0 - sa * sa
    usq = c2a * (_A * _A - _B * _B) / (_B * _B)
    big_a = 1.0 + usq / 16384.0 * (4096.0 + usq * (-768.0 + usq * (320.0 - 175.0 * usq)))
    big_b = usq / 1024.0 * (256.0 + usq * (-128.0 + usq * (74.0 - 47.0 * usq)))
    start = distance / (_B * big_a)
    sigma = start
    c2m = np.cos(2.0 * sigma1 + sigma)
    for _ in range(_ROUNDS):
        c2m = np.cos(2.0 * sigma1 + sigma)
        ss, cs = np.sin(sigma), np.cos(sigma)
        tail = big_b / 6.0 * c2m * (4.0 * ss * ss - 3.0) * (4.0 * c2m * c2m - 3.0)
        new = start + big_b * ss * (c2m + big_b / 4.0 * (cs * (2.0 * c2m * c2m - 1.0) - tail))
        if abs(new - sigma) < _TOLERANCE:
            break
        sigma = new
    ss, cs = np.sin(sigma), np.cos(sigma)
    turn = su1 * ss - cu1 * cs * caz
    lat2 = np.arctan2(su1 * cs + cu1 * ss * caz, (1.0 - _F) * np.sqrt(sa * sa + turn * turn))
    lam = np.arctan2(ss * saz, cu1 * cs - su1 * ss * caz)
    c = _F / 16.0 * c2a * (4.0 + _F * (4.0 - 3.0 * c2a))
    inner = c2m + c * cs * (2.0 * c2m * c2m - 1.0)
    return lat2, lon + lam - (1.0 - c) * _F * sa * (sigma + c * ss * inner)


@njit(cache=True)
def _through(lat1: float, lon1: float, lat2: float, lon2: float, azimuth: float) -> float:
    """Length of the way that starts with a quarter of the Earth along an azimuth [m]."""
    quarter = 0.5 * np.pi * _B
    lat, lon = _direct(lat1, lon1, azimuth, quarter)
    rest = _inverse(lat, lon, lat2, lon2)
    return quarter + rest if rest == rest else np.inf  # noqa: PLR0124


@njit(cache=True)
def _antipodal(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Search the azimuth of the shortest way between nearly antipodal points."""
    n = 72
    best, at = np.inf, 0.0
    for k in range(n):
        azimuth = 2.0 * np.pi * k / n
        value = _through(lat1, lon1, lat2, lon2, azimuth)
        if value < best:
            best, at = value, azimuth
    low, high = at - 2.0 * np.pi / n, at + 2.0 * np.pi / n
    x1, x2 = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    f1 = _through(lat1, lon1, lat2, lon2, x1)
    f2 = _through(lat1, lon1, lat2, lon2, x2)
    for _ in range(45):
        if f1 <= f2:
            high, x2, f2 = x2, x1, f1
            x1 = high - _GOLDEN * (high - low)
            f1 = _through(lat1, lon1, lat2, lon2, x1)
        else:
            low, x1, f1 = x1, x2, f2
            x2 = low + _GOLDEN * (high - low)
            f2 = _through(lat1, lon1, lat2, lon2, x2)
    return float(min(best, f1, f2))


@njit(cache=True)
def vincenty_inverse(
    lat1: NDArray[np.float64],
    lon1: NDArray[np.float64],
    lat2: NDArray[np.float64],
    lon2: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Geodesic distance of point pairs; compiled core of `geodesic_m`.

    Parameters
    ----------
    lat1, lon1, lat2, lon2 : float64[n]
        Latitudes and longitudes [deg].

    Returns
    -------
    float64[n]
        Distances [m]; NaN where a coordinate is NaN.
    """
    out = np.empty(lat1.size)
    rad = np.pi / 180.0
    for i in range(lat1.size):
        a, b, c, d = lat1[i] * rad, lon1[i] * rad, lat2[i] * rad, lon2[i] * rad
        value = _inverse(a, b, c, d)
        if not np.isfinite(value) and np.isfinite(a + b + c + d):
            value = _antipodal(a, b, c, d)
        out[i] = value
    return out


def _flat(*values: ArrayLike) -> tuple[tuple[int, ...], list[NDArray[np.float64]]]:
    arrays = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values))
    return arrays[0].shape, [np.ascontiguousarray(a).ravel() for a in arrays]


def geodesic_m(
    lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike
) -> NDArray[np.float64]:
    """Length of the geodesic on WGS 84 (Vincenty 1975).

    Parameters
    ----------
    lat1, lon1, lat2, lon2 : float[...]
        Latitudes and longitudes [deg]; broadcast against each other.

    Returns
    -------
    float64[...]
        Distances [m].
    """
    shape, (a, b, c, d) = _flat(lat1, lon1, lat2, lon2)
    return np.asarray(vincenty_inverse(a, b, c, d)).reshape(shape)


def destination(
    lat: ArrayLike, lon: ArrayLike, azimuth: ArrayLike, distance: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Point at a distance along an azimuth on WGS 84 (Vincenty 1975, direct problem).

    Parameters
    ----------
    lat, lon : float[...]
        Start [deg].
    azimuth : float[...]
        Direction at the start, clockwise from north [deg].
    distance : float[...]
        Length of the geodesic [m].

    Returns
    -------
    tuple of float64[...]
        Latitude and longitude [deg], longitude in -180 .. 180.
    """
    shape, (a, b, c, d) = _flat(lat, lon, azimuth, distance)
    end_lat, end_lon = _destinations(np.radians(a), np.radians(b), np.radians(c), d)
    wrapped = (np.degrees(end_lon) + 180.0) % 360.0 - 180.0
    return np.degrees(end_lat).reshape(shape), wrapped.reshape(shape)


@njit(cache=True)
def _destinations(
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
    azimuth: NDArray[np.float64],
    distance: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    end_lat = np.empty(lat.size)
    end_lon = np.empty(lat.size)
    for i in range(lat.size):
        end_lat[i], end_lon[i] = _direct(lat[i], lon[i], azimuth[i], distance[i])
    return end_lat, end_lon


def haversine_m(
    lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike
) -> NDArray[np.float64]:
    """Great-circle distance on the sphere of mean radius; within 0.6 % of the geodesic.

    Parameters
    ----------
    lat1, lon1, lat2, lon2 : float[...]
        Latitudes and longitudes [deg]; broadcast against each other.

    Returns
    -------
    float64[...]
        Distances [m] (R. W. Sinnott, "Virtues of the haversine", Sky and Telescope 68, 1984).
    """
    a, b, c, d = (np.radians(np.asarray(v, dtype=np.float64)) for v in (lat1, lon1, lat2, lon2))
    h = np.sin((c - a) / 2.0) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2.0) ** 2
    return np.asarray(2.0 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(h, 1.0))))


def unit_vectors(lat: ArrayLike, lon: ArrayLike) -> NDArray[np.float64]:
    """Points on the unit sphere; the chord between two orders pairs as the great circle does.

    Parameters
    ----------
    lat, lon : float[n]
        Latitudes and longitudes [deg].

    Returns
    -------
    float64[n, 3]
        Towards 0° E on the equator, 90° E on the equator, the north pole.
    """
    phi = np.radians(np.asarray(lat, dtype=np.float64))
    lam = np.radians(np.asarray(lon, dtype=np.float64))
    across = np.cos(phi)
    return np.stack([across * np.cos(lam), across * np.sin(lam), np.sin(phi)], axis=-1)


def stereographic(
    lat: ArrayLike, lon: ArrayLike, centre_lat: float, centre_lon: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Project onto a plane that touches the sphere of mean radius at the centre.

    The projection is conformal and maps circles to circles, so a Delaunay triangulation in the
    plane is the one on the sphere (J. P. Snyder, Map Projections: A Working Manual, USGS
    Professional Paper 1395, 1987, equations 21-2 to 21-4 with k0 = 1).

    Parameters
    ----------
    lat, lon : float[...]
        Points [deg]; the antipode of the centre has no image.
    centre_lat, centre_lon : float
        Centre [deg].

    Returns
    -------
    tuple of float64[...]
        East and north of the centre [m]; the scale grows as 1 + (distance / 2R)².
    """
    phi = np.radians(np.asarray(lat, dtype=np.float64))
    lam = np.radians(np.asarray(lon, dtype=np.float64) - centre_lon)
    phi0 = np.radians(centre_lat)
    cosine = np.sin(phi0) * np.sin(phi) + np.cos(phi0) * np.cos(phi) * np.cos(lam)
    k = 2.0 * EARTH_RADIUS_M / (1.0 + cosine)
    x = k * np.cos(phi) * np.sin(lam)
    y = k * (np.cos(phi0) * np.sin(phi) - np.sin(phi0) * np.cos(phi) * np.cos(lam))
    return x, y


def stereographic_inverse(
    x: ArrayLike, y: ArrayLike, centre_lat: float, centre_lon: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Undo `stereographic` (Snyder 1987, equations 20-14, 20-15 and 21-15).

    Parameters
    ----------
    x, y : float[...]
        East and north of the centre [m].
    centre_lat, centre_lon : float
        Centre [deg].

    Returns
    -------
    tuple of float64[...]
        Latitude and longitude [deg].
    """
    east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    rho = np.hypot(east, north)
    c = 2.0 * np.arctan2(rho, 2.0 * EARTH_RADIUS_M)
    phi0 = np.radians(centre_lat)
    safe = np.where(rho == 0.0, 1.0, rho)
    sine = np.cos(c) * np.sin(phi0) + north * np.sin(c) * np.cos(phi0) / safe
    phi = np.arcsin(np.clip(sine, -1.0, 1.0))
    lam = np.arctan2(
        east * np.sin(c), safe * np.cos(phi0) * np.cos(c) - north * np.sin(phi0) * np.sin(c)
    )
    lon = (centre_lon + np.degrees(lam) + 180.0) % 360.0 - 180.0
    return np.degrees(phi), lon


@njit(cache=True)
def point_to_segment(
    px: float, py: float, ax: float, ay: float, bx: float, by: float
) -> tuple[float, float]:
    """Nearest place of a segment to a point, in a plane.

    Parameters
    ----------
    px, py, ax, ay, bx, by : float
        The point and the segment's ends [m].

    Returns
    -------
    share : float
        Where on the segment, 0 at ``a``, 1 at ``b``; 0 if the segment has no length.
    distance : float
        Distance of the point from there [m].
    """
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    share = 0.0
    if square > 0.0:
        share = min(1.0, max(0.0, ((px - ax) * dx + (py - ay) * dy) / square))
    return share, np.hypot(px - ax - share * dx, py - ay - share * dy)


@njit(cache=True)
def along_polyline_m(
    offset: NDArray[np.int64], lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Distance of every vertex from the start of its polyline, along the polyline.

    Parameters
    ----------
    offset : int64[n + 1]
        The vertices of polyline ``i`` are ``offset[i]:offset[i + 1]``.
    lat, lon : float64[offset[n]]
        Vertices [deg].

    Returns
    -------
    float64[offset[n]]
        Sums of geodesics [m], 0 at each first vertex.
    """
    along = np.zeros(lat.size)
    rad = np.pi / 180.0
    for i in range(offset.size - 1):
        for j in range(offset[i] + 1, offset[i + 1]):
            step = _inverse(lat[j - 1] * rad, lon[j - 1] * rad, lat[j] * rad, lon[j] * rad)
            along[j] = along[j - 1] + step
    return along
