"""Everything a coverage study needs, read and checked before any work, all findings at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.core.errors import InputError, MissingInput, raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params
from qamtu.core.provenance import Source, file_sha256
from qamtu.country import Pack, load_pack
from qamtu.country.antenna_files import read_antennas
from qamtu.country.rules import Rule, flagged
from qamtu.country.sites import read_sites
from qamtu.country.surface import read_surface
from qamtu.kernels.antenna import Pattern
from qamtu.kernels.coverage import Calibration, SectorSpec
from qamtu.kernels.terrain import Surface, ground_height, nearest
from qamtu.studies.coverage.calibration_file import check_calibration, read_calibration
from qamtu.studies.coverage.layout import Layout, lay_out
from qamtu.studies.coverage.parameters import (
    antennas_built_in,
    coverage_params,
    levels_dbm,
    site_defaults,
)
from qamtu.studies.coverage.request import CoverageRequest, check_request

__all__ = ["Prepared", "prepare", "sector_spec", "surface_of", "used_sources"]

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
    sectors = sectors.reset_index(drop=True)
    found += _together(sectors, request.sites.name)
    layout = lay_out(sectors, request.radius_m, request.cell_m)
    sectors, outside = _survey(request, pack, sectors, layout)
    found += outside
    raise_errors(found, "the study cannot be made", strict=request.strict)
    return Prepared(
        pack, params, sectors, patterns, layout, calibration, about,
        Findings(tuple(dict.fromkeys(found))),
    )  # fmt: skip


def surface_of(
    request: CoverageRequest, pack: Pack, bounds: tuple[float, float, float, float]
) -> tuple[Surface, Findings]:
    """Read the ground of a tile as the request wants it."""
    return read_surface(
        pack, bounds, request.terrain_step_arcsec, request.terrain, request.land_cover,
        request.clutter_table, request.buildings,
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
    made = list(pack.sources)
    for path in own:
        if path is not None:
            digest = file_sha256(path) if path.is_file() else ""
            made.append(Source(path.name, path.name, "the user's own file", "", "", digest))
    return made


def _refuse_missing(request: CoverageRequest) -> None:
    """Name every file that is not there at once."""
    given: dict[str, Path | None] = {
        "the sites": request.sites, "--params": request.params, "--antenna": request.antennas,
        "--calibration": request.calibration, "--land-cover": request.land_cover,
        "--clutter-table": request.clutter_table, "--buildings": request.buildings,
        **{f"--terrain ({i + 1})": path for i, path in enumerate(request.terrain)},
    }  # fmt: skip
    found = [
        Finding("file-missing", Severity.ERROR, f"{name}: the file is not there",
                "check the path", str(path))
        for name, path in given.items()
        if path is not None and not path.exists()
    ]  # fmt: skip
    if found:
        raise MissingInput("files are missing", found)


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


def _together(sectors: pd.DataFrame, file: str) -> list[Finding]:
    """Find carriers that overlap without being the same: no interference is counted there."""
    carriers = sectors[["technology", "frequency_mhz", "bandwidth_mhz"]].drop_duplicates()
    low = (carriers["frequency_mhz"] - carriers["bandwidth_mhz"] / 2.0).to_numpy(np.float64)
    high = (carriers["frequency_mhz"] + carriers["bandwidth_mhz"] / 2.0).to_numpy(np.float64)
    over = (low[:, None] < high[None, :]) & (low[None, :] < high[:, None])
    pairs = (int(over.sum()) - len(carriers)) // 2
    if not pairs:
        return []
    return [Finding("carriers-overlap", Severity.WARNING,
                    f"{pairs} pairs of carriers overlap but are not the same: the study counts no "
                    "interference between them", "give one middle and bandwidth to what is one "
                    "carrier", file, None, "frequency_mhz")]  # fmt: skip


def _survey(
    request: CoverageRequest, pack: Pack, sectors: pd.DataFrame, layout: Layout
) -> tuple[pd.DataFrame, list[Finding]]:
    """Read the ground under every site; a site without ground is an error."""
    ground = np.full(len(sectors), np.nan)
    resolution = np.full(len(sectors), np.nan)
    lat = sectors["lat_deg"].to_numpy(np.float64)
    lon = sectors["lon_deg"].to_numpy(np.float64)
    plain = replace(request, buildings=None, land_cover=None, clutter_table=None)
    for tile in layout.tiles:
        rows = np.array([i for group in tile.groups for i in group])
        try:
            surface, _ = surface_of(plain, pack, _rim(lat[rows], lon[rows]))
        except InputError as error:
            if {f.id for f in error.findings} != {"terrain-missing"}:
                raise
            continue
        ground[rows] = ground_height(surface, lat[rows], lon[rows])
        resolution[rows] = nearest(surface, surface.resolution_arcsec, lat[rows], lon[rows], np.nan)
    made = sectors.assign(ground_m=ground, resolution_arcsec=resolution)
    found = flagged(
        Rule("site-outside-terrain", Severity.ERROR,
             "mend the coordinates, or give heights there (--terrain)", "lat_deg"),
        ~np.isfinite(ground),
        lambda i: f"no height of the ground is known at lat {lat[i]:.5f}, lon {lon[i]:.5f}",
        request.sites.name,
    )  # fmt: skip
    return made, found


def _rim(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Bounds of some points with a rim of about 2 km [deg]."""
    rim = 0.02
    wide = rim / float(np.cos(np.radians(np.abs(lat).max())))
    return (
        float(lon.min()) - wide, float(lat.min()) - rim,
        float(lon.max()) + wide, float(lat.max()) + rim,
    )  # fmt: skip
