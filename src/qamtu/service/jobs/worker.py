"""The worker: takes jobs from the queue one by one, and takes up what a dead worker left.

``start`` runs one beside the server and starts it again should it die; ``work`` is the worker
itself, for ``qamtu work``. A worker whose server is gone leaves; the job it was at waits then.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from huey import Huey
from huey.consumer import Consumer
from sqlalchemy.exc import SQLAlchemyError

from qamtu.service.database.engine import make_engine, make_sessions, reading, writing
from qamtu.service.jobs import repository
from qamtu.service.jobs.queue import make_queue, pending, put, task_of
from qamtu.service.jobs.running import Pace, do_job
from qamtu.service.settings import Settings
from qamtu.service.state import State

__all__ = ["Worker", "start", "stop", "sweep", "work"]

_LEAVE_S = 20.0
_AGAIN_S = 2.0


@dataclass(slots=True)
class Worker:
    """A worker in a process of its own; see `start`."""

    settings: Settings
    pace: Pace
    process: subprocess.Popen[bytes]
    leaving: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)


def start(settings: Settings, pace: Pace | None = None) -> Worker:
    """Start a worker in a process of its own; it is started again should it die.

    The database's URL goes by a pipe, so that no list of processes shows it; the worker leaves
    when the pipe closes, which it does even where this process is killed.
    """
    chosen = pace or Pace()
    worker = Worker(settings, chosen, _spawn(settings, chosen))
    threading.Thread(target=_supervise, args=(worker,), daemon=True).start()
    return worker


def stop(worker: Worker, wait_s: float = _LEAVE_S) -> None:
    """Let a worker leave: the job it is at waits for the next one."""
    worker.leaving.set()
    with worker.lock:
        process = worker.process
    process.terminate()
    try:
        process.wait(wait_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _close(process)


def work(settings: Settings, pace: Pace | None = None) -> None:
    """Do jobs until SIGTERM or SIGINT; only in the main thread of a process."""
    chosen = pace or Pace()
    engine = make_engine(settings.database)
    state = State(settings=settings, engine=engine, sessions=make_sessions(engine))
    queue = make_queue(engine)
    idle = threading.Event()
    idle.set()
    consumer = Consumer(
        queue, workers=1, periodic=False, max_delay=chosen.poll_s, scheduler_interval=1
    )

    def do(job: str) -> None:
        idle.clear()
        try:
            do_job(state, job, uuid.uuid4().hex, chosen, consumer.stop_flag.is_set)
        except SQLAlchemyError:
            state.log.exception("job.database", job=job)  # the sweep takes it up
        finally:
            idle.set()

    task_of(queue, do)
    sweeper = threading.Thread(
        target=_sweep_on, args=(state, queue, chosen, consumer.stop_flag), daemon=True
    )
    sweeper.start()
    consumer.run()
    idle.wait(_LEAVE_S)
    engine.dispose()


def sweep(state: State, queue: Huey, pace: Pace) -> list[str]:
    """Put the jobs into the queue again that were lost: by a dead worker, or with their message.

    Returns
    -------
    ids
        Of the jobs that were put.
    """
    with reading(state.sessions) as session:
        lost = set(repository.waiting(session, pace.stale_s)) - pending(queue)
    with writing(state.sessions) as session:
        again = [*repository.stale(session, pace.stale_s, pace.attempts), *sorted(lost)]
        for job in again:
            put(state.engine, session, job)
    for job in again:
        state.log.info("job.again", job=job)
    return again


def _sweep_on(state: State, queue: Huey, pace: Pace, leaving: threading.Event) -> None:
    while not leaving.wait(min(pace.stale_s / 3.0, 5.0)):
        try:
            sweep(state, queue, pace)
        except SQLAlchemyError:
            state.log.exception("job.sweep")


def _spawn(settings: Settings, pace: Pace) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "qamtu.service.jobs.worker"],
        stdin=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    told = {
        "data": str(settings.data.absolute()), "database_url": settings.database_url,
        "pack": settings.pack, "pace": asdict(pace),
    }  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(json.dumps(told).encode() + b"\n")
    process.stdin.flush()
    return process


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()


def _supervise(worker: Worker) -> None:
    while True:
        worker.process.wait()
        if worker.leaving.wait(_AGAIN_S):
            return
        with worker.lock:
            if worker.leaving.is_set():
                return
            _close(worker.process)
            worker.process = _spawn(worker.settings, worker.pace)


def _leave_with_server() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(2 * _LEAVE_S)
    os._exit(1)


def _main() -> None:
    line = bytearray()
    while not line.endswith(b"\n"):
        one = os.read(0, 1)
        if not one:
            return
        line += one
    told = json.loads(line)
    settings = Settings(
        data=Path(told["data"]), database_url=told["database_url"], pack=told["pack"]
    )
    threading.Thread(target=_leave_with_server, daemon=True).start()
    work(settings, Pace(**told["pace"]))


if __name__ == "__main__":
    _main()
