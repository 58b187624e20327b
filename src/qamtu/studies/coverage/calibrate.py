"""`make_calibration`: hold predictions against a drive test and fit a correction to a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu import __version__
from qamtu.core.errors import InputError, raise_errors
from qamtu.core.files import refuse_existing
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.progress import Report, Stage, silent
from qamtu.country.drive_tests import read_drive_tests
from qamtu.country.rules import Rule, flagged
from qamtu.kernels.coverage import Calibration, blocks_of, fit_calibration, received_power
from qamtu.kernels.coverage.calibration import Method as FitMethod
from qamtu.kernels.geodesy import haversine_m
from qamtu.kernels.propagation.area import Frame
from qamtu.kernels.terrain import ground_height, nearest
from qamtu.studies.coverage.calibration_file import class_name, write_calibration
from qamtu.studies.coverage.ground import surface_of
from qamtu.studies.coverage.layout import window_around
from qamtu.studies.coverage.prepare import Prepared, prepare, used_sources
from qamtu.studies.coverage.request import CoverageRequest
from qamtu.studies.coverage.study import group_of, method_of, rules_of
from qamtu.studies.coverage.tile import TileTask, group_loss, wake
from qamtu.studies.mapping import mapping

__all__ = ["CalibrationRequest", "CalibrationResult", "make_calibration"]

_FEWEST: Final = 10
_NEAREST_M: Final = 50.0


@dataclass(frozen=True, slots=True)
class CalibrationRequest:
    """What to fit on what.

    Parameters
    ----------
    coverage
        Sites, terrain, model and settings of the prediction; ``out`` is the file to make.
    drive_test
        Table of measured levels.
    method
        ``huber`` or ``least_squares``.
    class_samples_min
        Below so many cells a clutter class has the offset of all.
    block_m, folds
        Side of the blocks of land that are held out [m], and in how many parts.
    """

    coverage: CoverageRequest
    drive_test: Path
    method: FitMethod = "huber"
    class_samples_min: int = 30
    block_m: float = 1000.0
    folds: int = 5


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """A fitted calibration: its file, what it says, how many samples it rests on."""

    file: Path
    calibration: Calibration
    about: dict[str, Any]
    findings: Findings


@dataclass(frozen=True, eq=False)
class _Probe:
    """A tile of sites, and the cells at which measurements wait for their levels.

    Parameters
    ----------
    task
        The tile.
    row, col : int64[n]
        Cells in the study's frame.
    """

    task: TileTask
    row: NDArray[np.int64]
    col: NDArray[np.int64]


def make_calibration(request: CalibrationRequest, progress: Report = silent) -> CalibrationResult:
    """Fit offsets by clutter class and a slope over distance, and write them as a file.

    Samples of one sector in one cell count once, as their median. A prediction uses the file only
    where it is named (``--calibration``).

    Raises
    ------
    OutputExists
        If the file is there and ``overwrite`` is false.
    InputError, MissingInput
        With all findings about sites, measurements and settings.
    """
    asked = request.coverage
    refuse_existing(asked.out, overwrite=asked.overwrite)
    if asked.calibration is not None or asked.indoor or asked.in_vehicle:
        finding = Finding("calibration-not-plain", Severity.ERROR,
                          "a calibration is fitted outdoors and on an uncalibrated prediction",
                          "leave out --calibration, --indoor and --in-vehicle")  # fmt: skip
        raise InputError("the settings cannot be used", [finding])
    progress(Stage("reading sites and measurements"))
    prepared = prepare(asked)
    samples, found = read_drive_tests(
        request.drive_test, prepared.pack.territory, set(prepared.sectors["technology"])
    )
    raise_errors(found, f"{request.drive_test} cannot be used", strict=asked.strict)
    cells, more = _cells(samples, prepared, request.drive_test.name)
    progress(Stage("measurements", 1.0, f"{len(samples):,} samples in {len(cells):,} cells"))
    probes = list(_probes(asked, prepared, cells))
    with mapping(asked.scheduler, asked.workers, wake) as mapper:
        progress(Stage("predicting levels"))
        levels = list(mapper(_probe, [probe for _, probe in probes]))
    matched = _matched(cells, prepared, probes, levels)
    fitted = fit_calibration(
        matched["level_dbm"].to_numpy(np.float64), matched["predicted_dbm"].to_numpy(np.float64),
        matched["clutter_class"].to_numpy(np.uint8), matched["distance_m"].to_numpy(np.float64),
        blocks_of(
            matched["lat_deg"].to_numpy(np.float64), matched["lon_deg"].to_numpy(np.float64),
            request.block_m,
        ),
        method=request.method, class_samples_min=request.class_samples_min,
        folds=request.folds, seed=asked.seed,
    )  # fmt: skip
    progress(Stage("fit", 1.0, f"error {fitted.before.rmse_db:.1f} dB, held out "
                   f"{fitted.held_out.rmse_db:.1f} dB"))  # fmt: skip
    about = _about(request, prepared, matched, len(samples))
    findings = Findings(tuple(dict.fromkeys([
        *prepared.findings, *found, *more, *_doubts(fitted, request.drive_test.name)
    ])))  # fmt: skip
    write_calibration(asked.out, fitted, about)
    return CalibrationResult(asked.out, fitted, about, findings)


def _cells(
    samples: pd.DataFrame, prepared: Prepared, file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Bring samples to cells of the frame: the median of each cell, site, sector and carrier."""
    frame: Frame = prepared.layout.frame
    table = pd.DataFrame(samples.drop(columns="geometry", errors="ignore"))
    lat, lon = table["lat_deg"].to_numpy(np.float64), table["lon_deg"].to_numpy(np.float64)
    table["row"] = np.round((frame.lat_top_deg - lat) / frame.step_lat_deg).astype(np.int64)
    table["col"] = np.round((lon - frame.lon_left_deg) / frame.step_lon_deg).astype(np.int64)
    out = (table["row"] < 0) | (table["row"] >= frame.rows)
    out |= (table["col"] < 0) | (table["col"] >= frame.cols)
    found = []
    for name in ("site_id", "sector_id"):
        known = set(prepared.sectors[name].astype("str"))
        strange = table[name].notna() & ~table[name].astype("str").isin(known)
        found += flagged(
            Rule("drive-test-site-unknown", Severity.WARNING,
                 "use the ids of the table of sites", name),
            strange, lambda i, n=name: f"there is no {n} {table[n].iloc[i]!r}", file, 5,  # type: ignore[misc]
        )  # fmt: skip
        out |= strange
    if out.any():
        found.append(
            Finding("drive-test-left-out", Severity.INFO,
                    f"{int(out.sum()):,} of {len(table):,} samples lie out of reach of all sites "
                    "or name an unknown one, and were left out", "give a larger --radius", file)
        )  # fmt: skip
    keys = ["row", "col", "site_id", "sector_id", "frequency_mhz"]
    grouped = table[~out].groupby(keys, dropna=False, sort=True)
    made = grouped.agg(
        level_dbm=("level_dbm", "median"), lat_deg=("lat_deg", "mean"),
        lon_deg=("lon_deg", "mean"), samples=("level_dbm", "size"),
    ).reset_index()  # fmt: skip
    if len(made) < _FEWEST:
        what = f"{len(made)} cells with measurements within reach of a site"
        few = Finding("calibration-few", Severity.ERROR, what,
                      f"give measurements in {_FEWEST} cells at least", file)  # fmt: skip
        raise InputError("a calibration cannot be fitted", [*found, few])
    return made, found


