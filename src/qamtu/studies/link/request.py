"""What is asked of a link, and the rules for it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qamtu.core.findings import Finding, Findings, Severity

__all__ = ["LANGUAGES", "MODELS", "LinkRequest", "check_request"]

MODELS: Final = ("auto", "free", "p526", "p1812", "itm", "microwave")
"""Which loss stands at the head; all that can be computed stand in the table."""

LANGUAGES: Final = ("en", "ru", "kk")

_FREQUENCY_GHZ: Final = (0.03, 100.0)
_TALL_M: Final = 150.0
_TALLEST_M: Final = 650.0  # no mast is taller


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """What to compute, from what, and where to put it.

    Parameters
    ----------
    a, b
        Ends: ``lat,lon``, a settlement's id or name, a site's id or name.
    pack
        Country pack by code or folder.
    out
        Folder to make.
    height_a_m, height_b_m
        Antennas above ground [m]; None takes that of the sites file, else 30 m.
    frequency_ghz
        Carrier [GHz].
    model
        One of `MODELS`.
    bandwidth_mhz, dish_a_m, dish_b_m, tx_power_dbm
        Equipment of the microwave budget; None takes the band's usual one.
    availability
        Share of the year that the capacity has to be there [1].
    time_percent, location_percent
        For P.1812 and ITM [%].
    k_factor
        Median effective Earth radius factor [1].
    share_median, share_low
        Shares of the first Fresnel zone that the rule of P.530 asks for [1].
    step_m
        Most distance between points of the profile [m]; the terrain's cell if None.
    heights, land_cover, buildings, clutter_table, sites, params
        The user's own files.
    language
        Of the picture and the page: one of `LANGUAGES`.
    """

    a: str
    b: str
    out: Path
    pack: str = "kz"
    height_a_m: float | None = None
    height_b_m: float | None = None
    frequency_ghz: float = 7.5
    model: str = "auto"
    bandwidth_mhz: float | None = None
    dish_a_m: float | None = None
    dish_b_m: float | None = None
    tx_power_dbm: float | None = None
    availability: float = 0.9999
    time_percent: float = 50.0
    location_percent: float = 50.0
    k_factor: float = 4.0 / 3.0
    share_median: float = 1.0
    share_low: float = 0.6
    step_m: float | None = None
    heights: tuple[Path, ...] = ()
    land_cover: Path | None = None
    buildings: Path | None = None
    clutter_table: Path | None = None
    sites: Path | None = None
    params: Path | None = None
    language: str = "en"
    overwrite: bool = False
    strict: bool = False


def check_request(request: LinkRequest) -> Findings:
    """Find settings that no link can have."""
    found = [
        *_height("height-a", request.height_a_m),
        *_height("height-b", request.height_b_m),
        *_frequency(request.frequency_ghz),
        *_choice("model", request.model, MODELS),
        *_choice("lang", request.language, LANGUAGES),
        *_within("availability", request.availability, 0.5, 1.0, "give a share: 0.9999"),
        *_within("time", request.time_percent, 0.01, 99.99, "give a percentage: 50"),
        *_within("locations", request.location_percent, 0.01, 99.99, "give a percentage: 50"),
        *_within("k", request.k_factor, 0.3, 20.0, "4/3 is the usual median"),
        *_within("fresnel", request.share_median, 0.0, 2.0, "give a share: 1 is the whole zone"),
        *_within("fresnel-low", request.share_low, 0.0, 2.0, "give a share: 0.6"),
        *_within("bandwidth", request.bandwidth_mhz, 0.1, 5000.0, "give MHz: 28"),
        *_within("dish-a", request.dish_a_m, 0.05, 10.0, "give the diameter in metres"),
        *_within("dish-b", request.dish_b_m, 0.05, 10.0, "give the diameter in metres"),
        *_within("tx-power", request.tx_power_dbm, -50.0, 60.0, "give dBm, not watts"),
        *_within("step", request.step_m, 1.0, 10_000.0, "give metres"),
    ]
    return Findings(tuple(found))


def check_height(side: str, height_m: float) -> Findings:
    """Find an antenna that stands in the ground or higher than any mast."""
    return Findings(tuple(_height(f"height-{side.lower()}", height_m)))


def _height(field: str, value: float | None) -> list[Finding]:
    if value is None:
        return []
    mend = "give the height of the antenna above ground, not above sea level"
    if not (math.isfinite(value) and value > 0.0):
        what = f"the antenna is {value:g} m above ground"
        return [Finding("antenna-underground", Severity.ERROR, what, mend, field=field)]
    if value > _TALLEST_M:
        what = f"the antenna is {value:g} m above ground; no mast is so tall"
        return [Finding("antenna-too-tall", Severity.ERROR, what, mend, field=field)]
    if value > _TALL_M:
        what = f"the antenna is {value:g} m above ground"
        return [Finding("antenna-tall", Severity.WARNING, what, mend, field=field)]
    return []


def _frequency(value: float) -> list[Finding]:
    low, high = _FREQUENCY_GHZ
    if low <= value <= high:
        return []
    mend = f"give {low:g} to {high:g} GHz"
    if low * 1000.0 <= value <= high * 1000.0:
        mend = f"this looks like MHz: give {value / 1000.0:g} GHz"
    elif low * 1e9 <= value <= high * 1e9:
        mend = f"this looks like Hz: give {value / 1e9:g} GHz"
    what = f"the frequency is {value:g} GHz"
    return [Finding("frequency-out-of-range", Severity.ERROR, what, mend, field="freq")]


def _choice(field: str, value: str, known: tuple[str, ...]) -> list[Finding]:
    if value in known:
        return []
    what = f"{field} is {value!r}"
    mend = f"say one of {', '.join(known)}"
    return [Finding("setting-unknown", Severity.ERROR, what, mend, field=field)]


def _within(field: str, value: float | None, low: float, high: float, mend: str) -> list[Finding]:
    if value is None or low <= value <= high:
        return []
    what = f"{field} is {value:g}, outside {low:g} to {high:g}"
    return [Finding("setting-out-of-range", Severity.ERROR, what, mend, field=field)]
