"""The SQL tables of plans: what was registered, and when each was published or taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from qamtu.service.database.base import Base

__all__ = ["PlanPublicationRow", "PlanRow"]


class PlanRow(Base):
    """One registered plan; the row never changes."""

    __tablename__ = "plan"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of its ``summary.json``."""
    line: Mapped[str] = mapped_column(String(32), index=True)
    title: Mapped[str] = mapped_column(String(400))
    pack: Mapped[str] = mapped_column(String(64))
    region: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[dt.datetime]
    version: Mapped[str] = mapped_column(String(32))
    files: Mapped[dict[str, Any]]
    """SHA-256 by file name."""
    findings: Mapped[dict[str, Any]]
    """What was odd at the registration: ``{"findings": [{id, severity, message}]}``."""
    registered_at: Mapped[dt.datetime]
    registered_by: Mapped[str] = mapped_column(String(64))


class PlanPublicationRow(Base):
    """One decision about a plan: shown to the public, or taken back. The newest one holds."""

    __tablename__ = "plan_publication"
    __table_args__ = (Index("ix_plan_publication_plan_at", "plan", "at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    plan: Mapped[str] = mapped_column(ForeignKey("plan.id"))
    published: Mapped[bool]
    at: Mapped[dt.datetime]
    by: Mapped[str] = mapped_column(String(64))
