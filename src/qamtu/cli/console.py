"""How the command line speaks: progress, findings, errors and their exit codes."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qamtu.core.errors import InputError, Interrupted, QamtuError
from qamtu.core.findings import Finding, Severity
from qamtu.core.progress import Report, Stage

__all__ = ["ERR", "OUT", "fail", "reporting", "show_findings"]

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_SHOWN = 40
_TIDY_S = 5.0


@contextmanager
def reporting(title: str, *, kept: bool = True) -> Iterator[Report]:
    """Show a spinner with the stage at work, and a line for each stage that is done.

    Parameters
    ----------
    title
        What the run is about.
    kept
        Whether a stopped run keeps what it has solved.

    Raises
    ------
    Interrupted
        If the user presses Ctrl-C inside the block, or the process is told to end (SIGTERM).
    """
    began = time.perf_counter()
    with ERR.status(title) as status:

        def report(stage: Stage) -> None:
            seconds = time.perf_counter() - began
            detail = f"  {escape(stage.detail)}" if stage.detail else ""
            if stage.share == 1.0:
                ERR.print(f"[green]✓[/] {seconds:6.1f} s  {escape(stage.name)}[dim]{detail}[/]")
                status.update(f"{title} …")
            else:
                share = "" if stage.share is None else f" {stage.share:.0%}"
                status.update(f"{title}: {escape(stage.name)}{share}{detail}")

        try:
            with _stoppable():
                yield report
        except (_Stop, KeyboardInterrupt) as error:
            msg = "stopped by Ctrl-C; what was there is as it was"
            if kept:
                msg += ". What is solved so far is kept: the same command takes it up"
            raise Interrupted(msg) from error


class _Stop(BaseException):  # past `except Exception`, and past solvers that answer to Ctrl-C
    """The user wants the run to end."""


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the block at once.

    For some seconds after the first they are not heard, so that what tidies up is not disturbed.
    Compiled code may turn the stop into an error of its own: whatever follows a stop is one.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = -math.inf

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal heard
        if time.monotonic() - heard > _TIDY_S:
            heard = time.monotonic()
            raise _Stop

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except BaseException as error:
        if math.isfinite(heard):
            raise _Stop from error
        raise
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def show_findings(findings: Sequence[Finding], *, console: Console = ERR) -> None:
    """Print findings as a table, the worst first; many of one rule are cut short and counted."""
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    ranked = sorted(findings, key=lambda f: order[f.severity])
    table = Table(show_lines=False, box=None, pad_edge=False)
    for column in ("", "where", "what", "how to mend it"):
        table.add_column(column, overflow="fold")
    for finding in ranked[:_SHOWN]:
        colour = _COLOURS[finding.severity]
        table.add_row(
            f"[{colour}]{finding.severity.value}[/]",
            escape(finding.where),
            f"{escape(finding.what)} [dim]\\[{escape(finding.id)}][/]",
            escape(finding.mend),
        )
    console.print(table)
    if len(ranked) > _SHOWN:
        console.print(f"… and {len(ranked) - _SHOWN:,} more; mend these first")


def fail(error: QamtuError) -> int:
    """Print an error with its findings and give its exit code."""
    message = str(error.args[0]) if error.args else type(error).__name__
    ERR.print(f"[bold red]error[/] {escape(message)}")
    if isinstance(error, InputError) and error.findings:
        show_findings(error.findings)
    return error.exit_code
