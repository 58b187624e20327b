"""The pages of jobs: the list, a form for each kind, a job with its progress and results."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from qamtu.core.errors import InputError
from qamtu.service.accounts.current import Principal, principal
from qamtu.service.database.engine import reading, writing
from qamtu.service.errors import NotFound
from qamtu.service.jobs import acting, repository
from qamtu.service.jobs.folders import folder_of
from qamtu.service.jobs.forms import request_of, shown_values
from qamtu.service.jobs.kinds import KINDS, Kind
from qamtu.service.jobs.parameters import FILE_KINDS, parameters
from qamtu.service.jobs.repository import Job, JobState
from qamtu.service.jobs.results import result_files, serve
from qamtu.service.jobs.words import CHOICES, STATES, UNITS
from qamtu.service.pages.country import country
from qamtu.service.pages.render import page
from qamtu.service.plans import repository as plans
from qamtu.service.policies import Resource, allowed, require
from qamtu.service.state import State, state_of
from qamtu.service.uploads import repository as uploads

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

Running = Annotated[State, Depends(state_of)]
Asker = Annotated[Principal, Depends(principal)]
JobId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
_SHOWN = 50
_GROUPS = {"main": "What is asked", "files": "Your own files", "search": "The search"}


async def sent(request: Request) -> FormData:
    """Read the form of a request."""
    return await request.form()


Sent = Annotated[FormData, Depends(sent)]


@router.get("/jobs")
def list_page(request: Request, state: Running, by: Asker) -> Response:
    """Show the newest jobs and the kinds that can be started."""
    _signed_in(by)
    with reading(state.sessions) as session:
        found = repository.jobs(session, acting.may_see(by), limit=_SHOWN)
    return page(
        request, "jobs/list.html.j2", jobs=found, kinds=KINDS, states=STATES,
        can_start=_can_start(by),
    )  # fmt: skip


@router.get("/jobs/start/{kind}")
def start_page(request: Request, state: Running, by: Asker, kind: str) -> Response:
    """Show the form of a kind of job."""
    _signed_in(by)
    return _form(request, state, by, _kind(kind))


@router.post("/jobs/start/{kind}")
def start(request: Request, state: Running, by: Asker, kind: str, form: Sent) -> Response:
    """Start a job, or show what is wrong with what was asked."""
    chosen = _kind(kind)
    try:
        with writing(state.sessions) as session:
            job = acting.start(state, session, chosen.name, request_of(chosen.name, form), by)
    except InputError as error:
        return _form(request, state, by, chosen, form=form, error=error)
    return _to(job.id)


@router.get("/jobs/{job}")
def job_page(request: Request, state: Running, by: Asker, job: JobId) -> Response:
    """Show a job."""
    with reading(state.sessions) as session:
        found = acting.get(session, job, by)
        context = _progress(session, found)
    resource = acting.resource_of(found)
    folder = folder_of(state.settings.data, found.id).out
    files = result_files(folder) if found.state is JobState.DONE else []
    ended_badly = found.state in {JobState.FAILED, JobState.CANCELLED}
    return page(
        request, "jobs/job.html.j2", kind=KINDS[found.kind], files=files,
        asked=_asked(found), units=UNITS, **context,
        has_report=any(one.name == "report.html" for one in files),
        may_cancel=not found.state.ended and found.state is not JobState.CANCELLING
        and allowed(by, "cancel_job", resource),
        may_resume=ended_badly and allowed(by, "start_job", resource),
        may_approve=found.state is JobState.DONE and found.approved_at is None
        and bool(KINDS[found.kind].line) and allowed(by, "approve_job", resource),
    )  # fmt: skip


@router.get("/jobs/{job}/progress")
def progress_part(request: Request, state: Running, by: Asker, job: JobId) -> Response:
    """Give the progress of a job; the whole page is to be loaded when it has ended."""
    with reading(state.sessions) as session:
        found = acting.get(session, job, by)
        context = _progress(session, found)
    headers = {"HX-Refresh": "true"} if found.state.ended else {}
    return page(request, "jobs/progress.html.j2", headers=headers, **context)


@router.post("/jobs/{job}/cancel")
def cancel(state: Running, by: Asker, job: JobId) -> Response:
    """Cancel a job."""
    with writing(state.sessions) as session:
        acting.cancel(state, session, job, by)
    return _to(job)


@router.post("/jobs/{job}/resume")
def resume(state: Running, by: Asker, job: JobId) -> Response:
    """Let a job go on."""
    with writing(state.sessions) as session:
        acting.resume(state, session, job, by)
    return _to(job)


@router.post("/jobs/{job}/approve")
def approve(state: Running, by: Asker, job: JobId) -> Response:
    """Take the results of a job as evidence."""
    with writing(state.sessions) as session:
        acting.approve(state, session, job, by)
    return _to(job)


@router.get("/jobs/{job}/files/{name:path}")
def download(state: Running, by: Asker, job: JobId, name: str) -> FileResponse:
    """Send a file of the results."""
    return _file(state, by, job, name, shown=False)


@router.get("/jobs/{job}/report")
def report(state: Running, by: Asker, job: JobId) -> FileResponse:
    """Show the report of a job in a sandbox of its own."""
    return _file(state, by, job, "report.html", shown=True)


def _file(state: State, by: Principal, job: str, name: str, *, shown: bool) -> FileResponse:
    with reading(state.sessions) as session:
        found = acting.get(session, job, by)
    return serve(folder_of(state.settings.data, found.id).out, name, shown=shown)


def _form(
    request: Request,
    state: State,
    by: Principal,
    kind: Kind,
    *,
    form: FormData | None = None,
    error: InputError | None = None,
) -> Response:
    groups = defaultdict(list)
    for parameter in parameters(kind.name):
        groups[parameter.group].append(parameter)
    with reading(state.sessions) as session:
        everyone = allowed(by, "read", Resource("document"))
        mine = uploads.uploads(session, by, everyone=everyone, limit=500)
        known_plans = plans.plans(session, "villages")
    fitting = {
        wanted: [one for one in mine if FilePath(one.name).suffix in endings]
        for wanted, endings in FILE_KINDS.items()
    }
    found = {one.field or "": one for one in error.findings} if error else {}
    place = country(state.settings.pack)
    own = [one for one in place.regions if by.role != "akimat" or one.id == by.region]
    return page(
        request, "jobs/start.html.j2", status=422 if error else 200, kind=kind,
        groups=[(name, _GROUPS[name], groups[name]) for name in _GROUPS],
        values=shown_values(kind.name, form), found=found, error=error, fitting=fitting,
        plans=known_plans, regions=own, whole_country=by.role != "akimat", choices=CHOICES,
        units={**UNITS, "currency": place.currency},
    )  # fmt: skip


def _progress(session: Session, job: Job) -> dict[str, Any]:
    return {"job": job, "stages": repository.stages(session, job.id), "states": STATES}


def _asked(job: Job) -> list[tuple[Any, Any]]:
    """Give what was asked and differs from the defaults."""
    shown = []
    for parameter in parameters(job.kind):
        value = job.request.get(parameter.name)
        default = parameter.default
        same = list(default) if isinstance(default, tuple) else default
        if value != same:
            shown.append((parameter, ", ".join(map(str, value)) if isinstance(value, list)
                          else value))  # fmt: skip
    return shown


def _kind(name: str) -> Kind:
    kind = KINDS.get(name)
    if kind is None:
        raise NotFound(f"There is no kind of job {name[:40]}.")
    return kind


def _can_start(by: Principal) -> bool:
    return allowed(by, "start_job", Resource("job", "", by.region, by.organisation))


def _signed_in(by: Principal) -> None:
    if not by.signed_in:
        require(by, "start_job", Resource("job"))


def _to(job: str) -> RedirectResponse:
    return RedirectResponse(f"/jobs/{job}", 303, {"Cache-Control": "no-store"})
