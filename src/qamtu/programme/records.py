"""The records of the programme: commitment, claim, evidence and comment, each with two times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = [
    "Basis",
    "Claim",
    "Comment",
    "Commitment",
    "Direction",
    "Evidence",
    "EvidenceKind",
    "EvidenceState",
    "Grade",
    "Organisation",
    "Recorded",
    "Texts",
]

Texts = Mapping[str, str]
"""A text by language (``en``, ``ru``, ``kk``)."""


class Grade(StrEnum):
    """How far a value can be trusted; A is best."""

    A = "A"
    """Reproducible from data: a measure whose inputs, parameters and program are known."""
    B = "B"
    """An independent document, by neither the owner nor the one who is paid."""
    C = "C"
    """The owner's own statement."""
    D = "D"
    """The press."""


class Basis(StrEnum):
    """What a value is: seen, reckoned from other values, or intended."""

    OBSERVED = "observed"
    ESTIMATED = "estimated"
    PLANNED = "planned"
    """What a plan would bring; it never counts as kept."""


class EvidenceKind(StrEnum):
    """What was filed."""

    MEASURE = "measure"
    DOCUMENT = "document"
    STATISTIC = "statistic"


class EvidenceState(StrEnum):
    """Where filed evidence stands; only accepted evidence is public and counts."""

    FILED = "filed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who owns a commitment or files evidence.

    Parameters
    ----------
    id
        Short stable name.
    name
        By language.
    kind
        ``ministry``, ``akimat``, ``operator``, ``regulator``, ``state company``, …
    region
        Id of the region of an akimat, None otherwise.
    """

    id: str
    name: Texts
    kind: str
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What every record has: an identity that corrections keep, and the time it was learned.

    Parameters
    ----------
    id
        Of this version.
    record
        Of the record: the same in all its versions.
    learned_at
        When the system learned this version (UTC, aware). The version holds until the next one
        of the same record was learned.
    withdrawn
        True where this version takes the record back; what was said before stays readable.
    """

    id: str
    record: str
    learned_at: dt.datetime
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment(Recorded):
    """One promise with a number, a date and an owner.

    Parameters
    ----------
    area
        Area of the programme: ``connectivity``, ``security``, ``govtech``, …
    line
        Line that measures it (``villages``).
    kind
        ``target``, ``status``, ``duty``, ``power`` or ``aim``.
    promise, definition, numerator, denominator, note
        Texts by language. ``denominator`` is empty where the metric is a count; a share without
        one is a contradiction.
    metric, unit
        Name of the metric as lines report it, and its unit.
    direction
        Which way is better.
    baseline, baseline_on
        Value before the promise and its day, None where unknown.
    target, target_text
        Value promised (None where none was named) and the words of a target that is no number.
    due
        Day it is due, None where none was named.
    owner
        Id of an `Organisation`.
    scope
        ``country``, ``region:<id>`` or ``district:<id>``.
    tolerance
        Relative difference above which two values of the metric contradict each other [share].
    source
        Where the promise is written.
    """

    area: str
    line: str
    kind: str
    promise: Texts
    definition: Texts
    numerator: Texts = field(default_factory=dict)
    denominator: Texts = field(default_factory=dict)
    note: Texts = field(default_factory=dict)
    metric: str
    unit: str
    direction: Direction = Direction.UP
    baseline: float | None = None
    baseline_on: dt.date | None = None
    target: float | None = None
    target_text: str = ""
    due: dt.date | None = None
    owner: str
    scope: str = "country"
    tolerance: float = 0.05
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Recorded):
    """What somebody said about a commitment, and when.

    Parameters
    ----------
    commitment
        ``record`` of the commitment.
    value, text
        The value said, None where only words were said; the words.
    said_by
        Id of an organisation or the name of a publication.
    said_on, true_on
        Day it was said, and the day it speaks of.
    scope
        What it speaks of.
    grade
        C for the owner's own words, D for the press.
    source
        Where it can be read.
    """

    commitment: str
    value: float | None
    text: str
    said_by: str
    said_on: dt.date
    true_on: dt.date
    scope: str = "country"
    grade: Grade = Grade.C
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Recorded):
    """A measure, document or statistic filed against a commitment.

    Parameters
    ----------
    commitment
        ``record`` of the commitment.
    kind, basis, grade, state
        What it is, what its value is, how far it can be trusted, where it stands.
    value, unit, scope
        The value (None for a document without one), its unit, what it speaks of.
    true_on
        Day the value is true (for a plan: the day the plan says it will be).
    title
        One line for people.
    source
        Where it can be read, or the run that made it.
    provenance
        Ids of sources and runs the value can be followed to.
    parameters
        What it was computed with, by name, as text; empty for a document.
    files
        SHA-256 of each file it rests on, by file name.
    filed_by
        Id of the organisation that filed it.
    uncertainty
        Half width of the 90 % band of the value in its unit, None where unknown.
    """

    commitment: str
    kind: EvidenceKind
    basis: Basis
    grade: Grade
    state: EvidenceState = EvidenceState.FILED
    value: float | None
    unit: str
    scope: str = "country"
    true_on: dt.date
    title: str
    source: str
    provenance: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    filed_by: str
    uncertainty: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(Recorded):
    """What an auditor says about a commitment or a piece of evidence.

    Parameters
    ----------
    about
        ``record`` of a commitment or of evidence.
    author
        Id of the account; the name behind it can be erased.
    text
        Plain text.
    """

    about: str
    author: str
    text: str
