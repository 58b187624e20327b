"""The inverse cumulative normal distribution as P.1812-8 approximates it, Attachment 2."""

import numpy as np
from numba import njit

__all__ = ["inverse_normal", "inverse_normal_of_log"]

_LOWEST = 0.000001


@njit(cache=True, nogil=True, error_model="numpy")
def inverse_normal_of_log(log_share: float) -> float:
    """Value that a normal variable exceeds with a probability, given the logarithm of it.

    Parameters
    ----------
    log_share : float
        Natural logarithm of the probability; the probability in 0 .. 0.5.

    Returns
    -------
    float
        Standard normal value, not negative, equations (94a), (95) and (96) of P.1812-8; values
        below 10⁻⁶ count as 10⁻⁶.
    """
    t = np.sqrt(-2.0 * max(log_share, np.log(_LOWEST)))
    above = (0.010328 * t + 0.802853) * t + 2.515516698
    below = ((0.001308 * t + 0.189269) * t + 1.432788) * t + 1.0
    return t - above / below


@njit(cache=True, nogil=True, error_model="numpy")
def inverse_normal(share: float) -> float:
    """Value that a normal variable exceeds with a probability, Attachment 2 of P.1812-8.

    Parameters
    ----------
    share : float
        Probability, 0 .. 1; taken as at least 10⁻⁶ and at most 1 - 10⁻⁶.

    Returns
    -------
    float
        Standard normal value, equations (94a) and (94b): positive below 0.5.
    """
    if share <= 0.5:
        return inverse_normal_of_log(np.log(max(share, _LOWEST)))
    return -inverse_normal_of_log(np.log(max(1.0 - share, _LOWEST)))
