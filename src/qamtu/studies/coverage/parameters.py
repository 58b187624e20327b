"""The numbers of a coverage study: those that ship, the pack's, a user's; and what they make."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.core.params import Params, load_params
from qamtu.country import Pack
from qamtu.country.sites import SiteDefaults
from qamtu.kernels.antenna import Pattern, omni, sector_3gpp
from qamtu.kernels.coverage import Shannon

__all__ = [
    "LEVELS",
    "TECHNOLOGIES",
    "antennas_built_in",
    "coverage_params",
    "levels_dbm",
    "shannon_of",
    "site_defaults",
]

LEVELS: Final = ("strong", "good", "fair", "weak")
"""Names of the map's bands of level, the highest first."""

TECHNOLOGIES: Final = ("gsm", "umts", "lte", "nr")


def coverage_params(pack: Pack, user: Path | None = None) -> Params:
    """Load the study's parameters, the pack's ``coverage`` over them, a user's over both.

    Raises
    ------
    InputError, MissingInput
        If the user's file cannot be used.
    """
    params = load_params(files("qamtu.studies.coverage").joinpath("params", "coverage.toml"))
    if "coverage" in pack.params:
        params = params.merged(pack.params["coverage"])
    return params if user is None else params.overridden(user)


def site_defaults(params: Params) -> SiteDefaults:
    """Give what is taken where a site's row says nothing."""
    return SiteDefaults(
        height_m=params.value("site_height"),
        load_share=params.value("site_load"),
        frequency_mhz={t: params.value(f"frequency_{t}") for t in TECHNOLOGIES},
        bandwidth_mhz={t: params.value(f"bandwidth_{t}") for t in TECHNOLOGIES},
        eirp_dbm={t: params.value(f"eirp_{t}") for t in TECHNOLOGIES},
        technology="lte",
    )


def antennas_built_in(params: Params) -> dict[str, Pattern]:
    """Give the patterns that need no file, by name."""
    return {
        "3gpp": sector_3gpp(
            params.value("sector_gain"),
            params.value("sector_beamwidth_horizontal"),
            params.value("sector_beamwidth_vertical"),
        ),
        "omni": omni(params.value("omni_gain"), params.value("sector_beamwidth_vertical")),
    }


def shannon_of(params: Params) -> Shannon:
    """Give the mapping from SINR to throughput."""
    return Shannon(
        attenuation=params.value("shannon_attenuation"),
        sinr_min_db=params.value("shannon_sinr_min"),
        efficiency_max=params.value("shannon_efficiency_max"),
    )


def levels_dbm(params: Params) -> dict[str, float]:
    """Give the least level of each band, the highest band first [dBm].

    Raises
    ------
    InputError
        If they do not fall.
    """
    made = {name: params.value(f"level_{name}") for name in LEVELS}
    values = list(made.values())
    if sorted(set(values), reverse=True) != values:
        finding = Finding("levels-order", Severity.ERROR, f"levels {values} dBm do not fall",
                          "give level_strong > level_good > level_fair > level_weak",
                          "parameters", None, "level_weak")  # fmt: skip
        raise InputError("the levels cannot be used", [finding])
    return made
