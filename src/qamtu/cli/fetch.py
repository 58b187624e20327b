"""`qamtu country fetch`: data too large to ship, fetched from where it is public."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.markup import escape

from qamtu.cli.console import OUT, reporting, show_findings
from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.country import BUCKET_URL, Pack, around, boxes_of, fetch_tiles, load_pack, tile_names
from qamtu.studies.plan_data import find_region

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Fetch public data that is too large to ship.")

_Bounds = tuple[float, float, float, float]
_HELP = {
    "region": "The region's tiles, by id or name. May be repeated.",
    "bounds": "Tiles of a rectangle: west,south,east,north in degrees.",
    "settlement": "Tiles around a settlement, by id or name. May be repeated.",
    "base_url": "The bucket, or a mirror with the same folders.",
}


@app.callback()
def _group() -> None:
    """Keep the verb below it, also while it is the only one."""


@app.command("terrain")
def terrain(
    pack: Annotated[str, typer.Argument(help="Code or folder of a pack.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the tiles.")],
    region: Annotated[list[str] | None, typer.Option(help=_HELP["region"])] = None,
    bounds: Annotated[str | None, typer.Option(help=_HELP["bounds"])] = None,
    settlement: Annotated[list[str] | None, typer.Option(help=_HELP["settlement"])] = None,
    radius_km: Annotated[float, typer.Option(help="How far around a settlement (km).")] = 30.0,
    base_url: Annotated[str, typer.Option(help=_HELP["base_url"])] = BUCKET_URL,
    parallel: Annotated[int, typer.Option(min=1, max=16, help="Transfers at once.")] = 4,
    timeout: Annotated[float, typer.Option(min=1.0, help="Seconds of silence allowed.")] = 30.0,
    retries: Annotated[int, typer.Option(min=0, help="Further attempts a file.")] = 4,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the files.")] = False,
) -> None:
    """Fetch heights of 1 arc second (Copernicus DEM GLO-30, about 30 m) for an area.

    What is in the folder is checked and kept, a broken transfer is continued. Give the folder to
    the radio studies as their heights.

    [bold]Examples[/]

        qamtu country fetch terrain kz --settlement Almaty --radius-km 40 --out terrain

        qamtu country fetch terrain kz --region Mangystau --out terrain --dry-run
    """
    areas = _areas(load_pack(pack), region or [], bounds, settlement or [], radius_km)
    names = tile_names(areas)
    if dry_run:
        for name in names:
            OUT.print(escape(f"{base_url.rstrip('/')}/{name}/{name}.tif"), soft_wrap=True)
        return
    with reporting(f"fetching {len(names)} tiles") as report:
        tiles, found = fetch_tiles(
            areas, out, base_url=base_url, parallel=parallel, retries=retries,
            timeout_s=timeout, report=report,
        )  # fmt: skip
    if len(found):
        show_findings(found)
    OUT.print(
        f"{len(tiles.fetched):,} tiles fetched ({tiles.size_bytes / 1e6:,.1f} MB), "
        f"{len(tiles.there):,} were there, {len(tiles.absent):,} do not exist; "
        f"all in [bold]{escape(str(out))}[/], licence in LICENCE.md"
    )


def _areas(
    pack: Pack, regions: list[str], bounds: str | None, settlements: list[str], radius_km: float
) -> list[_Bounds]:
    """Give the rectangles that the options name.

    Raises
    ------
    InputError
        If there is none, or one cannot be read.
    """
    areas: list[_Bounds] = []
    for name in regions:
        table = pack.table("regions")
        code = find_region(table, name)
        shape = table.loc[table["region_id"] == code, "geometry"].iloc[0]
        areas += boxes_of(shape)
    if bounds is not None:
        areas.append(_rectangle(bounds))
    for name in settlements:
        place = _place(pack.table("settlements"), name)
        areas.append(around(float(place["lat_deg"]), float(place["lon_deg"]), radius_km))
    if not areas:
        finding = Finding(
            "area-missing", Severity.ERROR, "no area was named",
            "give --region, --bounds or --settlement",
        )  # fmt: skip
        raise InputError("which tiles are to be fetched?", [finding])
    return areas


def _rectangle(text: str) -> _Bounds:
    try:
        west, south, east, north = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError as error:
        finding = Finding(
            "bounds-unreadable", Severity.ERROR, f"{text!r} is no rectangle",
            "give four numbers: west,south,east,north in degrees", field="--bounds",
        )  # fmt: skip
        raise InputError("the rectangle cannot be read", [finding]) from error
    return west, south, east, north


def _place(table: pd.DataFrame, wanted: str) -> pd.Series:
    """Find a settlement by id or by name; of several the one with most people."""
    low = wanted.casefold().strip()
    hit = pd.Series(data=False, index=table.index)
    for column in ("settlement_id", "name_en", "name_ru", "name_kk"):
        if column in table.columns:
            hit |= table[column].astype("str").str.casefold() == low
    if not hit.any():
        finding = Finding(
            "settlement-unknown", Severity.ERROR, f"there is no settlement {wanted!r}",
            "give its id or name as in the pack's table of settlements", field="--settlement",
        )  # fmt: skip
        raise InputError(f"the settlement {wanted!r} is not known", [finding])
    return table[hit].sort_values("population", ascending=False).iloc[0]