def _probes(
    request: CoverageRequest, prepared: Prepared, cells: pd.DataFrame
) -> Sequence[tuple[NDArray[np.int64], _Probe]]:
    """Give for each tile the cells in it, and what is asked there."""
    rules, method = rules_of(request, prepared), method_of(request, prepared)
    row, col = cells["row"].to_numpy(np.int64), cells["col"].to_numpy(np.int64)
    made = []
    for tile in prepared.layout.tiles:
        window = tile.window
        inside = (row >= window.row) & (row < window.row + window.rows)
        inside &= (col >= window.col) & (col < window.col + window.cols)
        at = np.flatnonzero(inside)
        if at.size:
            surface, _ = surface_of(request, prepared.pack, tile.bounds)
            groups = tuple(group_of(request, prepared, rules, m) for m in tile.groups)
            task = TileTask(method, groups, surface, prepared.layout.frame, window, 0, 0)
            made.append((at, _Probe(task, row[at], col[at])))
    return made


def _probe(probe: _Probe) -> tuple[dict[int, NDArray[np.float32]], NDArray[np.uint8]]:
    """Give the level of every sector of a tile at its cells, and the clutter class there."""
    task, frame = probe.task, probe.task.frame
    lat = frame.lat_top_deg - frame.step_lat_deg * probe.row
    lon = frame.lon_left_deg + frame.step_lon_deg * probe.col
    kind = nearest(task.surface, task.surface.clutter_class, lat, lon, 0)
    made: dict[int, NDArray[np.float32]] = {}
    for group in task.groups:
        at = group.sectors[0]
        part = window_around(frame, at.lat_deg, at.lon_deg, task.method.radius_m)
        cells = frame.crop(part.row, part.col, part.rows, part.cols)
        row, col = probe.row - part.row, probe.col - part.col
        near = (row >= 0) & (row < part.rows) & (col >= 0) & (col < part.cols)
        if not near.any():
            continue
        loss = group_loss(task, group, cells)
        ground = ground_height(task.surface, cells.lat_deg[:, None], cells.lon_deg[None, :])
        for sector, number, offset in zip(
            group.sectors, group.numbers, group.offset_db, strict=True
        ):
            power = received_power(
                loss, cells.lat_deg, cells.lon_deg, ground.astype(np.float32), sector,
                rx_height_m=task.method.rx_height_m, offset_db=offset,
            )  # fmt: skip
            level = np.full(probe.row.size, np.nan, np.float32)
            level[near] = power[row[near], col[near]]
            made[number] = level
    return made, kind


