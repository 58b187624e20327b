"""Received power of a sector over a raster of losses, its pattern and tilt counted."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.antenna import pattern_loss
from qamtu.kernels.coverage.sector import SectorSpec
from qamtu.kernels.geodesy import EARTH_RADIUS_M

__all__ = ["off_axis", "received_power", "site_array"]

_RAD = np.pi / 180.0
_EFFECTIVE_EARTH_M = 4.0 / 3.0 * EARTH_RADIUS_M
"""Radius of the standard radio Earth, k = 4/3 (Recommendation ITU-R P.310-10) [m]."""


@njit(cache=True)
def off_axis(
    cos1: float,
    sin1: float,
    cos2: float,
    sin2: float,
    cos_dlon: float,
    sin_dlon: float,
    rise_m: float,
) -> tuple[float, float]:
    """Azimuth and elevation of a point seen from a site [deg].

    The elevation is that of the ray's chord over an Earth of 4/3 of the radius:
    tan ε = rise/d − d/(2 k a).
    """
    north = cos1 * sin2 - sin1 * cos2 * cos_dlon
    east = cos2 * sin_dlon
    ahead = sin1 * sin2 + cos1 * cos2 * cos_dlon
    distance = EARTH_RADIUS_M * np.arctan2(np.sqrt(north * north + east * east), ahead)
    if distance < 0.01:
        return 0.0, (-90.0 if rise_m < 0.0 else 90.0)
    azimuth = np.arctan2(east, north) / _RAD
    slope = rise_m / distance - distance / (2.0 * _EFFECTIVE_EARTH_M)
    return azimuth, np.arctan(slope) / _RAD


@njit(cache=True)
def power_raster(
    loss_db: NDArray[np.float32],
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    ground_m: NDArray[np.float32],
    site: NDArray[np.float64],
    horizontal_db: NDArray[np.float64],
    vertical_db: NDArray[np.float64],
    most_db: float,
    projected: bool,
    rx_height_m: float,
    offset_db: float,
    out: NDArray[np.float32],
) -> None:
    """Fill ``out`` with the received power; compiled core of `received_power`.

    Parameters
    ----------
    site : float64[7]
        Latitude, longitude [deg], antenna above sea level [m], azimuth, tilt, electrical tilt
        [deg], EIRP [dBm].
    """
    rows, cols = loss_db.shape
    cos1, sin1 = np.cos(site[0] * _RAD), np.sin(site[0] * _RAD)
    cos_dlon, sin_dlon = np.empty(cols), np.empty(cols)
    for j in range(cols):
        cos_dlon[j] = np.cos((lon_deg[j] - site[1]) * _RAD)
        sin_dlon[j] = np.sin((lon_deg[j] - site[1]) * _RAD)
    for i in range(rows):
        cos2, sin2 = np.cos(lat_deg[i] * _RAD), np.sin(lat_deg[i] * _RAD)
        for j in range(cols):
            loss = loss_db[i, j]
            if not np.isfinite(loss):
                out[i, j] = np.nan
                continue
            ground = ground_m[i, j]
            rise = (ground if np.isfinite(ground) else 0.0) + rx_height_m - site[2]
            azimuth, elevation = off_axis(cos1, sin1, cos2, sin2, cos_dlon[j], sin_dlon[j], rise)
            pattern = pattern_loss(
                horizontal_db,
                vertical_db,
                most_db,
                projected,
                azimuth - site[3],
                elevation,
                site[4],
                site[5],
            )
            out[i, j] = site[6] - pattern - loss + offset_db


def received_power(
    loss_db: NDArray[np.float32],
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    ground_m: NDArray[np.float32],
    sector: SectorSpec,
    *,
    rx_height_m: float,
    offset_db: float = 0.0,
) -> NDArray[np.float32]:
    """Received power of one sector at every cell of a raster.

    P = EIRP − pattern loss − basic transmission loss + offset.

    Parameters
    ----------
    loss_db : float32[rows, cols]
        Basic transmission loss from the site [dB]; NaN outside its radius.
    lat_deg, lon_deg : float64[rows], float64[cols]
        Centres of the cells [deg].
    ground_m : float32[rows, cols]
        Ground above sea level at the cells [m]; where NaN it is taken as sea level.
    sector
        The sector.
    rx_height_m : float
        Receiver above ground [m].
    offset_db : float
        What is added: receiver gain, less margins, less 10 log10(subcarriers) for RSRP [dB].

    Returns
    -------
    float32[rows, cols]
        Received power [dBm]; NaN where the loss is.
    """
    out = np.empty(loss_db.shape, np.float32)
    power_raster(
        np.ascontiguousarray(loss_db, dtype=np.float32),
        np.ascontiguousarray(lat_deg, dtype=np.float64),
        np.ascontiguousarray(lon_deg, dtype=np.float64),
        np.ascontiguousarray(ground_m, dtype=np.float32),
        site_array(sector),
        sector.pattern.horizontal_db,
        sector.pattern.vertical_db,
        float(sector.pattern.most_db),
        bool(sector.pattern.projected),
        float(rx_height_m),
        float(offset_db),
        out,
    )
    return out


def site_array(sector: SectorSpec) -> NDArray[np.float64]:
    """Give a sector's place, direction and EIRP as the compiled kernels take them."""
    return np.array(
        [
            sector.lat_deg,
            sector.lon_deg,
            sector.ground_m + sector.height_m,
            sector.azimuth_deg,
            sector.tilt_deg,
            sector.electrical_tilt_deg,
            sector.eirp_dbm,
        ],
        dtype=np.float64,
    )
