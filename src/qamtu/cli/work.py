"""`qamtu work`: a worker for jobs, where the server shall not start its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from qamtu.cli.console import ERR
from qamtu.service.jobs import worker
from qamtu.service.start.configure import read_settings
from qamtu.service.start.plain import plainly, require_database

__all__ = ["work"]

_HELP = {
    "data": "Folder of everything the service keeps.",
    "pack": "Country pack: the code of one that ships (kz) or a folder of your own.",
    "database": "SQLAlchemy URL; SQLite in the data folder by default, or postgresql://…",
    "config": "TOML file with further settings, the same as the server's.",
}


def work(
    data: Annotated[Path, typer.Option(help=_HELP["data"])] = Path("out/service"),
    pack: Annotated[str | None, typer.Option(help=_HELP["pack"])] = None,
    database: Annotated[str | None, typer.Option(help=_HELP["database"])] = None,
    config: Annotated[Path | None, typer.Option(help=_HELP["config"])] = None,
) -> None:
    """Do the jobs that the service was asked for, one by one; Ctrl-C ends it.

    The job at hand then waits, and the next worker takes it up. Several workers may run at once,
    also on several machines that share the data folder. `qamtu serve` starts one by itself.

    [bold]Examples[/]

        qamtu work --data out/service

        qamtu work --data /srv/qamtu --database postgresql://qamtu@localhost/qamtu
    """
    given = {"data": str(data), "pack": pack, "database_url": database}
    settings = read_settings(config, os.environ, given)
    require_database(settings)
    ERR.print("waiting for jobs; Ctrl-C ends it")
    with plainly(settings):
        worker.work(settings)
