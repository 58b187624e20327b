"""Promises whose day has passed, and status reports that are below their own target."""

from __future__ import annotations

import datetime as dt

from qamtu.core.findings import Severity
from qamtu.programme.contradictions.record import Contradiction, contradiction
from qamtu.programme.light import reaches
from qamtu.programme.quantity import Quantity
from qamtu.programme.standing import Standing

__all__ = ["overdue", "status_below_target"]


def overdue(standing: Standing, today: dt.date) -> list[Contradiction]:
    """Find a commitment whose due day has passed and that no evidence shows kept.

    What was said does not keep a promise, and a plan does not either.
    """
    commitment, best = standing.commitment, standing.best
    due, target = commitment.due, commitment.target
    if due is None or due >= today:
        return []
    value = None if best is None else best.value
    if value is not None and target is not None and reaches(value, target, commitment.direction):
        return []
    values = {"due": due, "days": (today - due).days}
    if value is None or target is None:
        rule = "overdue-unshown"
    else:
        rule = "overdue"
        unit = commitment.unit
        values |= {"value": Quantity(value, unit), "target": Quantity(target, unit)}
    return [
        contradiction(
            rule, Severity.ERROR, [commitment.record], values, key=standing.scope,
            evidence=[] if best is None else [best],
        )
    ]  # fmt: skip


def status_below_target(standing: Standing) -> list[Contradiction]:
    """Find a status that is reported with a value below its own target, or with words only."""
    commitment, claim = standing.commitment, standing.reported
    target = commitment.target
    if commitment.kind != "status" or target is None or claim is None:
        return []
    goal = Quantity(target, commitment.unit)
    if claim.value is None:
        return [
            contradiction(
                "status-without-value", Severity.WARNING, [commitment.record],
                {"words": claim.text, "target": goal}, key=claim.record, claims=[claim],
            )
        ]  # fmt: skip
    if reaches(claim.value, target, commitment.direction):
        return []
    return [
        contradiction(
            "status-below-target", Severity.WARNING, [commitment.record],
            {"value": Quantity(claim.value, commitment.unit), "target": goal},
            key=claim.record, claims=[claim],
        )
    ]  # fmt: skip
