"""The SQL tables of jobs: what was asked and how it goes, its stages, and the queue's messages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    BigInteger,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from qamtu.service.database.base import Base

__all__ = ["JobRow", "JobStageRow", "QueueCounterRow", "QueueItemRow", "QueueValueRow"]

_ID = 160
_KEY = BigInteger().with_variant(Integer, "sqlite")


class JobRow(Base):
    """One job; its state changes in place, what it brought becomes evidence only by approval."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_state_heartbeat", "state", "heartbeat"),
        Index("ix_job_created_at", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    request: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(Text, default="")
    share: Mapped[float | None] = mapped_column(Double)
    detail: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(String(64), default="")
    heartbeat: Mapped[dt.datetime]
    created_at: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    findings: Mapped[dict[str, Any]]
    """What was wrong with what was given: ``{"findings": [{id, severity, what, mend, …}]}``."""
    made_by: Mapped[str] = mapped_column(String(_ID))
    organisation: Mapped[str | None] = mapped_column(String(_ID))
    region: Mapped[str | None] = mapped_column(String(_ID))
    approved_by: Mapped[str] = mapped_column(String(_ID), default="")
    approved_at: Mapped[dt.datetime | None]
    plan: Mapped[str] = mapped_column(String(64), default="")
    """Plan that the approval made of the results."""


class JobStageRow(Base):
    """One stage that a job went through."""

    __tablename__ = "job_stage"

    id: Mapped[int] = mapped_column(_KEY, primary_key=True, autoincrement=True)
    job: Mapped[str] = mapped_column(ForeignKey("job.id"), index=True)
    attempt: Mapped[int]
    at: Mapped[dt.datetime]
    name: Mapped[str] = mapped_column(Text)
    share: Mapped[float | None] = mapped_column(Double)
    detail: Mapped[str] = mapped_column(Text)


class QueueItemRow(Base):
    """One message of the queue; with ``due`` it waits for its moment."""

    __tablename__ = "queue_item"
    __table_args__ = (Index("ix_queue_item_order", "queue", "due", "priority", "id"),)

    id: Mapped[int] = mapped_column(_KEY, primary_key=True, autoincrement=True)
    queue: Mapped[str] = mapped_column(String(64))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    priority: Mapped[float] = mapped_column(Double, default=0.0)
    due: Mapped[float | None] = mapped_column(Double)
    """Seconds since 1970 (UTC) of a message that is scheduled, None for one that is due."""


class QueueValueRow(Base):
    """What the queue remembers by key."""

    __tablename__ = "queue_value"

    queue: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)


class QueueCounterRow(Base):
    """What the queue counts by key."""

    __tablename__ = "queue_counter"

    queue: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
