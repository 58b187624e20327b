"""`make_coverage`: from a table of sites to a folder of rasters, tables and figures."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from qamtu.core.errors import InputError, raise_errors
from qamtu.core.files import refuse_existing, replaced_folder
from qamtu.core.findings import Finding, Findings
from qamtu.core.progress import Report, Stage, silent
from qamtu.kernels.coverage import noise_dbm, rsrp_offset_db, subcarrier_khz
from qamtu.kernels.propagation.area.raster import ResamplingError
from qamtu.studies.coverage.figures import Figures, by_region
from qamtu.studies.coverage.files import write_rasters, write_tables
from qamtu.studies.coverage.ground import said_once, surface_of
from qamtu.studies.coverage.keep import (
    digest_of,
    fingerprint,
    read_tile,
    resume_folder,
    write_tile,
)
from qamtu.studies.coverage.layers import CarrierRule, Layers, blocks, new_layers
from qamtu.studies.coverage.layout import Carrier, Tile
from qamtu.studies.coverage.parameters import levels_dbm, shannon_of
from qamtu.studies.coverage.people import spread_people
from qamtu.studies.coverage.polygons import Coarse, level_polygons
from qamtu.studies.coverage.prepare import (
    Prepared,
    prepare,
    sector_spec,
    used_sources,
)
from qamtu.studies.coverage.request import CoverageRequest, margins_of, settings_of
from qamtu.studies.coverage.summary import build_summary, raster_tags
from qamtu.studies.coverage.tile import Group, Method, TileAnswer, TileTask, compute_tile, wake
from qamtu.studies.mapping import mapping
from qamtu.studies.output.summary import write_summary
from qamtu.studies.radio_report import write_coverage_report

__all__ = ["CoverageResult", "group_of", "make_coverage", "method_of", "rules_of"]

_WAVE: Final = 16
_SAMPLED_TILES: Final = 4
_SAMPLED_CELLS: Final = 500
_WIDEST_HZ: Final = {"gsm": 200e3, "umts": 3.84e6}

Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class CoverageResult:
    """A finished study: where it is, what it says, what is odd."""

    folder: Path
    summary: dict[str, Any]
    findings: Findings


def make_coverage(request: CoverageRequest, progress: Report = silent) -> CoverageResult:
    """Compute the coverage of a table of sites and write the folder, whole or not at all.

    Tiles that a stopped run has finished are taken up by the same command.

    Parameters
    ----------
    request
        What to compute, from what, and where to put it.
    progress
        Is told each stage.

    Raises
    ------
    OutputExists
        If the folder has something in it and ``overwrite`` is false; found before any work.
    InputError, MissingInput
        With all findings about sites, antennas, terrain and settings.
    StorageFailure
        If the results cannot be written.
    """
    refuse_existing(request.out, overwrite=request.overwrite)
    clock = _Clock()
    progress(Stage("reading sites and terrain"))
    prepared = prepare(request)
    sectors, tiles = prepared.sectors, prepared.layout.tiles
    told = f"{sectors['site_id'].nunique():,} sites, {len(sectors):,} sectors, {len(tiles)} tiles"
    progress(Stage("sites and terrain", 1.0, told))
    clock.mark("reading")
    rules = rules_of(request, prepared)
    keep = resume_folder(request.out)
    frame = prepared.layout.frame
    layers = new_layers(frame.rows, frame.cols, len(rules), keep / "layers")
    try:
        found, resampling = _fill(request, prepared, rules, layers, keep, progress)
        findings = prepared.findings + said_once(found)
        raise_errors(findings, "the study cannot be made", strict=request.strict)
    except InputError:  # tiles are kept for a run that goes on, not for one that is refused
        shutil.rmtree(keep, ignore_errors=True)
        raise
    clock.mark("tiles")
    progress(Stage("writing the results"))
    with replaced_folder(request.out, overwrite=request.overwrite) as folder:
        summary = _write(folder, request, prepared, rules, layers, findings, resampling, clock)
    shutil.rmtree(keep, ignore_errors=True)
    return CoverageResult(request.out, summary, findings)


class _Clock:
    """Seconds of each stage."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, float]] = []
        self._last = time.perf_counter()

    def mark(self, name: str) -> None:
        now = time.perf_counter()
        self.stages.append((name, now - self._last))
        self._last = now


