"""`qamtu coverage`: what a table of sites covers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from qamtu.cli.console import OUT, reporting, show_findings
from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.studies.coverage import CoverageRequest, CoverageResult, make_coverage

__all__ = ["HELP", "coverage", "length_m"]

HELP = {
    "sites": "Your sectors (CSV, GeoPackage, GeoParquet), or a CSV of OpenCelliD.",
    "pack": "Country pack: the code of one that ships (kz) or a folder of your own.",
    "out": "Folder to make; it appears whole or not at all.",
    "radius": "How far a site is followed, for example 20km or 800m.",
    "cell": "Side of a cell of the rasters, for example 100m.",
    "model": "Propagation model: p1812, itm, free_space, tr38901_rma, tr38901_uma, tr38901_umi.",
    "rx": "Receiver above ground (m).",
    "time": "Per cent of the time in which the loss is not exceeded, 1 to 50.",
    "locations": "Per cent of the locations of a cell at which the level is reached, 1 to 99.",
    "indoor": "The receiver is in a building (P.2109).",
    "vehicle": "The receiver is in a vehicle.",
    "operator": "Whose sites are followed (column operator); all: the best server of all.",
    "terrain": "Your heights: a raster or a folder of them. May be repeated.",
    "step": "Cell of the ground as it is computed with (arc seconds); the finest heights' else.",
    "land": "Your land cover raster.",
    "clutter": "CSV that says how tall each land cover class stands.",
    "buildings": "Footprints with heights (GeoPackage, .osm.pbf).",
    "antenna": "Folder of antenna files (MSI, Planet) that the column pattern names.",
    "calibration": "Calibration that `qamtu calibrate` made; none is applied without it.",
    "params": "TOML file with parameters in place of the own ones.",
    "scheduler": "serial, processes, or a Dask address (tcp://host:8786).",
    "workers": "Processes; all processors by default.",
    "overwrite": "Replace the folder if it has something in it.",
    "strict": "Stop at warnings too.",
}
_WORTH = (
    "report.html", "best.tif", "sinr.tif", "throughput.tif", "coverage.gpkg", "sites.kml",
    "summary.json",
)  # fmt: skip
_LENGTH = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*(km|m)?\s*")


def coverage(
    sites: Annotated[Path, typer.Argument(help=HELP["sites"])],
    out: Annotated[Path, typer.Option("--out", "-o", help=HELP["out"])],
    pack: Annotated[str, typer.Option(help=HELP["pack"])] = "kz",
    radius: Annotated[str, typer.Option(help=HELP["radius"])] = "20km",
    cell: Annotated[str, typer.Option(help=HELP["cell"])] = "100m",
    model: Annotated[str, typer.Option(help=HELP["model"])] = "p1812",
    rx_height: Annotated[float, typer.Option(help=HELP["rx"])] = 1.5,
    time: Annotated[float, typer.Option(help=HELP["time"])] = 50.0,
    locations: Annotated[float, typer.Option(help=HELP["locations"])] = 50.0,
    indoor: Annotated[bool, typer.Option("--indoor", help=HELP["indoor"])] = False,
    in_vehicle: Annotated[bool, typer.Option("--in-vehicle", help=HELP["vehicle"])] = False,
    operator: Annotated[str, typer.Option(help=HELP["operator"])] = "",
    terrain: Annotated[list[Path] | None, typer.Option(help=HELP["terrain"])] = None,
    terrain_step: Annotated[float | None, typer.Option(help=HELP["step"])] = None,
    land_cover: Annotated[Path | None, typer.Option(help=HELP["land"])] = None,
    clutter_table: Annotated[Path | None, typer.Option(help=HELP["clutter"])] = None,
    buildings: Annotated[Path | None, typer.Option(help=HELP["buildings"])] = None,
    antenna: Annotated[Path | None, typer.Option(help=HELP["antenna"])] = None,
    calibration: Annotated[Path | None, typer.Option(help=HELP["calibration"])] = None,
    params: Annotated[Path | None, typer.Option(help=HELP["params"])] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 1,
    scheduler: Annotated[str, typer.Option(help=HELP["scheduler"])] = "processes",
    workers: Annotated[int | None, typer.Option(help=HELP["workers"])] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=HELP["overwrite"])] = False,
    strict: Annotated[bool, typer.Option("--strict", help=HELP["strict"])] = False,
) -> None:
    """Compute levels, best server, SINR and throughput of a table of sites as rasters.

    [bold]Examples[/]

        qamtu coverage sites.csv --out out/cov

        qamtu coverage sites.csv --radius 5km --cell 25m --terrain dem/ --antenna msi/ --out out/c

        qamtu coverage sites.csv --indoor --locations 95 --calibration cal.json --out out/indoor

        qamtu coverage 401.csv.gz --operator 401-1 --out out/opencellid
    """
    request = CoverageRequest(
        sites=sites,
        out=out,
        pack=pack,
        radius_m=length_m(radius, "radius"),
        cell_m=length_m(cell, "cell"),
        model=model,
        rx_height_m=rx_height,
        time_percent=time,
        location_percent=locations,
        indoor=indoor,
        in_vehicle=in_vehicle,
        operator=operator,
        terrain=tuple(terrain or ()),
        terrain_step_arcsec=terrain_step,
        land_cover=land_cover,
        clutter_table=clutter_table,
        buildings=buildings,
        antennas=antenna,
        calibration=calibration,
        params=params,
        seed=seed,
        scheduler=scheduler,
        workers=workers,
        overwrite=overwrite,
        strict=strict,
    )
    with reporting(f"coverage of {sites.name}") as report:
        result = make_coverage(request, report)
    _show(result)


def length_m(text: str, field: str) -> float:
    """Read a length with a unit, metres without one.

    Raises
    ------
    InputError
        If it is no length.
    """
    match = _LENGTH.fullmatch(text)
    if match is None:
        finding = Finding("length-unreadable", Severity.ERROR, f"{text!r} is no length",
                          "give metres or kilometres, for example 800m or 20km", "settings", None,
                          field)  # fmt: skip
        raise InputError("the settings cannot be used", [finding])
    value = float(match[1].replace(",", "."))
    return value * (1000.0 if match[2] == "km" else 1.0)


def _show(result: CoverageResult) -> None:
    summary = result.summary
    totals = summary["totals"]
    OUT.print(_levels(summary))
    OUT.print(
        f"{totals['sites']:,} sites with {totals['sectors']:,} sectors cover "
        f"[bold]{totals['area_covered_km2']:,.0f} km²[/] of the "
        f"{totals['area_reached_km2']:,.0f} km² they were followed to "
        f"({totals['area_covered_share']:.1%}), and "
        f"[bold]{totals['people_covered']:,}[/] people in "
        f"{totals['settlements_covered']:,} settlements there."
    )
    _show_accuracy(summary)
    worth = [f for f in result.findings if f.severity is not Severity.INFO]
    if worth:
        show_findings(worth[:12], console=OUT)
        if len(worth) > 12:
            OUT.print(f"… and {len(worth) - 12:,} more in summary.json")
    names = (name for name in _WORTH if (result.folder / name).is_file())
    OUT.print(f"Wrote [bold]{escape(str(result.folder))}[/]: {', '.join(names)}")


def _show_accuracy(summary: dict[str, Any]) -> None:
    """Say what the model was, whether it was calibrated, and how exact the raster is."""
    made = summary["calibration"]
    held = "not calibrated"
    if made:
        held = (
            f"calibrated by {made['file']} (held-out error {made['held_out']['rmse_db']:.1f} dB, "
            f"{made['before']['rmse_db']:.1f} dB without)"
        )
    OUT.print(f"Model {summary['settings']['model_name']}, {escape(held)}.")
    sampled = summary["resampling"]
    if sampled:
        OUT.print(
            f"Raster against a path of its own at {sampled['cells']:,} cells: median "
            f"{sampled['median_db']:.2f} dB, 95 % within {sampled['p95_db']:.2f} dB."
        )


def _levels(summary: dict[str, Any]) -> Table:
    table = Table(title=summary["title"], title_justify="left")
    table.add_column("level")
    for column in ("from, dBm", "km²", "share of the reach"):
        table.add_column(column, justify="right")
    whole = summary["totals"]["area_reached_km2"] or 1.0
    for row in summary["levels"]:
        table.add_row(
            f"{row['band']} or better",
            f"{row['level_dbm']:g}",
            f"{row['area_km2']:,.0f}",
            f"{row['area_km2'] / whole:.1%}",
        )
    return table
