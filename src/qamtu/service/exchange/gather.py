"""The records of a service as a bundle: what is published, or every version of everything."""

from __future__ import annotations

from sqlalchemy import select

from qamtu.programme.exchange import Bundle
from qamtu.programme.records import Claim, Comment, Commitment, Evidence, Organisation
from qamtu.service.database.engine import reading
from qamtu.service.records.repository import current, programme
from qamtu.service.records.rows import KINDS, stored
from qamtu.service.state import State

__all__ = ["everything", "published"]


def published(state: State) -> Bundle:
    """Give what everybody may see: accepted evidence, no comments.

    Of the evidence the newest of each month for each commitment, scope, basis, grade and filer,
    as the board takes it.
    """
    with reading(state.sessions) as session:
        commitments, claims, evidence, organisations = programme(session)
    return Bundle(tuple(organisations), tuple(commitments), tuple(claims), tuple(evidence))


def everything(state: State, *, public: bool) -> Bundle:
    """Give every version of every record, or what is published."""
    if public:
        return published(state)
    with reading(state.sessions) as session:

        def versions(kind: type) -> tuple[object, ...]:
            table = KINDS[kind][1]
            rows = session.scalars(select(table).order_by(table.log_index))
            return tuple(stored(kind, row).record for row in rows)

        return Bundle(
            organisations=tuple(current(session, Organisation)),
            commitments=versions(Commitment),  # type: ignore[arg-type]
            claims=versions(Claim),  # type: ignore[arg-type]
            evidence=versions(Evidence),  # type: ignore[arg-type]
            comments=versions(Comment),  # type: ignore[arg-type]
        )
