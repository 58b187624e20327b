"""What is exchanged: the records of a programme, and the heading that formats ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, TypeVar

from qamtu.core.findings import Findings
from qamtu.programme.records import (
    Claim,
    Comment,
    Commitment,
    Evidence,
    Organisation,
    Recorded,
    Texts,
)

__all__ = ["KINDS", "Bundle", "Heading", "Read", "Record", "newest"]

Record: TypeAlias = Organisation | Commitment | Claim | Evidence | Comment

_R = TypeVar("_R", bound=Recorded)

KINDS: Final = ("organisations", "commitments", "claims", "evidence", "comments")
"""The kinds of records, as files and tables are named."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a file says of itself.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code of the country.
    publisher
        Organisation identifier of who publishes, as a registry knows it.
    publisher_name, title
        By language.
    """

    country: str
    publisher: str
    publisher_name: Texts = field(default_factory=dict)
    title: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bundle:
    """The records that one file or folder carries, in any number of versions."""

    organisations: tuple[Organisation, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    claims: tuple[Claim, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    comments: tuple[Comment, ...] = ()

    def records(self, kind: str) -> tuple[Record, ...]:
        """Give the records of one of `KINDS`."""
        found: tuple[Record, ...] = getattr(self, kind)
        return found

    def current(self) -> Bundle:
        """Give the newest version of each record; what is withdrawn is left out."""
        return replace(
            self,
            commitments=newest(self.commitments),
            claims=newest(self.claims),
            evidence=newest(self.evidence),
            comments=newest(self.comments),
        )


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: the records, and what is worth knowing about the file."""

    bundle: Bundle
    findings: Findings


def newest(records: Iterable[_R]) -> tuple[_R, ...]:
    """Give the version of each record that was learned last, in the order of first sight."""
    last: dict[str, _R] = {}
    for record in records:
        before = last.get(record.record)
        if before is None or record.learned_at >= before.learned_at:
            last[record.record] = record
    return tuple(record for record in last.values() if not record.withdrawn)
