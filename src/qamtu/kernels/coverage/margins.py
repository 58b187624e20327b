"""What a level must have in hand to be reached at a share of locations or cases."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

__all__ = [
    "location_margin_db",
    "normal_loss_db",
    "share_of_locations",
]


def location_margin_db(percent: float, sigma_db: float) -> float:
    """What the median level must exceed a threshold by to be above it at a share of locations.

    Locations are log-normal: the margin is the normal quantile of the share times
    the standard deviation.

    Parameters
    ----------
    percent : float
        Share of the locations, above 0 and below 100 [%].
    sigma_db : float
        Standard deviation [dB].

    Returns
    -------
    float
        Margin [dB]; 0 at 50 %, negative below.
    """
    return float(ndtri(percent / 100.0) * sigma_db)


def share_of_locations(
    level_dbm: ArrayLike, threshold_dbm: ArrayLike, sigma_db: float
) -> NDArray[np.float64]:
    """Share of a cell's locations where the level is above a threshold.

    Parameters
    ----------
    level_dbm, threshold_dbm : float[...]
        Median level and threshold [dBm].
    sigma_db : float
        Standard deviation over the locations [dB], above 0.

    Returns
    -------
    float64[...]
        Share, 0 to 1.
    """
    excess = np.asarray(level_dbm, np.float64) - np.asarray(threshold_dbm, np.float64)
    return np.asarray(ndtr(excess / sigma_db))


def normal_loss_db(mean_db: float, sd_db: float, percent: float) -> float:
    """Loss that a share of cases does not exceed, where the loss is normal in dB.

    Parameters
    ----------
    mean_db, sd_db : float
        Mean and standard deviation [dB].
    percent : float
        Share of the cases [%].

    Returns
    -------
    float
        Loss [dB].
    """
    return float(mean_db + sd_db * ndtri(percent / 100.0))
