"""What is asked of P.1812-8 whatever the path: frequency, shares of time and of places, air."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qamtu.core.errors import raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.kernels.propagation.p1812 import constants as at
from qamtu.kernels.propagation.p1812.normal import inverse_normal

__all__ = ["Settings", "check_settings", "make_constants"]

_EARTH_KM = 6371.0
_GROUNDS = ((22.0, 0.003), (80.0, 5.0))


@dataclass(frozen=True, slots=True)
class Settings:
    """Frequency, shares of time and locations, polarisation and refractivity of a prediction.

    Parameters
    ----------
    frequency_ghz
        Frequency [GHz], 0.03 .. 6.
    time_percent
        Share of the average year in which the loss is not exceeded [%], 1 .. 50.
    location_percent
        Share of locations in which the loss is not exceeded [%], 1 .. 99.
    location_sigma_db
        Standard deviation of location variability [dB] (`location_sigma_db`); None only with 50 %
        of locations.
    polarisation
        "horizontal" or "vertical".
    delta_n
        Mean refractivity lapse rate of the lowest kilometre, positive [N-units/km].
    n0
        Sea-level surface refractivity [N-units].
    """

    frequency_ghz: float
    time_percent: float = 50.0
    location_percent: float = 50.0
    location_sigma_db: float | None = None
    polarisation: Literal["horizontal", "vertical"] = "vertical"
    delta_n: float = 45.0
    n0: float = 325.0


def check_settings(settings: Settings) -> Findings:
    """Find what lies outside the range of the recommendation.

    Parameters
    ----------
    settings
        The settings.

    Returns
    -------
    Findings
        Errors, each with the remedy; empty if all is well.
    """
    s = settings
    found: list[Finding] = []

    def error(rule: str, field: str, what: str, mend: str) -> None:
        found.append(Finding(rule, Severity.ERROR, what, mend, field=field))

    if not 0.03 <= s.frequency_ghz <= 6.0:
        mend = "P.1812-8 covers 0.03 to 6 GHz; take another model"
        if 30.0 <= s.frequency_ghz <= 6000.0:
            mend = f"this looks like MHz: give {s.frequency_ghz / 1000.0:g} GHz"
        elif 3e7 <= s.frequency_ghz <= 6e9:
            mend = f"this looks like Hz: give {s.frequency_ghz / 1e9:g} GHz"
        what = f"frequency {s.frequency_ghz:g} GHz is outside 0.03 .. 6 GHz"
        error("p1812-frequency", "frequency_ghz", what, mend)
    if not 1.0 <= s.time_percent <= 50.0:
        what = f"{s.time_percent:g} % of time is outside 1 .. 50 %"
        mend = "give a percentage, not a share: 50 is the median, 1 the strongest hour in 100"
        error("p1812-time", "time_percent", what, mend)
    if not 1.0 <= s.location_percent <= 99.0:
        what = f"{s.location_percent:g} % of locations is outside 1 .. 99 %"
        error("p1812-location", "location_percent", what, "give a percentage: 95, not 0.95")
    sigma = s.location_sigma_db
    if sigma is None and s.location_percent != 50.0:
        what = f"{s.location_percent:g} % of locations without a standard deviation"
        mend = "give location_sigma_db; the function of that name computes section 4.8"
        error("p1812-sigma", "location_sigma_db", what, mend)
    if sigma is not None and not 0.0 <= sigma < 50.0:
        what = f"standard deviation {sigma:g} dB"
        error("p1812-sigma", "location_sigma_db", what, "give 0 or more, usually 4 to 8 dB")
    if s.polarisation not in ("horizontal", "vertical"):
        what = f"polarisation {s.polarisation!r}"
        error("p1812-polarisation", "polarisation", what, "say horizontal or vertical")
    if not 0.0 < s.delta_n < 150.0:
        what = f"refractivity lapse rate {s.delta_n:g} N-units/km"
        mend = "it is positive here and usually 30 to 60"
        error("p1812-delta-n", "delta_n", what, mend)
    if not 200.0 <= s.n0 <= 450.0:
        what = f"surface refractivity {s.n0:g} N-units"
        error("p1812-n0", "n0", what, "give the sea-level value, usually 290 to 390")
    return Findings(tuple(found))


def make_constants(settings: Settings) -> NDArray[np.float64]:
    """Compute all that does not depend on the path, once.

    Parameters
    ----------
    settings
        Frequency, shares of time and locations, polarisation, refractivity.

    Returns
    -------
    float64[CONSTANTS_SIZE]
        The vector of `qamtu.kernels.propagation.p1812.constants`.

    Raises
    ------
    InputError
        If a setting is outside the range of the recommendation.
    """
    raise_errors(check_settings(settings), "P.1812-8 cannot use these settings")
    f, p = settings.frequency_ghz, settings.time_percent
    out = np.zeros(at.CONSTANTS_SIZE)
    out[at.FREQUENCY_GHZ] = f
    out[at.WAVELENGTH_M] = 0.2998 / f
    out[at.PER_ROOT_WAVE] = 1.0 / np.sqrt(0.2998 / f)
    out[at.RADIUS_50_KM] = _EARTH_KM * 157.0 / (157.0 - settings.delta_n)  # (6), (7a)
    out[at.RADIUS_B0_KM] = _EARTH_KM * 3.0  # (7b)
    out[at.CURVATURE_50] = 500.0 / out[at.RADIUS_50_KM]
    out[at.CURVATURE_B0] = 500.0 / out[at.RADIUS_B0_KM]
    out[at.PER_CUBE_ROOT_RADIUS_50] = 1.0 / np.cbrt(out[at.RADIUS_50_KM])
    out[at.PER_CUBE_ROOT_RADIUS_B0] = 1.0 / np.cbrt(out[at.RADIUS_B0_KM])
    out[at.TIME_PERCENT] = p
    out[at.LOG_TIME] = np.log10(p / 50.0)
    out[at.NORMAL_TIME] = inverse_normal(p / 100.0)
    out[at.LOSS_AT_KM_DB] = 92.4 + 20.0 * np.log10(f)  # (8)
    scatter = 25.0 * np.log10(f) - 2.5 * np.log10(f / 2.0) ** 2  # (45)
    scatter += 190.1 - 0.15 * settings.n0 - 10.125 * np.log10(50.0 / p) ** 0.7  # (44)
    out[at.SCATTER_DB] = scatter
    low = 45.375 - 137.0 * f + 92.5 * f * f if f < 0.5 else 0.0  # (47a)
    out[at.DUCT_DB] = 102.45 + 20.0 * np.log10(f) + low
    out[at.ROOT_F] = np.sqrt(f)
    out[at.CUBE_ROOT_F] = np.cbrt(f)
    out[at.DUCT_DB_PER_MRAD] = 5e-5 * out[at.RADIUS_50_KM] * np.cbrt(f)  # (51)
    sigma = settings.location_sigma_db or 0.0
    out[at.LOCATION_DB] = -inverse_normal(settings.location_percent / 100.0) * sigma
    for k, (permittivity, conductivity) in enumerate(_GROUNDS):
        loss = (18.0 * conductivity / f) ** 2
        admittance = 0.036 / np.cbrt(f) / ((permittivity - 1.0) ** 2 + loss) ** 0.25  # (29a)
        if settings.polarisation == "vertical":
            admittance *= np.sqrt(permittivity**2 + loss)  # (29b)
        out[at.ADMITTANCE_LAND + k] = admittance
    return out
