"""The measures that colour the regions: those of the current plans, by region and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from qamtu.service.plans.repository import Plan
from qamtu.service.plans.store import read_summary
from qamtu.service.state import State

__all__ = ["RegionMeasure", "Shown", "region_measures", "shown_value", "years_of"]

_REGION = "region:"


@dataclass(frozen=True, slots=True)
class RegionMeasure:
    """One metric with a value for regions.

    Parameters
    ----------
    key
        ``<line>.<metric>``.
    line, metric, unit
        What it is; a share has the unit ``share``.
    planned
        By region, then by year: what the plan would have brought by the end of it.
    standing
        By region: the state of today, estimated.
    """

    key: str
    line: str
    metric: str
    unit: str
    planned: Mapping[str, Mapping[int, float]]
    standing: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Shown:
    """A value and what it is: ``planned``, ``estimated``, or nothing (None)."""

    value: float | None
    basis: str


def region_measures(state: State, plans: Mapping[str, Plan]) -> tuple[RegionMeasure, ...]:
    """Give the measures of the current plans that have values by region."""
    return tuple(
        measure for plan in plans.values() for measure in _read(state.settings.data, plan.id)
    )


def shown_value(measure: RegionMeasure, region: str, year: int, first: int) -> Shown:
    """Give what a map of a year shows for a region.

    Before the first year of construction it is the state of today; what only the last year says
    (a total of the plan) is shown from then on.
    """
    if year < first:
        value = measure.standing.get(region)
        return Shown(value, "" if value is None else "estimated")
    planned = measure.planned.get(region, {})
    known = [one for one in planned if one <= year]
    if known:
        return Shown(planned[max(known)], "planned")
    return Shown(None, "")


def years_of(measures: tuple[RegionMeasure, ...]) -> list[int]:
    """Give the years that plans speak of, in order, without the one before the first."""
    found = {year for m in measures for values in m.planned.values() for year in values}
    return list(range(min(found), max(found) + 1)) if found else []


@lru_cache(maxsize=64)
def _read(data: Path, plan: str) -> tuple[RegionMeasure, ...]:
    summary = read_summary(data, plan)
    line = str(summary.get("kind", "villages"))
    made: dict[str, dict[str, Any]] = {}
    for row in summary.get("measures") or ():
        if "basis" not in row or not row["scope"].startswith(_REGION):
            continue
        region = row["scope"].removeprefix(_REGION)
        one = made.setdefault(row["metric"], {"unit": row["unit"], "planned": {}, "standing": {}})
        if row["basis"] == "planned":
            one["planned"].setdefault(region, {})[int(row["date"][:4])] = row["value"]
        else:
            one["standing"][region] = row["value"]
    return tuple(
        RegionMeasure(
            f"{line}.{metric}", line, metric, "share" if one["unit"] == "1" else one["unit"],
            one["planned"], one["standing"],
        )
        for metric, one in made.items()
    )  # fmt: skip
