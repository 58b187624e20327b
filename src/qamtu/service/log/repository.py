"""All SQL of the log: append, sizes, roots, proofs, pages of entries, stored heads.

One writer at a time: on SQLite by the lock of the writing transaction, on PostgreSQL by an
advisory lock that the transaction holds to its end. `append` belongs into the transaction of the
change it logs, so that both are kept or neither.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from qamtu.core.errors import InputError, QamtuError
from qamtu.programme.log import (
    Entry,
    Frontier,
    Node,
    SignedHead,
    consistency_proof,
    entry_of,
    inclusion_proof,
    leaf,
    leaf_hash,
    needed,
    peaks,
)
from qamtu.programme.log import root as tree_root
from qamtu.service.log.tables import LogEntry, LogHead, LogNode

__all__ = [
    "Entry",
    "append",
    "consistency",
    "entries",
    "entries_at",
    "entry_of",
    "find",
    "head",
    "heads",
    "keep_head",
    "lock",
    "proof",
    "root",
    "size",
    "stored_nodes",
]

_LOCK = 0x71616D7475  # "qamtu"
_BATCH = 500
_T = TypeVar("_T")


def size(session: Session) -> int:
    """Count the entries; cheap: the version of everything in the database."""
    last = session.scalar(select(func.max(LogEntry.index)))
    return 0 if last is None else last + 1


def lock(session: Session) -> None:
    """Wait until this transaction is the only one that appends.

    `append` does so itself. A transaction that reads, decides and then appends calls it first.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def append(session: Session, entries: Sequence[Entry]) -> list[int]:
    """Append entries in their order, within the caller's transaction.

    Parameters
    ----------
    session
        Of a writing transaction.
    entries
        Any number at once; many are fast.

    Returns
    -------
    list
        Index of each in the log.
    """
    if not entries:
        return []
    lock(session)
    first = size(session)
    frontier = Frontier(first, _peak_hashes(session, first))
    made = frontier.append(leaf_hash(leaf(entry)) for entry in entries)
    _insert(
        session,
        LogEntry,
        [
            {
                "index": first + i,
                "kind": entry.kind,
                "record": entry.record,
                "version": entry.version,
                "content_sha256": entry.content_sha256,
                "at": entry.at,
            }
            for i, entry in enumerate(entries)
        ],
    )
    _insert(
        session,
        LogNode,
        [{"place": _place(level, position), "hash": value} for level, position, value in made],
    )
    return list(range(first, first + len(entries)))


def root(session: Session, at_size: int | None = None) -> bytes:
    """Give the root of the log at a size, now by default."""
    count = size(session) if at_size is None else at_size
    return _with_nodes(session, lambda node: tree_root(count, node))


def proof(session: Session, index: int, at_size: int) -> list[bytes]:
    """Prove that an entry is in the log of a size.

    Raises
    ------
    InputError
        If the log was never of that size, or had no such entry.
    """
    _check_size(session, at_size)
    if not 0 <= index < at_size:
        raise InputError(f"the log of {at_size} entries has no entry {index}")
    return _with_nodes(session, lambda node: inclusion_proof(at_size, index, node))


def consistency(session: Session, old: int, new: int) -> list[bytes]:
    """Prove that the log of size ``new`` begins with the log of size ``old``.

    Raises
    ------
    InputError
        If the log was never of these sizes, or ``old`` is not from 0 to ``new``.
    """
    _check_size(session, new)
    if not 0 <= old <= new:
        raise InputError(f"a log of {new} entries does not grow from one of {old}")
    return _with_nodes(session, lambda node: consistency_proof(old, new, node))


def entries(session: Session, start: int, limit: int) -> list[tuple[int, Entry]]:
    """Give up to ``limit`` entries from index ``start`` on, in their order."""
    rows = session.execute(
        select(*_COLUMNS).where(LogEntry.index >= start).order_by(LogEntry.index).limit(limit)
    )
    return [(row[0], Entry(*row[1:])) for row in rows]


