"""Sea, coast and inland along a path: stretches, sea share, and what P.1812-8 makes of them."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "COAST",
    "FAR_KM",
    "INLAND",
    "SEA",
    "beta0_percent",
    "coasts_km",
    "log_beta0",
    "stretches",
    "zone_terms",
]

SEA = 1
COAST = 3
INLAND = 4
FAR_KM = 500.0
_LN10 = 2.302585092994046


@njit(cache=True, nogil=True, error_model="numpy")
def stretches(d_km: NDArray[np.float64], zone: NDArray[np.uint8]) -> tuple[float, float, float]:
    """Longest stretches on land and inland, and the share of the path over sea.

    A boundary between zones lies halfway between two profile points.

    Parameters
    ----------
    d_km : float64[n]
        Distances from the transmitter [km], ascending from 0.
    zone : uint8[n]
        1 sea, 3 coastal land, 4 inland.

    Returns
    -------
    land_km : float
        Longest continuous stretch of land, coastal or inland, dtm of section 3.6 [km].
    inland_km : float
        Longest continuous inland stretch, dlm [km].
    sea_share : float
        Share of the path over sea, omega of Table 5.
    """
    n = d_km.size
    land = inland = longest_land = longest_inland = sea = 0.0
    for i in range(1, n):
        half = 0.5 * (d_km[i] - d_km[i - 1])
        for j in (i - 1, i):
            # the half of the interval that belongs to point j continues or breaks each stretch
            land = land + half if zone[j] != SEA else 0.0
            inland = inland + half if zone[j] == INLAND else 0.0
            longest_land = max(longest_land, land)
            longest_inland = max(longest_inland, inland)
            if zone[j] == SEA:
                sea += half
    return longest_land, longest_inland, sea / (d_km[n - 1] - d_km[0])


@njit(cache=True, nogil=True, error_model="numpy")
def coasts_km(d_km: NDArray[np.float64], zone: NDArray[np.uint8]) -> tuple[float, float]:
    """Distances over land from both terminals to the coast along the path.

    Parameters
    ----------
    d_km : float64[n]
        Distances from the transmitter [km], ascending from 0.
    zone : uint8[n]
        1 sea, 3 coastal land, 4 inland.

    Returns
    -------
    tuple of float
        From the transmitter and from the receiver [km], dct and dcr of Table 5: to halfway
        between the last point on land and the first at sea, 0 at sea, 500 without sea.
    """
    last = d_km.size - 1
    from_t = from_r = FAR_KM
    for i in range(last, -1, -1):
        if zone[i] == SEA:
            from_t = 0.5 * (d_km[i] + d_km[i - 1]) if i > 0 else 0.0
    for i in range(last + 1):
        if zone[i] == SEA:
            from_r = d_km[last] - 0.5 * (d_km[i] + d_km[i + 1]) if i < last else 0.0
    return min(from_t, FAR_KM), min(from_r, FAR_KM)


@njit(cache=True, nogil=True, error_model="numpy")
def zone_terms(land_km: float, inland_km: float) -> tuple[float, float]:
    """What the longest stretches of land mean for anomalous propagation.

    Parameters
    ----------
    land_km, inland_km : float
        Longest stretches on land and inland, dtm and dlm [km].

    Returns
    -------
    tau : float
        Equation (3) of P.1812-8.
    ln_mu1 : float
        Natural logarithm of mu1, equation (2).
    """
    tau = 0.0
    if inland_km > 0.0:
        tau = 1.0 - np.exp(-4.12e-4 * np.exp(2.41 * np.log(inland_km)))
    near = np.exp(-_LN10 * land_km / (16.0 - 6.6 * tau))
    far = np.exp(-_LN10 * 5.0 * (0.496 + 0.354 * tau))
    return tau, min(0.0, 0.2 * np.log(near + far))


@njit(cache=True, nogil=True, error_model="numpy")
def log_beta0(ln_mu1: float, latitude_deg: float) -> float:
    """Give the natural logarithm of `beta0_percent`."""
    phi = abs(latitude_deg)
    if phi <= 70.0:
        return _LN10 * (1.67 - 0.015 * phi) + (0.065 + 0.0176 * phi) * ln_mu1
    return np.log(4.17) + 1.3 * ln_mu1


@njit(cache=True, nogil=True, error_model="numpy")
def beta0_percent(ln_mu1: float, latitude_deg: float) -> float:
    """Share of time in which anomalous propagation is to be expected, β0.

    Parameters
    ----------
    ln_mu1 : float
        Natural logarithm of mu1 (`zone_terms`).
    latitude_deg : float
        Latitude of the middle of the path [deg].

    Returns
    -------
    float
        β0 [%], equations (4) and (5) of P.1812-8.
    """
    return np.exp(log_beta0(ln_mu1, latitude_deg))
