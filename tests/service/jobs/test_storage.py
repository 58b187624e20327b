import datetime as dt
import threading

import pytest
from huey.constants import EmptyData

from qamtu.service.database.engine import writing
from qamtu.service.jobs import queue, repository
from qamtu.service.jobs.repository import JobState
from qamtu.service.jobs.running import Pace
from qamtu.service.jobs.tables import JobRow
from qamtu.service.jobs.worker import sweep

from .making import MINISTRY, QUICK, ask, look

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def test_messages_come_by_priority_then_in_order_and_values_are_kept(service):
    storage = queue.make_queue(service.state.engine).storage
    for data, priority in ((b"a", None), (b"b", None), (b"c", 5)):
        storage.enqueue(data, priority)
    assert storage.enqueued_items() == [b"c", b"a", b"b"]
    assert storage.queue_size() == 3
    assert [storage.dequeue() for _ in range(4)] == [b"c", b"a", b"b", None]
    storage.add_to_schedule(b"late", NOW)
    assert storage.read_schedule(NOW - dt.timedelta(seconds=1)) == []
    assert storage.scheduled_items() == [b"late"]
    assert storage.read_schedule(NOW.replace(tzinfo=None)) == [b"late"]
    assert storage.schedule_size() == 0
    assert storage.put_if_empty("k", b"1")
    assert not storage.put_if_empty("k", b"2")
    storage.put_data("k", b"3")
    assert storage.peek_data("k") == b"3"
    assert storage.result_items() == {"k": b"3"}
    assert storage.pop_data("k") == b"3"
    assert storage.pop_data("k") is EmptyData
    assert [storage.incr("n"), storage.incr("n", 2)] == [1, 3]
    storage.enqueue(b"x")
    storage.flush_all()
    assert storage.queue_size() == 0


def test_a_message_and_its_job_are_written_together_or_not_at_all(service):
    state = service.state
    with pytest.raises(ZeroDivisionError), writing(state.sessions) as session:
        job = queue.submit(state, session, "plan", QUICK, MINISTRY)
        raise ZeroDivisionError
    with writing(state.sessions) as session:
        assert repository.find(session, job.id) is None
    opened = queue.make_queue(state.engine)
    assert len(opened.storage.enqueued_items()) == 0
    kept = ask(state)
    assert b"pickle" not in opened.storage.enqueued_items()[0]
    queue.task_of(opened, lambda _: None)
    assert queue.pending(opened) == {kept}


def test_of_many_workers_one_gets_the_message_and_one_the_job(service):
    state = service.state
    job = ask(state)
    storage = queue.make_queue(state.engine).storage
    for index in range(10):
        storage.enqueue(str(index).encode())
    taken, claimed, errors = [], [], []
    gate = threading.Barrier(4)

    def work(name):
        try:
            gate.wait()
            with writing(state.sessions) as session:
                claimed.append(repository.claim(session, job, name))
            while (data := storage.dequeue()) is not None:
                taken.append(data)
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=work, args=(f"w{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert len([one for one in claimed if one is not None]) == 1
    while (data := storage.dequeue()) is not None:
        taken.append(data)
    assert len(taken) == 11
    assert len(set(taken)) == 11


def age(state, job, seconds):
    with writing(state.sessions) as session:
        row = session.get(JobRow, job)
        row.heartbeat = dt.datetime.now(tz=dt.UTC) - dt.timedelta(seconds=seconds)


def test_what_a_dead_worker_left_waits_again_and_fails_after_too_many_attempts(service):
    state, pace = service.state, Pace(stale_s=30, attempts=2)
    opened = queue.make_queue(state.engine)
    queue.task_of(opened, lambda _: None)
    job, other = ask(state), ask(state)
    for attempt in (1, 2):
        with writing(state.sessions) as session:
            mine = repository.claim(session, job, f"w{attempt}")
        assert mine.attempts == attempt
        assert sweep(state, opened, pace) == []
        age(state, job, 31)
        again = sweep(state, opened, pace)
        assert again == ([job] if attempt == 1 else [])
        with writing(state.sessions) as session:  # the dead one wakes: it is no longer its job
            assert repository.beat(session, mine, None) is None
            assert not repository.end(session, mine, JobState.DONE)
    failed = look(state, job)
    assert failed.state is JobState.FAILED
    assert "died 2 times" in failed.error
    with writing(state.sessions) as session:
        repository.claim(session, other, "w")
        queue.cancel(state, session, other)
    age(state, other, 31)
    assert sweep(state, opened, pace) == []
    assert look(state, other).state is JobState.CANCELLED
    with writing(state.sessions) as session:
        assert queue.resume(state, session, job).attempts == 0


def test_a_job_whose_message_was_lost_is_put_again(service):
    state, pace = service.state, Pace(stale_s=30)
    opened = queue.make_queue(state.engine)
    queue.task_of(opened, lambda _: None)
    job = ask(state)
    age(state, job, 31)
    assert sweep(state, opened, pace) == []
    assert opened.storage.dequeue() is not None
    assert sweep(state, opened, pace) == [job]
