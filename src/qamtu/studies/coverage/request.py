"""What a coverage study is asked: sites, how far, how fine, which model, for whom."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from qamtu.core.errors import raise_errors
from qamtu.core.findings import Finding, Severity
from qamtu.core.params import Params
from qamtu.kernels.coverage import location_margin_db
from qamtu.kernels.propagation.area.models import MODELS
from qamtu.kernels.propagation.p1812 import Settings, indoor_loss_db, location_sigma_db

__all__ = ["CoverageRequest", "Margins", "check_request", "margins_of", "settings_of"]

_MOST_RADIUS_M: Final = 300_000.0

Building = Literal["traditional", "thermally_efficient"]


@dataclass(frozen=True, slots=True)
class CoverageRequest:
    """What to compute, from what, and where to put it.

    Parameters
    ----------
    sites, out
        Table of sectors; folder to make.
    pack
        Country pack: code or folder.
    radius_m, cell_m : float
        How far a site is followed; side of a cell [m].
    model
        One of `qamtu.kernels.propagation.area.models.MODELS`.
    rx_height_m : float
        Receiver above ground [m].
    time_percent, location_percent : float
        Share of time in which the loss is not exceeded; share of locations of a cell at which
        the level is reached [%].
    indoor, in_vehicle
        Where the receiver is; outdoors where both are false.
    operator
        Whose sites are followed, as the column ``operator`` names them; ``all`` maps the best
        server of all operators. Empty where the sites are of one.
    terrain, land_cover, clutter_table, buildings, antennas, calibration, params
        A user's own rasters, footprints, folder of patterns, calibration and parameters.
    terrain_step_arcsec : float, optional
        Cell of the surface [arcsec]; that of the finest heights where None.
    seed
        Of the cells at which the resampling is measured.
    scheduler, workers, overwrite, strict
        As in a plan.
    """

    sites: Path
    out: Path
    pack: str = "kz"
    radius_m: float = 20_000.0
    cell_m: float = 100.0
    model: str = "p1812"
    rx_height_m: float = 1.5
    time_percent: float = 50.0
    location_percent: float = 50.0
    indoor: bool = False
    in_vehicle: bool = False
    operator: str = ""
    terrain: tuple[Path, ...] = ()
    land_cover: Path | None = None
    clutter_table: Path | None = None
    buildings: Path | None = None
    antennas: Path | None = None
    calibration: Path | None = None
    params: Path | None = None
    terrain_step_arcsec: float | None = None
    seed: int = 1
    scheduler: str = "processes"
    workers: int | None = None
    overwrite: bool = False
    strict: bool = False


def check_request(request: CoverageRequest) -> None:
    """Refuse settings that make no sense, all at once.

    Raises
    ------
    InputError
        With a finding for each.
    """
    found: list[Finding] = []

    def error(rule: str, field: str, what: str, mend: str) -> None:
        found.append(Finding(rule, Severity.ERROR, what, mend, "settings", None, field))

    if request.model not in MODELS:
        error("model-unknown", "model", f"there is no model {request.model!r}",
              f"give one of {', '.join(MODELS)}")  # fmt: skip
    if not 0.0 < request.cell_m <= 10_000.0:
        error("cell-size", "cell", f"a cell of {request.cell_m:g} m",
              "give the side of a cell in metres, 5 to 1000 most often")  # fmt: skip
    if not 2.0 * request.cell_m < request.radius_m <= _MOST_RADIUS_M:
        error("radius", "radius", f"a radius of {request.radius_m:,.0f} m",
              f"give more than two cells and at most {_MOST_RADIUS_M / 1000:,.0f} km")  # fmt: skip
    if not 1.0 <= request.rx_height_m <= 3000.0:
        error("receiver-height", "rx_height", f"a receiver {request.rx_height_m:g} m above ground",
              "give 1 to 3000 m; a phone is held at 1.5 m")  # fmt: skip
    if not 1.0 <= request.time_percent <= 50.0:
        error("time-percent", "time", f"{request.time_percent:g} % of the time",
              "give 1 to 50, in per cent")  # fmt: skip
    if not 1.0 <= request.location_percent <= 99.0:
        error("location-percent", "locations", f"{request.location_percent:g} % of the locations",
              "give 1 to 99, in per cent: 95, not 0.95")  # fmt: skip
    if request.indoor and request.in_vehicle:
        error("indoor-and-vehicle", "indoor", "a receiver indoors and in a vehicle at once",
              "give one of the two")  # fmt: skip
    raise_errors(found, "the settings cannot be used")


@dataclass(frozen=True, slots=True)
class Margins:
    """What the way into a building or vehicle, and a share of locations, take off one carrier.

    Parameters
    ----------
    sigma_db : float
        Standard deviation of the level over the locations of a cell, outdoors [dB].
    entry_db : float
        Median loss into the building or vehicle: off the server and all others alike [dB].
    location_db : float
        What more is taken off the server for a share of locations other than half [dB].
    """

    sigma_db: float
    entry_db: float
    location_db: float


def margins_of(request: CoverageRequest, params: Params, frequency_mhz: float) -> Margins:
    """Give the margins of a carrier (P.1812-8 section 4.8, P.2109-2, TR 38.901 section 7.4.3.2).

    The share of locations takes in both the variability outside and that of the way in, taken as
    independent.
    """
    ghz = frequency_mhz / 1000.0
    sigma = float(location_sigma_db(ghz, request.cell_m))
    if request.indoor:
        modern = params.value("building_modern_share") >= 0.5
        building: Building = "thermally_efficient" if modern else "traditional"
        median = indoor_loss_db(ghz, 50.0, sigma, building)
        whole = indoor_loss_db(ghz, request.location_percent, sigma, building)
        return Margins(sigma, median, whole - median)
    if request.in_vehicle:
        together = float((sigma**2 + params.value("vehicle_loss_sd") ** 2) ** 0.5)
        margin = location_margin_db(request.location_percent, together)
        return Margins(sigma, params.value("vehicle_loss_mean"), margin)
    return Margins(sigma, 0.0, location_margin_db(request.location_percent, sigma))


def settings_of(request: CoverageRequest, params: Params, frequency_mhz: float) -> Settings:
    """Give a carrier's settings of the propagation model: the median over locations."""
    return Settings(
        frequency_ghz=frequency_mhz / 1000.0,
        time_percent=request.time_percent,
        delta_n=params.value("refractivity_lapse"),
        n0=params.value("refractivity_sea_level"),
    )
