"""The door of the command line: `qamtu VERB …`, errors turned into exit codes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from qamtu import __version__
from qamtu.cli import (
    backup,
    calibrate,
    corridors,
    country,
    coverage,
    exchange,
    explain,
    link,
    mobile,
    plan,
    programme,
    report,
    serve,
    verify,
    warm,
    work,
)
from qamtu.cli.console import fail
from qamtu.core.errors import QamtuError

__all__ = ["app", "main"]

_EPILOG = """
Exit codes: 0 done, 1 other error, 2 findings about what was given, 3 a file is missing,
4 something would be overwritten, 5 no plan meets the targets, 6 the disk refuses,
130 stopped by Ctrl-C.
"""

app = typer.Typer(
    name="qamtu",
    help="Plan, measure and account for a country's universal digital access.",
    epilog=_EPILOG,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.command("plan")(plan.plan)
app.command("mobile")(mobile.mobile)
app.command("corridors")(corridors.corridors)
app.command("coverage")(coverage.coverage)
app.command("calibrate")(calibrate.calibrate)
app.command("explain")(explain.explain_command)
app.command("link")(link.link)
app.command("serve")(serve.serve)
app.command("work")(work.work)
app.command("report")(report.report)
app.command("verify")(verify.verify)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("warm")(warm.warm)
app.add_typer(country.app, name="country")
app.add_typer(programme.app, name="programme")
app.add_typer(exchange.app, name="exchange")


def _version(show: bool) -> None:
    if show:
        typer.echo(f"qamtu {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Take the options that all verbs share."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        app()
    except QamtuError as error:
        sys.exit(fail(error))
