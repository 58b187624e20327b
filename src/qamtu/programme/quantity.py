"""A value with its unit, as reasons and contradictions carry it to where it is shown."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Quantity", "same_unit"]

_SHARES = frozenset({"share", "1"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value and its unit, one of `qamtu.core.units.UNITS`."""

    value: float
    unit: str


def same_unit(one: str, other: str) -> bool:
    """Tell whether two units are the same; a pure number between 0 and 1 is a share."""
    return one == other or {one, other} <= _SHARES
