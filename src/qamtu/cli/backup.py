"""`qamtu backup` and `qamtu restore`: the whole service in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from qamtu.cli.console import ERR, OUT, reporting
from qamtu.service.backup import backup as make_backup
from qamtu.service.backup import restore as restore_backup
from qamtu.service.settings import Settings
from qamtu.service.start.plain import plainly

__all__ = ["backup", "restore"]

_HELP = {
    "out": "File to make: .tar.zst, .tar.gz or .tgz; it appears whole or not at all.",
    "data": "Data folder of the service.",
    "database": "SQLAlchemy URL of its database; SQLite in the data folder by default.",
    "keys": "Take the private keys along: whoever has the file can then sign as the service.",
    "overwrite": "Replace the file if it is there.",
    "file": "File that `qamtu backup` made, of either database.",
    "target": "Data folder to make; it must not be there, or be empty.",
    "into": "SQLAlchemy URL of an empty database; SQLite in the data folder by default.",
}


def backup(
    out: Annotated[Path, typer.Argument(help=_HELP["out"])],
    data: Annotated[Path, typer.Option(help=_HELP["data"])] = Path("out/service"),
    database: Annotated[str, typer.Option(help=_HELP["database"])] = "",
    keys: Annotated[bool, typer.Option("--keys", help=_HELP["keys"])] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=_HELP["overwrite"])] = False,
) -> None:
    """Write the whole service into one file, while it goes on working.

    [bold]Examples[/]

        qamtu backup monday.tar.zst --data out/service

        qamtu backup all.tar.gz --database postgresql://qamtu@localhost/qamtu --keys
    """
    with reporting(f"backing up {data}", kept=False) as report:
        settings = Settings(data, database)
        with plainly(settings):
            manifest = make_backup(settings, out, keys=keys, overwrite=overwrite, report=report)
    OUT.print(
        escape(
            f"{out}: {sum(manifest.tables.values()):,} rows, a log of {manifest.log_size:,} "
            f"entries with the root {manifest.log_root}"
        )
    )
    if keys:
        ERR.print("[yellow]The file holds the private keys: keep it as you keep them.[/]")
    else:
        ERR.print(
            "The private keys are not in it: copy the folder keys and secret.key elsewhere, or "
            "the restored service signs with a new key and one-time codes must be set up again. "
            "The file holds personal data of accounts."
        )


def restore(
    file: Annotated[Path, typer.Argument(help=_HELP["file"])],
    data: Annotated[Path, typer.Option(help=_HELP["target"])],
    database: Annotated[str, typer.Option(help=_HELP["into"])] = "",
) -> None:
    """Restore a backup into an empty folder and database, and verify its log there.

    [bold]Examples[/]

        qamtu restore monday.tar.zst --data out/restored

        qamtu restore monday.tar.zst --data /srv/qamtu --database postgresql://qamtu@localhost/qamtu
    """
    with (
        plainly(Settings(data, database)),
        reporting(f"restoring {file}", kept=False) as report,
    ):
        manifest = restore_backup(file, data, database_url=database, report=report)
    OUT.print(
        escape(
            f"{data}: {sum(manifest.tables.values()):,} rows of {manifest.made_at}; the log of "
            f"{manifest.log_size:,} entries verifies, its root is {manifest.log_root}"
        )
    )
