"""How long work tells of itself: a stage, a share done and what it stands at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Report", "Stage", "silent"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One word of progress.

    Parameters
    ----------
    name
        The stage, as a user reads it.
    share
        Share of the stage done [1], or None where it cannot be known.
    detail
        What it stands at, for example the cost and the gap.
    """

    name: str
    share: float | None = None
    detail: str = ""


Report = Callable[[Stage], None]


def silent(stage: Stage) -> None:
    """Take a word of progress and say nothing."""
