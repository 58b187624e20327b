"""`qamtu report`: the report to a session of the Government."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape

from qamtu.cli.console import OUT, reporting
from qamtu.core.errors import InputError
from qamtu.core.files import refuse_existing, replaced_folder
from qamtu.core.findings import Finding, Severity
from qamtu.core.progress import Stage
from qamtu.country import load_pack
from qamtu.service.app import create_app
from qamtu.service.reports.gather import Given, from_pack, from_service, report_of
from qamtu.service.settings import Settings
from qamtu.service.start.plain import plainly, require_database
from qamtu.service.state import State
from qamtu.studies.session_report import LANGUAGES

__all__ = ["report"]

_DAY: Final = "%Y-%m-%d"


def report(
    pack: Annotated[str, typer.Argument(help="Code or folder of a pack.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder to make; it appears whole or not at all.")
    ],
    lang: Annotated[str, typer.Option("--lang", help="Language: kk, ru or en.")] = "kk",
    data: Annotated[
        Path | None,
        typer.Option(help="Data folder of a service: its records, with proofs from its log."),
    ] = None,
    database: Annotated[
        str, typer.Option(help="URL of the service's database, if not in its data folder.")
    ] = "",
    plan: Annotated[
        list[Path] | None, typer.Option(help="Folder of a plan. May be repeated.")
    ] = None,
    records: Annotated[
        Path | None,
        typer.Option(help="Records to add where no service is given (CSV, Parquet, IATI, SDMX)."),
    ] = None,
    previous: Annotated[
        Path | None, typer.Option(help="Folder of the last report, to say what changed.")
    ] = None,
    on: Annotated[
        dt.datetime | None,
        typer.Option("--on", formats=[_DAY], help="Day of the report; today by default."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the folder if it has something in it.")
    ] = False,
) -> None:
    """Make the report to a session of the Government: PDF, one HTML page, and their data.

    Every figure carries a note to its evidence. With --data the report brings a file for each
    figure that `qamtu verify` proves; without it the report says that no proof exists.

    [bold]Examples[/]

        qamtu report kz --lang kk --plan out/kz --out out/session-report

        qamtu report kz --lang ru --data out/service --previous out/last-report --out out/report
    """
    if lang not in LANGUAGES:
        finding = Finding(
            "report-language", Severity.ERROR, f"there is no report in {lang!r}",
            f"one of {', '.join(LANGUAGES)}", field="--lang",
        )  # fmt: skip
        raise InputError("the language is not known", [finding])
    refuse_existing(out, overwrite=overwrite)
    day = on.date() if on else dt.datetime.now(dt.UTC).date()
    moment = dt.datetime.combine(day, dt.time.max, dt.UTC)
    folders = tuple(plan or ())
    with reporting("making the report", kept=False) as tell:
        if data is not None:
            if records is not None:
                raise InputError("--records are for a report without a service: file them instead")
            given = _served(pack, data, database, day, moment if on else None, folders)
        else:
            given = from_pack(
                load_pack(pack), language=lang, true_on=day, known_at=moment,
                plans_given=folders, records=records,
            )  # fmt: skip
        tell(Stage("board", 1.0, f"{len(given.board.lines)} commitments"))
        files = report_of(given, lang, day, previous)
        tell(Stage("report", 1.0, f"{len(files.figures)} figures with proof"))
        with replaced_folder(out, overwrite=overwrite) as scratch:
            for name, content in files.named().items():
                (scratch / name).parent.mkdir(exist_ok=True)
                (scratch / name).write_bytes(content)
    OUT.print(f"Wrote [bold]{escape(str(out))}[/]: report.pdf, report.html, report.json")


def _served(
    pack: str, data: Path, database: str, day: dt.date, known_at: dt.datetime | None,
    plans: tuple[Path, ...],
) -> Given:  # fmt: skip
    settings = Settings(data=data, database_url=database, pack=pack)
    require_database(settings)
    with plainly(settings):
        app = create_app(settings)
        state: State = app.state.qamtu
        plan = plans[0] if plans else None
        try:
            return from_service(state, true_on=day, known_at=known_at, plan=plan)
        finally:
            state.engine.dispose()
