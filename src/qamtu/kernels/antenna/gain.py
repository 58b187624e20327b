"""Loss of an antenna towards a direction, from its horizontal and vertical cut: compiled core."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["directions_loss", "pattern_loss"]

_RAD = np.pi / 180.0


@njit(cache=True, inline="always")
def _cut(cut: NDArray[np.float64], angle_deg: float) -> float:
    """Read a cut of 360 whole degrees at any angle, linear between them."""
    turned = angle_deg % 360.0
    low = int(turned)
    share = turned - low
    low %= 360
    high = low + 1 if low < 359 else 0
    return cut[low] + share * (cut[high] - cut[low])


@njit(cache=True)
def pattern_loss(
    horizontal_db: NDArray[np.float64],
    vertical_db: NDArray[np.float64],
    most_db: float,
    projected: bool,
    azimuth_off_deg: float,
    elevation_deg: float,
    tilt_deg: float,
    electrical_tilt_deg: float,
) -> float:
    """Loss below the antenna's maximum towards one direction.

    Mechanical tilt turns the antenna about the horizontal axis across its boresight; electrical
    tilt lowers the beam alike at every azimuth, so it shifts the vertical cut.

    With ``projected`` the cuts are combined by the horizontal projection interpolation
    (F. Gil et al., "A 3D interpolation method for base-station-antenna radiation patterns",
    IEEE Antennas and Propagation Magazine 43(2), 2001)::

        L = H(φ) + (1 − |φ|/180)·(V(δ) − H(0)) + |φ|/180·(V(180° − δ) − H(180))

    which gives back both cuts. Otherwise they are summed and capped (3GPP TR 38.901 V17,
    table 7.3-1): L = min(H(φ) + V(δ), ``most_db``).

    Parameters
    ----------
    horizontal_db : float64[360]
        Loss at each degree clockwise from boresight [dB].
    vertical_db : float64[360]
        Loss at each degree below the antenna's horizon, through nadir (90), the back (180) and
        the zenith (270) [dB].
    most_db : float
        Greatest loss [dB].
    projected : bool
        How the cuts are combined.
    azimuth_off_deg : float
        Azimuth of the direction less the antenna's [deg].
    elevation_deg : float
        Elevation of the direction, up positive [deg].
    tilt_deg, electrical_tilt_deg : float
        Mechanical and further electrical tilt, down positive [deg].

    Returns
    -------
    float
        Loss [dB], not above ``most_db``; not below 0 where the cuts are not.
    """
    phi = azimuth_off_deg
    elevation = elevation_deg
    if tilt_deg != 0.0:
        ce, se = np.cos(elevation * _RAD), np.sin(elevation * _RAD)
        ct, st = np.cos(tilt_deg * _RAD), np.sin(tilt_deg * _RAD)
        x = ce * np.cos(phi * _RAD)
        y = ce * np.sin(phi * _RAD)
        ahead = x * ct - se * st
        up = x * st + se * ct
        phi = np.arctan2(y, ahead) / _RAD
        elevation = np.arctan2(up, np.sqrt(ahead * ahead + y * y)) / _RAD
    below = -elevation - electrical_tilt_deg
    if not projected:
        return min(_cut(horizontal_db, phi) + _cut(vertical_db, below), most_db)
    turned = (phi + 180.0) % 360.0 - 180.0
    back = abs(turned) / 180.0
    front_part = _cut(vertical_db, below) - horizontal_db[0]
    back_part = _cut(vertical_db, 180.0 - below) - horizontal_db[180]
    loss = _cut(horizontal_db, turned) + (1.0 - back) * front_part + back * back_part
    return min(max(loss, 0.0), most_db)


@njit(cache=True)
def directions_loss(
    horizontal_db: NDArray[np.float64],
    vertical_db: NDArray[np.float64],
    most_db: float,
    projected: bool,
    azimuth_off_deg: NDArray[np.float64],
    elevation_deg: NDArray[np.float64],
    tilt_deg: float,
    electrical_tilt_deg: float,
) -> NDArray[np.float64]:
    """Loss towards many directions; see `pattern_loss`.

    Parameters
    ----------
    azimuth_off_deg, elevation_deg : float64[n]
        Directions [deg].

    Returns
    -------
    float64[n]
        Losses [dB].
    """
    out = np.empty(azimuth_off_deg.size)
    for i in range(out.size):
        out[i] = pattern_loss(
            horizontal_db,
            vertical_db,
            most_db,
            projected,
            azimuth_off_deg[i],
            elevation_deg[i],
            tilt_deg,
            electrical_tilt_deg,
        )
    return out