def rules_of(request: CoverageRequest, prepared: Prepared) -> tuple[CarrierRule, ...]:
    """Say how the levels of each carrier are read."""
    params = prepared.params
    weakest = min(levels_dbm(params).values())

    def rule(carrier: Carrier) -> CarrierRule:
        technology, frequency = carrier.technology, carrier.frequency_mhz
        rsrp = technology in {"lte", "nr"}
        width = _WIDEST_HZ.get(technology, 1e6 * carrier.bandwidth_mhz)
        if rsrp:
            width = 1000.0 * subcarrier_khz(technology, frequency)
        divided = technology in {"lte", "nr"} and frequency >= params.value("tdd_from")
        return CarrierRule(
            carrier=carrier,
            margins=margins_of(request, params, frequency),
            noise_dbm=noise_dbm(width, params.value("receiver_noise_figure")),
            share=params.value("downlink_share_tdd") if divided else 1.0,
            layers=params.value("spatial_layers"),
            weakest_dbm=weakest + (0.0 if rsrp else params.value("received_power_above_rsrp")),
        )

    return tuple(rule(carrier) for carrier in prepared.layout.carriers)


def method_of(request: CoverageRequest, prepared: Prepared) -> Method:
    """Say how all tiles are computed."""
    return Method(
        model=request.model,
        radius_m=request.radius_m,
        rx_height_m=request.rx_height_m,
        step_m=prepared.params.value("profile_step"),
        houses_known=request.buildings is not None,
        load=prepared.sectors["load_share"].to_numpy(np.float32),
        calibration=prepared.calibration,
    )


def group_of(
    request: CoverageRequest, prepared: Prepared, rules: Sequence[CarrierRule],
    members: tuple[int, ...],
) -> Group:  # fmt: skip
    """Put the sectors of one place together."""
    rows = [prepared.sectors.iloc[i] for i in members]
    carriers = tuple(int(prepared.layout.carrier_of[i]) for i in members)
    gain = prepared.params.value("receiver_gain")
    return Group(
        settings=settings_of(request, prepared.params, float(rows[0].frequency_mhz)),
        sectors=tuple(sector_spec(row, prepared.patterns) for row in rows),
        numbers=members,
        carriers=carriers,
        offset_db=tuple(
            gain - rules[c].margins.entry_db - rsrp_offset_db(
                rules[c].carrier.technology, rules[c].carrier.frequency_mhz,
                rules[c].carrier.bandwidth_mhz,
            )
            for c in carriers
        ),
    )  # fmt: skip


