"""Ctrl-C in the middle of the work: a prompt end, nothing half-written, nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectivity.villages.made import made_settlements
from tests.madeland import fill_pack

_QAMTU = (sys.executable, "-c", "from qamtu.cli.main import main; main()")
_ENOUGH_S = 30.0
_LONG = ("--time-limit", "500", "--gap", "0", "--villages", "-1", "--people-share", "-1")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a pack whose tree takes long at a gap of nought."""
    folder = tmp_path_factory.mktemp("large") / "pack"
    return fill_pack(folder, made_settlements(1200, seed=3, fibre=5))


def begun(pack: Path, out: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Start a plan in a session of its own and wait until its trees are being solved."""
    command = [*_QAMTU, "plan", str(pack), "--out", str(out), *_LONG, *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stderr is not None
            seen = ""
            for line in process.stderr:
                seen += line
                if "options" in line:
                    break
            else:
                pytest.fail(f"the plan ended before it was stopped: {seen}")
            time.sleep(0.5)
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def members(session: int) -> list[int]:
    """List the processes of a session that are alive."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(its) == session and state != "Z":
            found.append(int(stat.parent.name))
    return found


@pytest.mark.parametrize(
    ("scheduler", "to"), [("serial", "the process"), ("processes", "all of the terminal")]
)
def test_the_plan_ends_promptly_and_leaves_what_was_there(
    large: Path, tmp_path: Path, scheduler: str, to: str
) -> None:
    out = tmp_path / "plan"
    out.mkdir()
    (out / "old.txt").write_text("the plan of last year")
    words = ("--overwrite", "--scheduler", scheduler, "--workers", "2")
    for process in begun(large, out, *words):
        (os.kill if to == "the process" else os.killpg)(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=_ENOUGH_S)
        assert process.returncode == 130, said
        assert "stopped by Ctrl-C" in said
        assert "Traceback" not in said
        assert (out / "old.txt").read_text() == "the plan of last year"
        assert {path.name for path in tmp_path.iterdir()} <= {"plan", ".plan.resume"}
        until = time.monotonic() + _ENOUGH_S
        while Path("/proc/self").exists() and members(process.pid) and time.monotonic() < until:
            time.sleep(0.1)
        assert members(process.pid) == []


def test_processes_leave_when_the_plan_is_killed(large: Path, tmp_path: Path) -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("processes are counted in /proc")
    for process in begun(large, tmp_path / "plan", "--scheduler", "processes", "--workers", "2"):
        process.kill()
        process.wait()
        until = time.monotonic() + 2 * _ENOUGH_S
        while members(process.pid) and time.monotonic() < until:
            time.sleep(0.1)
        assert members(process.pid) == []
