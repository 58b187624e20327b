"""The parts of the engine: reductions, bounds, searches, the exact model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.optimise.cover import CoverProblem, solve_cover
from qamtu.optimise.cover import plain as plain_module
from qamtu.optimise.cover.coarsen import coarsen
from qamtu.optimise.cover.exact import solve_exact
from qamtu.optimise.cover.greedy import choose_greedily
from qamtu.optimise.cover.lagrange import Relaxation, start_prices
from qamtu.optimise.cover.matrix import filter_lists, transpose
from qamtu.optimise.cover.reduce import compress, force, reduce_work
from qamtu.optimise.cover.relaxed import threshold
from qamtu.optimise.cover.standing import lattice
from qamtu.optimise.cover.swap import SwapSearch
from qamtu.optimise.cover.weighting import RowWeighting
from qamtu.optimise.cover.work import begin_work

GOALS = ({"share": 1.0}, {"share": 0.8}, {"count": 6}, {"budget": 7.5})


def discs(seed: int, sites: int = 40, side: int = 12, **extra) -> CoverProblem:
    """Sites that see discs of a grid of cells of uneven weight."""
    random = np.random.default_rng(seed)
    centre = random.random((sites, 2)) * side
    reach = random.uniform(1.5, 3.5, sites)
    cells = np.indices((side, side)).reshape(2, -1).T + 0.5
    near = np.hypot(*(centre[:, None, :] - cells[None, :, :]).transpose(2, 0, 1)) <= reach[:, None]
    near = near[:, near.any(axis=0)]
    return CoverProblem(
        np.append(0, np.cumsum(near.sum(axis=1))).astype(np.int64),
        np.nonzero(near)[1].astype(np.int32),
        random.uniform(0.5, 2.0, near.shape[1]),
        random.uniform(0.5, 2.0, sites),
        **extra,
    )


def best_value(work) -> float:
    """Value of the work's best choice, by HiGHS."""
    found = solve_exact(work, time_limit_s=60.0, gap_limit=0.0, seed=0)
    assert found.status in {"Optimal", "nothing to decide"}
    return found.bound + (work.spent if work.seeks_cost else work.base)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(1, 5)), min_size=1, max_size=30), st.data()
)
def test_threshold_is_where_the_sorted_sum_arrives(pairs, data):
    ratio, weight = (np.array(column, float) for column in zip(*pairs, strict=True))
    goal = data.draw(st.integers(1, int(weight.sum())))
    order = np.argsort(ratio, kind="stable")
    place = int(np.searchsorted(np.cumsum(weight[order]), goal))
    assert threshold(ratio.copy(), weight.copy(), float(goal)) == ratio[order[place]]


def test_transposing_twice_sorts_the_lists():
    offset, demand = np.array([0, 3, 3, 5]), np.array([4, 0, 2, 1, 0], np.int32)
    start, owner = transpose(offset, demand, 5)
    assert start.tolist() == [0, 2, 3, 4, 4, 5]
    assert owner.tolist() == [0, 2, 2, 0, 0]
    back, sorted_demand = transpose(start, owner, 3)
    assert back.tolist() == offset.tolist()
    assert sorted_demand.tolist() == [0, 2, 4, 0, 1]
    number = np.array([0, -1, 1, -1, -1], np.int32)
    kept = filter_lists(offset, demand, np.array([True, True, True]), number)
    assert [part.tolist() for part in kept] == [[0, 2, 3], [0, 1, 0], [0, 2]]


def test_the_lattice_is_only_of_whole_numbers():
    assert lattice(np.array([4.0, 6.0, 0.0])) == 2.0
    assert lattice(np.array([4.0, 6.5])) == 0.0
    assert lattice(np.zeros(3)) == 0.0


def test_identical_demands_are_merged_and_weights_add_up(lists_problem):
    problem = lists_problem([[0, 1, 3], [1, 0, 2], [3, 2]], weight=np.arange(1.0, 5.0), share=0.5)
    work = compress(begin_work(problem))
    assert sorted(work.weight.tolist()) == [3.0, 3.0, 4.0]
    assert work.demand.size == 6


def test_what_cannot_be_covered_or_is_worth_nothing_is_left_out(lists_problem):
    problem = lists_problem([[0, 1], [1]], weight=np.array([1.0, 0.0, 5.0]), count=1)
    work = compress(begin_work(problem))
    assert work.n_rows == 1
    assert work.candidate.tolist() == [0]


def test_forced_and_dominated_columns_go(lists_problem):
    lists = [[0], [1, 2], [2], [1, 2, 3], [3]]
    problem = lists_problem(lists, cost=np.array([1.0, 2.0, 2.0, 2.0, 0.5]), share=1.0)
    work = reduce_work(begin_work(problem))
    assert work.fixed.tolist() == [0, 3]
    assert work.n_columns == 0
    assert work.spent == 3.0


