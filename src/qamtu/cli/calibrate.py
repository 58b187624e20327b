"""`qamtu calibrate`: fit a correction of the propagation model on a drive test."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from qamtu.cli.console import OUT, reporting, show_findings
from qamtu.cli.coverage import HELP, length_m
from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.kernels.coverage import Residuals
from qamtu.studies.coverage import CoverageRequest
from qamtu.studies.coverage.calibrate import (
    CalibrationRequest,
    CalibrationResult,
    make_calibration,
)
from qamtu.studies.coverage.calibration_file import class_name

__all__ = ["calibrate"]

_METHODS = {"huber": "huber", "ls": "least_squares", "least_squares": "least_squares"}


def calibrate(
    sites: Annotated[Path, typer.Argument(help=HELP["sites"])],
    drive_test: Annotated[
        Path, typer.Argument(help="Measured levels: lat_deg, lon_deg, level_dbm, perhaps site_id.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Calibration file to make (JSON).")],
    pack: Annotated[str, typer.Option(help=HELP["pack"])] = "kz",
    radius: Annotated[str, typer.Option(help=HELP["radius"])] = "20km",
    cell: Annotated[str, typer.Option(help=HELP["cell"])] = "100m",
    model: Annotated[str, typer.Option(help=HELP["model"])] = "p1812",
    rx_height: Annotated[float, typer.Option(help=HELP["rx"])] = 1.5,
    time: Annotated[float, typer.Option(help=HELP["time"])] = 50.0,
    method: Annotated[
        str, typer.Option(help="huber (robust) or ls (plain least squares).")
    ] = "huber",
    block: Annotated[
        str, typer.Option(help="Side of the blocks of land that are held out.")
    ] = "1km",
    folds: Annotated[int, typer.Option(help="Parts in which blocks are held out.")] = 5,
    operator: Annotated[str, typer.Option(help=HELP["operator"])] = "",
    terrain: Annotated[list[Path] | None, typer.Option(help=HELP["terrain"])] = None,
    terrain_step: Annotated[float | None, typer.Option(help=HELP["step"])] = None,
    land_cover: Annotated[Path | None, typer.Option(help=HELP["land"])] = None,
    clutter_table: Annotated[Path | None, typer.Option(help=HELP["clutter"])] = None,
    buildings: Annotated[Path | None, typer.Option(help=HELP["buildings"])] = None,
    antenna: Annotated[Path | None, typer.Option(help=HELP["antenna"])] = None,
    params: Annotated[Path | None, typer.Option(help=HELP["params"])] = None,
    seed: Annotated[int, typer.Option(help="Seed of the parts.")] = 1,
    scheduler: Annotated[str, typer.Option(help=HELP["scheduler"])] = "processes",
    workers: Annotated[int | None, typer.Option(help=HELP["workers"])] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help=HELP["strict"])] = False,
) -> None:
    """Fit an offset a clutter class and a slope over distance on measured levels.

    [bold]Example[/]

        qamtu calibrate sites.csv drive.csv --out cal.json
    """
    if method not in _METHODS:
        finding = Finding("fit-method", Severity.ERROR, f"there is no method {method!r}",
                          "give huber or ls", "settings", None, "method")  # fmt: skip
        raise InputError("the settings cannot be used", [finding])
    request = CalibrationRequest(
        coverage=CoverageRequest(
            sites=sites,
            out=out,
            pack=pack,
            radius_m=length_m(radius, "radius"),
            cell_m=length_m(cell, "cell"),
            model=model,
            rx_height_m=rx_height,
            time_percent=time,
            operator=operator,
            terrain=tuple(terrain or ()),
            terrain_step_arcsec=terrain_step,
            land_cover=land_cover,
            clutter_table=clutter_table,
            buildings=buildings,
            antennas=antenna,
            params=params,
            seed=seed,
            scheduler=scheduler,
            workers=workers,
            overwrite=overwrite,
            strict=strict,
        ),
        drive_test=drive_test,
        method="huber" if method == "huber" else "least_squares",
        block_m=length_m(block, "block"),
        folds=folds,
    )
    with reporting(f"calibrating on {drive_test.name}", kept=False) as report:
        result = make_calibration(request, report)
    _show(result)


def _show(result: CalibrationResult) -> None:
    made = result.calibration
    table = Table(title=f"residuals, measured less predicted ({made.method})", title_justify="left")
    table.add_column("cells of")
    for column in ("offset, dB", "cells", "mean, dB", "sd, dB", "RMSE, dB"):
        table.add_column(column, justify="right")
    for number, residuals in made.by_class.items():
        shown = class_name(number) + (" (pooled)" if number in made.pooled else "")
        table.add_row(shown, f"{made.offset_db[number]:+.1f}", *_row(residuals))
    table.add_row("all, before", "", *_row(made.before))
    table.add_row("all, after", "", *_row(made.after))
    table.add_row("all, on land held out", "", *_row(made.held_out))
    OUT.print(table)
    OUT.print(
        f"Slope {made.slope_db:+.1f} dB a decade around {made.reference_m:,.0f} m, from "
        f"{made.nearest_m:,.0f} to {made.furthest_m:,.0f} m."
    )
    worth = [f for f in result.findings if f.severity is not Severity.INFO]
    if worth:
        show_findings(worth[:12], console=OUT)
    OUT.print(
        f"Wrote [bold]{escape(str(result.file))}[/]; a prediction uses it only with "
        f"--calibration {escape(str(result.file))}"
    )


def _row(residuals: Residuals) -> tuple[str, ...]:
    numbers = (residuals.mean_db, residuals.sd_db, residuals.rmse_db)
    return f"{residuals.samples:,}", *(f"{value:.1f}" for value in numbers)
