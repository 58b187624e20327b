"""`qamtu serve`: the service with the pack's programme and the plans there are, in one command."""

from __future__ import annotations

import dataclasses
import os
import webbrowser
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from qamtu.cli.console import ERR, OUT, reporting
from qamtu.service.database.engine import make_engine, make_sessions
from qamtu.service.jobs import worker
from qamtu.service.settings import Settings
from qamtu.service.start.configure import read_settings
from qamtu.service.start.plain import plainly
from qamtu.service.start.prepare import Prepared, prepare
from qamtu.service.start.server import bind, run, until_stopped
from qamtu.service.state import State

__all__ = ["serve"]

_HELP = {
    "data": "Folder of everything the service keeps; made where it is not there.",
    "pack": "Country pack: the code of one that ships (kz) or a folder of your own.",
    "plans": "Folder with folders of results (kz, mobile, corridors) to show.",
    "port": "Port; 0 for any that is free.",
    "database": "SQLAlchemy URL; SQLite in the data folder by default, or postgresql://…",
    "config": "TOML file with further settings (public_url, oidc, trusted_proxies …).",
    "workers": "Processes that answer requests.",
    "jobs": "Start a worker for jobs too.",
}


def serve(
    data: Annotated[Path, typer.Option(help=_HELP["data"])] = Path("out/service"),
    pack: Annotated[str | None, typer.Option(help=_HELP["pack"])] = None,
    plans: Annotated[Path, typer.Option(help=_HELP["plans"])] = Path("out"),
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help=_HELP["port"])] = 8000,
    database: Annotated[str | None, typer.Option(help=_HELP["database"])] = None,
    config: Annotated[Path | None, typer.Option(help=_HELP["config"])] = None,
    workers: Annotated[int | None, typer.Option(min=1, help=_HELP["workers"])] = None,
    jobs: Annotated[bool, typer.Option(help=_HELP["jobs"])] = True,
    browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Serve the board, the map, the API and everything else; Ctrl-C ends it.

    [bold]Examples[/]

        qamtu serve

        qamtu serve --plans out --port 8080 --open

        qamtu serve --database postgresql://qamtu@localhost/qamtu --workers 2

        qamtu serve --config service.toml --host 0.0.0.0
    """
    given = {"data": str(data), "pack": pack, "database_url": database, "workers": workers}
    settings = read_settings(config, os.environ, given)
    with bind(host, port) as listener:
        address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
        if settings.public_url == Settings(data).public_url:
            settings = dataclasses.replace(settings, public_url=address)
        prepared = _prepare(settings, plans)
        with until_stopped():
            _tell(settings, prepared, address)
            background = worker.start(settings) if jobs else None
            try:
                if browser:
                    webbrowser.open(settings.public_url)
                run(settings, listener)
            finally:
                if background is not None:
                    worker.stop(background)
    ERR.print("stopped; everything that was answered is kept")


def _prepare(settings: Settings, results: Path) -> Prepared:
    with plainly(settings):
        engine = make_engine(settings.database)
        state = State(settings=settings, engine=engine, sessions=make_sessions(engine))
        try:
            with reporting("preparing the service", kept=False) as report:
                settings.data.mkdir(parents=True, exist_ok=True)
                return prepare(state, results if results.is_dir() else None, report)
        finally:
            engine.dispose()


def _tell(settings: Settings, prepared: Prepared, address: str) -> None:
    for folder, reason in prepared.refused:
        ERR.print(f"[yellow]not shown[/] {escape(str(folder))}: {escape(reason)}")
    OUT.print(f"Serving at [bold]{address}[/]; Ctrl-C ends it.")
    if prepared.code is not None:
        OUT.print(
            "There is no admin yet. This link makes the first, once:\n"
            f"  [bold]{settings.public_url.rstrip('/')}/first-run#{prepared.code}[/]",
            soft_wrap=True,
        )