def _matched(
    cells: pd.DataFrame,
    prepared: Prepared,
    probes: Sequence[tuple[NDArray[np.int64], _Probe]],
    levels: Sequence[tuple[dict[int, NDArray[np.float32]], NDArray[np.uint8]]],
) -> pd.DataFrame:
    """Give each cell the level of the sector it speaks of: the named one, else the strongest."""
    sectors = prepared.sectors
    predicted = np.full(len(cells), -np.inf)
    server = np.full(len(cells), -1)
    kind = np.zeros(len(cells), np.uint8)
    site = cells["site_id"].astype("object").to_numpy()
    own = cells["sector_id"].astype("object").to_numpy()
    frequency = cells["frequency_mhz"].to_numpy(np.float64)
    for (at, _), (by_sector, classes) in zip(probes, levels, strict=True):
        kind[at] = classes
        for number, level in by_sector.items():
            sector = sectors.iloc[number]
            fits = pd.isna(site[at]) | (site[at] == sector["site_id"])
            fits &= pd.isna(own[at]) | (own[at] == sector["sector_id"])
            near = np.abs(frequency[at] - sector["frequency_mhz"]) < 0.1 * sector["frequency_mhz"]
            fits &= np.isnan(frequency[at]) | near
            better = fits & np.isfinite(level) & (level > predicted[at])
            predicted[at[better]] = level[better]
            server[at[better]] = number
    good = server >= 0
    made = cells[good].copy()
    chosen = sectors.iloc[server[good]]
    made["predicted_dbm"] = predicted[good]
    made["clutter_class"] = kind[good]
    made["server"] = server[good]
    made["distance_m"] = haversine_m(
        made["lat_deg"].to_numpy(np.float64), made["lon_deg"].to_numpy(np.float64),
        chosen["lat_deg"].to_numpy(np.float64), chosen["lon_deg"].to_numpy(np.float64),
    )  # fmt: skip
    return made[made["distance_m"] >= _NEAREST_M].reset_index(drop=True)


def _about(
    request: CalibrationRequest, prepared: Prepared, matched: pd.DataFrame, samples: int
) -> dict[str, Any]:
    """Say what a calibration was fitted on."""
    asked = request.coverage
    used = prepared.sectors.iloc[np.unique(matched["server"].to_numpy(np.int64))]
    sources = used_sources(replace(asked), prepared.pack)
    return {
        "made_at": dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
        "version": __version__,
        "model": asked.model,
        "rx_height_m": asked.rx_height_m,
        "time_percent": asked.time_percent,
        "cell_m": asked.cell_m,
        "drive_test": request.drive_test.name,
        "sites": asked.sites.name,
        "samples": samples,
        "cells": len(matched),
        "cells_by_class": {
            class_name(c): int(n)
            for c, n in enumerate(np.bincount(matched["clutter_class"].to_numpy(np.int64)))
            if n
        },
        "frequencies_mhz": sorted(set(used["frequency_mhz"].astype(float))),
        "block_m": request.block_m,
        "folds": request.folds,
        "terrain": [s.id for s in sources],
    }


def _doubts(fitted: Calibration, file: str) -> list[Finding]:
    """Say where a fit rests on little, or does not carry over."""
    found = []
    if fitted.pooled:
        names = ", ".join(class_name(c) for c in fitted.pooled)
        found.append(
            Finding("calibration-class-few", Severity.WARNING,
                    f"few or no cells in the classes {names}: they have the offset of all",
                    "measure there", file)
        )  # fmt: skip
    if fitted.slope_db == 0.0:
        found.append(
            Finding("calibration-no-slope", Severity.INFO,
                    "the distances are too much alike for a slope; none was fitted",
                    "measure nearer to and further from the sites", file)
        )  # fmt: skip
    if fitted.held_out.rmse_db >= fitted.before.rmse_db:
        found.append(
            Finding("calibration-no-better", Severity.WARNING,
                    f"on land held out the error is {fitted.held_out.rmse_db:.1f} dB with the "
                    f"calibration and {fitted.before.rmse_db:.1f} dB without",
                    "do not use it; measure more", file)
        )  # fmt: skip
    return found
