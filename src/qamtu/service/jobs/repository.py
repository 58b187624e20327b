"""All SQL of jobs: make, find and list; claim, beat, end; take up what a dead worker left."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from qamtu.core.progress import Stage
from qamtu.service.jobs.tables import JobRow, JobStageRow

__all__ = [
    "Job",
    "JobState",
    "Passed",
    "approved",
    "beat",
    "claim",
    "counts",
    "end",
    "find",
    "insert",
    "jobs",
    "move",
    "release",
    "stages",
    "stale",
    "waiting",
]

_MOST_STAGES = 2_000


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing happens to it by itself any more."""
        return self in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


_AT_WORK = (JobState.RUNNING.value, JobState.CANCELLING.value)


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands.

    Parameters
    ----------
    id, kind, request
        What was asked.
    state, stage, share, detail
        Where it stands; ``share`` of the stage [1], None where it cannot be known.
    attempts
        How often a worker has begun it.
    worker, heartbeat
        Who does it, and when that one was last heard of.
    created_at, started_at, ended_at
        When it was asked for, first begun and ended.
    error, findings
        Why it failed.
    made_by, organisation, region
        Who asked, and which region it is about (None: the country).
    approved_by, approved_at, plan
        Who took its results as evidence, when, and the plan they became.
    """

    id: str
    kind: str
    request: Mapping[str, Any]
    state: JobState
    stage: str
    share: float | None
    detail: str
    attempts: int
    worker: str
    heartbeat: dt.datetime
    created_at: dt.datetime
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    error: str
    findings: tuple[Mapping[str, Any], ...]
    made_by: str
    organisation: str | None
    region: str | None
    approved_by: str
    approved_at: dt.datetime | None
    plan: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A stage that a job went through; ``id`` grows with time."""

    id: int
    attempt: int
    at: dt.datetime
    name: str
    share: float | None
    detail: str


