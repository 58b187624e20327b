"""All SQL of the records: file, correct and decide; read what is current or was known then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from qamtu.programme.records import (
    Claim,
    Comment,
    Commitment,
    Evidence,
    EvidenceState,
    Grade,
    Organisation,
)
from qamtu.service.errors import NotFound
from qamtu.service.log.repository import append, entry_of
from qamtu.service.records.rows import (
    KINDS,
    Record,
    Stored,
    content_of,
    new_id,
    row_of,
    stored,
)
from qamtu.service.records.tables import EvidenceRow
from qamtu.service.records.thinned import for_boards, holding

__all__ = [
    "Page",
    "as_of",
    "current",
    "decide",
    "evidence_page",
    "file_claim",
    "file_comment",
    "file_commitment",
    "file_evidence",
    "file_many",
    "file_organisation",
    "find",
    "history",
    "page",
    "programme",
    "written_by_program",
]

T = TypeVar("T", Organisation, Commitment, Claim, Evidence, Comment)
Programme = tuple[list[Commitment], list[Claim], list[Evidence], list[Organisation]]
_MANY = 500


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of the current records, the newest version first.

    Parameters
    ----------
    rows
        The records.
    next
        ``log_index`` to give as ``before`` for the rows that follow; None at the end.
    """

    rows: tuple[Stored[T], ...]
    next: int | None


def file_organisation(session: Session, record: Organisation, *, by: str = "") -> int:
    """Write a version of an organisation; gives its index in the log."""
    return file_many(session, [record], by=by)[0]


def file_commitment(session: Session, record: Commitment, *, by: str = "") -> int:
    """Write a version of a commitment; gives its index in the log."""
    return file_many(session, [record], by=by)[0]


def file_claim(session: Session, record: Claim, *, by: str = "") -> int:
    """Write a version of a claim; gives its index in the log."""
    return file_many(session, [record], by=by)[0]


def file_evidence(session: Session, record: Evidence, *, by: str = "") -> int:
    """Write a version of a piece of evidence; gives its index in the log."""
    return file_many(session, [record], by=by)[0]


def file_comment(session: Session, record: Comment, *, by: str = "") -> int:
    """Write a version of a comment; gives its index in the log."""
    return file_many(session, [record], by=by)[0]


def file_many(session: Session, records: Sequence[Record], *, by: str = "") -> list[int]:
    """Write versions of records, and an entry of the log for each, in this transaction.

    Parameters
    ----------
    records
        Of any type; a record may be there more than once, in the order of its versions. A version
        that claims to be learned before its predecessor is learned one microsecond after it.
    by
        Id of the account that writes, empty for the program.

    Returns
    -------
    list[int]
        Index in the log of each.
    """
    if not records:
        return []
    last = _last(session, records)
    entries, made = [], []
    for record in records:
        kind, _table = KINDS[type(record)]
        name = record.id if isinstance(record, Organisation) else record.record
        number, before = last.get((kind, name), (0, None))
        version, learned_at, said = _timed(record, before)
        last[kind, name] = (number + 1, learned_at)
        entries.append(entry_of(kind, name, version, content_of(said), learned_at))
        made.append((said, version, number + 1, learned_at))
    indices = append(session, entries)
    session.add_all(
        row_of(record, version=version, number=number, learned_at=at, log_index=index, by=by)
        for (record, version, number, at), index in zip(made, indices, strict=True)
    )
    session.flush()
    return list(indices)


def decide(
    session: Session, evidence: str, state: EvidenceState, by: str, *, grade: Grade | None = None
) -> int:
    """Accept or reject a piece of evidence: a new version of it; gives its index in the log.

    Parameters
    ----------
    evidence
        ``record`` of the evidence.
    state
        Where it stands from now on.
    by
        Id of the account that decides.
    grade
        Grade that it is given; unchanged where None.

    Raises
    ------
    NotFound
        If there is no such evidence.
    """
    found = find(session, Evidence, evidence)
    if found is None:
        raise NotFound(f"There is no evidence {evidence}.")
    version = replace(
        found.record,
        id=new_id(),
        state=EvidenceState(state),
        grade=grade or found.record.grade,
        learned_at=dt.datetime.now(dt.UTC),
    )
    return file_evidence(session, version, by=by)


def find(
    session: Session, kind: type[T], record: str, *, known_at: dt.datetime | None = None
) -> Stored[T] | None:
    """Give the newest version of a record, or the newest that was known at a moment."""
    table = KINDS[kind][1]
    query = select(table).where(table.record == record).order_by(table.number.desc()).limit(1)
    if known_at is not None:
        query = query.where(table.learned_at <= known_at)
    row = session.scalars(query).one_or_none()
    return None if row is None else stored(kind, row)


def history(session: Session, kind: type[T], record: str) -> list[Stored[T]]:
    """Give all versions of a record, the first first."""
    table = KINDS[kind][1]
    rows = session.scalars(select(table).where(table.record == record).order_by(table.number))
    return [stored(kind, row) for row in rows]


