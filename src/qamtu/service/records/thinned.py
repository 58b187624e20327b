"""SQL of the boards: of the evidence that holds, the newest of each month, as columns."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, extract, func, or_, select
from sqlalchemy.orm import Session, aliased

from qamtu.programme.records import Basis, Evidence, EvidenceState
from qamtu.service.records.rows import EVIDENCE_COLUMNS, evidence_of
from qamtu.service.records.tables import EvidenceRow

__all__ = ["for_boards", "holding"]

_COLUMNS = tuple(getattr(EvidenceRow, name) for name in EVIDENCE_COLUMNS)


def for_boards(
    session: Session, *, known_at: dt.datetime | None = None, true_on: dt.date | None = None,
    scope: str | None = None, commitment: str | None = None, months_of: str | None = None,
) -> list[Evidence]:  # fmt: skip
    """Give the accepted evidence that boards need, in the order of the log.

    Of each month, commitment, scope, basis, grade and filer the newest.

    Parameters
    ----------
    known_at
        The moment of knowledge, None for now.
    true_on
        Only evidence about days up to it, and plans.
    scope, commitment
        Only what is about them.
    months_of
        Scope whose months are kept, of others only the newest; None keeps the months of all.
    """
    asked = {"scope": scope, "commitment": commitment}
    where: list[ColumnElement[bool]] = [
        getattr(EvidenceRow, name) == one for name, one in asked.items() if one is not None
    ]
    where += [EvidenceRow.state == EvidenceState.ACCEPTED.value, EvidenceRow.withdrawn.is_(False)]
    if true_on is not None:
        planned = EvidenceRow.basis == Basis.PLANNED.value
        where.append(or_(EvidenceRow.true_on <= true_on, planned))
    order = func.row_number().over(
        partition_by=(
            EvidenceRow.scope, EvidenceRow.commitment, EvidenceRow.basis, EvidenceRow.grade,
            EvidenceRow.filed_by, *_months(months_of),
        ),
        order_by=(EvidenceRow.true_on.desc(), EvidenceRow.log_index.desc()),
    )  # fmt: skip
    held = holding(EvidenceRow, known_at).where(*where)
    ranked = held.with_only_columns(EvidenceRow.id, order.label("place")).subquery()
    newest = (
        select(*_COLUMNS)
        .join(ranked, EvidenceRow.id == ranked.c.id)
        .where(ranked.c.place == 1)
        .order_by(EvidenceRow.log_index)
    )
    return list(evidence_of(session.execute(newest)))


def holding(table: Any, known_at: dt.datetime | None) -> Select[Any]:
    """Select the versions that hold now, or held as far as was known at a moment."""
    later = aliased(table)
    newer = and_(later.record == table.record, later.number > table.number)
    if known_at is None:
        return select(table).where(~exists().where(newer))
    newer = and_(newer, later.learned_at <= known_at)
    return select(table).where(table.learned_at <= known_at, ~exists().where(newer))


def _months(of: str | None) -> tuple[ColumnElement[Any], ...]:
    months: tuple[ColumnElement[Any], ...] = (
        extract("year", EvidenceRow.true_on),
        extract("month", EvidenceRow.true_on),
    )
    if of is None:
        return months
    return tuple(case((EvidenceRow.scope == of, one), else_=0) for one in months)
