"""The tables of the records: one row a version, with both times and its place in the log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Double, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from qamtu.service.database.base import Base, Utc

__all__ = ["ClaimRow", "CommentRow", "CommitmentRow", "EvidenceRow", "OrganisationRow", "Version"]

_ID = 160
_WORD = 64


class Version:
    """What every version of a record has.

    ``number`` counts the versions of a record from 1; ``log_index`` is the place of the entry
    that holds the hash of this version, and the order in which versions were learned.
    ``written_by`` is the id of the account that wrote it, empty for the program itself.
    """

    id: Mapped[str] = mapped_column(String(_ID), primary_key=True)
    record: Mapped[str] = mapped_column(String(_ID))
    number: Mapped[int]
    learned_at: Mapped[dt.datetime] = mapped_column(Utc)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    log_index: Mapped[int] = mapped_column(BigInteger, unique=True)
    written_by: Mapped[str] = mapped_column(String(_ID), default="")

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        """Give the constraint that two versions of one record never have the same number."""
        return (UniqueConstraint("record", "number"),)


class OrganisationRow(Version, Base):
    """A version of an organisation; its record is the organisation's id."""

    __tablename__ = "organisation"

    name: Mapped[dict[str, Any]]
    kind: Mapped[str] = mapped_column(String(_WORD))
    region: Mapped[str | None] = mapped_column(String(_ID))


class CommitmentRow(Version, Base):
    """A version of a commitment."""

    __tablename__ = "commitment"

    area: Mapped[str] = mapped_column(String(_WORD))
    line: Mapped[str] = mapped_column(String(_WORD))
    kind: Mapped[str] = mapped_column(String(_WORD))
    promise: Mapped[dict[str, Any]]
    definition: Mapped[dict[str, Any]]
    numerator: Mapped[dict[str, Any]]
    denominator: Mapped[dict[str, Any]]
    note: Mapped[dict[str, Any]]
    metric: Mapped[str] = mapped_column(String(_ID))
    unit: Mapped[str] = mapped_column(String(_WORD))
    direction: Mapped[str] = mapped_column(String(_WORD))
    baseline: Mapped[float | None] = mapped_column(Double)
    baseline_on: Mapped[dt.date | None]
    target: Mapped[float | None] = mapped_column(Double)
    target_text: Mapped[str] = mapped_column(Text)
    due: Mapped[dt.date | None]
    owner: Mapped[str] = mapped_column(String(_ID))
    scope: Mapped[str] = mapped_column(String(_ID))
    tolerance: Mapped[float] = mapped_column(Double)
    source: Mapped[str] = mapped_column(Text)


class ClaimRow(Version, Base):
    """A version of a claim."""

    __tablename__ = "claim"

    commitment: Mapped[str] = mapped_column(String(_ID), index=True)
    value: Mapped[float | None] = mapped_column(Double)
    text: Mapped[str] = mapped_column(Text)
    said_by: Mapped[str] = mapped_column(String(_ID))
    said_on: Mapped[dt.date]
    true_on: Mapped[dt.date]
    scope: Mapped[str] = mapped_column(String(_ID))
    grade: Mapped[str] = mapped_column(String(1))
    source: Mapped[str] = mapped_column(Text)


class EvidenceRow(Version, Base):
    """A version of a piece of evidence."""

    __tablename__ = "evidence"

    commitment: Mapped[str] = mapped_column(String(_ID))
    kind: Mapped[str] = mapped_column(String(_WORD))
    basis: Mapped[str] = mapped_column(String(_WORD))
    grade: Mapped[str] = mapped_column(String(1))
    state: Mapped[str] = mapped_column(String(_WORD))
    value: Mapped[float | None] = mapped_column(Double)
    unit: Mapped[str] = mapped_column(String(_WORD))
    scope: Mapped[str] = mapped_column(String(_ID))
    true_on: Mapped[dt.date]
    title: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    provenance: Mapped[list[str]]
    parameters: Mapped[dict[str, Any]]
    files: Mapped[dict[str, Any]]
    filed_by: Mapped[str] = mapped_column(String(_ID))
    uncertainty: Mapped[float | None] = mapped_column(Double)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        """Add the indices that lists and the board read by."""
        return (
            UniqueConstraint("record", "number"),
            Index("ix_evidence_board", "scope", "commitment", "basis", "state", "true_on"),
            Index("ix_evidence_commitment", "commitment", "log_index"),
            Index("ix_evidence_filed_by", "filed_by", "log_index"),
            Index("ix_evidence_state", "state", "log_index"),
        )


class CommentRow(Version, Base):
    """A version of a comment."""

    __tablename__ = "comment"

    about: Mapped[str] = mapped_column(String(_ID), index=True)
    author: Mapped[str] = mapped_column(String(_ID))
    text: Mapped[str] = mapped_column(Text)
