"""The queue: a job is asked for, cancelled, taken up again; one message of huey a waiting job.

A job and its message are written in one transaction, so neither is there without the other. The
queue is huey with a storage in the service's own database; see ``docs/decisions/jobs-queue.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from huey import Huey
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Finding, Severity
from qamtu.service.accounts.current import Principal
from qamtu.service.errors import Conflict
from qamtu.service.jobs import repository
from qamtu.service.jobs.kinds import kind_of
from qamtu.service.jobs.messages import JsonSerializer
from qamtu.service.jobs.parameters import model_of, parameters
from qamtu.service.jobs.repository import Job, JobState
from qamtu.service.jobs.storage import SqlStorage
from qamtu.service.state import State

__all__ = [
    "TASK",
    "WrongState",
    "cancel",
    "check_request",
    "make_queue",
    "pending",
    "put",
    "region_of",
    "resume",
    "submit",
    "task_of",
]

TASK: Final = "do_job"
"""Name of the queue's one task; its argument is the id of a job."""


class WrongState(Conflict):
    """The job is in a state in which this cannot be done to it."""


def make_queue(engine: Engine) -> Huey:
    """Open the queue of a database; it keeps no results, the job's row says how it ended."""
    return Huey(
        "qamtu", results=False, serializer=JsonSerializer(), storage_class=SqlStorage,
        engine=engine,
    )  # fmt: skip


def submit(
    state: State, session: Session, kind: str, request: Mapping[str, Any], by: Principal
) -> Job:
    """Check what is asked and let it wait for a worker.

    Raises
    ------
    MissingInput
        If there is no such kind.
    InputError
        With a finding for each field that cannot be used.
    """
    checked = check_request(kind, request)
    job = repository.insert(
        session, kind, checked, made_by=by.id, organisation=by.organisation,
        region=region_of(kind, checked, by),
    )  # fmt: skip
    put(state.engine, session, job.id)
    return job


def region_of(kind: str, request: Mapping[str, Any], by: Principal) -> str | None:
    """Give the region that a job is about, None for the country.

    A kind that plans regions says it itself; the others are of their asker's region.
    """
    if any(one.name == "region" for one in parameters(kind)):
        region = request.get("region")
        return str(region) if region else None
    return by.region


def check_request(kind: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Give a request as it is kept: only what its model knows, as JSON values.

    Raises
    ------
    MissingInput
        If there is no such kind.
    InputError
        With a finding for each field that cannot be used.
    """
    if kind_of(kind) is None:
        raise MissingInput(f"there is no kind of job {kind!r}")
    try:
        return model_of(kind).model_validate(dict(request)).model_dump(mode="json")
    except ValidationError as error:
        labels = {one.name: one.label for one in parameters(kind)}
        found = []
        for wrong in error.errors(include_url=False, include_input=False, include_context=False):
            name = str(wrong["loc"][0]) if wrong["loc"] else ""
            mend = labels.get(name, "leave it out")
            found.append(
                Finding(wrong["type"].replace("_", "-"), Severity.ERROR, str(wrong["msg"]), mend,
                        "request", None, name)
            )  # fmt: skip
        raise InputError("the request cannot be used", found) from error


def cancel(state: State, session: Session, job: str) -> Job:
    """Cancel a job: one that waits at once, one at work as soon as its worker hears of it.

    Raises
    ------
    MissingInput
        If there is no such job.
    WrongState
        If it has ended.
    """
    del state
    waits = repository.move(session, job, [JobState.QUEUED], JobState.CANCELLED)
    if not waits and not repository.move(session, job, [JobState.RUNNING], JobState.CANCELLING):
        found = _get(session, job)
        if found.state is not JobState.CANCELLING:
            raise WrongState(f"the job has ended ({found.state.value}); nothing is left to cancel")
    return _get(session, job)


def resume(state: State, session: Session, job: str) -> Job:
    """Let a failed or cancelled job wait again; what it had solved is taken up.

    Raises
    ------
    MissingInput
        If there is no such job.
    WrongState
        If it is neither.
    """
    ended = [JobState.FAILED, JobState.CANCELLED]
    if not repository.move(session, job, ended, JobState.QUEUED):
        found = _get(session, job)
        raise WrongState(f"the job is {found.state.value}; only a failed or cancelled one resumes")
    put(state.engine, session, job)
    return _get(session, job)


def put(engine: Engine, session: Session, job: str) -> None:
    """Put the message of a job into the queue, as a part of the session's transaction."""
    queue = make_queue(engine)
    task = task_of(queue, _nothing)
    with queue.storage.joined(session.connection()):
        task(job)


def task_of(queue: Huey, do: Callable[[str], None]) -> Any:
    """Give the queue its one task: the same name for those who ask and for the worker."""

    def do_job(job: str) -> None:
        do(job)

    return queue.task(name=TASK)(do_job)


def pending(queue: Huey) -> set[str]:
    """Give the ids of the jobs that have a message in the queue."""
    return {str(task.args[0]) for task in queue.pending() if task.args}


def _nothing(job: str) -> None:
    """Stand for the worker's function where messages are only written."""


def _get(session: Session, job: str) -> Job:
    found = repository.find(session, job)
    if found is None:
        raise MissingInput(f"there is no job {job}")
    return found
