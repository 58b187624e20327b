"""Covers in parts: held against every possible choice of small problems."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qamtu.core.errors import Infeasible
from qamtu.optimise.cover import CoverProblem, check_choice, solve_cover
from qamtu.optimise.parted_cover import solve_parted_cover
from qamtu.optimise.parted_cover.dual import Dual
from qamtu.optimise.parted_cover.whole import mend, take_whole

Floats = NDArray[np.float64]


def made_problem(seed: int, *, fixed: bool = False) -> CoverProblem:
    """Lay ten masts of two heights along a road of twenty points."""
    random = np.random.default_rng(seed)
    lists, cost, group = [], [], []
    for place in range(5):
        middle = 4 * place + int(random.integers(0, 4))
        for rung, reach in enumerate((2, 4)):
            lists.append(np.arange(max(middle - reach, 0), min(middle + reach + 1, 20)))
            cost.append(float(10 + 5 * rung + random.integers(0, 6)))
            group.append(place)
    weight = random.integers(1, 9, 20).astype(float)
    covered = np.unique(np.concatenate(lists))
    must = np.zeros(20, dtype=bool)
    must[random.choice(covered, 3)] = True
    most = float(weight[covered].sum() / weight.sum())
    return CoverProblem(
        offset=np.concatenate(([0], np.cumsum([len(one) for one in lists]))).astype(np.int64),
        demand=np.concatenate(lists).astype(np.int32),
        weight=weight,
        cost=np.array(cost),
        share=0.8 * most,
        group=np.array(group),
        must=must,
        fixed=np.array([3]) if fixed else None,
    )


def best_cost(problem: CoverProblem) -> float:
    fixed = set() if problem.fixed is None else set(problem.fixed.tolist())
    best = np.inf
    for rungs in product((None, 0, 1), repeat=5):
        chosen = {2 * place + rung for place, rung in enumerate(rungs) if rung is not None}
        if fixed <= chosen and not check_choice(problem, np.array(sorted(chosen), dtype=np.int64)):
            best = min(best, float(problem.cost[sorted(chosen - fixed)].sum()))
    return best


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_one_neighbourhood_gives_the_best_and_the_bound_is_below(seed: int, fixed: bool) -> None:
    problem = made_problem(seed, fixed=fixed)
    best = best_cost(problem)
    label = np.zeros(10, dtype=np.int64)
    if fixed:
        label[[2, 3]] = -1
    answer = solve_parted_cover(
        problem, np.arange(20) // 10, [label], time_limit_s=600.0, gap_limit=0.0
    )
    assert not check_choice(problem, answer.chosen)
    assert answer.bound <= best + 1e-6
    assert answer.cost >= best - 1e-6
    assert answer.bound <= answer.cost


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.floats(0.0, 8.0), min_size=20, max_size=20))
def test_any_prices_prove_a_bound(seed: int, price: list[float]) -> None:
    problem = made_problem(seed)
    whole = take_whole(problem)
    dual = Dual(
        whole.member, problem.cost, problem.weight, whole.must, np.arange(10) // 2, whole.goal
    )
    best = best_cost(problem)
    found = dual.evaluate(np.array(price))
    assert found.bound <= best + 1e-6
    better = dual.improve(found, best, 60)
    assert found.bound - 1e-9 <= better.bound <= best + 1e-6


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sets(st.integers(0, 9)))
def test_mending_makes_any_choice_valid(seed: int, chosen: set[int]) -> None:
    problem = made_problem(seed)
    made = mend(take_whole(problem), np.array(sorted(chosen), dtype=np.int64))
    left = check_choice(problem, made)
    # what must be covered may be out of reach once each group has its member
    assert not left or any(f.id == "cover-must" for f in left)


def test_the_same_seed_gives_the_same_answer() -> None:
    problem = made_problem(5)
    labels = [np.zeros(10, dtype=np.int64)]
    first, second = (solve_parted_cover(problem, np.arange(20) // 7, labels) for _ in range(2))
    assert np.array_equal(first.chosen, second.chosen)
    assert first.bound == second.bound


def test_another_goal_is_refused() -> None:
    problem = made_problem(1)
    other = CoverProblem(problem.offset, problem.demand, problem.weight, problem.cost, count=2)
    with pytest.raises(ValueError, match="share goal"):
        solve_parted_cover(other, np.zeros(20, dtype=np.int64), [])


def test_what_cannot_be_covered_is_said() -> None:
    problem = made_problem(1)
    weight = np.append(problem.weight, 1000.0)
    alone = CoverProblem(problem.offset, problem.demand, weight, problem.cost, share=0.99)
    with pytest.raises(Infeasible):
        solve_parted_cover(alone, np.zeros(21, dtype=np.int64), [])


def of_lists(lists: list[list[int]], weight: Floats, cost: Floats, **more: Any) -> CoverProblem:
    offset = np.concatenate(([0], np.cumsum([len(one) for one in lists]))).astype(np.int64)
    return CoverProblem(offset, np.concatenate(lists).astype(np.int32), weight, cost, **more)


def test_a_member_of_a_group_gives_way_to_one_that_reaches_farther_aside() -> None:
    group = np.array([0, 0, 1])
    problem = of_lists([[0, 1], [1, 2], [0]], np.ones(3), np.ones(3), share=1.0, group=group)
    answer = solve_parted_cover(problem, np.zeros(3, dtype=np.int64), [np.zeros(3, dtype=np.int64)])
    assert answer.chosen.tolist() == [1, 2]
    assert answer.cost == 2.0


def test_where_two_groups_must_change_at_once_the_cover_engine_finds_the_start() -> None:
    lists = [[0, 1, 2], [3, 4, 5], [3, 4], [0, 1, 2]]
    group, cost = np.array([0, 0, 1, 1]), np.array([1.0, 3.0, 1.0, 3.0])
    problem = of_lists(lists, np.ones(6), cost, share=1.0, group=group)
    # the cheap pair covers five of six, and either exchange alone covers less
    stuck = mend(take_whole(problem), np.array([0, 2]))
    assert stuck.tolist() == [0, 2]
    answer = solve_parted_cover(problem, np.zeros(6, dtype=np.int64), [])
    assert answer.chosen.tolist() == [1, 3]


def choices(group: NDArray[np.int64]) -> Iterator[list[int]]:
    """Give every choice of one member or none of each group."""
    members = [(-1, *np.flatnonzero(group == one).tolist()) for one in np.unique(group)]
    for picks in product(*members):
        yield [one for one in picks if one >= 0]


def ragged(seed: int) -> CoverProblem:
    """Put masts of any reach into groups, and ask for the most that can be reached, or nearly."""
    random = np.random.default_rng(seed)
    demands, groups = int(random.integers(6, 14)), int(random.integers(2, 6))
    group = np.repeat(np.arange(groups), random.integers(1, 4, groups))
    lists = [
        sorted(random.choice(demands, int(random.integers(1, 6)), replace=False).tolist())
        for _ in group
    ]
    weight = random.integers(1, 9, demands).astype(float)
    most = max(
        float(weight[list(set().union(*(lists[one] for one in picks)))].sum())
        for picks in choices(group)
    )
    share = float(random.choice([1.0, 0.99, 0.9])) * most / float(weight.sum())
    cost = random.integers(1, 20, len(lists)).astype(float)
    must = random.random(demands) < 0.1
    return of_lists(lists, weight, cost, share=share, group=group, must=must)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_near_the_most_that_can_be_reached_every_feasible_problem_has_its_best(seed: int) -> None:
    problem = ragged(seed)
    demands, masts = len(problem.weight), len(problem.cost)
    assert problem.group is not None
    valid = [p for p in choices(problem.group) if not check_choice(problem, np.array(p, np.int64))]
    label = [np.zeros(masts, dtype=np.int64)]
    if not valid:
        with pytest.raises(Infeasible):
            solve_parted_cover(problem, np.zeros(demands, dtype=np.int64), label)
        return
    best = min(float(problem.cost[picks].sum()) for picks in valid)
    answer = solve_parted_cover(
        problem, np.arange(demands) % 2, label, time_limit_s=600.0, gap_limit=0.0
    )
    assert not check_choice(problem, answer.chosen)
    assert answer.bound <= best + 1e-6
    assert answer.cost >= best - 1e-6
    known = solve_cover(problem, max_rounds=5)
    assert answer.bound <= known.cost + 1e-6
    assert known.bound <= answer.cost + 1e-6


def test_groups_that_forbid_the_share_are_no_answer() -> None:
    problem = of_lists([[0], [1]], np.ones(2), np.ones(2), share=1.0, group=np.array([0, 0]))
    with pytest.raises(Infeasible) as caught:
        solve_parted_cover(problem, np.zeros(2, dtype=np.int64), [])
    assert caught.value.findings[0].id == "cover-infeasible"
