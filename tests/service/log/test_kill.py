"""`kill -9` in the middle of writes loses no acknowledged record, again and again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from qamtu.programme.records import Evidence
from qamtu.service.database.engine import make_engine, make_sessions, reading, writing
from qamtu.service.log import repository
from qamtu.service.log.checks import check_log
from qamtu.service.records.repository import file_many
from qamtu.service.records.tables import EvidenceRow
from tests.service.made import everything

KILLS = 6
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def program():
    """The program that forks writers; it has loaded everything before the first is asked for."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.service.log.killed_writer"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    with process:
        yield process
        process.stdin.close()
    assert process.returncode == 0


def killed(program, url, wait_s):
    """Have one writer killed some time after its first acknowledgement; gives what it said."""
    program.stdin.write(f"{url}\n")
    program.stdin.flush()
    said = []
    child = None
    while True:
        line = program.stdout.readline()
        assert line, "the program has ended"
        if line == "ended\n":
            return said
        if line.startswith("pid "):
            child = int(line.removeprefix("pid "))
            continue
        said.append(line.split())
        if len(said) == 1:
            while child is None:
                line = program.stdout.readline()
                if line.startswith("pid "):
                    child = int(line.removeprefix("pid "))
                else:
                    said.append(line.split())
            time.sleep(wait_s)
            os.kill(child, signal.SIGKILL)


def test_no_acknowledged_record_is_lost(settings, program):
    url = settings.database
    engine = make_engine(url)
    sessions = make_sessions(engine)
    with writing(sessions) as session:
        file_many(session, everything())
    before = len(everything())
    made = sum(isinstance(record, Evidence) for record in everything())
    chance = random.Random(7)
    acknowledged = []
    for _ in range(KILLS):
        acknowledged += killed(program, url, chance.uniform(0.0, 0.12))
        with writing(sessions) as session:
            # what the killed one held is free again, once the server has ended its last commit
            repository.lock(session)
            size = repository.size(session)
            assert size >= int(acknowledged[-1][0]) + 3
            # whole transactions only: entries and rows go together, three at a time
            assert (size - before) % 3 == 0
            rows = session.scalar(select(func.count()).select_from(EvidenceRow))
            assert rows == size - before + made
    assert len(acknowledged) > KILLS
    with reading(sessions) as session:
        assert not check_log(session)
        rows = session.scalars(select(EvidenceRow))
        found = {row.log_index: row.record for row in rows}
    for first, record in acknowledged:
        for place, part in enumerate("abc"):
            assert found[int(first) + place] == f"{record}-{part}"
    engine.dispose()
