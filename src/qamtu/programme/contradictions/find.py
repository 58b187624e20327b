"""Running every rule over the commitments of one scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from qamtu.core.findings import Severity
from qamtu.programme.contradictions.dates import overdue, status_below_target
from qamtu.programme.contradictions.parts import parts_differ
from qamtu.programme.contradictions.ratios import impossible_ratios
from qamtu.programme.contradictions.record import Contradiction
from qamtu.programme.contradictions.shares import share_outside, share_without_denominator
from qamtu.programme.contradictions.support import (
    claims_unsupported,
    evidence_in_another_unit,
    evidence_without_source,
)
from qamtu.programme.contradictions.values import claims_differ, values_differ
from qamtu.programme.standing import Ratio, Standing

__all__ = ["find_contradictions"]

_RULES = (
    values_differ,
    claims_differ,
    share_outside,
    share_without_denominator,
    status_below_target,
    claims_unsupported,
    evidence_without_source,
    evidence_in_another_unit,
)


def find_contradictions(
    standings: Sequence[Standing], *, ratios: Sequence[Ratio], regions: frozenset[str],
    today: dt.date,
) -> tuple[Contradiction, ...]:  # fmt: skip
    """Run every rule.

    Parameters
    ----------
    standings
        Commitments of one scope.
    ratios
        Bounds of ratios, as the pack declares them.
    regions
        Scopes of all regions.
    today
        The day of the board.

    Returns
    -------
    contradictions
        Errors first, then by id.
    """
    found = impossible_ratios(standings, ratios)
    for standing in standings:
        found += parts_differ(standing, regions)
        found += overdue(standing, today)
        for rule in _RULES:
            found += rule(standing)
    return tuple(sorted(found, key=lambda c: (c.severity is not Severity.ERROR, c.id)))
