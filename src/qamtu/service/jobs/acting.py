"""What a principal does with jobs: start, cancel, resume, approve, each by the policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, false, true
from sqlalchemy.orm import Session

from qamtu.service.accounts.current import Principal
from qamtu.service.errors import Conflict, NotFound
from qamtu.service.jobs import queue, repository
from qamtu.service.jobs.folders import check_inputs, folder_of
from qamtu.service.jobs.kinds import KINDS
from qamtu.service.jobs.repository import Job, JobState
from qamtu.service.jobs.tables import JobRow
from qamtu.service.plans import repository as plans
from qamtu.service.policies import Resource, allowed, require
from qamtu.service.state import State

__all__ = ["approve", "cancel", "get", "may_see", "resource_of", "resume", "start"]


def resource_of(job: Job) -> Resource:
    """Give what the policies are asked about a job."""
    return Resource("job", job.id, job.region, job.organisation)


def start(
    state: State, session: Session, kind: str, request: Mapping[str, Any], by: Principal
) -> Job:
    """Start a job.

    Raises
    ------
    Forbidden
        If the policies say no.
    MissingInput, InputError
        If the kind is not known or the request cannot be used.
    """
    if not by.signed_in:
        require(by, "start_job", Resource("job"))
    checked = queue.check_request(kind, request)
    region = queue.region_of(kind, checked, by)
    require(by, "start_job", Resource("job", "", region, by.organisation))
    check_inputs(session, kind, checked, by)
    return queue.submit(state, session, kind, checked, by)


def get(session: Session, job: str, by: Principal) -> Job:
    """Give a job that a principal may see.

    Raises
    ------
    NotFound
        If there is none, or it is not theirs to see.
    """
    found = repository.find(session, job)
    if found is None or not allowed(by, "read", resource_of(found)):
        if not by.signed_in:
            require(by, "read", Resource("job", job))
        raise NotFound(f"There is no job {job}.")
    return found


def cancel(state: State, session: Session, job: str, by: Principal) -> Job:
    """Cancel a job; errors as `get` and `queue.cancel`."""
    require(by, "cancel_job", resource_of(get(session, job, by)))
    return queue.cancel(state, session, job)


def resume(state: State, session: Session, job: str, by: Principal) -> Job:
    """Let a job go on that failed or was cancelled; errors as `get` and `queue.resume`."""
    require(by, "start_job", resource_of(get(session, job, by)))
    return queue.resume(state, session, job)


def approve(state: State, session: Session, job: str, by: Principal) -> Job:
    """Take the results of a job: a line's plan is registered and its measures become evidence.

    Raises
    ------
    NotFound, Forbidden
        If it is not there or not theirs to approve.
    Conflict
        If it is not done, was approved before, or brings no plan.
    InputError
        If the results do not give the figures that they state.
    """
    found = get(session, job, by)
    require(by, "approve_job", resource_of(found))
    if not KINDS[found.kind].line:
        raise Conflict("The results of this kind of job are no plan of a line.")
    if found.state is not JobState.DONE or found.approved_at is not None:
        raise Conflict("Only a finished job that was not approved before can be approved.")
    folder = folder_of(state.settings.data, found.id).out
    plan = plans.register(state, session, folder, by=by.id)
    if not repository.approved(session, found.id, by=by.id, plan=plan.id):
        raise Conflict("Only a finished job that was not approved before can be approved.")
    return get(session, job, by)


def may_see(by: Principal) -> ColumnElement[bool]:
    """Give the condition on jobs that a principal may see: the policies, asked once a scope."""
    if allowed(by, "read", Resource("job")):
        return true()
    seen: ColumnElement[bool] = false()
    if by.region is not None and allowed(by, "read", Resource("job", "", by.region)):
        seen |= JobRow.region == by.region
    if by.organisation is not None and allowed(
        by, "read", Resource("job", "", None, by.organisation)
    ):
        seen |= JobRow.organisation == by.organisation
    return seen
