"""Fading by rain and multipath of Recommendation ITU-R P.530-17 (12/2017).

Rain is that of § 2.4.1, flat multipath that of § 2.3, selective multipath that of § 5.1. The maps
that they need come from `qamtu.kernels.propagation.climate`.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.kernels.propagation.climate import rain_coefficients

__all__ = [
    "multipath_percent",
    "occurrence_percent",
    "rain_attenuation_db",
    "rain_percent",
    "selective_outage",
    "worst_month_to_year",
]

Floats = NDArray[np.float64]

_PERCENT_LEAST: Final = 1e-6


def rain_attenuation_db(
    length_km: ArrayLike, frequency_ghz: ArrayLike, polarisation_deg: ArrayLike, rate: ArrayLike
) -> Floats:
    """Rain attenuation exceeded for 0.01 % of the year (P.530-17 § 2.4.1, steps 2 to 4).

    Parameters
    ----------
    length_km : float[...]
        Length of the path [km].
    frequency_ghz, polarisation_deg : float[...]
        Carrier [GHz] and tilt of its polarisation [deg].
    rate : float[...]
        Rain rate exceeded for 0.01 % of the year [mm/h].

    Returns
    -------
    float64[...]
        Attenuation [dB].
    """
    d = np.maximum(np.asarray(length_km, dtype=np.float64), 1e-6)
    f, r = np.asarray(frequency_ghz, dtype=np.float64), np.asarray(rate, dtype=np.float64)
    k, alpha = rain_coefficients(f, polarisation_deg)
    shrink = 0.477 * d**0.633 * r ** (0.073 * alpha) * f**0.123
    factor = shrink - 10.579 * (1.0 - np.exp(-0.024 * d))  # its inverse is (32)
    inverse = np.maximum(factor, 0.4)  # r is at most 2.5
    return np.asarray(k * r**alpha * d / inverse)  # (33)


def _rain_powers(frequency_ghz: Floats) -> tuple[Floats, Floats, Floats]:
    """Coefficients C1, C2 and C3 of P.530-17 equations (35)."""
    above = np.maximum(frequency_ghz, 10.0)
    c0 = 0.12 + 0.4 * np.log10(above / 10.0) ** 0.8
    c1 = 0.07**c0 * 0.12 ** (1.0 - c0)
    return c1, 0.855 * c0 + 0.546 * (1.0 - c0), 0.139 * c0 + 0.043 * (1.0 - c0)


def rain_percent(rain_001_db: ArrayLike, margin_db: ArrayLike, frequency_ghz: ArrayLike) -> Floats:
    """Share of the year in which rain takes more than a margin.

    Equation (34) of P.530-17 § 2.4.1, ``A_p / A_0.01 = C1 p^-(C2 + C3 log10 p)``, solved for p.
    It is meant for 0.001 to 1 %; outside it is carried on, from 1e-6 % up to 100 %.

    Parameters
    ----------
    rain_001_db : float[...]
        Attenuation exceeded for 0.01 % of the year [dB].
    margin_db : float[...]
        What may be lost, broadcast against it [dB].
    frequency_ghz : float[...]
        Carrier [GHz].

    Returns
    -------
    float64[...]
        Share of the year [%]; 100 where the margin is not above 0.
    """
    c1, c2, c3 = _rain_powers(np.asarray(frequency_ghz, dtype=np.float64))
    a = np.maximum(np.asarray(rain_001_db, dtype=np.float64), 1e-12)
    margin = np.asarray(margin_db, dtype=np.float64)
    y = np.log10(np.maximum(margin, 1e-12) / (a * c1))
    root = c2 * c2 - 4.0 * c3 * y
    exponent = np.where(root >= 0.0, (np.sqrt(np.maximum(root, 0.0)) - c2) / (2.0 * c3), -np.inf)
    percent = np.clip(10.0 ** np.clip(exponent, -6.0, 2.0), _PERCENT_LEAST, 100.0)
    return np.asarray(np.where(margin > 0.0, percent, 100.0))


def occurrence_percent(
    geoclimatic_factor: ArrayLike,
    length_km: ArrayLike,
    inclination_mrad: ArrayLike,
    frequency_ghz: ArrayLike,
    lower_m: ArrayLike,
) -> Floats:
    """Multipath occurrence factor p0 (P.530-17 § 2.3.1, equation (7) at a fade of 0 dB) [%].

    Parameters
    ----------
    geoclimatic_factor : float[...]
        K of equation (4).
    length_km, inclination_mrad : float[...]
        Length [km] and inclination of the path [mrad].
    frequency_ghz : float[...]
        Carrier [GHz].
    lower_m : float[...]
        Lower of both antennas above sea level [m].
    """
    k, d = np.asarray(geoclimatic_factor, dtype=np.float64), np.asarray(length_km, dtype=np.float64)
    tilt = np.abs(np.asarray(inclination_mrad, dtype=np.float64))
    f, low = np.asarray(frequency_ghz, dtype=np.float64), np.asarray(lower_m, dtype=np.float64)
    p0 = k * d**3.4 * (1.0 + tilt) ** -1.03 * f**0.8
    return np.asarray(p0 * 10.0 ** (-0.00076 * low))


def multipath_percent(occurrence_percent: ArrayLike, margin_db: ArrayLike) -> Floats:
    """Share of the worst month in which multipath takes more than a margin (P.530-17 § 2.3.2).

    Equation (10) with the deep distribution (13) from the transition (12) on, and the shallow one
    (14) to (18) below it.

    Parameters
    ----------
    occurrence_percent : float[...]
        Multipath occurrence factor p0 [%]: equation (7) at a fade of 0 dB.
    margin_db : float[...]
        Fade depth [dB].

    Returns
    -------
    float64[...]
        Share of the average worst month [%]; 100 where the margin is not above 0.
    """
    p0 = np.maximum(np.asarray(occurrence_percent, dtype=np.float64), 1e-12)
    fade = np.asarray(margin_db, dtype=np.float64)
    turn = np.maximum(25.0 + 1.2 * np.log10(p0), 1.0)  # (12)
    deep = p0 * 10.0 ** (-fade / 10.0)  # (13)
    at_turn = np.minimum(p0 * 10.0 ** (-turn / 10.0), 99.999)  # (14)
    q_turn = -20.0 * np.log10(-np.log(1.0 - at_turn / 100.0)) / turn  # (15)
    q_t = (q_turn - 2.0) / ((1.0 + 0.3 * 10.0 ** (-turn / 20.0)) * 10.0 ** (-0.016 * turn))
    q_t -= 4.3 * (10.0 ** (-turn / 20.0) + turn / 800.0)  # (16)
    a = np.clip(fade, 0.0, None)
    q_a = 2.0 + (1.0 + 0.3 * 10.0 ** (-a / 20.0)) * 10.0 ** (-0.016 * a) * (
        q_t + 4.3 * (10.0 ** (-a / 20.0) + a / 800.0)
    )  # (17)
    shallow = 100.0 * (1.0 - np.exp(-(10.0 ** (-q_a * a / 20.0))))  # (18)
    percent = np.where(fade >= turn, deep, np.minimum(shallow, 100.0))
    return np.asarray(np.where(fade > 0.0, np.minimum(percent, 100.0), 100.0))


def worst_month_to_year(
    percent: ArrayLike, lat_deg: ArrayLike, length_km: ArrayLike, inclination_mrad: ArrayLike
) -> Floats:
    """Bring a share of the average worst month to one of the average year (P.530-17 § 2.3.4).

    Parameters
    ----------
    percent : float[...]
        Share of the worst month [%].
    lat_deg, length_km, inclination_mrad : float[...]
        Latitude [deg], length [km] and inclination of the path [mrad].

    Returns
    -------
    float64[...]
        Share of the year [%].
    """
    lat = np.abs(np.asarray(lat_deg, dtype=np.float64))
    swing = np.abs(np.cos(np.radians(2.0 * lat))) ** 0.7
    season = np.log10(1.1 + np.where(lat <= 45.0, swing, -swing))
    d = np.maximum(np.asarray(length_km, dtype=np.float64), 1e-6)
    tilt = np.log10(1.0 + np.abs(np.asarray(inclination_mrad, dtype=np.float64)))
    gain = np.minimum(10.5 - 5.6 * season - 2.7 * np.log10(d) + 1.7 * tilt, 10.8)
    return np.asarray(np.asarray(percent, dtype=np.float64) * 10.0 ** (-gain / 10.0))


def selective_outage(
    occurrence_percent: ArrayLike,
    length_km: ArrayLike,
    bandwidth_mhz: float,
    signature_depth_db: float,
    signature_delay_ns: float,
) -> Floats:
    """Share of the worst month in which the channel is too distorted (P.530-17 § 5.1).

    ``2.15 η W 10^(-B/20) τm² / |τr|`` for minimum and non-minimum phase alike, with the mean echo
    delay ``0.7 (d/50)^1.3`` ns and ``η = 1 - exp(-0.2 P0^0.75)``.

    Parameters
    ----------
    occurrence_percent : float[...]
        Multipath occurrence factor p0 [%].
    length_km : float[...]
        Length [km].
    bandwidth_mhz
        Width of the channel, taken for the signature's [MHz].
    signature_depth_db, signature_delay_ns
        Depth of the equaliser's signature [dB] at the reference delay [ns].

    Returns
    -------
    float64[...]
        Share of the average worst month [%].
    """
    p0 = np.asarray(occurrence_percent, dtype=np.float64) / 100.0
    delay = 0.7 * (np.asarray(length_km, dtype=np.float64) / 50.0) ** 1.3
    eta = 1.0 - np.exp(-0.2 * p0**0.75)
    width = bandwidth_mhz / 1000.0
    each = width * 10.0 ** (-signature_depth_db / 20.0) * delay**2 / signature_delay_ns
    return np.asarray(np.minimum(100.0 * 2.15 * eta * 2.0 * each, 100.0))