def entries_at(session: Session, indices: Sequence[int]) -> dict[int, Entry]:
    """Give the entries at some indices, as far as they are there."""
    found: dict[int, Entry] = {}
    for start in range(0, len(indices), _BATCH):
        some = indices[start : start + _BATCH]
        rows = session.execute(select(*_COLUMNS).where(LogEntry.index.in_(some)))
        found |= {row[0]: Entry(*row[1:]) for row in rows}
    return found


def stored_nodes(
    session: Session, nodes: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], bytes]:
    """Give the stored hashes of nodes (level, position), as far as they are there."""
    by_place = {_place(level, position): (level, position) for level, position in nodes}
    places = sorted(by_place)
    found: dict[tuple[int, int], bytes] = {}
    for start in range(0, len(places), _BATCH):
        some = places[start : start + _BATCH]
        rows = session.execute(select(LogNode.place, LogNode.hash).where(LogNode.place.in_(some)))
        found |= {by_place[place]: bytes(value) for place, value in rows}
    return found


def find(session: Session, kind: str, version: str) -> tuple[int, Entry] | None:
    """Give the entry of a version, with its index; None where there is none."""
    row = session.execute(
        select(*_COLUMNS)
        .where(LogEntry.version == version, LogEntry.kind == kind)
        .order_by(LogEntry.index.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], Entry(*row[1:]))


def head(session: Session, key: str | None = None) -> SignedHead | None:
    """Give the longest head that was signed, by one key or by any; None before the first."""
    query = select(LogHead).order_by(LogHead.size.desc(), LogHead.at.desc()).limit(1)
    if key is not None:
        query = query.where(LogHead.key == key)
    row = session.scalar(query)
    return None if row is None else _head(row)


def heads(session: Session) -> list[SignedHead]:
    """Give all signed heads, the shortest first."""
    rows = session.scalars(select(LogHead).order_by(LogHead.size, LogHead.at))
    return [_head(row) for row in rows]


def keep_head(session: Session, signed: SignedHead) -> None:
    """Store a signed head."""
    content = {key: value for key, value in signed.content().items() if key != "format"}
    session.execute(insert(LogHead), [content])


_COLUMNS = (
    LogEntry.index,
    LogEntry.kind,
    LogEntry.record,
    LogEntry.version,
    LogEntry.content_sha256,
    LogEntry.at,
)


def _head(row: LogHead) -> SignedHead:
    return SignedHead(
        row.size, row.root, row.at, row.key, row.public_key, row.signature, row.timestamp
    )


def _check_size(session: Session, at_size: int) -> None:
    count = size(session)
    if not 0 <= at_size <= count:
        raise InputError(f"the log has {count} entries, it was never of {at_size}")


def _place(level: int, position: int) -> int:
    return (position << level + 1) + (1 << level) - 1


def _peak_hashes(session: Session, count: int) -> list[bytes]:
    node = _fetched(session, peaks(count))
    return [node(level, position) for level, position in peaks(count)]


def _with_nodes(session: Session, compute: Callable[[Node], _T]) -> _T:
    """Run a computation on the stored tree with one query for all it needs."""
    return compute(_fetched(session, needed(compute)))


def _fetched(session: Session, nodes: Sequence[tuple[int, int]]) -> Node:
    hashes = stored_nodes(session, nodes)

    def node(level: int, position: int) -> bytes:
        found = hashes.get((level, position))
        if found is None:
            msg = f"the log is damaged: node {position} of level {level} is missing"
            raise QamtuError(msg)
        return found

    return node


def _insert(session: Session, table: type[Any], rows: list[dict[str, Any]]) -> None:
    """Insert many rows fast: the driver's own way on SQLite, few long statements elsewhere."""
    statement = insert(table)
    if session.get_bind().dialect.name != "sqlite":
        # RETURNING makes SQLAlchemy send hundreds of rows a statement (insertmanyvalues).
        statement = statement.returning(*table.__table__.primary_key.columns)
    # The connection, not the session: no identity map to fill.
    session.connection().execute(statement, rows)
