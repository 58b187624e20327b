"""Everything a coverage study needs, read and checked before any work, all findings at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from qamtu.core.errors import InputError, raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params
from qamtu.core.provenance import Source
from qamtu.country import Pack, load_pack
from qamtu.country.antenna_files import read_antennas
from qamtu.country.rules import Rule, flagged
from qamtu.country.sites import read_sites
from qamtu.kernels.antenna import Pattern
from qamtu.kernels.coverage import Calibration, SectorSpec
from qamtu.studies.coverage.calibration_file import check_calibration, read_calibration
from qamtu.studies.coverage.carriers import guessed, overlapping, own_rows
from qamtu.studies.coverage.ground import survey
from qamtu.studies.coverage.layout import Layout, lay_out
from qamtu.studies.coverage.parameters import (
    antennas_built_in,
    coverage_params,
    levels_dbm,
    site_defaults,
)
from qamtu.studies.coverage.request import CoverageRequest, check_request
from qamtu.studies.own_files import own_sources, refuse_missing

__all__ = ["Prepared", "prepare", "sector_spec", "used_sources"]

_RANGE_MHZ: Final = {
    "p1812": (30.0, 6000.0), "itm": (20.0, 20_000.0), "tr38901": (500.0, 100_000.0),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Prepared:
    """What was read.

    Parameters
    ----------
    pack, params
        The country, and the numbers in use.
    sectors
        Table of sectors with ``ground_m`` and ``resolution_arcsec`` at the site.
    patterns
        Antennas by name in lower case.
    layout
        Frame, tiles and carriers.
    calibration, calibrated_on
        A calibration that was named, and what it was fitted on.
    findings
        Everything worth knowing.
    """

    pack: Pack
    params: Params
    sectors: pd.DataFrame
    patterns: dict[str, Pattern]
    layout: Layout
    calibration: Calibration | None
    calibrated_on: dict[str, Any]
    findings: Findings


def prepare(request: CoverageRequest) -> Prepared:
    """Read and check sites, antennas, calibration, parameters and the ground under the sites.

    Raises
    ------
    MissingInput
        If a file is not there.
    InputError
        With every finding that stops the study.
    """
    _refuse_missing(request)
    check_request(request)
    pack = load_pack(request.pack)
    params = coverage_params(pack, request.params)
    levels_dbm(params)
    found: list[Finding] = []
    patterns = antennas_built_in(params)
    if request.antennas is not None:
        measured, more = read_antennas(request.antennas)
        found += more
        patterns = measured | patterns
    sectors, more = read_sites(request.sites, site_defaults(params), patterns, pack.territory)
    found += more
    calibration, about = None, dict[str, Any]()
    if request.calibration is not None:
        try:
            calibration, about = read_calibration(request.calibration)
            carriers = sorted(set(sectors["frequency_mhz"].dropna())) if len(sectors) else []
            found += check_calibration(
                about, request.model, request.rx_height_m, carriers, request.calibration.name
            )
        except InputError as error:
            found += error.findings
    if "frequency_mhz" in sectors.columns:
        found += _model_range(sectors, request)
    raise_errors(found, f"{request.sites} cannot be used", strict=request.strict)
    rows = own_rows(sectors, request)
    sectors = sectors.iloc[rows].reset_index(drop=True)
    found += [*overlapping(sectors, request.sites.name), *guessed(found, sectors, request)]
    layout = lay_out(sectors, request.radius_m, request.cell_m)
    sectors, outside, ground = survey(request, pack, sectors, layout)
    found += [
        one if one.row is None else replace(one, row=int(rows[one.row - 2]) + 2) for one in outside
    ]
    raise_errors([*found, *ground], "the study cannot be made", strict=request.strict)
    return Prepared(
        pack, params, sectors, patterns, layout, calibration, about,
        Findings(tuple(dict.fromkeys(found))),
    )  # fmt: skip


def sector_spec(row: Any, patterns: dict[str, Pattern]) -> SectorSpec:
    """Give a row of the table of sectors as the kernels take it."""
    azimuth = float(row.azimuth_deg)
    pattern = patterns[str(row.pattern).lower()]
    return SectorSpec(
        lat_deg=float(row.lat_deg), lon_deg=float(row.lon_deg), height_m=float(row.height_m),
        ground_m=float(row.ground_m), azimuth_deg=azimuth if np.isfinite(azimuth) else 0.0,
        tilt_deg=float(row.tilt_deg), electrical_tilt_deg=float(row.electrical_tilt_deg),
        eirp_dbm=float(row.eirp_dbm), frequency_mhz=float(row.frequency_mhz),
        bandwidth_mhz=float(row.bandwidth_mhz), load=float(row.load_share), pattern=pattern,
    )  # fmt: skip


def used_sources(request: CoverageRequest, pack: Pack) -> list[Source]:
    """List the pack's sources and the user's own files."""
    own = [
        request.sites, request.params, request.calibration, request.land_cover,
        request.clutter_table, request.buildings, request.antennas, *request.terrain,
    ]  # fmt: skip
    return [*pack.sources, *own_sources(own)]


def _refuse_missing(request: CoverageRequest) -> None:
    """Name every file that is not there at once."""
    given: dict[str, Path | None] = {
        "the sites": request.sites, "--params": request.params, "--antenna": request.antennas,
        "--calibration": request.calibration, "--land-cover": request.land_cover,
        "--clutter-table": request.clutter_table, "--buildings": request.buildings,
        **{f"--terrain ({i + 1})": path for i, path in enumerate(request.terrain)},
    }  # fmt: skip
    refuse_missing({}, given)


def _model_range(sectors: pd.DataFrame, request: CoverageRequest) -> list[Finding]:
    """Find carriers that the model does not cover."""
    low, high = _RANGE_MHZ.get(request.model.partition("_")[0], (0.0, np.inf))
    frequency = sectors["frequency_mhz"].to_numpy(np.float64)
    other = "itm" if request.model == "p1812" else "p1812 or itm"
    return flagged(
        Rule("model-frequency", Severity.ERROR,
             f"leave the row out, or take another model (--model {other})", "frequency_mhz"),
        (frequency < low) | (frequency > high),
        lambda i: f"{frequency[i]:,g} MHz lie outside {low:,g} to {high:,g} MHz, the range of "
        f"the model {request.model}", request.sites.name,
    )  # fmt: skip
