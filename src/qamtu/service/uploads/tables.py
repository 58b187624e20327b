"""The SQL tables of uploads: who brought which file when, and which evidence rests on it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from qamtu.service.database.base import Base

__all__ = ["UploadRow", "UploadUseRow"]

_ID = 160


class UploadRow(Base):
    """One upload; two of the same content share one stored file."""

    __tablename__ = "upload"
    __table_args__ = (
        Index("ix_upload_created_at", "created_at", "id"),
        Index("ix_upload_organisation", "organisation", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(Text)
    """Name as it is shown: no folders, no control characters, an ending that fits the content."""
    media_type: Mapped[str] = mapped_column(String(128))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    purpose: Mapped[str] = mapped_column(String(16))
    """``document``, ``measurements`` or ``input`` (of a job)."""
    created_at: Mapped[dt.datetime]
    made_by: Mapped[str] = mapped_column(String(_ID))
    organisation: Mapped[str | None] = mapped_column(String(_ID))
    region: Mapped[str | None] = mapped_column(String(_ID))
    filed_at: Mapped[dt.datetime | None]
    """When the rows of a table of measurements were filed as evidence."""


class UploadUseRow(Base):
    """A stored file that a record of evidence rests on."""

    __tablename__ = "upload_use"

    evidence: Mapped[str] = mapped_column(String(_ID), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
