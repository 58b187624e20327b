"""Two values of one metric, at the same time and scope, that differ beyond what they may."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from qamtu.core.findings import Severity
from qamtu.programme.contradictions.record import Contradiction, contradiction
from qamtu.programme.quantity import Quantity
from qamtu.programme.records import Evidence
from qamtu.programme.standing import Standing

__all__ = ["claims_differ", "values_differ"]

NEAR_DAYS: Final = 92
"""A claim is held against evidence about a day that lies at most a quarter of a year away."""


def values_differ(standing: Standing) -> list[Contradiction]:
    """Find days on which two observed or estimated values contradict each other.

    The newest such day is told, with the number of them.

    They do where their 90 % bands lie apart by more than the tolerance of the commitment times
    the greater of the two values. A value of unknown uncertainty is a band without width.
    """
    days: dict[dt.date, list[Evidence]] = defaultdict(list)
    for e in standing.seen:
        days[e.true_on].append(e)
    found: list[tuple[dt.date, Evidence, Evidence, int]] = []
    for day, same in days.items():
        if len(same) < 2:
            continue
        top = max(same, key=lambda e: (_at(e) - _half(e), e.record))
        low = min(same, key=lambda e: (_at(e) + _half(e), e.record))
        if _apart(_at(low), _half(low), _at(top), _half(top), standing.commitment.tolerance):
            found.append((day, low, top, len(same)))
    if not found:
        return []
    day, low, top, count = max(found, key=lambda one: one[0])
    return [_differ(standing, day, low, top, {"count": count, "days": len(found)})]


def claims_differ(standing: Standing) -> list[Contradiction]:
    """Find claims that the evidence nearest in time (a quarter of a year at most) contradicts."""
    found = []
    for claim in standing.claims:
        near = _nearest(claim.true_on, standing.seen)
        if claim.value is None or near is None:
            continue
        tolerance = standing.commitment.tolerance
        if _apart(claim.value, 0.0, _at(near), _half(near), tolerance):
            unit = standing.commitment.unit
            values = {
                "said": Quantity(claim.value, unit), "shown": Quantity(_at(near), unit),
                "said_on": claim.true_on, "shown_on": near.true_on,
                "grade": near.grade.value, "tolerance": Quantity(tolerance, "share"),
            }  # fmt: skip
            found.append(
                contradiction(
                    "claim-differs", Severity.ERROR, [standing.commitment.record], values,
                    key=f"{standing.scope}:{claim.record}", evidence=[near], claims=[claim],
                )
            )  # fmt: skip
    return found


def _differ(
    standing: Standing, day: dt.date, low: Evidence, top: Evidence, counts: dict[str, int]
) -> Contradiction:
    unit = standing.commitment.unit
    values = {
        "low": Quantity(_at(low), unit), "high": Quantity(_at(top), unit), "day": day,
        "low_grade": low.grade.value, "high_grade": top.grade.value, **counts,
        "tolerance": Quantity(standing.commitment.tolerance, "share"),
    }  # fmt: skip
    return contradiction(
        "values-differ", Severity.ERROR, [standing.commitment.record], values,
        key=standing.scope, evidence=[low, top],
    )  # fmt: skip


def _apart(one: float, one_half: float, other: float, other_half: float, share: float) -> bool:
    """Tell whether two bands lie apart by more than a share of the greater value."""
    return abs(one - other) - one_half - other_half > share * max(abs(one), abs(other))


def _nearest(day: dt.date, seen: Sequence[Evidence]) -> Evidence | None:
    near = [e for e in seen if abs((e.true_on - day).days) <= NEAR_DAYS]
    return min(
        near, key=lambda e: (abs((e.true_on - day).days), e.grade, e.record), default=None
    )  # fmt: skip


def _at(evidence: Evidence) -> float:
    return evidence.value if evidence.value is not None else float("nan")


def _half(evidence: Evidence) -> float:
    return evidence.uncertainty or 0.0
