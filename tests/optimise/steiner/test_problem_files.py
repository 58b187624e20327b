"""Checks of the problem, reading and writing STP files, the independent check of an answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qamtu.core.errors import Infeasible, InputError, MissingInput
from qamtu.optimise import steiner
from qamtu.optimise.steiner import SteinerProblem


def path_graph(prize: list[float], **more: object) -> SteinerProblem:
    n = len(prize)
    return SteinerProblem(
        n, np.arange(n - 1), np.arange(1, n), np.arange(1.0, n), np.array(prize), **more
    )


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"cost": [1.0, -2.0]}, "steiner-cost"),
        ({"cost": [1.0, np.nan]}, "steiner-cost"),
        ({"cost": [1.0]}, "steiner-shape"),
        ({"tail": [0, 7]}, "steiner-node"),
        ({"tail": [0.5, 1.0]}, "steiner-array"),
        ({"prize": [1.0, np.nan, 0.0]}, "steiner-prize"),
        ({"prize": [-1.0, 0.0, 0.0]}, "steiner-prize"),
        ({"roots": [3]}, "steiner-node"),
        ({"leaf": [True, True, False]}, "steiner-leaf-edge"),
        ({"leaf": [True, False, False], "roots": [0]}, "steiner-leaf-root"),
        ({"offset": np.inf}, "steiner-offset"),
    ],
)
def test_bad_problems_are_refused(change: dict[str, object], rule: str) -> None:
    given: dict[str, object] = {
        "n_nodes": 3,
        "tail": [0, 1],
        "head": [1, 2],
        "cost": [1.0, 2.0],
        "prize": [1.0, 0.0, 2.0],
    }
    with pytest.raises(InputError) as caught:
        SteinerProblem(**{**given, **change})
    assert rule in {finding.id for finding in caught.value.findings}


@pytest.mark.parametrize("suffix", ["stp", "stp.gz"])
@pytest.mark.parametrize("kind", ["stp", "pc", "rooted"])
def test_files_come_back_the_same(tmp_path: Path, suffix: str, kind: str) -> None:
    prize = {"stp": [np.inf, 0, np.inf], "pc": [2.5, 0, 7], "rooted": [np.inf, 1.25, 7]}[kind]
    roots = [0] if kind == "rooted" else []
    problem = path_graph(prize, roots=roots, offset=1.5, name="small")
    steiner.write_stp(problem, tmp_path / f"small.{suffix}")
    back = steiner.read_stp(tmp_path / f"small.{suffix}")
    for key in ("tail", "head", "cost", "prize", "roots"):
        np.testing.assert_array_equal(getattr(back, key), getattr(problem, key))
    assert back.offset == 1.5
    assert back.name == "small"
    assert steiner.solve(back).cost == steiner.solve(problem).cost


def test_bad_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingInput):
        steiner.read_stp(tmp_path / "none.stp")
    bad = tmp_path / "bad.stp"
    bad.write_text("33D32945 STP File\nSECTION Graph\nNodes 3\nE 1 two 3\nEND\nEOF\n")
    with pytest.raises(InputError, match="row 4"):
        steiner.read_stp(bad)
    bad.write_bytes(b"\x1f\x8bnot gzip")
    with pytest.raises(InputError, match="damaged"):
        steiner.read_stp(bad)
    with pytest.raises(InputError, match="STP"):
        steiner.write_stp(path_graph([1, 0, 1], roots=[0, 1]), tmp_path / "roots.stp")


def test_unreachable_terminals_are_named() -> None:
    problem = SteinerProblem.steiner_tree(4, [0, 2], [1, 3], [1.0, 1.0], [0, 3])
    with pytest.raises(Infeasible, match="steiner-unreachable"):
        steiner.solve(problem)


def test_verify_refuses_what_is_no_tree() -> None:
    problem = SteinerProblem.steiner_tree(3, [0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0], [0, 2])
    assert steiner.verify(problem, [2]) == 1.0
    with pytest.raises(InputError, match="circle"):
        steiner.verify(problem, [0, 1, 2])
    with pytest.raises(InputError, match="must be reached"):
        steiner.verify(problem, [0])
    with pytest.raises(InputError, match="twice"):
        steiner.verify(problem, [2, 2])
    with pytest.raises(InputError, match="out of range"):
        steiner.verify(problem, [5])


def test_leaf_is_never_passed_through() -> None:
    tail, head, cost = [0, 1, 0, 3], [1, 2, 3, 2], [1.0, 1.0, 5.0, 5.0]
    leaf = np.array([False, True, False, False])
    prize = np.array([np.inf, 0.0, np.inf, 0.0])
    free = steiner.solve(SteinerProblem(4, tail, head, cost, prize))
    bound = steiner.solve(SteinerProblem(4, tail, head, cost, prize, leaf=leaf))
    assert free.cost == 2.0
    assert bound.cost == bound.bound == 10.0


def test_existing_network_costs_nothing() -> None:
    answer = steiner.solve(path_graph([0, 0, 0, 0, 100.0], roots=[0, 3]))
    assert answer.edges.tolist() == [3]
    assert answer.cost == 4.0
    assert {0, 3, 4} == set(answer.nodes.tolist())
