"""`qamtu explain`: why one settlement gets the option it gets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from qamtu.cli.console import OUT
from qamtu.studies.explain import explain, find_settlement, read_plan

__all__ = ["explain_command"]


def explain_command(
    settlement: Annotated[str, typer.Argument(help="Its id, or its name in any language.")],
    plan: Annotated[Path, typer.Option("--plan", "-p", help="Folder of the plan.")],
) -> None:
    """Say in a paragraph why a settlement gets its option, with the numbers.

    [bold]Examples[/]

        qamtu explain Караменды --plan out/kz

        qamtu explain osm:27524816 --plan out/kz
    """
    settlements, routes, summary = read_plan(plan)
    place = find_settlement(settlements, settlement)
    OUT.print(escape(explain(place, settlements, routes, summary)))
