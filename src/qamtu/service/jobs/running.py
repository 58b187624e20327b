"""One job from claim to end: its process, its progress, its heartbeat, its cancelling."""

from __future__ import annotations

import json
import os
import queue as queues
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy.exc import SQLAlchemyError

from qamtu.core.errors import InputError
from qamtu.core.progress import Stage
from qamtu.service.database.engine import writing
from qamtu.service.jobs import repository
from qamtu.service.jobs.child import order_line
from qamtu.service.jobs.folders import JobFolder, folder_of, gather
from qamtu.service.jobs.kinds import Order
from qamtu.service.jobs.queue import put
from qamtu.service.jobs.repository import Job, JobState
from qamtu.service.state import State

__all__ = ["Pace", "do_job"]


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a worker looks, beats and gives up.

    Parameters
    ----------
    beat_s
        Between two heartbeats; a cancelled job hears of it within this time [s].
    stale_s
        Silence after which a worker counts as dead [s]: many heartbeats, and more than the
        clocks of two machines may differ.
    poll_s
        Longest time between two looks at the queue [s].
    grace_s
        Time that a stopped process has before it is killed [s].
    attempts
        How often a job is begun whose worker dies.
    """

    beat_s: float = 2.0
    stale_s: float = 30.0
    poll_s: float = 1.0
    grace_s: float = 10.0
    attempts: int = 3


def do_job(
    state: State, job_id: str, worker: str, pace: Pace, stopping: Callable[[], bool]
) -> None:
    """Do a job if it still waits; of several workers that try, one does it.

    Parameters
    ----------
    worker
        Token of this attempt's worker.
    stopping
        Says whether the worker is to leave: the job then waits for the next one.
    """
    with writing(state.sessions) as session:
        job = repository.claim(session, job_id, worker)
    if job is None:
        return
    state.log.info("job.begun", job=job.id, kind=job.kind, attempt=job.attempts)
    try:
        with writing(state.sessions) as session:
            files = gather(state, session, job)
    except InputError as error:
        _end(state, job, {"end": "failed", "error": str(error.args[0]), "findings": []})
        return
    folder = folder_of(state.settings.data, job.id)
    order = Order(job.kind, job.request, state.settings.pack, str(folder.out), files)
    with folder.log.open("ab") as log:
        process = _start(order, log)
    said: queues.Queue[Mapping[str, Any]] = queues.Queue()
    reader = threading.Thread(target=_read, args=(process.stdout, said), daemon=True)
    reader.start()
    try:
        _follow(state, job, process, said, pace, stopping, folder)
    finally:
        _kill(process)
        reader.join(pace.grace_s)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _start(order: Order, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the process of a job in a group of its own, without the service's settings."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("QAMTU_")}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "qamtu.service.jobs.child"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=env,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.write(order_line(order))
        process.stdin.flush()
    return process


def _read(told: Any, said: queues.Queue[Mapping[str, Any]]) -> None:
    with suppress(OSError, ValueError):
        for line in told:
            with suppress(json.JSONDecodeError):
                said.put(json.loads(line))
    said.put({})  # nothing more comes


def _follow(
    state: State,
    job: Job,
    process: subprocess.Popen[bytes],
    said: queues.Queue[Mapping[str, Any]],
    pace: Pace,
    stopping: Callable[[], bool],
    folder: JobFolder,
) -> None:
    """Keep the job's row up to date until its process has ended or the job is to stop."""
    last_name, told_at, stop_at = "", 0.0, None
    ended: Mapping[str, Any] = {}
    leaving = silent = False
    while not silent:
        words, silent = _words(said, min(pace.beat_s, 0.25))
        ended = next((word for word in words if "end" in word), ended)
        stages = [Stage(w["stage"], w["share"], w["detail"]) for w in words if "stage" in w]
        passed = []
        for stage in stages:
            if stage.name != last_name or stage.share == 1.0:
                passed.append(stage)
            last_name = stage.name
        leaving = leaving or stopping()
        if passed or time.monotonic() - told_at >= pace.beat_s:
            told_at = time.monotonic()
            now = _beat(state, job, stages[-1] if stages else None, passed)
            if now is None:  # another worker has it
                return
            leaving = leaving or now is JobState.CANCELLING
        if leaving and stop_at is None:
            stop_at = time.monotonic()
            process.terminate()
        if stop_at is not None and time.monotonic() - stop_at > pace.grace_s:
            _kill(process)
    process.wait()
    if not ended or ended["end"] == "stopped":
        if leaving:
            _leave(state, job)
            return
        ended = {"end": "failed", "error": _last_words(process.returncode, folder.log)}
    _end(state, job, ended)


def _words(
    said: queues.Queue[Mapping[str, Any]], wait_s: float
) -> tuple[list[Mapping[str, Any]], bool]:
    """Take what was said, waiting a little for the first word; and whether it was the last."""
    words = []
    with suppress(queues.Empty):
        words.append(said.get(timeout=wait_s))
        while True:
            words.append(said.get_nowait())
    return [word for word in words if word], any(not word for word in words)


def _beat(state: State, job: Job, last: Stage | None, passed: list[Stage]) -> JobState | None:
    """Beat; a database that does not answer for a moment is not the job's end."""
    try:
        with writing(state.sessions) as session:
            return repository.beat(session, job, last, passed)
    except SQLAlchemyError:
        state.log.exception("job.beat", job=job.id)
        return JobState.RUNNING


def _end(state: State, job: Job, ended: Mapping[str, Any]) -> None:
    done = JobState.DONE if ended["end"] == "done" else JobState.FAILED
    said = {"error": ended.get("error", ""), "findings": ended.get("findings", ())}
    with writing(state.sessions) as session:
        mine = repository.end(session, job, done, **said)
    state.log.info("job.ended" if mine else "job.lost", job=job.id, state=done.value)


def _leave(state: State, job: Job) -> None:
    """End a cancelled job; let one wait again whose worker leaves."""
    with writing(state.sessions) as session:
        if repository.release(session, job):
            left = repository.find(session, job.id)
            if left is not None and left.state is JobState.QUEUED:
                put(state.engine, session, job.id)
    state.log.info("job.left", job=job.id)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process of a job and all it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_words(code: int | None, log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    said = lines[-1] if lines else "it said nothing"
    return f"the process ended with code {code}: {said[:500]}"
