"""Holds the whole log against itself, its heads and the records it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.programme.log import (
    Frontier,
    SignedHead,
    digest,
    leaf,
    leaf_hash,
    read_public_key,
    verify_head,
)
from qamtu.service.log import repository
from qamtu.service.log.tables import LogNode
from qamtu.service.records.rows import KINDS, content_of, stored

__all__ = ["check_log"]

_BATCH = 5_000


def check_log(session: Session) -> Findings:
    """Compute the tree anew from the entries and compare everything with it.

    Returns
    -------
    Findings
        An error for a gap in the entries, a stored hash that is not the computed one, a signed
        head that the entries do not give, a version of a record that is not what was logged.
    """
    heads = repository.heads(session)
    roots: dict[int, str] = {}
    found = [*_tree(session, {head.size for head in heads}, roots)]
    found += [finding for head in heads for finding in _head(head, roots)]
    found += _records(session)
    return Findings(tuple(found))


def _tree(session: Session, wanted: set[int], roots: dict[int, str]) -> Iterator[Finding]:
    """Grow the tree from the entries; on the way note its root at the wanted sizes."""
    frontier = Frontier(0, [])
    if 0 in wanted:
        roots[0] = frontier.root().hex()
    while batch := repository.entries(session, frontier.size, _BATCH):
        made: list[tuple[int, int, bytes]] = []
        for index, entry in batch:
            if index != frontier.size:
                yield _error("log-gap", f"entry {frontier.size} is missing", "log_entry")
                return
            made += frontier.append([leaf_hash(leaf(entry))])
            if frontier.size in wanted:
                roots[frontier.size] = frontier.root().hex()
        yield from _nodes(session, made)
    stored_nodes = session.scalar(select(func.count()).select_from(LogNode)) or 0
    expected = 2 * frontier.size - frontier.size.bit_count()
    if stored_nodes != expected:
        what = f"the tree of {frontier.size} entries has {stored_nodes} hashes, not {expected}"
        yield _error("log-nodes", what, "log_node")


def _nodes(session: Session, made: Sequence[tuple[int, int, bytes]]) -> Iterator[Finding]:
    node = repository.stored_nodes(session, [(level, position) for level, position, _ in made])
    for level, position, value in made:
        if node.get((level, position)) != value:
            what = f"the hash of node {position} of level {level} is not that of the entries below"
            yield _error("log-hash", what, "log_node")


def _head(head: SignedHead, roots: dict[int, str]) -> Iterator[Finding]:
    if roots.get(head.size) != head.root:
        what = f"the head of {head.size} entries is not that of the entries"
        yield _error("log-head-root", what, "log_head")
    if not verify_head(head, read_public_key(head.public_key)):
        what = f"the signature of the head of {head.size} entries does not hold"
        yield _error("log-head-signature", what, "log_head")


def _records(session: Session) -> Iterator[Finding]:
    """Hold every version of every record against its entry."""
    for kind, (name, table) in KINDS.items():
        last = -1
        query = select(table).order_by(table.log_index).limit(_BATCH)
        while rows := session.scalars(query.where(table.log_index > last)).all():
            versions = [stored(kind, row) for row in rows]
            indices = [version.log_index for version in versions]
            entries = repository.entries_at(session, indices)
            for version in versions:
                entry = entries.get(version.log_index)
                said = None if entry is None else (entry.kind, entry.version, entry.content_sha256)
                if said != (name, version.version, digest(content_of(version.record))):
                    what = f"version {version.version} is not what entry {version.log_index} holds"
                    yield _error("log-record", what, name)
            last = indices[-1]
            session.expunge_all()


def _error(rule: str, what: str, table: str) -> Finding:
    return Finding(
        rule,
        Severity.ERROR,
        what,
        "restore the last backup that passes, and find out who changed the database",
        file=table,
    )
