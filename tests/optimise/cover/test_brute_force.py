"""Answers and bounds against everything that can be tried, for every goal and rule."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.core.errors import Infeasible
from qamtu.optimise.cover import CoverProblem, greedy_cover, solve_cover, verify_cover
from qamtu.optimise.cover.verify import choice_cost


def best_of_all(problem: CoverProblem) -> float | None:
    """Try every choice: the least cost or the most weight; None if nothing is valid."""
    fixed = [] if problem.fixed is None else list(problem.fixed)
    free = [j for j in range(problem.n_candidates) if j not in fixed]
    best = None
    for size in range(len(free) + 1):
        for picked in combinations(free, size):
            chosen = np.array([*fixed, *picked], np.int64)
            covered, feasible = verify_cover(problem, chosen)
            if not feasible:
                continue
            value = choice_cost(problem, chosen) if problem.share is not None else covered
            if best is None:
                best = value
            best = min(best, value) if problem.share is not None else max(best, value)
    return best


@st.composite
def problems(draw, max_candidates: int = 9, max_demands: int = 14) -> CoverProblem:
    """Draw a problem of any goal, with or without groups, folds, fixed and must."""
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    c = draw(st.integers(1, max_candidates))
    d = draw(st.integers(1, max_demands))
    member = random.random((c, d)) < draw(st.sampled_from((0.15, 0.3, 0.6)))
    if draw(st.booleans()) and d > 2:
        member[:, 1] = member[:, 0]
    lists = [list(np.flatnonzero(row)) for row in member]
    whole = draw(st.booleans())
    weight = random.integers(0, 6, d).astype(float) if whole else random.random(d)
    cost = random.integers(0, 5, c).astype(float) if whole else random.random(c)
    goal = draw(st.sampled_from(("share", "count", "budget")))
    asked = {
        "share": draw(st.sampled_from((0.0, 0.3, 0.5, 0.8, 0.95, 1.0))),
        "count": draw(st.integers(0, c)),
        "budget": float(cost.sum() * draw(st.sampled_from((0.0, 0.2, 0.5, 1.0)))),
    }[goal]
    extra: dict = {goal: asked}
    if draw(st.booleans()):
        extra["group"] = random.integers(-1, max(1, c // 2), c)
    if draw(st.booleans()):
        fixed = np.flatnonzero(random.random(c) < 0.2)
        if "group" in extra:
            _, first = np.unique(extra["group"][fixed], return_index=True)
            lone = np.flatnonzero(extra["group"][fixed] < 0)
            fixed = fixed[np.union1d(first, lone)]
        extra["fixed"] = fixed
    if draw(st.booleans()):
        extra["must"] = random.random(d) < 0.2
    extra["fold"] = draw(st.integers(1, min(3, c)))
    return CoverProblem(
        np.append(0, np.cumsum([len(row) for row in lists])).astype(np.int64),
        np.array([i for row in lists for i in row], np.int32),
        weight,
        cost,
        **extra,
    )


@settings(max_examples=200, deadline=None, derandomize=True)
@given(problems())
def test_greedy_is_valid_and_its_bound_holds(problem):
    best = best_of_all(problem)
    if best is None:
        with pytest.raises(Infeasible):
            greedy_cover(problem)
        return
    try:
        answer = greedy_cover(problem)
    except Infeasible:
        return
    covered, feasible = verify_cover(problem, answer.chosen)
    assert feasible
    assert covered == pytest.approx(answer.covered)
    if problem.share is not None:
        assert answer.bound <= best + 1e-9 <= answer.cost + 2e-9
    else:
        assert answer.covered <= best + 1e-9
        assert best <= answer.bound + 1e-9


@settings(max_examples=150, deadline=None, derandomize=True)
@given(problems())
def test_solve_finds_the_best_and_proves_it(problem):
    best = best_of_all(problem)
    if best is None:
        with pytest.raises(Infeasible) as refused:
            solve_cover(problem, max_rounds=5)
        assert refused.value.findings[0].id in {"cover-unreachable", "cover-infeasible"}
        return
    answer = solve_cover(problem, max_rounds=5)
    covered, feasible = verify_cover(problem, answer.chosen)
    assert feasible
    assert covered == pytest.approx(answer.covered)
    assert answer.proven
    value = answer.cost if problem.share is not None else answer.covered
    assert value == pytest.approx(best, rel=1e-7, abs=1e-9)
