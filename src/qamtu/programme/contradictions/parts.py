"""Parts that do not add up: the regions' values against the country's."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace

from qamtu.core.findings import Severity
from qamtu.programme.contradictions.record import Contradiction, contradiction
from qamtu.programme.quantity import Quantity, same_unit
from qamtu.programme.records import Basis, Evidence
from qamtu.programme.standing import Standing, better

__all__ = ["parts_differ"]

Key = tuple[Basis, dt.date]


def parts_differ(standing: Standing, regions: frozenset[str]) -> list[Contradiction]:
    """Hold the regions' values of one day and basis against the country's value.

    Counts must add up: the sum of all regions to the country within the tolerance and the
    uncertainties (added as if independent), the sum of some regions to no more than it. Of
    shares, the country's lies between the least and the greatest of all regions. Of each rule
    and basis the newest day is told, with the number of days.

    Parameters
    ----------
    standing
        A commitment of the country.
    regions
        Scopes (``region:<id>``) of all regions; where empty, no set of parts is complete.
    """
    if not standing.parts:
        return []
    wholes: dict[Key, Evidence] = {}
    for e in sorted((*standing.seen, *standing.planned), key=better):
        wholes[e.basis, e.true_on] = e
    parts: dict[Key, dict[str, Evidence]] = defaultdict(dict)
    for e in standing.parts:
        key = (e.basis, e.true_on)
        if key in wholes:
            other = parts[key].get(e.scope)
            if other is None or better(e) > better(other):
                parts[key][e.scope] = e
    shares = same_unit(standing.commitment.unit, "share")
    found: dict[tuple[str, Basis], Contradiction] = {}
    days: Counter[tuple[str, Basis]] = Counter()
    for key, by_scope in sorted(parts.items(), key=lambda item: item[0][1]):
        complete = bool(regions) and regions <= by_scope.keys()
        made = (
            _share(standing, key, wholes[key], by_scope, complete=complete)
            if shares
            else _sum(standing, key, wholes[key], by_scope, complete=complete)
        )
        if made is not None:
            found[made.rule, key[0]] = made  # the newest day of a rule and a basis is told
            days[made.rule, key[0]] += 1
    return [replace(made, values={**made.values, "days": days[one]}) for one, made in found.items()]


def _sum(
    standing: Standing, key: Key, whole: Evidence, parts: Mapping[str, Evidence], *,
    complete: bool,
) -> Contradiction | None:  # fmt: skip
    total = math.fsum(e.value or 0.0 for e in parts.values())
    value = whole.value or 0.0
    own = math.sqrt(math.fsum((e.uncertainty or 0.0) ** 2 for e in (whole, *parts.values())))
    allowed = standing.commitment.tolerance * max(abs(total), abs(value)) + own
    if total - value > allowed or (complete and value - total > allowed):
        unit = standing.commitment.unit
        rule = "parts-sum" if complete else "parts-exceed"
        values = {
            "sum": Quantity(total, unit), "whole": Quantity(value, unit), "count": len(parts),
            "day": key[1], "basis": key[0].value,
        }  # fmt: skip
        return _made(rule, standing, key, whole, parts, values)
    return None


def _share(
    standing: Standing, key: Key, whole: Evidence, parts: Mapping[str, Evidence], *,
    complete: bool,
) -> Contradiction | None:  # fmt: skip
    if not complete:
        return None
    low = min((e.value or 0.0) - (e.uncertainty or 0.0) for e in parts.values())
    high = max((e.value or 0.0) + (e.uncertainty or 0.0) for e in parts.values())
    value, half = whole.value or 0.0, whole.uncertainty or 0.0
    allowed = standing.commitment.tolerance * abs(value) + half
    if low - allowed <= value <= high + allowed:
        return None
    unit = standing.commitment.unit
    values = {
        "low": Quantity(low, unit), "high": Quantity(high, unit), "whole": Quantity(value, unit),
        "count": len(parts), "day": key[1], "basis": key[0].value,
    }  # fmt: skip
    return _made("parts-share", standing, key, whole, parts, values)


def _made(
    rule: str, standing: Standing, key: Key, whole: Evidence, parts: Mapping[str, Evidence],
    values: Mapping[str, object],
) -> Contradiction:  # fmt: skip
    return contradiction(
        rule, Severity.ERROR, [standing.commitment.record], values,
        key=key[0].value, evidence=[whole, *parts.values()],
    )  # fmt: skip
