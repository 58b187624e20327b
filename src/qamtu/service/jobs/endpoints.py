"""The API of jobs: list, start, look, cancel, resume, approve, events, files."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import FileResponse

from qamtu.service.accounts.current import Principal, principal
from qamtu.service.database.engine import reading, writing
from qamtu.service.errors import Unreadable
from qamtu.service.jobs import acting, repository
from qamtu.service.jobs.folders import folder_of
from qamtu.service.jobs.kinds import KINDS
from qamtu.service.jobs.parameters import model_of
from qamtu.service.jobs.repository import Job
from qamtu.service.jobs.results import result_files, serve
from qamtu.service.jobs.schemas import EventsOut, JobIn, JobOut, JobsOut, StageOut, job_out
from qamtu.service.policies import Resource, require
from qamtu.service.state import State, state_of

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])

Running = Annotated[State, Depends(state_of)]
Asker = Annotated[Principal, Depends(principal)]
JobId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


@router.get("")
def list_jobs(
    state: Running,
    by: Asker,
    before: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> JobsOut:
    """List the jobs that the asker may see, the newest first."""
    _signed_in(by)
    last = _cursor(before)
    with reading(state.sessions) as session:
        found = repository.jobs(session, acting.may_see(by), before=last, limit=limit + 1)
    shown = found[:limit]
    more = f"{shown[-1].created_at.isoformat()}_{shown[-1].id}" if len(found) > limit else None
    return JobsOut(jobs=[_out(state, job) for job in shown], next=more)


@router.post("", status_code=201)
def start_job(state: Running, by: Asker, asked: JobIn, response: Response) -> JobOut:
    """Start a job."""
    with writing(state.sessions) as session:
        job = acting.start(state, session, asked.kind, asked.request, by)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return _out(state, job)


@router.get("/kinds")
def list_kinds() -> dict[str, object]:
    """Give for each kind of job the JSON schema of its request."""
    return {name: model_of(name).model_json_schema() for name in KINDS}


@router.get("/{job}")
def read_job(state: Running, by: Asker, job: JobId) -> JobOut:
    """Give a job."""
    with reading(state.sessions) as session:
        return _out(state, acting.get(session, job, by))


@router.get("/{job}/events")
def read_events(
    state: Running, by: Asker, job: JobId, after: Annotated[int, Query(ge=0, le=2**53)] = 0
) -> EventsOut:
    """Give where a job stands and the stages since the last look."""
    with reading(state.sessions) as session:
        found = acting.get(session, job, by)
        passed = repository.stages(session, job, after)
    return EventsOut(
        state=found.state, stage=found.stage, share=found.share, detail=found.detail,
        stages=[StageOut.of(one) for one in passed],
    )  # fmt: skip


@router.post("/{job}/cancel")
def cancel_job(state: Running, by: Asker, job: JobId) -> JobOut:
    """Cancel a job."""
    with writing(state.sessions) as session:
        return _out(state, acting.cancel(state, session, job, by))


@router.post("/{job}/resume")
def resume_job(state: Running, by: Asker, job: JobId) -> JobOut:
    """Let a failed or cancelled job go on."""
    with writing(state.sessions) as session:
        return _out(state, acting.resume(state, session, job, by))


@router.post("/{job}/approve")
def approve_job(state: Running, by: Asker, job: JobId) -> JobOut:
    """Take the results of a job: its plan is registered, its measures become evidence."""
    with writing(state.sessions) as session:
        return _out(state, acting.approve(state, session, job, by))


@router.get(
    "/{job}/files/{name:path}",
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
def read_file(
    state: Running, by: Asker, job: JobId, name: Annotated[str, Path(max_length=300)]
) -> FileResponse:
    """Give a file of the results."""
    with reading(state.sessions) as session:
        found = acting.get(session, job, by)
    return serve(folder_of(state.settings.data, found.id).out, name, shown=False)


def _out(state: State, job: Job) -> JobOut:
    files = result_files(folder_of(state.settings.data, job.id).out) if job.state.ended else []
    return job_out(job, [one.name for one in files])


def _signed_in(by: Principal) -> None:
    if not by.signed_in:
        require(by, "read", Resource("job"))


def _cursor(text: str | None) -> tuple[dt.datetime, str] | None:
    if text is None:
        return None
    moment, _, job = text.partition("_")
    try:
        at = dt.datetime.fromisoformat(moment.replace(" ", "+"))
        at = at.astimezone(dt.UTC) if at.tzinfo else at
    except (ValueError, OverflowError) as error:
        raise Unreadable("before is not what next was") from error
    if at.tzinfo is None or not job.isalnum():
        raise Unreadable("before is not what next was")
    return at, job
