"""Rules on what enters the Irregular Terrain Model."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.core.findings import Finding, Severity
from qamtu.kernels.propagation.itm.settings import Settings

__all__ = ["check_area", "check_heights", "check_settings"]

_RANGES = {
    "frequency_mhz": (20.0, 20_000.0, "MHz"),
    "tx_height_m": (0.5, 3000.0, "m"),
    "rx_height_m": (0.5, 3000.0, "m"),
    "refractivity": (250.0, 400.0, "N-units"),
    "permittivity": (1.0, 100.0, "1"),
    "conductivity_s_per_m": (1e-9, 10.0, "S/m"),
    "climate": (1, 7, "a number of the list"),
    "time_percent": (0.1, 99.9, "%"),
    "location_percent": (0.1, 99.9, "%"),
    "situation_percent": (0.1, 99.9, "%"),
}
_MODES = frozenset(base + kind for base in (0, 10, 20, 30) for kind in range(4))


def check_settings(settings: Settings) -> list[Finding]:
    """Find settings outside the model's ranges, and mixed-up units among them."""
    found = []
    for name, (low, high, unit) in _RANGES.items():
        value = getattr(settings, name)
        if low <= value <= high:
            continue
        mend = f"give {low:g} to {high:g} [{unit}]"
        if name == "frequency_mhz" and 0.02 <= value <= 20.0:
            mend += f"; if {value:g} are GHz, give {value * 1000:g}"
        elif name == "frequency_mhz" and 2e7 <= value <= 2e10:
            mend += f"; if {value:g} are Hz, give {value / 1e6:g}"
        found.append(_out_of_range(name, f"{name} is {value:g}", mend))
    if settings.variability not in _MODES:
        what = f"variability is {settings.variability}"
        found.append(_out_of_range("variability", what, "give 0 to 3, plus 10, 20 or 30"))
    return found


def check_heights(
    height_m: NDArray[np.float64], step_m: ArrayLike, *, voids: bool = False
) -> list[Finding]:
    """Find profiles too short, too coarse or with voids.

    Parameters
    ----------
    height_m : float64[k, n + 1]
        Profiles [m].
    step_m : float or float[k]
        Distance between points [m].
    voids
        Whether voids are allowed.
    """
    found = []
    if height_m.shape[1] < 3:
        what = f"a profile has {height_m.shape[1]} points"
        found.append(_out_of_range("height_m", what, "give three points or more"))
    steps = np.asarray(step_m, dtype=np.float64)
    if not (np.all(np.isfinite(steps)) and np.all(steps > 0)):
        mend = "give the distance between points in metres"
        found.append(_out_of_range("step_m", "a step is not above 0", mend))
    if not voids and not np.isfinite(height_m).all():
        row = int(np.flatnonzero(~np.isfinite(height_m).all(axis=0))[0])
        what, mend = f"the height of point {row} is missing", "fill the void"
        found.append(Finding("profile-void", Severity.ERROR, what, mend, "profile", row))
    return found


def check_area(distance_km: float, irregularity_m: float) -> list[Finding]:
    """Find a distance or a terrain that the area mode does not know."""
    found = []
    if not 0.0 < distance_km <= 2000.0:
        what = f"distance_km is {distance_km:g}"
        found.append(_out_of_range("distance_km", what, "give up to 2,000 km"))
    if not 0.0 <= irregularity_m <= 3000.0:
        what = f"irregularity_m is {irregularity_m:g}"
        found.append(_out_of_range("irregularity_m", what, "give 0 to 3,000 m"))
    return found


def _out_of_range(field: str, what: str, mend: str) -> Finding:
    return Finding("setting-out-of-range", Severity.ERROR, what, mend, "settings", None, field)
