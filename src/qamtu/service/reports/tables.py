"""The SQL table of reports that were made."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from qamtu.service.database.base import Base

__all__ = ["ReportRow"]


class ReportRow(Base):
    """One report; the row never changes."""

    __tablename__ = "report"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    language: Mapped[str] = mapped_column(String(8))
    true_on: Mapped[dt.date]
    made_at: Mapped[dt.datetime] = mapped_column(index=True)
    made_by: Mapped[str] = mapped_column(String(64))
    files: Mapped[dict[str, Any]]
    """SHA-256 by file name."""
    log_index: Mapped[int]
