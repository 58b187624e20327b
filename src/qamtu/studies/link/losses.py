"""What each model says is lost between two antennas, with the terms it is made of."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Final

import numpy as np

from qamtu.core.errors import InputError
from qamtu.core.findings import Findings
from qamtu.kernels.propagation import itm, p1812
from qamtu.kernels.propagation.p525 import free_space_loss_db
from qamtu.kernels.propagation.p526 import (
    bullington_loss_db,
    knife_edge_exact_db,
    knife_edge_loss_db,
    knife_edge_nu,
)
from qamtu.studies.link.path import LinkPath

__all__ = ["Loss", "all_losses"]

_GHZ_TO_MHZ: Final = 1000.0
_ARCSEC_M: Final = 30.9
_RANGES_GHZ: Final = {"p1812": (0.03, 6.0), "itm": (0.02, 20.0)}


@dataclass(frozen=True, slots=True)
class Loss:
    """One model's answer.

    Parameters
    ----------
    model
        Short name: free, p526, p1812, itm.
    edition
        The recommendation or version.
    loss_db
        Basic transmission loss [dB]; None where the model does not know.
    excess_db
        Of it over free space [dB].
    why
        Why it does not know; empty where it does.
    terms
        What it is made of, by name.
    """

    model: str
    edition: str
    loss_db: float | None
    excess_db: float | None
    why: str = ""
    terms: dict[str, float | str] = field(default_factory=dict)


def all_losses(
    path: LinkPath,
    heights_m: tuple[float, float],
    frequency_ghz: float,
    *,
    k_factor: float,
    time_percent: float,
    location_percent: float,
) -> tuple[Loss, ...]:
    """Compute every loss that the models can give of a path.

    Parameters
    ----------
    path
        The path.
    heights_m
        Antennas above ground [m].
    frequency_ghz
        Carrier [GHz].
    k_factor
        Median effective Earth radius factor, for P.526 [1].
    time_percent, location_percent
        Quantiles, for ITM and P.1812 [%].
    """
    ground = path.column("ground_m")
    rise = (ground[-1] + heights_m[1]) - (ground[0] + heights_m[0])
    slant = float(np.hypot(path.length_m, rise)) if np.isfinite(rise) else path.length_m
    free = float(free_space_loss_db(slant, frequency_ghz))
    first = Loss("free", "ITU-R P.525-4", free, 0.0, "", {"slant_m": slant})
    if path.voids:
        why = f"{path.voids} points of the profile have no height"
        return (
            first,
            *(Loss(m, e, None, None, why) for m, e in _EDITIONS.items()),
        )
    return (
        first,
        _p526(path, heights_m, frequency_ghz, k_factor, free),
        _p1812(path, heights_m, frequency_ghz, time_percent, location_percent, free),
        _itm(path, heights_m, frequency_ghz, time_percent, location_percent, free),
    )


_EDITIONS: Final = {"p526": "ITU-R P.526-15", "p1812": "ITU-R P.1812-8", "itm": "NTIA ITM 1.4"}


def _p526(
    path: LinkPath, heights_m: tuple[float, float], ghz: float, k: float, free: float
) -> Loss:
    """Knife edge at the worst point, and Bullington over the whole profile."""
    ground = path.column("ground_m")
    top = ground + path.column("clutter_m")
    top[0], top[-1] = ground[0], ground[-1]
    a, b = ground[0] + heights_m[0], ground[-1] + heights_m[1]
    excess = bullington_loss_db(path.column("distance_m"), top, a, b, ghz, k)
    row = path.worst
    to_a = float(path.column("distance_m")[row])
    nu = knife_edge_nu(-path.column("clearance_m")[row], to_a, path.length_m - to_a, ghz)
    terms: dict[str, float | str] = {
        "knife_edge_at_m": to_a,
        "knife_edge_nu": float(nu),
        "knife_edge_db": float(knife_edge_loss_db(nu)),
        "knife_edge_exact_db": float(knife_edge_exact_db(nu)),
        "bullington_db": excess,
        "k_factor": k,
    }
    return Loss("p526", _EDITIONS["p526"], free + excess, excess, "", terms)


def _p1812(
    path: LinkPath,
    heights_m: tuple[float, float],
    ghz: float,
    time_percent: float,
    location_percent: float,
    free: float,
) -> Loss:
    """Terrain, clutter and zones, with every intermediate value."""
    if why := _outside("p1812", ghz):
        return Loss("p1812", _EDITIONS["p1812"], None, None, why)
    table = path.table
    clutter = path.column("clutter_m")
    sigma = p1812.location_sigma_db(
        ghz, path.coarse_arcsec * _ARCSEC_M, heights_m[1], float(clutter[-1])
    )
    settings = p1812.Settings(
        frequency_ghz=ghz, time_percent=time_percent, location_percent=location_percent,
        location_sigma_db=float(sigma),
    )  # fmt: skip
    profile = p1812.Profile(
        distance_km=path.column("distance_m") / 1000.0,
        height_m=path.column("ground_m"),
        tx_height_m=heights_m[0],
        rx_height_m=heights_m[1],
        clutter_m=clutter,
        zone=table["zone"].to_numpy(),
        latitude_deg=float(table["lat_deg"].iloc[len(table) // 2]),
    )
    try:
        found = p1812.basic_transmission_loss(profile, settings)
    except InputError as error:
        return Loss("p1812", _EDITIONS["p1812"], None, None, _why(error))
    terms: dict[str, float | str] = {
        "time_percent": time_percent,
        "location_percent": location_percent,
        "location_sigma_db": float(sigma),
        **asdict(found),
    }
    return Loss("p1812", _EDITIONS["p1812"], found.loss_db, found.loss_db - free, "", terms)


def _itm(
    path: LinkPath,
    heights_m: tuple[float, float],
    ghz: float,
    time_percent: float,
    location_percent: float,
    free: float,
) -> Loss:
    """Longley-Rice over the ground; clutter is none of its terms."""
    if why := _outside("itm", ghz):
        return Loss("itm", _EDITIONS["itm"], None, None, why)
    settings = itm.Settings(
        frequency_mhz=ghz * _GHZ_TO_MHZ,
        tx_height_m=heights_m[0],
        rx_height_m=heights_m[1],
        time_percent=time_percent,
        location_percent=location_percent,
    )
    try:
        found = itm.path_loss(path.column("ground_m"), path.step_m, settings)
    except InputError as error:
        return Loss("itm", _EDITIONS["itm"], None, None, _why(error))
    terms: dict[str, float | str] = {
        "mode": found.mode.name.lower(),
        "reference_db": found.reference_db,
        "irregularity_m": found.irregularity_m,
        "horizon_a_m": found.horizon_m[0],
        "horizon_b_m": found.horizon_m[1],
        "effective_height_a_m": found.effective_height_m[0],
        "effective_height_b_m": found.effective_height_m[1],
        "time_percent": time_percent,
        "location_percent": location_percent,
    }
    return Loss("itm", _EDITIONS["itm"], found.loss_db, found.loss_db - free, "", terms)


def _outside(model: str, ghz: float) -> str:
    """Say that a frequency is none of the model's; empty where it is."""
    low, high = _RANGES_GHZ[model]
    return "" if low <= ghz <= high else f"{ghz:g} GHz is outside {low:g} to {high:g} GHz"


def _why(error: InputError) -> str:
    """Say in one line why a model refuses."""
    found = Findings(tuple(error.findings))
    return "; ".join(f"{f.what}: {f.mend}" for f in found) or str(error)
