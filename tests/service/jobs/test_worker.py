"""Real workers, real kills."""

import signal
import time
from pathlib import Path

from qamtu.core.errors import QamtuError
from qamtu.service.database.engine import reading, writing
from qamtu.service.jobs import acting, queue, repository
from qamtu.service.jobs.folders import folder_of
from qamtu.service.jobs.parameters import REQUESTS, parameters
from qamtu.service.jobs.repository import JobState
from qamtu.service.jobs.words import LABELS
from qamtu.service.jobs.worker import start, stop
from qamtu.service.plans import repository as plans

from .making import (
    MINISTRY,
    PACE,
    QUICK,
    SLOW,
    ask,
    ended,
    look,
    made_country,
    running,
    wait_for,
    with_pack,
)

OURS = {
    "pack",
    "out",
    "overwrite",
    "strict",
    "scheduler",
    "terrain_memory_mb",
    "calibration",
    "antennas",
}


def stat(pid):
    """State and parent of a process, None where it is gone."""
    try:
        after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if after[0] == "Z" else int(after[1])


def children(pid):
    """Processes whose parent this is."""
    numbers = [path.name for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [int(name) for name in numbers if stat(name) == pid]


def gone(pid):
    end = time.monotonic() + 30
    while time.monotonic() < end and stat(pid) is not None:
        time.sleep(0.05)
    return stat(pid) is None


def at_work(job):
    return running(job) and bool(job.stage)


def test_a_killed_worker_s_job_is_taken_up_cancelled_and_another_one_done(service, tmp_path):
    state = with_pack(service.state, made_country(tmp_path / "pack", count=120))
    worker = start(state.settings, PACE)
    try:
        slow = ask(state, request=SLOW)
        wait_for(state, slow, at_work)
        [child] = children(worker.process.pid)
        worker.process.send_signal(signal.SIGKILL)  # the server starts another by itself
        assert gone(child)
        again = wait_for(state, slow, lambda job: job.attempts == 2 and at_work(job))
        assert again.worker != ""
        with writing(state.sessions) as session:
            queue.cancel(state, session, slow)
        assert wait_for(state, slow, ended).state is JobState.CANCELLED
        assert not folder_of(state.settings.data, slow).out.exists()
        quick = ask(state, request=QUICK)
        assert wait_for(state, quick, ended).state is JobState.DONE
        names = {path.name for path in folder_of(state.settings.data, quick).out.iterdir()}
        assert {"summary.json", "report.html", "plan.gpkg"} <= names
        with reading(state.sessions) as session:
            passed = [stage.name for stage in repository.stages(session, quick)]
        assert {"reading the pack", "writing the results"} <= set(passed)
        with writing(state.sessions) as session:
            plan = acting.approve(state, session, quick, MINISTRY).plan
        with reading(state.sessions) as session:
            assert plans.get(session, plan).published
    finally:
        stop(worker)
    assert worker.process.poll() is not None


def test_a_stopped_worker_leaves_its_job_for_the_next_and_a_bad_request_says_why(
    sqlite_service, tmp_path
):
    state = with_pack(sqlite_service.state, made_country(tmp_path / "pack", count=120))
    worker = start(state.settings, PACE)
    slow = ask(state, request=SLOW)
    wait_for(state, slow, at_work)
    stop(worker)
    left = look(state, slow)
    assert (left.state, left.attempts) == (JobState.QUEUED, 0)
    with writing(state.sessions) as session:
        queue.cancel(state, session, slow)
    wrong = ask(state, request={**QUICK, "region": "Nowhere"})
    worker = start(state.settings, PACE)
    try:
        failed = wait_for(state, wrong, ended)
        assert failed.state is JobState.FAILED
        assert failed.findings[0]["id"] == "region-unknown"
        assert look(state, slow).state is JobState.CANCELLED
    finally:
        stop(worker)


def test_every_field_of_a_study_s_request_is_offered_or_ours():
    assert issubclass(queue.WrongState, QamtuError)
    for kind, request in REQUESTS.items():
        offered = {one.name for one in parameters(kind)}
        assert set(request.__dataclass_fields__) - offered <= OURS
        assert all(one.label in LABELS.values() for one in parameters(kind))
