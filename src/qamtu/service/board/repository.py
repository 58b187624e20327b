"""All SQL of the board's pages: claims, evidence, comments, and what was believed when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from qamtu.programme.records import Basis, EvidenceState, Grade
from qamtu.service.accounts.tables import Account
from qamtu.service.records.tables import EvidenceRow

__all__ = ["Belief", "author_names", "beliefs"]

_RANK = {grade.value: rank for rank, grade in enumerate(Grade)}


@dataclass(frozen=True, slots=True)
class Belief:
    """What was shown from a moment on: a value, about a day, by a piece of evidence.

    ``value`` and what belongs to it is None where nothing was shown any more.
    """

    since: dt.datetime
    log_index: int
    value: float | None = None
    true_on: dt.date | None = None
    basis: str = ""
    grade: str = ""
    evidence: str = ""


def beliefs(session: Session, commitment: str, scope: str, true_on: dt.date) -> list[Belief]:
    """Give every change of the shown value of a commitment, the newest first.

    The shown value is that of the newest seen evidence (observed or estimated, accepted, not
    withdrawn, not about a day after ``true_on``), of one day that of the best grade.
    """
    columns = (
        EvidenceRow.record, EvidenceRow.log_index, EvidenceRow.learned_at, EvidenceRow.true_on,
        EvidenceRow.value, EvidenceRow.basis, EvidenceRow.grade, EvidenceRow.state,
        EvidenceRow.withdrawn,
    )  # fmt: skip
    rows = session.execute(
        select(*columns)
        .where(
            EvidenceRow.commitment == commitment,
            EvidenceRow.scope == scope,
            EvidenceRow.basis != Basis.PLANNED.value,
            EvidenceRow.true_on <= true_on,
        )
        .order_by(EvidenceRow.log_index)
    )
    return _changes(rows)[::-1]


def _changes(rows: Iterable[Any]) -> list[Belief]:
    held: dict[str, Any] = {}
    best: Any = None
    made: list[Belief] = []
    for row in rows:
        counts = (
            row.state == EvidenceState.ACCEPTED.value
            and not row.withdrawn
            and row.value is not None
        )
        if counts:
            held[row.record] = row
        else:
            held.pop(row.record, None)
        if best is not None and row.record == best.record:
            best = max(held.values(), key=_better, default=None)
        elif counts and (best is None or _better(row) > _better(best)):
            best = row
        belief = _belief(row, best)
        if not made and belief.value is None:
            continue
        if not made or _said(made[-1]) != _said(belief):
            made.append(belief)
    return made


def _better(row: Any) -> tuple[dt.date, int, bool, int]:
    observed = row.basis == Basis.OBSERVED.value
    return (row.true_on, -_RANK[row.grade], observed, row.log_index)


def _belief(row: Any, best: Any) -> Belief:
    if best is None:
        return Belief(row.learned_at, row.log_index)
    return Belief(
        row.learned_at, row.log_index, best.value, best.true_on, best.basis, best.grade, best.record
    )


def _said(belief: Belief) -> tuple[Any, ...]:
    return (belief.value, belief.true_on, belief.basis, belief.grade, belief.evidence)


def author_names(session: Session, accounts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Give name and role of accounts that still have them."""
    rows = session.execute(
        select(Account.id, Account.name, Account.role).where(Account.id.in_(set(accounts)))
    )
    return {row.id: (row.name, row.role) for row in rows}
