"""A measure: one value that a line reports, with unit, scope, date and provenance."""

from __future__ import annotations

from dataclasses import dataclass

from qamtu.core.errors import InputError
from qamtu.core.units import is_unit

__all__ = ["Measure"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One value a line reports to the programme.

    Parameters
    ----------
    metric
        Name of the metric, as in the commitments (``villages_with_fibre``).
    value
        The value in ``unit``.
    unit
        One of `qamtu.core.units.UNITS`.
    scope
        What it speaks of: ``country`` or ``region:<id>`` and so on.
    date
        When it is true (ISO 8601).
    provenance
        Ids of the sources and the run it can be followed to.
    estimated
        True where an estimate enters the value.
    """

    metric: str
    value: float
    unit: str
    scope: str
    date: str
    provenance: tuple[str, ...]
    estimated: bool

    def __post_init__(self) -> None:
        """Refuse a unit that the closed list does not know."""
        if not is_unit(self.unit):
            msg = f"measure {self.metric}: unknown unit {self.unit!r}"
            raise InputError(msg)
