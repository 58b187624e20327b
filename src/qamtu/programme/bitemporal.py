"""What was known, and what was true: selection of records by their two times.

A record has versions. The version that held at a moment is the one learned last, not after that
moment; versions learned later change nothing about it. A withdrawn version takes the record out
from the moment it was learned. Source: the two times of R. T. Snodgrass, "Developing
Time-Oriented Database Applications in SQL" (2000), chapter 10: valid time (``true_on``) and
transaction time (``learned_at``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from qamtu.core.errors import InputError
from qamtu.programme.records import Basis, Claim, Commitment, Evidence, EvidenceState, Recorded

__all__ = ["Known", "known", "versions", "what_holds"]

R = TypeVar("R", bound=Recorded)


@dataclass(frozen=True, slots=True)
class Known:
    """What a board stands on: the records that held at one moment, about days up to one day.

    Parameters
    ----------
    commitments
        In the order given.
    claims
        About days not after ``true_on``.
    evidence
        Accepted evidence: observed and estimated values not after ``true_on``, plans of any day.
    true_on, known_at
        The two times.
    """

    commitments: tuple[Commitment, ...]
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    true_on: dt.date
    known_at: dt.datetime


def what_holds(records: Iterable[R], known_at: dt.datetime) -> tuple[R, ...]:
    """Give, of each record, the version that held at a moment, without those withdrawn.

    Parameters
    ----------
    records
        Versions of one kind of record.
    known_at
        The moment (aware).

    Returns
    -------
    held
        In the order in which the records first appear. Of two versions learned at the same
        moment the later one in the order given holds (the order of the log).

    Raises
    ------
    InputError
        If the moment has no time zone.
    """
    if known_at.tzinfo is None:
        raise InputError(f"the moment {known_at} needs a time zone, UTC for example")
    held: dict[str, R] = {}
    for record in records:
        if record.learned_at > known_at:
            continue
        other = held.get(record.record)
        if other is None or record.learned_at >= other.learned_at:
            held[record.record] = record
    return tuple(record for record in held.values() if not record.withdrawn)


def versions(records: Iterable[R], record: str) -> tuple[R, ...]:
    """Give all versions of one record, the first learned first."""
    found = (version for version in records if version.record == record)
    return tuple(sorted(found, key=lambda version: version.learned_at))


def known(
    commitments: Iterable[Commitment], claims: Iterable[Claim], evidence: Iterable[Evidence], *,
    true_on: dt.date, known_at: dt.datetime,
) -> Known:  # fmt: skip
    """Select what held at a moment, about days up to a day.

    Parameters
    ----------
    commitments, claims, evidence
        All versions of all records.
    true_on
        The last day that observed values, estimates and claims may speak of.
    known_at
        The moment (aware).

    Raises
    ------
    InputError
        If the moment has no time zone.
    """
    planned, accepted = Basis.PLANNED, EvidenceState.ACCEPTED
    return Known(
        commitments=what_holds(commitments, known_at),
        claims=tuple(c for c in what_holds(claims, known_at) if c.true_on <= true_on),
        evidence=tuple(
            e
            for e in what_holds(evidence, known_at)
            if e.state is accepted and (e.basis is planned or e.true_on <= true_on)
        ),
        true_on=true_on,
        known_at=known_at,
    )
