"""The doors: published optima, repeatability, progress, starts, interruption, curves of shares."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qamtu.core.errors import Infeasible
from qamtu.optimise.cover import CoverProblem, cover_curve, greedy_cover, solve_cover, verify_cover


@pytest.fixture(scope="module")
def town() -> CoverProblem:
    """Thirty sites, each with a low and a high mast, over 400 cells of uneven weight."""
    random = np.random.default_rng(2)
    cells = np.indices((20, 20)).reshape(2, -1).T + 0.5
    lists, cost, group = [], [], []
    for site in range(60):
        away = np.hypot(*(cells - random.random(2) * 20).T)
        for reach, price in ((2.5, 3.0), (4.0, 5.0)):
            lists.append(np.flatnonzero(away <= reach))
            cost.append(price + random.integers(0, 3))
            group.append(site)
    return CoverProblem(
        np.append(0, np.cumsum([len(x) for x in lists])).astype(np.int64),
        np.concatenate(lists).astype(np.int32),
        random.integers(1, 9, 400).astype(float),
        np.array(cost, float),
        share=0.8,
        group=np.array(group),
    )


@pytest.mark.parametrize(("name", "least_bound"), [("scp41", 429.0), ("scp61", 134.0)])
def test_published_optima(published, name, least_bound):
    problem, best = published(name)
    answer = solve_cover(problem, max_rounds=2, time_limit_s=600.0)
    assert answer.cost == best
    assert least_bound <= answer.bound <= best
    assert answer.proven == (answer.bound == best)


def test_the_same_seed_and_rounds_give_the_same_answer(town):
    first, second = (solve_cover(town, max_rounds=3, seed=4, time_limit_s=600.0) for _ in range(2))
    assert first.chosen.tolist() == second.chosen.tolist()
    assert first.bound == second.bound


def test_the_answer_tells_what_it_is(town):
    answer = solve_cover(town, max_rounds=3, time_limit_s=600.0)
    covered, feasible = verify_cover(town, answer.chosen)
    assert feasible
    assert covered == answer.covered
    assert answer.share == pytest.approx(covered / town.weight.sum())
    assert answer.bound <= answer.cost <= greedy_cover(town).cost
    assert answer.gap == pytest.approx(1 - answer.bound / answer.cost, abs=1e-9)
    assert np.unique(town.group[answer.chosen]).size == answer.chosen.size


def test_what_stands_is_free_and_not_counted(town):
    fixed = np.array([0, 3])
    here = solve_cover(replace(town, fixed=fixed), max_rounds=2, time_limit_s=600.0)
    assert set(fixed) <= set(here.chosen.tolist())
    assert here.cost == pytest.approx(town.cost[np.setdiff1d(here.chosen, fixed)].sum())
    counted = replace(town, share=None, count=5, fixed=fixed)
    answer = solve_cover(counted, max_rounds=2, time_limit_s=600.0)
    assert answer.chosen.size == 7
    assert answer.covered <= answer.bound


def test_no_budget_buys_nothing_and_a_large_one_everything(town):
    nothing = solve_cover(replace(town, share=None, budget=0.0), max_rounds=1)
    assert nothing.chosen.size == 0
    assert nothing.proven
    everything = solve_cover(replace(town, share=None, budget=np.inf), max_rounds=1)
    assert everything.proven


def test_a_share_of_nothing_costs_nothing(town):
    for change in ({"share": 0.0}, {"weight": np.zeros(400), "share": 1.0}):
        answer = solve_cover(replace(town, **change), max_rounds=1)
        assert answer.chosen.size == 0
        assert answer.proven


def test_progress_is_told(town):
    heard = []
    solve_cover(town, max_rounds=2, progress=heard.append)
    assert {stage.name for stage in heard} >= {"greedy", "Lagrangian bound"}


def test_interrupted_the_best_so_far_comes_back(town):
    def stop(stage):
        if stage.name == "Lagrangian bound":
            raise KeyboardInterrupt

    answer = solve_cover(town, progress=stop)
    assert verify_cover(town, answer.chosen)[1]
    assert "interrupted" in answer.method


def test_no_time_still_gives_an_answer_and_a_bound(town):
    answer = solve_cover(town, time_limit_s=0.0)
    assert verify_cover(town, answer.chosen)[1]
    assert 0.0 < answer.bound <= answer.cost


def test_a_wide_gap_stops_early(town):
    answer = solve_cover(town, gap_limit=0.9)
    assert answer.gap <= 0.9
    assert "HiGHS" not in answer.method


def test_a_start_is_taken_if_it_is_valid(town):
    known = solve_cover(town, max_rounds=3, time_limit_s=600.0)
    again = solve_cover(town, time_limit_s=0.0, starts=(known.chosen, np.array([0])))
    assert again.cost <= known.cost
    assert "given start" in again.method


def test_more_cover_never_costs_less(town):
    shares = (0.75, 0.3, 0.9, 0.5)
    answers = cover_curve(town, shares, max_rounds=1, time_limit_s=600.0)
    rank = np.argsort(shares)
    cost = np.array([a.cost for a in answers])[rank]
    bound = np.array([a.bound for a in answers])[rank]
    assert (np.diff(cost) >= 0).all()
    assert (np.diff(bound) >= 0).all()
    assert (bound <= cost).all()
    for share, answer in zip(shares, answers, strict=True):
        covered, feasible = verify_cover(replace(town, share=share), answer.chosen)
        assert feasible
        assert covered == pytest.approx(answer.covered)


def test_curves_are_nested_where_that_is_free(lists_problem):
    problem = lists_problem([[0, 1, 2, 3], [4, 5], [6], [4], [5]], share=1.0)
    low, high = cover_curve(problem, (0.55, 1.0), max_rounds=1)
    assert set(low.chosen.tolist()) <= set(high.chosen.tolist())


def test_a_share_out_of_reach_ends_the_curve(lists_problem):
    problem = lists_problem([[0], [1]], weight=np.ones(3), share=0.5)
    with pytest.raises(Infeasible):
        cover_curve(problem, (0.5, 1.0), max_rounds=1)
