"""`qamtu country`: packs that ship, their building and checking, and a pack of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.markup import escape
from rich.table import Table

from qamtu.cli import fetch
from qamtu.cli.console import OUT, reporting, show_findings
from qamtu.core.errors import InputError
from qamtu.core.files import refuse_existing, write_text
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.country import (
    KINDS,
    Pack,
    build_pack,
    catalogue,
    check_pack,
    check_raster,
    check_table,
    init_pack,
    load_pack,
    read_osm,
    read_table,
)
from qamtu.studies.plan_data import header_line

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Country packs: list, build, check, begin your own.")
app.add_typer(fetch.app, name="fetch")

_KINDS = ("settlements", "settlement_updates", "roads", "fibre_nodes", "fibre_lines")


@app.command("list")
def list_packs() -> None:
    """List the packs that ship, with what they hold.

    [bold]Example[/]

        qamtu country list
    """
    table = Table(box=None, pad_edge=False)
    for column in ("pack", "country", "settlements", "people", "sources"):
        table.add_column(column)
    for code in catalogue():
        pack = load_pack(code)
        places = pack.tables["settlements"]
        table.add_row(
            code,
            pack.title,
            f"{int(places['in_plan'].sum()):,}",
            f"{int(places['population'].sum()):,}",
            str(len(pack.sources)),
        )
    OUT.print(table)


@app.command("sources")
def sources(pack: Annotated[str, typer.Argument(help="Code or folder of a pack.")]) -> None:
    """List a pack's sources with title, licence, date and checksum.

    [bold]Example[/]

        qamtu country sources kz
    """
    table = Table(box=None, pad_edge=False)
    for column in ("id", "title", "licence", "date", "sha256"):
        table.add_column(column, overflow="fold")
    for source in load_pack(pack).sources:
        table.add_row(source.id, source.title, source.licence, source.date, source.sha256[:12])
    OUT.print(table)


@app.command("build")
def build(
    pack: Annotated[str, typer.Argument(help="Code of the pack (kz), or its source folder.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Folder to write; build/packs/PACK by default."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace what is in the folder.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at warnings too.")] = False,
) -> None:
    """Build a pack's tables from its raw sources; the same sources give the same bytes.

    [bold]Examples[/]

        qamtu country build kz

        qamtu country build packs/kz --out src/qamtu/country/data/kz --overwrite
    """
    folder = Path(pack) if Path(pack).is_dir() else Path("packs") / pack
    target = out or Path("build") / "packs" / folder.name
    with reporting(f"building {folder.name}", kept=False) as report:
        found = build_pack(folder, target, overwrite=overwrite, strict=strict, report=report)
    show_findings(found)
    OUT.print(f"Wrote [bold]{escape(str(target))}[/]")


@app.command("check")
def check(
    pack: Annotated[str, typer.Argument(help="Code or folder of a pack.")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Your own files to hold against it.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help=f"What the files are: {', '.join((*_KINDS, *KINDS))}.")
    ] = None,
    findings: Annotated[
        Path | None, typer.Option("--findings", help="Write all findings to this CSV.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the findings file.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")] = False,
) -> None:
    """Tell everything that is wrong with a pack, or with your own files; all at once.

    [bold]Examples[/]

        qamtu country check kz

        qamtu country check kz my_settlements.csv fibre.gpkg --findings findings.csv

        qamtu country check kz heights.tif
    """
    if findings is not None:
        refuse_existing(findings, overwrite=overwrite)
    loaded = load_pack(pack)
    found = Findings()
    for path in files or []:
        found += _check_file(path, kind or _guess(path), loaded)
    if not files:
        found = check_pack(loaded)
    if findings is not None:
        write_text(findings, found.to_frame().to_csv(index=False))
    if len(found):
        show_findings(found, console=OUT)
    counts = pd.Series([f.severity.value for f in found]).value_counts()
    OUT.print(
        ", ".join(f"{counts.get(s.value, 0):,} {s.value}" for s in Severity)
        + (f"; all in {escape(str(findings))}" if findings else "")
    )
    _stop(found, strict=strict)


@app.command("init")
def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")],
    code: Annotated[str, typer.Option(help="Short name of the pack.")] = "xx",
    title: Annotated[str, typer.Option(help="Name of the country.")] = "My country",
    currency: Annotated[str, typer.Option(help="ISO 4217 code of its currency.")] = "USD",
    price_year: Annotated[int, typer.Option(help="Year of its prices.")] = 2025,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the folder.")] = False,
) -> None:
    """Begin a pack of your own: empty tables with their headers, and what each field means.

    [bold]Example[/]

        qamtu country init my-country --code mc --title "My country" --currency USD
    """
    init_pack(
        folder,
        code=code,
        title=title,
        currency=currency,
        price_year=price_year,
        overwrite=overwrite,
    )
    OUT.print(
        f"Wrote [bold]{escape(str(folder))}[/]: fill the tables, then "
        f"qamtu country check {escape(str(folder))}"
    )


def _check_file(path: Path, kind: str, pack: Pack) -> Findings:
    try:
        if path.suffix == ".pbf":
            return read_osm(path).findings
        if path.suffix.lower() in {".tif", ".tiff"} or kind in KINDS:
            return check_raster(path, "land_cover" if kind == "land_cover" else "height", pack)
        table, found = read_table(path, kind)
    except InputError as error:
        given = Findings(error.findings)
        return given or Findings(
            (Finding("unreadable", Severity.ERROR, str(error), "mend the file", str(path)),)
        )
    ruled = check_table(table, kind, path.name, pack.tables)
    return Findings(tuple(dict.fromkeys((*found, *ruled))))


def _guess(path: Path) -> str:
    """Tell what a file is from its name; a list of settlements without places is of changes."""
    kind = next((k for k in _KINDS if k.split("_")[-1].rstrip("s") in path.stem), _KINDS[0])
    if kind == "settlements" and path.suffix.lower() == ".csv" and path.is_file():
        header = header_line(path)
        if "settlement_id" in header and "lat" not in header and "population" not in header:
            return "settlement_updates"
    return kind


def _stop(found: Findings, *, strict: bool) -> None:
    counted = len(found.errors) + (len(found.warnings) if strict else 0)
    if counted:
        raise typer.Exit(2)
