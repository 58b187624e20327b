"""`qamtu exchange`: the programme's records to files of other programs, and back."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape

from qamtu.cli.console import OUT, show_findings
from qamtu.core.errors import MissingInput, raise_errors
from qamtu.core.files import refuse_existing, replaced_folder
from qamtu.core.findings import Findings
from qamtu.country import load_pack
from qamtu.country.programme import read_programme
from qamtu.programme.exchange import (
    KINDS,
    Bundle,
    Format,
    Heading,
    read_files,
    split_files,
    write_files,
)
from qamtu.programme.load import from_tables
from qamtu.service.app import create_app
from qamtu.service.exchange.gather import everything
from qamtu.service.settings import Settings
from qamtu.service.start.plain import plainly, require_database
from qamtu.service.state import State
from qamtu.studies.report.catalogue import country_names

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True, help="Records as CSV, Parquet, IATI results and SDMX, both ways."
)

_DAY: Final = "%Y-%m-%d"


@app.command("export")
def export(
    pack: Annotated[str, typer.Argument(help="Code or folder of a pack.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to make.")],
    form: Annotated[Format, typer.Option("--format", help="Format of the files.")] = Format.CSV,
    data: Annotated[
        Path | None, typer.Option(help="Data folder of a service; the pack alone without it.")
    ] = None,
    publisher: Annotated[
        str, typer.Option(help="Identifier of the publisher in IATI; <CODE>-GOV by default.")
    ] = "",
    on: Annotated[
        dt.datetime | None,
        typer.Option("--on", formats=[_DAY], help="Day in the headers; today by default."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the folder if it has something in it.")
    ] = False,
) -> None:
    """Write the programme's records; what the format cannot carry is said.

    [bold]Example[/]

        qamtu exchange export kz --format iati --out out/iati
    """
    refuse_existing(out, overwrite=overwrite)
    country = load_pack(pack)
    known = from_tables(*read_programme(country))
    bundle = Bundle(known.organisations, known.commitments, known.claims)
    if data is not None:
        bundle = _served(pack, data)
    code = country.code.upper()
    heading = Heading(code, publisher or f"{code}-GOV", country_names(country.code))
    moment = on.replace(tzinfo=dt.UTC) if on else dt.datetime.now(dt.UTC)
    written = write_files(bundle, form, heading, moment)
    with replaced_folder(out, overwrite=overwrite) as scratch:
        for name, content in written.files.items():
            (scratch / name).write_bytes(content)
    if written.findings:
        show_findings(written.findings, console=OUT)
    OUT.print(f"Wrote [bold]{escape(str(out))}[/]: {', '.join(sorted(written.files))}")


@app.command("read")
def read(
    path: Annotated[Path, typer.Argument(help="File, archive (ZIP) or folder to read.")],
    strict: Annotated[bool, typer.Option("--strict", help="Stop at warnings too.")] = False,
) -> None:
    """Read records of any of the formats and say all that is wrong with them; nothing is filed.

    [bold]Example[/]

        qamtu exchange read out/iati
    """
    if not path.exists():
        raise MissingInput(f"{path} is not there: name a file or folder of records")
    findings = Findings()
    if path.is_dir():
        files = {one.name: one.read_bytes() for one in sorted(path.iterdir()) if one.is_file()}
    elif path.suffix == ".zip":
        files, findings = split_files(path.read_bytes(), path.name)
    else:
        files = {path.name: path.read_bytes()}
    raise_errors(findings, f"{path} cannot be read", strict=strict)
    found = read_files(files)
    raise_errors(found.findings, f"{path} cannot be read", strict=strict)
    if found.findings:
        show_findings(found.findings, console=OUT)
    counts = Counter({kind: len(found.bundle.records(kind)) for kind in KINDS})
    OUT.print(", ".join(f"{counts[kind]:,} {kind}" for kind in KINDS))


def _served(pack: str, data: Path) -> Bundle:
    settings = Settings(data=data, pack=pack)
    require_database(settings)
    with plainly(settings):
        state: State = create_app(settings).state.qamtu
        try:
            return everything(state, public=False)
        finally:
            state.engine.dispose()
