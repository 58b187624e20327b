"""Rows of measures: one value with scope, date and basis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from qamtu.core.measures import Measure
from qamtu.programme.records import Basis

__all__ = ["Rows", "completed"]


@dataclass(frozen=True, slots=True)
class Rows:
    """Makes the rows of one run.

    Parameters
    ----------
    today
        Day on which the study was made (ISO 8601).
    provenance
        Ids of pack, program and run.
    """

    today: str
    provenance: tuple[str, ...]

    def planned(
        self, metric: str, value: float, unit: str, scope: str, year: int
    ) -> dict[str, Any]:
        """Give what the plan would have brought by the end of a year."""
        measure = Measure(
            metric, float(value), unit, scope, end_of(year), self.provenance, estimated=True
        )
        return asdict(measure) | {"basis": Basis.PLANNED.value}

    def standing(self, metric: str, value: float, unit: str, scope: str) -> dict[str, Any]:
        """Give the state of today, as far as the study's inputs know it."""
        measure = Measure(
            metric, float(value), unit, scope, self.today, self.provenance, estimated=True
        )
        return asdict(measure) | {"basis": Basis.ESTIMATED.value}


def end_of(year: int) -> str:
    """Give the last day of a year (ISO 8601)."""
    return f"{year:04d}-12-31"


def completed(rows: Iterable[dict[str, Any]], whole: Iterable[Measure]) -> list[dict[str, Any]]:
    """Add the line's own measures of the whole plan where no row by year speaks of them."""
    made = list(rows)
    known = {(row["metric"], row["scope"]) for row in made if row["basis"] == Basis.PLANNED}
    made.extend(
        asdict(measure) | {"basis": Basis.PLANNED.value}
        for measure in whole
        if (measure.metric, measure.scope) not in known
    )
    return made
