"""Published instances by name: cost within tolerance, bound below the best known, a real tree."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from qamtu.optimise import steiner

Read = Callable[[str], tuple[steiner.SteinerProblem, float]]


@pytest.mark.parametrize(
    ("name", "above"),
    [
        ("I052", 0.0),
        ("I056", 0.0002),
        ("d05", 0.0),
        ("d09", 0.0),
        ("es1000fst01", 0.01),
        ("lin10", 0.0),
        ("wrp4-29", 0.0001),
        ("cc3-5p", 0.02),
        ("i101M2", 0.0),
        ("i202M4", 0.0),
        ("K100.1", 0.0),
        ("K100.3", 0.0),
        ("C01-A", 0.0),
        ("i640-001", 0.0),
        ("hc7u", 0.06),
        ("cc3-4nu", 0.0),
    ],
)
def test_published_instance(published: Read, name: str, above: float) -> None:
    problem, best = published(name)
    answer = steiner.solve(problem, max_rounds=40, time_limit_s=1e9)
    node = None if answer.edges.size else int(answer.nodes[0])
    assert steiner.verify(problem, answer.edges, node) == pytest.approx(answer.cost, rel=1e-12)
    assert answer.cost <= best * (1 + above) + 1e-6 * best
    assert answer.bound <= best + 1e-6
    assert answer.bound >= best * 0.85
    assert answer.gap >= 0
    costs = [event.cost for event in answer.history]
    bounds = [event.bound for event in answer.history]
    assert costs == sorted(costs, reverse=True)
    assert bounds == sorted(bounds)


def test_same_seed_same_answer(published: Read) -> None:
    problem, _ = published("es1000fst01")
    one, two = (steiner.solve(problem, max_rounds=6, time_limit_s=1e9, seed=3) for _ in "ab")
    np.testing.assert_array_equal(one.edges, two.edges)
    assert one.cost == two.cost
    assert one.bound == two.bound
    assert one.status == "rounds"
    assert one.seed == 3


def test_start_is_taken_up(published: Read) -> None:
    problem, _ = published("es1000fst01")
    good = steiner.solve(problem, max_rounds=3, time_limit_s=1e9)
    again = steiner.solve(problem, max_rounds=0, time_limit_s=1e9, start=good.edges)
    assert again.history[0].how == "given tree"
    assert again.cost <= good.cost * (1 + 1e-9)


def test_gap_limit_ends_the_run(published: Read) -> None:
    problem, _ = published("es1000fst01")
    answer = steiner.solve(problem, gap_limit=0.05, time_limit_s=1e9)
    assert answer.status == "gap"
    assert 0 < answer.gap <= 0.05


def test_time_limit_gives_an_answer_all_the_same(published: Read) -> None:
    problem, best = published("es1000fst01")
    answer = steiner.solve(problem, time_limit_s=0.0)
    assert answer.status == "time"
    assert steiner.verify(problem, answer.edges) == pytest.approx(answer.cost)
    assert answer.cost < 1.1 * best


def test_refusing_progress_stops(published: Read) -> None:
    problem, _ = published("es1000fst01")
    seen: list[steiner.Progress] = []

    def progress(at: steiner.Progress) -> bool:
        seen.append(at)
        return len(seen) < 3

    answer = steiner.solve(problem, time_limit_s=1e9, progress=progress)
    assert answer.status == "interrupted"
    assert len(seen) == 3
    assert seen[-1].cost == answer.cost


def test_interrupt_gives_the_best_so_far(published: Read) -> None:
    problem, best = published("es1000fst01")

    def progress(at: steiner.Progress) -> None:
        if at.round == 2:
            raise KeyboardInterrupt

    answer = steiner.solve(problem, time_limit_s=1e9, progress=progress)
    assert answer.status == "interrupted"
    assert best * 0.9 < answer.bound <= best <= answer.cost < 1.05 * best


def test_peak_of_the_best_known_is_a_tree(published: Read) -> None:
    problem, _ = published("d05")
    answer = steiner.solve(problem, max_rounds=20, time_limit_s=1e9)
    assert answer.nodes.size == answer.edges.size + 1
    assert set(np.flatnonzero(np.isinf(problem.prize))) <= set(answer.nodes.tolist())
