"""What the API of jobs takes and gives."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from qamtu.service.jobs.repository import Job, JobState, Passed

__all__ = ["EventsOut", "JobIn", "JobOut", "JobsOut", "StageOut", "job_out"]

_Value = bool | int | float | str | list[str | float] | None


class JobIn(BaseModel):
    """A job that is asked for; what ``request`` may say depends on the kind."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[str, Field(max_length=32, examples=["plan"])]
    request: Annotated[
        dict[Annotated[str, Field(max_length=64)], _Value], Field(max_length=100)
    ] = {}


class JobOut(BaseModel):
    """A job as it stands."""

    id: str
    kind: str
    request: dict[str, Any]
    state: JobState
    stage: str
    share: float | None
    detail: str
    attempts: int
    created_at: dt.datetime
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    error: str
    findings: list[dict[str, Any]]
    region: str | None
    approved_at: dt.datetime | None
    plan: str
    files: list[str]


class JobsOut(BaseModel):
    """Some jobs, the newest first; ``next`` leads to those that follow."""

    jobs: list[JobOut]
    next: str | None


class StageOut(BaseModel):
    """A stage that a job went through."""

    id: int
    attempt: int
    at: dt.datetime
    name: str
    share: float | None
    detail: str

    @classmethod
    def of(cls, passed: Passed) -> StageOut:
        """Make it of a row."""
        return cls(
            id=passed.id, attempt=passed.attempt, at=passed.at, name=passed.name,
            share=passed.share, detail=passed.detail,
        )  # fmt: skip


class EventsOut(BaseModel):
    """What happened since the last look: give the newest ``id`` as ``after`` next time."""

    state: JobState
    stage: str
    share: float | None
    detail: str
    stages: list[StageOut]


def job_out(job: Job, files: list[str]) -> JobOut:
    """Make what the API gives of a job."""
    return JobOut(
        id=job.id, kind=job.kind, request=dict(job.request), state=job.state, stage=job.stage,
        share=job.share, detail=job.detail, attempts=job.attempts, created_at=job.created_at,
        started_at=job.started_at, ended_at=job.ended_at, error=job.error,
        findings=[dict(one) for one in job.findings], region=job.region,
        approved_at=job.approved_at, plan=job.plan, files=files,
    )  # fmt: skip
