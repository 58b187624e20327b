"""Building entry loss of Recommendation ITU-R P.2109-2 (08/2023), and its sum with fading outside.

P.1812-8 section 4.9 takes the loss of a receiver inside from P.2109: median and distribution.
"""

from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

__all__ = ["building_entry_loss_db", "indoor_loss_db"]

_COEFFICIENTS: Final = {
    "traditional": (12.64, 3.72, 0.96, 9.6, 2.0, 9.1, -3.0, 4.5, -2.0),
    "thermally_efficient": (28.19, -3.00, 8.48, 13.5, 3.8, 27.8, -2.9, 9.4, -2.1),
}
_DB_PER_DEGREE: Final = 0.212
_LEAST_DB: Final = -3.0
_NODES: Final = 4000


def building_entry_loss_db(
    frequency_ghz: ArrayLike,
    percent: ArrayLike = 50.0,
    building: Literal["traditional", "thermally_efficient"] = "traditional",
    elevation_deg: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Loss on the way into a building that a share of places inside does not exceed.

    Parameters
    ----------
    frequency_ghz : float[...]
        Frequency [GHz], 0.08 .. 100.
    percent : float[...]
        Share of buildings and places in them [%], between 0 and 100.
    building
        "traditional", or "thermally_efficient": metallised glass and foil-backed panels.
    elevation_deg : float[...]
        Elevation of the path at the façade [deg], -90 .. 90.

    Returns
    -------
    float64[...]
        Loss [dB], P.2109-2 equations (1) to (10).
    """
    r, s, t, u, v, w, x, y, z = _COEFFICIENTS[building]
    log_f = np.log10(np.asarray(frequency_ghz, dtype=np.float64))
    normal = ndtri(np.asarray(percent, dtype=np.float64) / 100.0)
    elevation = _DB_PER_DEGREE * np.abs(np.asarray(elevation_deg, dtype=np.float64))
    a = normal * (u + v * log_f) + r + s * log_f + t * log_f * log_f + elevation
    b = normal * (y + z * log_f) + w + x * log_f
    power = 10.0 ** (0.1 * a) + 10.0 ** (0.1 * b) + 10.0 ** (0.1 * _LEAST_DB)
    return np.asarray(10.0 * np.log10(power))


def indoor_loss_db(
    frequency_ghz: float,
    location_percent: float,
    location_sigma_db: float,
    building: Literal["traditional", "thermally_efficient"] = "traditional",
    elevation_deg: float = 0.0,
) -> float:
    """What being inside adds to the median loss outside, for a share of places.

    The sum of the normal location variability outside and of the building entry loss, taken as
    independent; its share of places is found by bisection of the distribution of the sum.

    Parameters
    ----------
    frequency_ghz
        Frequency [GHz].
    location_percent
        Share of places inside in which the loss is not exceeded [%].
    location_sigma_db
        Standard deviation of location variability outside [dB], 0 or more.
    building, elevation_deg
        As in `building_entry_loss_db`.

    Returns
    -------
    float
        Loss to add to the median basic transmission loss outside [dB].
    """
    if location_sigma_db == 0.0:
        loss = building_entry_loss_db(frequency_ghz, location_percent, building, elevation_deg)
        return float(loss)
    percents = 100.0 * (np.arange(_NODES) + 0.5) / _NODES
    entry = building_entry_loss_db(frequency_ghz, percents, building, elevation_deg)
    low = float(entry.min()) - 10.0 * location_sigma_db
    high = float(entry.max()) + 10.0 * location_sigma_db
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
        share = float(ndtr((middle - entry) / location_sigma_db).mean())
        low, high = (middle, high) if share < location_percent / 100.0 else (low, middle)
    return 0.5 * (low + high)