def written_by_program(session: Session, kind: type[T]) -> dict[str, Stored[T]]:
    """Give the newest version that the program itself wrote, by record."""
    table = KINDS[kind][1]
    query = select(table).where(table.written_by == "").order_by(table.number)
    return {row.record: stored(kind, row) for row in session.scalars(query)}


def current(
    session: Session,
    kind: type[T],
    *where: ColumnElement[bool],
    known_at: dt.datetime | None = None,
    withdrawn: bool = False,
) -> list[T]:
    """Give the records that hold now, or held as far as was known at a moment, oldest first.

    Parameters
    ----------
    kind
        Type of the records.
    where
        Conditions on the columns of their table.
    withdrawn
        Whether those that were taken back are among them.
    """
    table = KINDS[kind][1]
    query = holding(table, known_at).where(*where).order_by(table.log_index)
    if not withdrawn:
        query = query.where(table.withdrawn.is_(False))
    return [stored(kind, row).record for row in session.scalars(query)]


def page(
    session: Session,
    kind: type[T],
    *where: ColumnElement[bool],
    known_at: dt.datetime | None = None,
    before: int | None = None,
    limit: int = 100,
    withdrawn: bool = False,
) -> Page[T]:
    """Give some of the current records, the newest version first; see `Page`."""
    table = KINDS[kind][1]
    query = holding(table, known_at).where(*where).order_by(table.log_index.desc())
    if not withdrawn:
        query = query.where(table.withdrawn.is_(False))
    if before is not None:
        query = query.where(table.log_index < before)
    rows = [stored(kind, row) for row in session.scalars(query.limit(limit + 1))]
    more = len(rows) > limit
    shown = tuple(rows[:limit])
    return Page(shown, shown[-1].log_index if more else None)


def evidence_page(
    session: Session,
    *,
    commitment: str | None = None,
    scope: str | None = None,
    state: EvidenceState | None = None,
    where: Iterable[ColumnElement[bool]] = (),
    known_at: dt.datetime | None = None,
    before: int | None = None,
    limit: int = 100,
) -> Page[Evidence]:
    """Give some of the current evidence, the newest first, by what it is about."""
    asked = {"commitment": commitment, "scope": scope, "state": state and str(state)}
    same = [getattr(EvidenceRow, key) == one for key, one in asked.items() if one is not None]
    return page(session, Evidence, *same, *where, known_at=known_at, before=before, limit=limit)


def programme(
    session: Session,
    known_at: dt.datetime | None = None,
    *,
    scope: str | None = None,
    true_on: dt.date | None = None,
    months_of: str | None = None,
) -> Programme:
    """Give commitments, claims, accepted evidence and organisations, as known at a moment.

    Of the evidence only what a board needs: the newest of each month for each commitment, scope,
    basis, grade and filer. With ``scope`` claims and evidence are only those of one scope
    (``country``), else of all. With ``true_on`` only evidence about days up to it, and plans.
    With ``months_of`` the months are kept of that scope alone, of others the newest.
    """
    claims = KINDS[Claim][1]
    of_scope = () if scope is None else (claims.scope == scope,)
    evidence = for_boards(
        session, known_at=known_at, scope=scope, true_on=true_on, months_of=months_of
    )
    return (
        current(session, Commitment, known_at=known_at),
        current(session, Claim, *of_scope, known_at=known_at),
        evidence,
        current(session, Organisation, known_at=known_at),
    )


def as_of(session: Session, known_at: dt.datetime) -> Programme:
    """Give the programme as it was known at a moment; see `programme`."""
    return programme(session, known_at)


def _last(
    session: Session, records: Sequence[Record]
) -> dict[tuple[str, str], tuple[int, dt.datetime | None]]:
    """Number and moment of the newest version of each record that is there already."""
    found: dict[tuple[str, str], tuple[int, dt.datetime | None]] = {}
    names: Mapping[type[Any], set[str]] = {kind: set() for kind in KINDS}
    for record in records:
        name = record.id if isinstance(record, Organisation) else record.record
        names[type(record)].add(name)
    for kind, wanted in names.items():
        word, table = KINDS[kind]
        ordered = sorted(wanted)
        for start in range(0, len(ordered), _MANY):
            some = ordered[start : start + _MANY]
            query = (
                select(table.record, func.max(table.number), func.max(table.learned_at))
                .where(table.record.in_(some))
                .group_by(table.record)
            )
            for name, number, at in session.execute(query):
                found[word, name] = (number, at)
    return found


def _timed(record: Record, before: dt.datetime | None) -> tuple[str, dt.datetime, Record]:
    """Id and moment of a version, and the record with that moment."""
    if isinstance(record, Organisation):
        version, moment = new_id(), dt.datetime.now(dt.UTC)
    else:
        version, moment = record.id, record.learned_at.astimezone(dt.UTC)
    if before is not None and moment <= before:
        moment = before + dt.timedelta(microseconds=1)
    if isinstance(record, Organisation):
        return version, moment, record
    return version, moment, replace(record, learned_at=moment)