def test_forcing_keeps_the_account(lists_problem):
    problem = lists_problem([[0, 1], [1, 2], [2, 3]], group=np.array([0, 0, -1]), share=0.75)
    work = force(begin_work(problem), np.array([0], np.int32))
    assert work.base == 2.0
    assert work.spent == 1.0
    assert work.goal == pytest.approx(1.0)
    assert work.allowed.tolist() == [False, False, True]


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("rule", ["plain", "fold", "group", "must"])
def test_reductions_keep_the_best_value(goal, rule):
    problem = discs(3, sites=30, side=8, **goal)
    random = np.random.default_rng(5)
    if rule == "fold":
        problem = replace(problem, fold=2, share=None if problem.share is None else 0.6)
    if rule == "group":
        groups = random.integers(-1, 12, 30)
        problem = replace(problem, group=groups, share=None if problem.share is None else 0.5)
    if rule == "must":
        problem = replace(problem, must=random.random(problem.n_demands) < 0.05)
    raw = compress(begin_work(problem))
    assert best_value(reduce_work(raw)) == pytest.approx(best_value(raw), rel=1e-6)


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("keys", [0, 1, 3])
@pytest.mark.parametrize("must", [0.0, 0.03])
def test_the_relaxation_bounds_and_comes_near(goal, keys, must):
    problem = discs(7, **goal)
    wanted = np.random.default_rng(1).random(problem.n_demands) < must
    work = reduce_work(begin_work(replace(problem, must=wanted)))
    best = best_value(work) - (work.spent if work.seeks_cost else work.base)
    if keys:
        coarse = coarsen(work, keys=keys)
        assert coarse.factor.max() <= 1.0 + 1e-12
        start = np.zeros(coarse.work.n_rows)
        np.add.at(start, coarse.bunch, start_prices(work))
        relaxation = Relaxation(coarse.work, start, coarse.factor)
    else:
        relaxation = Relaxation(work, start_prices(work))
    for _ in range(100):
        if not relaxation.improve(best):
            break
    value, loss, regret = relaxation.values()
    trivial = 0.0 if work.seeks_cost else work.weight.sum()
    assert value == pytest.approx(relaxation.bound) or relaxation.bound == pytest.approx(trivial)
    assert (loss >= -1e-12).all()
    assert (regret >= 0.0).all()
    if work.seeks_cost:
        assert relaxation.bound <= best + 1e-9
        assert keys or relaxation.bound >= 0.8 * best
    else:
        assert relaxation.bound >= best - 1e-9
        assert keys or relaxation.bound <= 1.2 * best
    if keys:  # the same prices, row by row, give the same bound
        free = Relaxation(work, relaxation.best_u[coarse.bunch] * coarse.part)
        assert free.values()[0] == pytest.approx(value)


def test_row_weighting_finds_a_best_cover():
    work = reduce_work(begin_work(discs(11, share=1.0)))
    search = RowWeighting(work, 0.0)
    search.begin(choose_greedily(work))
    assert search.run(2000, 1)
    assert search.best_price + work.spent == pytest.approx(best_value(work))
    assert search.best_price == pytest.approx(work.price[search.best].sum())


@pytest.mark.parametrize("goal", GOALS[1:])
def test_swaps_come_near_the_best(goal):
    problem = discs(13, **goal)
    work = reduce_work(begin_work(problem))
    search = SwapSearch(work, 0.0, np.inf if work.seeks_cost else -np.inf)
    search.begin(choose_greedily(work))
    for call in range(30):
        search.run(200, call)
    best = best_value(work)
    if work.seeks_cost:
        assert best - 1e-9 <= search.best_value + work.spent <= 1.01 * best
    else:
        assert 0.99 * best <= search.best_value + work.base <= best + 1e-9


def test_without_pycft_the_rest_does_the_work(monkeypatch):
    monkeypatch.setattr(plain_module, "SetCoverSolver", None)
    problem = discs(17, share=1.0)
    assert not plain_module.is_plain(reduce_work(begin_work(problem)))
    assert solve_cover(problem, max_rounds=3).proven


def test_pycft_covers_every_row():
    pytest.importorskip("pycft")
    work = compress(begin_work(discs(19, share=1.0)))
    assert plain_module.is_plain(work)
    columns = plain_module.solve_plain(work, time_limit_s=5.0, seed=0)
    member = np.concatenate([work.demand[work.offset[j] : work.offset[j + 1]] for j in columns])
    assert np.unique(member).size == work.n_rows
    assert not plain_module.is_plain(replace(work, need=work.need + 1))
