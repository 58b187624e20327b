"""What the country's board stands on, kept in memory and brought up with the log.

A filing touches a few groups: evidence of one commitment at one scope. Only those are read
anew; what was read before stays. A group is read whole, as the newest of a month may be taken
back and another one of that month counts again.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from qamtu.programme.records import Claim, Commitment, Evidence, Organisation
from qamtu.service.database.engine import reading
from qamtu.service.log import repository as log
from qamtu.service.records.repository import current, programme
from qamtu.service.records.rows import KINDS
from qamtu.service.records.tables import EvidenceRow
from qamtu.service.records.thinned import for_boards

__all__ = ["COUNTRY", "Held", "Keeper"]

COUNTRY: Final = "country"
_MOST_RECORDS = 500
_MOST_GROUPS = 50

Group = tuple[str, str]
"""Record of a commitment, and a scope."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is known now about days up to one day.

    Parameters
    ----------
    size
        Of the log, up to which it is known.
    day
        The day.
    commitments, claims, organisations
        All that hold.
    evidence
        By group: of the country the newest of each month, of other scopes the newest.
    framed_at
        Size of the log at which commitments, claims and organisations were read.
    shown_at
        Size of the log at which the evidence of the country's board changed last.
    seen_at
        Size of the log at which evidence of a scope changed last, by scope; where there is none,
        `framed_at` counts.
    """

    size: int
    day: dt.date
    commitments: tuple[Commitment, ...]
    claims: tuple[Claim, ...]
    organisations: tuple[Organisation, ...]
    evidence: Mapping[Group, tuple[Evidence, ...]]
    framed_at: int
    shown_at: int
    seen_at: Mapping[str, int]

    @property
    def board_at(self) -> int:
        """Size of the log at which anything on the country's board changed last."""
        return max(self.framed_at, self.shown_at)

    def region_at(self, scope: str) -> int:
        """Size of the log at which anything on the board of a scope changed last."""
        return max(self.framed_at, self.seen_at.get(scope, 0))

    def all_evidence(self) -> list[Evidence]:
        """Give the evidence of all groups."""
        return list(chain.from_iterable(self.evidence.values()))


class Keeper:
    """Keeps one `Held` for each of a few days; threads wait for the one that brings it up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[dt.date, Held] = {}

    def at(self, sessions: sessionmaker[Session], day: dt.date) -> Held:
        """Give what is known now about days up to a day; the days before it are forgotten."""
        with self._lock, reading(sessions) as session:
            held = self._held.get(day)
            size = log.size(session)
            if held is None or held.size > size:
                held = _load(session, day, size)
            elif held.size < size:
                held = _renew(session, held, size)
            kept = {one: of for one, of in self._held.items() if (day - one).days <= 1}
            self._held = {**kept, day: held}
            return held


def _load(session: Session, day: dt.date, size: int) -> Held:
    commitments, claims, evidence, organisations = programme(
        session, true_on=day, months_of=COUNTRY
    )
    groups: dict[Group, list[Evidence]] = defaultdict(list)
    for one in evidence:
        groups[one.commitment, one.scope].append(one)
    return Held(
        size, day, tuple(commitments), tuple(claims), tuple(organisations),
        {group: tuple(found) for group, found in groups.items()}, size, size, {},
    )  # fmt: skip


def _renew(session: Session, held: Held, size: int) -> Held:
    """Read what changed since; everything where that is much."""
    groups = _touched(session, held.size)
    if groups is None:
        return _load(session, held.day, size)
    found = {
        (commitment, scope): tuple(
            for_boards(
                session, true_on=held.day, scope=scope, commitment=commitment, months_of=COUNTRY
            )
        )
        for commitment, scope in groups
    }
    changed = any(of != held.evidence.get(group, ()) for group, of in found.items())
    renewed = replace(
        held,
        size=size,
        evidence={**held.evidence, **found} if changed else held.evidence,
        shown_at=size if changed else held.shown_at,
        seen_at={**held.seen_at, **{scope: size for _, scope in groups}},
    )
    if not _framed(session, held.size):
        return renewed
    return replace(
        renewed,
        commitments=tuple(current(session, Commitment)),
        claims=tuple(current(session, Claim)),
        organisations=tuple(current(session, Organisation)),
        framed_at=size,
    )


def _touched(session: Session, since: int) -> set[Group] | None:
    """Give the groups that versions since a size of the log belong or belonged to; None: many."""
    new = select(EvidenceRow.record).where(EvidenceRow.log_index >= since)
    records = session.scalars(new.limit(_MOST_RECORDS + 1)).all()
    if len(records) > _MOST_RECORDS:
        return None
    of = select(EvidenceRow.commitment, EvidenceRow.scope).where(
        EvidenceRow.record.in_(set(records))
    )
    groups = {(commitment, scope) for commitment, scope in session.execute(of.distinct())}
    return groups if len(groups) <= _MOST_GROUPS else None


def _framed(session: Session, since: int) -> bool:
    """Tell whether commitments, claims or organisations have a version since a size of the log."""
    tables: Iterable[Any] = (KINDS[kind][1] for kind in (Commitment, Claim, Organisation))
    newest = (session.scalar(select(func.max(table.log_index))) for table in tables)
    return any(index is not None and index >= since for index in newest)
