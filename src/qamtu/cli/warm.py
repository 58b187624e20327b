"""`qamtu warm`: compile everything once."""

from __future__ import annotations

from typing import Annotated

import typer

from qamtu.cli.console import reporting
from qamtu.studies.warm import warm_up

__all__ = ["warm"]


def warm(
    pack: Annotated[str, typer.Argument(help="Code or folder of a pack.")] = "kz",
) -> None:
    """Compile everything once, so that later runs start at once.

    [bold]Example[/]

        qamtu warm
    """
    with reporting("compiling", kept=False) as report:
        warm_up(pack, report)
