"""Shares outside 0 to 1, and shares of nobody knows what."""

from __future__ import annotations

from collections.abc import Sequence

from qamtu.core.findings import Severity
from qamtu.programme.contradictions.record import Contradiction, contradiction
from qamtu.programme.quantity import same_unit
from qamtu.programme.records import Claim, Evidence
from qamtu.programme.standing import Standing

__all__ = ["share_outside", "share_without_denominator"]


def share_outside(standing: Standing) -> list[Contradiction]:
    """Find shares below 0 or above 1: promised, reported, shown or planned."""
    commitment = standing.commitment
    if not same_unit(commitment.unit, "share"):
        return []
    promised = [v for v in (commitment.baseline, commitment.target) if v is not None]
    found = [_outside(standing, value, "promise") for value in promised if _is_outside(value)]
    claims = [c for c in standing.claims if c.value is not None and _is_outside(c.value)]
    found += [_outside(standing, c.value or 0.0, c.record, claims=[c]) for c in claims]
    filed = (*standing.seen, *standing.planned, *standing.parts)
    wrong = [e for e in filed if e.value is not None and _is_outside(e.value)]
    if wrong:
        worst = max(wrong, key=lambda e: abs((e.value or 0.0) - 0.5))
        found.append(_outside(standing, worst.value or 0.0, "evidence", evidence=wrong))
    return found


def share_without_denominator(standing: Standing) -> list[Contradiction]:
    """Find a share whose commitment does not say what it is a part of."""
    commitment = standing.commitment
    if not same_unit(commitment.unit, "share") or any(commitment.denominator.values()):
        return []
    return [
        contradiction(
            "share-without-denominator", Severity.WARNING, [commitment.record],
            {"metric": commitment.metric}, key=standing.scope,
        )
    ]  # fmt: skip


def _is_outside(value: float) -> bool:
    return not 0.0 <= value <= 1.0


def _outside(
    standing: Standing, value: float, key: str, *,
    evidence: Sequence[Evidence] = (), claims: Sequence[Claim] = (),
) -> Contradiction:  # fmt: skip
    return contradiction(
        "share-outside", Severity.ERROR, [standing.commitment.record],
        {"value": value, "count": max(1, len(evidence))},
        key=f"{standing.scope}:{key}", evidence=evidence, claims=claims,
    )  # fmt: skip