def _fill(
    request: CoverageRequest,
    prepared: Prepared,
    rules: Sequence[CarrierRule],
    layers: Layers,
    keep: Path,
    progress: Report,
) -> tuple[list[Finding], list[ResamplingError]]:
    """Compute all tiles, or take them up, and merge them into the layers."""
    method, tiles = method_of(request, prepared), prepared.layout.tiles
    names = _names(request, prepared, method)
    kept = sum((keep / f"{name}.npz").is_file() for name in names)
    if kept:
        progress(Stage("taking up a stopped run", 1.0, f"{kept} tiles of {len(tiles)}"))
    found: list[Finding] = []
    resampling: list[ResamplingError] = []

    def task(number: int) -> TileTask:
        tile = tiles[number]
        surface, more = surface_of(request, prepared.pack, tile.bounds)
        found.extend(more)
        return TileTask(
            method=method,
            groups=tuple(group_of(request, prepared, rules, members) for members in tile.groups),
            surface=surface,
            frame=prepared.layout.frame,
            window=tile.window,
            sampled=_SAMPLED_CELLS if number % -(-len(tiles) // _SAMPLED_TILES) == 0 else 0,
            seed=request.seed + number,
        )

    with mapping(request.scheduler, request.workers, wake) as mapper:
        for number, answer in _answers(mapper, task, names, keep):
            layers.add(answer, method.load)
            if answer.resampling is not None:
                resampling.append(answer.resampling)
            progress(Stage("computing tiles", (number + 1) / len(tiles), f"tile {number + 1}"))
    return found, resampling


def _answers(
    mapper: Mapper, task: Callable[[int], TileTask], names: Sequence[str], keep: Path
) -> Iterator[tuple[int, TileAnswer]]:
    """Give the answer of each tile in order; new ones are kept. Few are in memory at a time."""
    for start in range(0, len(names), _WAVE):
        wave = range(start, min(start + _WAVE, len(names)))
        known = {i: read_tile(keep / f"{names[i]}.npz") for i in wave}
        missing = [i for i in wave if known[i] is None]
        fresh = iter(mapper(compute_tile, [task(i) for i in missing])) if missing else iter(())
        for i in wave:
            answer = known.pop(i)
            if answer is None:
                answer = next(fresh)
                write_tile(keep / f"{names[i]}.npz", answer)
            yield i, answer


def _names(request: CoverageRequest, prepared: Prepared, method: Method) -> list[str]:
    """Name every tile by what it is asked, and by the files that it is computed from."""
    files = [one.path for one in prepared.pack.rasters] + list(request.terrain)
    own = (request.land_cover, request.clutter_table, request.buildings, request.antennas)
    files += [path for path in own if path is not None]
    calibration = None
    if method.calibration is not None:
        made = method.calibration
        calibration = (made.offset_db.tolist(), made.slope_db, made.reference_m)
    whole = (
        fingerprint(files), request.model, request.radius_m, request.rx_height_m,
        request.time_percent, request.indoor, request.in_vehicle, request.seed,
        request.terrain_step_arcsec, asdict(prepared.layout.frame), calibration,
        [one.name for one in prepared.layout.carriers],
        [(name, one.value) for name, one in prepared.params.items()],
    )  # fmt: skip
    plain = pd.DataFrame(prepared.sectors.drop(columns="geometry"))

    def name(tile: Tile) -> str:
        rows = [i for group in tile.groups for i in group]
        return digest_of(whole, asdict(tile), plain.iloc[rows].to_csv(), len(plain))

    return [name(tile) for tile in prepared.layout.tiles]


def _write(
    folder: Path,
    request: CoverageRequest,
    prepared: Prepared,
    rules: Sequence[CarrierRule],
    layers: Layers,
    findings: Findings,
    resampling: Sequence[ResamplingError],
    clock: _Clock,
) -> dict[str, Any]:
    """Write the folder; give the summary."""
    made_at = dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds")
    levels = levels_dbm(prepared.params)
    weakest = min(levels.values())
    above = {name: level - weakest for name, level in levels.items()}
    regions = prepared.pack.tables["regions"]
    settlements = prepared.pack.tables["settlements"]
    frame = prepared.layout.frame
    figures = Figures(frame, above, len(prepared.sectors), regions)
    coarse = Coarse(frame)
    homes = spread_people(
        settlements, frame, prepared.params.value("settlement_density"), request.cell_m
    )
    above_homes = write_rasters(
        folder, frame, blocks(layers, rules, shannon_of(prepared.params)),
        raster_tags(request, prepared, made_at), figures, coarse, (homes.row, homes.col),
    )  # fmt: skip
    clock.mark("rasters")
    prepared.sectors["area_km2"] = figures.by_sector_km2
    summary = build_summary(
        request, prepared, figures, made_at=made_at, rules=rules,
        regions=by_region(figures, settlements, homes, above_homes),
        sources=used_sources(request, prepared.pack), findings=findings, resampling=resampling,
        weakest_dbm=weakest, stages=clock.stages,
    )  # fmt: skip
    sectors = gpd.GeoDataFrame(prepared.sectors, geometry="geometry", crs=4326)
    write_tables(folder, str(summary["title"]), sectors, level_polygons(coarse, above), summary)
    write_summary(folder / "summary.json", summary)
    write_coverage_report(folder / "report.html", sectors, folder, summary, prepared.pack.tables)
    return summary