def insert(
    session: Session,
    kind: str,
    request: Mapping[str, Any],
    *,
    made_by: str,
    organisation: str | None,
    region: str | None,
) -> Job:
    """Add a job that waits."""
    now = _now()
    row = JobRow(
        id=uuid.uuid4().hex, kind=kind, request=dict(request), state=JobState.QUEUED.value,
        stage="", share=None, detail="", attempts=0, worker="", heartbeat=now, created_at=now,
        error="", findings={"findings": []}, made_by=made_by, organisation=organisation,
        region=region, approved_by="", plan="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return _job(row)


def find(session: Session, job: str) -> Job | None:
    """Give a job, None where there is none."""
    row = session.get(JobRow, job, populate_existing=True)
    return None if row is None else _job(row)


def counts(session: Session) -> dict[JobState, int]:
    """Count the jobs by state; an index holds all that is read."""
    made = dict.fromkeys(JobState, 0)
    rows = session.execute(select(JobRow.state, func.count()).group_by(JobRow.state))
    return made | {JobState(state): number for state, number in rows}


def jobs(
    session: Session,
    *where: ColumnElement[bool],
    before: tuple[dt.datetime, str] | None = None,
    limit: int = 50,
) -> list[Job]:
    """List jobs, the newest first; ``before`` is moment and id of the last one seen."""
    query = select(JobRow).where(*where).order_by(JobRow.created_at.desc(), JobRow.id.desc())
    if before is not None:
        at, last = before
        query = query.where(
            (JobRow.created_at < at) | ((JobRow.created_at == at) & (JobRow.id < last))
        )
    return [_job(row) for row in session.scalars(query.limit(limit))]


def stages(session: Session, job: str, after: int = 0) -> list[Passed]:
    """Give the stages of a job, the first first; only those past ``after``."""
    query = (
        select(JobStageRow)
        .where(JobStageRow.job == job, JobStageRow.id > after)
        .order_by(JobStageRow.id)
    )
    return [
        Passed(row.id, row.attempt, row.at, row.name, row.share, row.detail)
        for row in session.scalars(query)
    ]


def claim(session: Session, job: str, worker: str) -> Job | None:
    """Take a waiting job for a worker; of several that try, one gets it."""
    now = _now()
    values = {
        "state": JobState.RUNNING.value, "worker": worker, "heartbeat": now,
        "attempts": JobRow.attempts + 1, "started_at": func.coalesce(JobRow.started_at, now),
        "ended_at": None, "error": "", "stage": "", "share": None, "detail": "",
    }  # fmt: skip
    taken = _change(session, values, JobRow.id == job, JobRow.state == JobState.QUEUED.value)
    return find(session, job) if taken else None


def beat(
    session: Session, job: Job, last: Stage | None, passed: Sequence[Stage] = ()
) -> JobState | None:
    """Say that a worker is alive and how far its job is.

    Parameters
    ----------
    last
        Where the job stands; None where nothing is new.
    passed
        Stages to write into its log.

    Returns
    -------
    state
        Where the job stands; None where it is no longer this worker's: it must let go.
    """
    values: dict[str, Any] = {"heartbeat": _now()}
    if last is not None:
        values |= {"stage": last.name, "share": last.share, "detail": last.detail}
    if not _change(session, values, *_mine(job)):
        return None
    _write_stages(session, job, passed)
    found = find(session, job.id)
    return None if found is None else found.state


def end(
    session: Session,
    job: Job,
    state: JobState,
    *,
    error: str = "",
    findings: Sequence[Mapping[str, Any]] = (),
) -> bool:
    """End a job of this worker; False where it is no longer this worker's."""
    now = _now()
    values = {
        "state": state.value, "ended_at": now, "heartbeat": now, "error": error,
        "findings": {"findings": [dict(one) for one in findings]},
    }  # fmt: skip
    return _change(session, values, *_mine(job))


def release(session: Session, job: Job) -> bool:
    """Let a job of this worker wait again, the attempt not counted; a cancelled one ends."""
    cancelled = JobRow.state == JobState.CANCELLING.value
    values = {
        "state": case((cancelled, JobState.CANCELLED.value), else_=JobState.QUEUED.value),
        "ended_at": case((cancelled, _now()), else_=None),
        "attempts": JobRow.attempts - 1, "worker": "", "heartbeat": _now(),
    }  # fmt: skip
    return _change(session, values, *_mine(job))


def move(session: Session, job: str, before: Sequence[JobState], after: JobState) -> bool:
    """Bring a job from one of some states into another; False where it was in none of them."""
    values: dict[str, Any] = {"state": after.value}
    if after is JobState.QUEUED:
        values |= {
            "attempts": 0, "worker": "", "heartbeat": _now(), "ended_at": None, "error": "",
            "findings": {"findings": []},
        }  # fmt: skip
    elif after.ended:
        values["ended_at"] = _now()
    states = [state.value for state in before]
    return _change(session, values, JobRow.id == job, JobRow.state.in_(states))


def stale(session: Session, older_s: float, attempts: int) -> list[str]:
    """Deal with the jobs of workers that were not heard of for some seconds.

    A job begun too often fails, one that was to be cancelled is, the others wait again.

    Returns
    -------
    ids
        Of the jobs that wait again: each needs a message in the queue.
    """
    moment = _now() - dt.timedelta(seconds=older_s)
    dead = (JobRow.state.in_(_AT_WORK), JobRow.heartbeat < moment)
    found = session.execute(
        select(JobRow.id, JobRow.state, JobRow.attempts, JobRow.worker).where(*dead)
    ).all()
    again = []
    for job, state, begun, worker in found:
        same = (JobRow.id == job, JobRow.worker == worker, *dead)
        if state == JobState.CANCELLING.value:
            values: dict[str, Any] = {"state": JobState.CANCELLED.value, "ended_at": _now()}
        elif begun >= attempts:
            error = f"the worker died {begun} times while it did this job"
            values = {"state": JobState.FAILED.value, "ended_at": _now(), "error": error}
        else:
            values = {"state": JobState.QUEUED.value, "worker": "", "heartbeat": _now()}
        if _change(session, values, *same) and values["state"] == JobState.QUEUED.value:
            again.append(job)
    return again


def waiting(session: Session, older_s: float) -> list[str]:
    """Give the jobs that wait for longer than some seconds."""
    moment = _now() - dt.timedelta(seconds=older_s)
    query = select(JobRow.id).where(
        JobRow.state == JobState.QUEUED.value, JobRow.heartbeat < moment
    )
    return list(session.scalars(query.order_by(JobRow.created_at)))


def approved(session: Session, job: str, *, by: str, plan: str) -> bool:
    """Write down that the results of a finished job were taken; False where they were before."""
    values = {"approved_by": by, "approved_at": _now(), "plan": plan}
    done = (JobRow.state == JobState.DONE.value, JobRow.approved_at.is_(None))
    return _change(session, values, JobRow.id == job, *done)


def _mine(job: Job) -> tuple[ColumnElement[bool], ...]:
    return JobRow.id == job.id, JobRow.worker == job.worker, JobRow.state.in_(_AT_WORK)


def _change(session: Session, values: Mapping[str, Any], *where: ColumnElement[bool]) -> bool:
    statement = update(JobRow).where(*where).values(**values)
    done: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount) == 1


def _write_stages(session: Session, job: Job, passed: Sequence[Stage]) -> None:
    if not passed:
        return
    mine = select(func.count()).select_from(JobStageRow).where(JobStageRow.job == job.id)
    room = _MOST_STAGES - session.execute(mine).scalar_one()
    now = _now()
    session.add_all(
        JobStageRow(
            job=job.id, attempt=job.attempts, at=now, name=one.name, share=one.share,
            detail=one.detail,
        )
        for one in passed[: max(room, 0)]
    )  # fmt: skip
    session.flush()


def _job(row: JobRow) -> Job:
    return Job(
        id=row.id, kind=row.kind, request=dict(row.request), state=JobState(row.state),
        stage=row.stage, share=row.share, detail=row.detail, attempts=row.attempts,
        worker=row.worker, heartbeat=row.heartbeat, created_at=row.created_at,
        started_at=row.started_at, ended_at=row.ended_at, error=row.error,
        findings=tuple(row.findings.get("findings", ())), made_by=row.made_by,
        organisation=row.organisation, region=row.region, approved_by=row.approved_by,
        approved_at=row.approved_at, plan=row.plan,
    )  # fmt: skip


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)
