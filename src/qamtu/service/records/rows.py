"""Between a record of the programme, its row in a table and its content in the log."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any, Generic, TypeVar, get_origin, get_type_hints

from qamtu.programme.records import Claim, Comment, Commitment, Evidence, Organisation
from qamtu.service.records.tables import (
    ClaimRow,
    CommentRow,
    CommitmentRow,
    EvidenceRow,
    OrganisationRow,
)

__all__ = [
    "EVIDENCE_COLUMNS",
    "KINDS",
    "Record",
    "Row",
    "Stored",
    "content_of",
    "evidence_of",
    "new_id",
    "row_of",
    "stored",
]

Record = Organisation | Commitment | Claim | Evidence | Comment
Row = OrganisationRow | CommitmentRow | ClaimRow | EvidenceRow | CommentRow
T = TypeVar("T", Organisation, Commitment, Claim, Evidence, Comment)

KINDS: Mapping[type[Any], tuple[str, type[Any]]] = {
    Organisation: ("organisation", OrganisationRow),
    Commitment: ("commitment", CommitmentRow),
    Claim: ("claim", ClaimRow),
    Evidence: ("evidence", EvidenceRow),
    Comment: ("comment", CommentRow),
}
"""For each type of record its name in the log and its table."""

_FIELDS = {
    kind: {
        name: hint
        for name, hint in get_type_hints(kind).items()
        if name in {f.name for f in fields(kind)}
    }
    for kind in KINDS
}
_FLOATS = {float, float | None}
EVIDENCE_COLUMNS = tuple(_FIELDS[Evidence])
"""Columns that make a piece of evidence, in the order that `evidence_of` reads."""


@dataclass(frozen=True, slots=True)
class Stored(Generic[T]):
    """One version of a record as the database holds it.

    Parameters
    ----------
    record
        The version itself.
    version
        Its id; for an organisation the id of the version, which the record does not carry.
    number
        Count of the record's versions up to it, from 1.
    learned_at
        When it was learned.
    withdrawn
        Whether it takes the record back.
    log_index
        Its place in the log.
    written_by
        Id of the account that wrote it, empty for the program.
    """

    record: T
    version: str
    number: int
    learned_at: dt.datetime
    withdrawn: bool
    log_index: int
    written_by: str


def new_id() -> str:
    """Make the id of a new record or version."""
    return uuid.uuid4().hex


def content_of(record: Record) -> dict[str, Any]:
    """Give a version as plain JSON values: what the log holds the hash of.

    Numbers that are floats by contract are floats here, moments are in UTC to the microsecond, so
    that a version read back from either database has the same content.
    """
    hints = _FIELDS[type(record)]
    return {name: _plain(getattr(record, name), hint) for name, hint in hints.items()}


def row_of(
    record: Record, *, version: str, number: int, learned_at: dt.datetime, log_index: int, by: str
) -> Row:
    """Make the row of a version."""
    name, table = KINDS[type(record)]
    values = {key: _column(getattr(record, key)) for key in _FIELDS[type(record)]}
    values |= {
        "id": version,
        "record": record.id if isinstance(record, Organisation) else record.record,
        "number": number,
        "learned_at": learned_at,
        "log_index": log_index,
        "written_by": by,
    }
    del name
    row: Row = table(**values)
    return row


def stored(kind: type[T], row: Any) -> Stored[T]:
    """Make a record of a row."""
    hints = _FIELDS[kind]
    values = {name: _field(getattr(row, name), hint) for name, hint in hints.items()}
    if kind is Organisation:
        values["id"] = row.record
    return Stored(
        record=kind(**values),
        version=row.id,
        number=row.number,
        learned_at=row.learned_at,
        withdrawn=row.withdrawn,
        log_index=row.log_index,
        written_by=row.written_by,
    )


def evidence_of(rows: Iterable[Sequence[Any]]) -> Iterator[Evidence]:
    """Make evidence of rows of `EVIDENCE_COLUMNS`; many at once cost a third of `stored`."""
    made: list[tuple[int, Callable[[Any], Any]]] = []
    for place, hint in enumerate(_FIELDS[Evidence].values()):
        if isinstance(hint, type) and issubclass(hint, Enum):
            made.append((place, {one.value: one for one in hint}.__getitem__))
        elif get_origin(hint) is tuple:
            made.append((place, tuple))
    for row in rows:
        values = list(row)
        for place, make in made:
            values[place] = make(values[place])
        yield Evidence(**dict(zip(EVIDENCE_COLUMNS, values, strict=True)))


def _plain(value: Any, hint: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): str(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [str(one) for one in value]
    return float(value) if value is not None and hint in _FLOATS else value


def _column(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def _field(value: Any, hint: Any) -> Any:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return tuple(value) if isinstance(value, list) else value
