"""Jobs to test with: a made country, requests that take a second, a worker at a quick pace."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from qamtu.service.accounts.current import Principal
from qamtu.service.database.engine import reading, writing
from qamtu.service.jobs import queue, repository
from qamtu.service.jobs.repository import Job, JobState
from qamtu.service.jobs.running import Pace
from qamtu.service.settings import Settings
from qamtu.service.state import State
from tests.madeland import fill_pack

MINISTRY = Principal(id="m1", role="ministry", organisation="ministry")
QUICK = {
    "max_rounds": 2, "workers": 1, "curve_points": 0, "draws": 0, "rings": 0,
    "time_limit_s": 60, "gap_limit": 0.01, "sensitivity": False, "line_of_sight": False,
}  # fmt: skip
"""A plan of about a second."""
SLOW = {**QUICK, "gap_limit": 0, "max_rounds": None, "time_limit_s": 600, "curve_points": 20}
"""A plan that takes far longer than any test."""
PACE = Pace(beat_s=0.2, stale_s=6.0, poll_s=0.1, grace_s=5.0)


def made_country(folder: Path, count: int = 48) -> str:
    return str(fill_pack(folder, count=count))


def with_pack(state: State, pack: str) -> State:
    return replace(state, settings=replace(state.settings, pack=pack))


def ask(state: State, kind: str = "plan", request: dict[str, Any] | None = None) -> str:
    with writing(state.sessions) as session:
        job = queue.submit(state, session, kind, QUICK if request is None else request, MINISTRY)
        return job.id


def look(state: State, job: str) -> Job:
    with reading(state.sessions) as session:
        found = repository.find(session, job)
    assert found is not None
    return found


def wait_for(state: State, job: str, good: Callable[[Job], bool], most_s: float = 120.0) -> Job:
    end = time.monotonic() + most_s
    while time.monotonic() < end:
        found = look(state, job)
        if good(found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"still {look(state, job)}")


def ended(job: Job) -> bool:
    return job.state.ended


def running(job: Job) -> bool:
    return job.state is JobState.RUNNING


def settings_of(state: State) -> Settings:
    return state.settings
