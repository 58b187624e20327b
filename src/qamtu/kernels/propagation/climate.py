"""Radio climate from the maps of the ITU-R, through the optional package itur.

The only module that knows itur (extra ``radio``); it is loaded at the first call, as that takes
about two seconds. Units of astropy stay in here: numbers go in, numbers come out.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.core.errors import MissingInput
from qamtu.core.findings import Finding, Severity

__all__ = [
    "Climate",
    "climate_at",
    "gas_attenuation_db_per_km",
    "has_maps",
    "rain_coefficients",
]

_HAS_ITUR: Final = find_spec("itur") is not None
_ZERO_CELSIUS_K: Final = 273.15


@dataclass(frozen=True, slots=True)
class Climate:
    """What the air does to k hops, read at their middles.

    Parameters
    ----------
    lat_deg : float64[k]
        Latitude [deg].
    rain_rate_mm_per_h : float64[k]
        Rain rate exceeded for 0.01 % of an average year, P.837-7 [mm/h].
    geoclimatic_factor : float64[k]
        K of P.530-17 equation (4), from the refractivity gradient in the lowest 65 m not exceeded
        for 1 % of the year (P.453) and the roughness of the terrain within 110 km.
    water_vapour_g_per_m3, temperature_k, pressure_hpa : float64[k]
        Surface water vapour exceeded for 50 % of the year (P.836-6) [g/m3], annual mean
        temperature (P.1510-1) [K], pressure of the standard atmosphere (P.835-6) [hPa].
    """

    lat_deg: NDArray[np.float64]
    rain_rate_mm_per_h: NDArray[np.float64]
    geoclimatic_factor: NDArray[np.float64]
    water_vapour_g_per_m3: NDArray[np.float64]
    temperature_k: NDArray[np.float64]
    pressure_hpa: NDArray[np.float64]


def has_maps() -> bool:
    """Tell whether the extra ``radio`` with the maps is installed."""
    return _HAS_ITUR


def climate_at(lat_deg: ArrayLike, lon_deg: ArrayLike, altitude_m: ArrayLike) -> Climate:
    """Read the maps at the middles of hops.

    Parameters
    ----------
    lat_deg, lon_deg : float[k]
        Places [deg].
    altitude_m : float[k]
        Height of the path above sea level [m].

    Raises
    ------
    MissingInput
        If the extra ``radio`` is not installed.
    """
    lat, lon, high = (
        np.ascontiguousarray(array, dtype=np.float64)
        for array in np.broadcast_arrays(
            *(
                np.atleast_1d(np.asarray(v, dtype=np.float64))
                for v in (lat_deg, lon_deg, altitude_m)
            )
        )
    )
    high_km = np.clip(high, 0.0, 20_000.0) / 1000.0
    p530, p837, p836 = _model("itu530"), _model("itu837"), _model("itu836")
    return Climate(
        lat_deg=lat,
        rain_rate_mm_per_h=_plain(p837.rainfall_rate(lat, lon, 0.01)),
        # equation (7) at 1 km, 1 GHz, level, at sea level and without a fade is K itself
        geoclimatic_factor=_plain(p530.multipath_loss_for_A(lat, lon, 0, 0, 1, 1, 0)),
        water_vapour_g_per_m3=_plain(p836.surface_water_vapour_density(lat, lon, 50, high_km)),
        temperature_k=_plain(_model("itu1510").surface_mean_temperature(lat, lon)),
        pressure_hpa=_plain(_model("itu835").standard_pressure(high_km)),
    )


def rain_coefficients(
    frequency_ghz: ArrayLike, polarisation_deg: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients k and alpha of P.838-3 for a level path: loss a km is ``k R^alpha`` [dB/km].

    Parameters
    ----------
    frequency_ghz : float[...]
        Frequency, 1 to 1000 [GHz].
    polarisation_deg : float[...]
        Tilt of the polarisation: 0 horizontal, 90 vertical, 45 circular [deg].

    Raises
    ------
    MissingInput
        If the extra ``radio`` is not installed.
    """
    f, tilt = np.broadcast_arrays(
        np.asarray(frequency_ghz, dtype=np.float64), np.asarray(polarisation_deg, dtype=np.float64)
    )
    pairs = _model("itu838").rain_specific_attenuation_coefficients(f.ravel(), 0.0, tilt.ravel())
    table = np.asarray(pairs, dtype=np.float64).reshape(-1, 2)  # a row a frequency
    return table[:, 0].reshape(f.shape), table[:, 1].reshape(f.shape)


def gas_attenuation_db_per_km(climate: Climate, frequency_ghz: ArrayLike) -> NDArray[np.float64]:
    """Specific attenuation of oxygen and water vapour, P.676-12 Annex 1 [dB/km].

    Parameters
    ----------
    climate
        Of k hops.
    frequency_ghz : float[k]
        Frequency, 1 to 350 [GHz].

    Raises
    ------
    MissingInput
        If the extra ``radio`` is not installed.
    """
    f = np.broadcast_to(np.asarray(frequency_ghz, dtype=np.float64), climate.lat_deg.shape)
    return _plain(
        _model("itu676").gamma_exact(
            np.ascontiguousarray(f), climate.pressure_hpa, climate.water_vapour_g_per_m3,
            climate.temperature_k,
        )
    )  # fmt: skip


def _plain(quantity: Any) -> NDArray[np.float64]:
    """Take the unit off."""
    return np.atleast_1d(np.asarray(quantity.value, dtype=np.float64))


@cache
def _model(name: str) -> Any:
    """Load one recommendation of itur."""
    if not _HAS_ITUR:
        finding = Finding(
            "extra-missing", Severity.ERROR,
            "rain, gas and fading need the package itur, which is not installed",
            'install the extra: pip install "qamtu[radio]", or leave the microwave budget out',
        )  # fmt: skip
        msg = "the extra qamtu[radio] is not installed"
        raise MissingInput(msg, [finding])
    return import_module(f"itur.models.{name}")
