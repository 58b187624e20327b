"""A stopped run goes on from what it had solved; nothing else is ever taken up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qamtu.connectivity.villages.formulation import Choice
from qamtu.core.errors import InputError
from qamtu.core.progress import Stage, silent
from qamtu.studies.checkpoint import remembering

CALLS: list[int] = []


def work(task: int) -> Choice | tuple[np.ndarray, float] | dict[str, object]:
    CALLS.append(task)
    if task == 0:
        edges, leaf = np.arange(3, dtype=np.int64), np.array([-1, 2], dtype=np.int64)
        return Choice(edges, leaf, 1 / 3, 2.0, 4, 5.5, 0.1, 0.2)
    if task == 1:
        return np.array([7, 8], dtype=np.int64), 1e-17
    return {"name": "−30 %", "gap": None, "count": np.int64(task)}


def same(a: object, b: object) -> bool:
    if isinstance(a, Choice) and isinstance(b, Choice):
        return all(np.array_equal(getattr(a, f), getattr(b, f)) for f in Choice.__slots__)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return np.array_equal(a[0], b[0]) and a[0].dtype == b[0].dtype and a[1] == b[1]
    return a == b


def test_a_stopped_run_solves_only_what_is_missing(tmp_path: Path) -> None:
    CALLS.clear()
    stages: list[Stage] = []
    with pytest.raises(KeyboardInterrupt), remembering(map, tmp_path / "out", silent) as mapper:
        first = list(mapper(work, [0, 1]))
        raise KeyboardInterrupt
    with remembering(map, tmp_path / "out", stages.append) as mapper:
        again = list(mapper(work, [2, 0, 1]))
    assert CALLS == [0, 1, 2]
    assert same(again[1], first[0])
    assert same(again[2], first[1])
    assert again[0]["count"] == 2
    assert [s.detail for s in stages] == ["2 answers of 3"]
    assert list(tmp_path.iterdir()) == []


def test_a_stop_in_the_middle_keeps_what_came_before(tmp_path: Path) -> None:
    def halting(function, tasks):
        for task in tasks:
            if task == 2:
                raise KeyboardInterrupt
            yield function(task)

    CALLS.clear()
    with pytest.raises(KeyboardInterrupt), remembering(halting, tmp_path / "out", silent) as mapper:
        list(mapper(work, [0, 1, 2]))
    with remembering(map, tmp_path / "out", silent) as mapper:
        list(mapper(work, [0, 1, 2]))
    assert CALLS == [0, 1, 2]


def test_a_spoiled_answer_is_solved_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), remembering(map, tmp_path / "out", silent) as mapper:
        list(mapper(work, [0, 1]))
        raise KeyboardInterrupt
    for path in (tmp_path / ".out.resume").iterdir():
        path.write_text("{half", encoding="utf-8")
    CALLS.clear()
    with remembering(map, tmp_path / "out", silent) as mapper:
        list(mapper(work, [0, 1]))
    assert CALLS == [0, 1]


def test_what_was_asked_in_vain_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(InputError), remembering(map, tmp_path / "out", silent) as mapper:
        list(mapper(work, [0]))
        raise InputError("no")
    assert list(tmp_path.iterdir()) == []
