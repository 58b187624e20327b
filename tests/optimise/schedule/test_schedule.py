"""Schedules against brute force, their bounds, their limits and their properties."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.core.errors import InputError
from qamtu.optimise.schedule import (
    TreeSchedule,
    check_schedule,
    person_years,
    service_years,
    solve_schedule,
    verify_schedule,
)
from qamtu.optimise.schedule.envelope import envelope_bound
from qamtu.optimise.schedule.lagrange import forest_years, lagrangian_bound
from qamtu.optimise.schedule.models import solve_model
from qamtu.optimise.schedule.order import horn_sequence, topological_order

METHODS = ("auto", "heuristic", "lagrangian", "lp", "mip")


def random_forest(n: int, years: int, seed: int, *, carry_over: bool = True) -> TreeSchedule:
    rng = np.random.default_rng(seed)
    parent = np.array([rng.integers(-1, i) if i else -1 for i in range(n)], np.int32)
    cost = rng.integers(0, 12, n).astype(float)
    length = rng.integers(0, 9, n).astype(float)
    weight = rng.integers(0, 30, n) * (rng.random(n) < 0.7)
    budget = np.full(years, cost.sum() * rng.uniform(0.4, 1.2) / years)
    capacity = np.full(years, length.sum() * rng.uniform(0.4, 1.2) / years)
    return TreeSchedule(
        parent, cost, length, weight.astype(float), budget, capacity, carry_over=carry_over
    )


def brute_force(problem: TreeSchedule) -> float:
    best = -1.0
    for years in itertools.product(range(-1, problem.n_years), repeat=problem.n_items):
        year = np.array(years, np.int32)
        reached = person_years(problem, year)
        if reached > best and not verify_schedule(problem, year):
            best = reached
    return best


@st.composite
def problems(draw, max_items=5, max_years=3):
    n = draw(st.integers(1, max_items))
    years = draw(st.integers(1, max_years))
    seed = draw(st.integers(0, 10_000))
    return random_forest(n, years, seed, carry_over=draw(st.booleans()))


@settings(max_examples=20, deadline=None)
@given(problems())
def test_bounds_hold_and_mip_finds_the_optimum_of_brute_force(problem):
    best = brute_force(problem)
    slack = 1e-6 * max(1.0, best)
    exact = solve_schedule(problem, method="mip", gap_limit=0.0)
    assert exact.person_years == pytest.approx(best, rel=1e-6, abs=1e-6)
    envelope = envelope_bound(problem)
    assert envelope.bound >= best - slack
    for method in METHODS:
        found = solve_schedule(problem, method=method, gap_limit=0.0)
        assert not verify_schedule(problem, found.year)
        assert found.person_years <= best + slack
        assert found.bound >= best - slack
        assert found.person_years == pytest.approx(person_years(problem, found.year))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_larger_forests_are_feasible_and_bounded(seed, carry_over):
    problem = random_forest(120, 5, seed, carry_over=carry_over)
    linear = solve_model(problem, integer=False, time_limit_s=20.0)
    for method in ("heuristic", "lagrangian", "lp"):
        found = solve_schedule(problem, method=method, gap_limit=0.0)
        assert not verify_schedule(problem, found.year)
        assert found.person_years <= found.bound
        # No Lagrangian or surrogate bound is below the linear relaxation.
        assert found.bound >= linear.bound * (1 - 1e-6)
        assert found.gap == pytest.approx((found.bound - found.person_years) / found.bound)
        for built, amount in ((found.spending, problem.cost), (found.built_km, problem.length_km)):
            assert built.sum() == pytest.approx(amount[found.year >= 0].sum())
        assert found.people.sum() == pytest.approx(problem.weight[found.year >= 0].sum())


def test_one_binding_resource_gives_the_linear_relaxation_in_closed_form():
    problem = replace(random_forest(200, 6, 3), capacity_km=np.full(6, np.inf))
    linear = solve_model(problem, integer=False, time_limit_s=20.0)
    assert envelope_bound(problem).bound == pytest.approx(linear.bound, rel=1e-6)


@pytest.mark.parametrize("carry_over", [True, False])
def test_prices_approach_the_linear_relaxation(carry_over):
    problem = random_forest(150, 5, 11, carry_over=carry_over)
    linear = solve_model(problem, integer=False, time_limit_s=20.0)
    start = envelope_bound(problem)
    result = lagrangian_bound(problem, start, 0.97 * start.bound, steps=400)
    assert linear.bound * (1 - 1e-9) <= result.bound <= start.bound
    assert result.bound <= linear.bound * 1.005


def test_forest_years_equals_brute_force_at_any_prices():
    rng = np.random.default_rng(5)
    for seed in range(20):
        problem = random_forest(5, 2, seed)
        money, km = rng.uniform(0, 4, 2), rng.uniform(0, 4, 2)
        worth = service_years(problem)
        value, year = forest_years(
            topological_order(problem.parent),
            problem.parent,
            problem.weight,
            problem.cost,
            problem.length_km,
            worth,
            money,
            km,
        )
        paid = np.append(money, 0.0), np.append(km, 0.0)

        def gain(when, problem=problem, worth=worth, paid=paid):
            when = np.asarray(when)
            each = problem.weight * worth[when] - paid[0][when] * problem.cost
            return float((each - paid[1][when] * problem.length_km).sum())

        allowed = (
            when
            for when in itertools.product(range(3), repeat=5)
            if all(p < 0 or when[p] <= when[i] for i, p in enumerate(problem.parent))
        )
        assert value == pytest.approx(max(gain(when) for when in allowed))
        assert value == pytest.approx(gain(year))


def completion(sequence, weight, time):
    return float(np.dot(weight[sequence], np.cumsum(time[sequence])))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10_000))
def test_horn_1972_sequence_minimises_weighted_completion_on_out_trees(n, seed):
    rng = np.random.default_rng(seed)
    parent = np.array([rng.integers(-1, i) if i else -1 for i in range(n)], np.int32)
    weight = rng.integers(0, 9, n).astype(float)
    time = rng.integers(0, 9, n).astype(float)
    sequence, block = horn_sequence(parent, weight, time)
    place = np.argsort(sequence)
    assert all(p < 0 or place[p] < place[i] for i, p in enumerate(parent))
    best = min(
        completion(np.array(order), weight, time)
        for order in itertools.permutations(range(n))
        if all(p < 0 or order.index(p) < order.index(i) for i, p in enumerate(parent))
    )
    assert completion(sequence, weight, time) == pytest.approx(best)
    weights, times = np.bincount(block, weight), np.bincount(block, time)
    # Sidney's blocks: ratios do not rise.
    assert np.all(weights[:-1] * times[1:] >= weights[1:] * times[:-1] - 1e-9)


def test_horn_waits_for_a_rich_child_behind_a_poor_parent():
    # Alone the parent (ratio 0) comes last; with its child (ratio 10 / 2) it comes first.
    parent = np.array([-1, 0, -1], np.int32)
    sequence, block = horn_sequence(parent, np.array([0.0, 10.0, 4.0]), np.array([1.0, 1.0, 1.0]))
    assert sequence.tolist() == [0, 1, 2]
    assert block.tolist() == [0, 0, 1]


def simple(**changes) -> TreeSchedule:
    problem = TreeSchedule(
        parent=np.array([-1, 0], np.int32),
        cost=np.array([6.0, 4.0]),
        length_km=np.array([3.0, 2.0]),
        weight=np.array([10.0, 50.0]),
        budget=np.array([6.0, 4.0]),
        capacity_km=np.array([5.0, 5.0]),
    )
    return replace(problem, **changes)


def test_service_counts_from_the_year_after_the_build_year():
    found = solve_schedule(simple(), gap_limit=0.0)
    assert found.year.tolist() == [0, 1]
    assert found.person_years == 10 * 2 + 50 * 1
    assert found.bound == pytest.approx(found.person_years)
    assert found.spending.tolist() == [6.0, 4.0]
    assert found.people.tolist() == [10.0, 50.0]
    assert not found.findings


def test_discounted_years_weigh_less():
    problem = simple(discount=np.array([1.0, 0.5]))
    found = solve_schedule(problem, gap_limit=0.0)
    assert found.person_years == pytest.approx(10 * 1.5 + 50 * 0.5)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("carry_over", [True, False])
def test_zero_budget_builds_nothing_and_says_what_is_needed(method, carry_over):
    problem = simple(budget=np.zeros(2), carry_over=carry_over)
    found = solve_schedule(problem, method=method)
    assert found.year.tolist() == [-1, -1]
    assert found.person_years == found.bound == found.gap == 0.0
    unfinished = next(f for f in found.findings if f.id == "schedule-unfinished")
    assert "money: 10 more" in unfinished.mend
    assert "length: 0 more" in unfinished.mend


@pytest.mark.parametrize("method", METHODS)
def test_single_item_and_no_item(method):
    one = TreeSchedule(
        np.array([-1], np.int32),
        np.array([5.0]),
        np.array([1.0]),
        np.array([7.0]),
        np.array([2.0, 2.0, 2.0]),
        np.full(3, np.inf),
    )
    found = solve_schedule(one, method=method, gap_limit=0.0)
    assert found.year.tolist() == [2]
    assert found.person_years == 7.0
    none = np.zeros(0)
    empty = TreeSchedule(np.zeros(0, np.int32), none, none, none, np.ones(2), np.ones(2))
    assert solve_schedule(empty, method=method).bound == 0.0


def test_dear_item_spreads_over_years_only_where_money_carries_over():
    problem = simple(cost=np.array([9.0, 1.0]), budget=np.array([5.0, 5.0]))
    assert solve_schedule(problem).year.tolist() == [1, 1]
    strict = solve_schedule(replace(problem, carry_over=False))
    assert strict.year.tolist() == [-1, -1]
    assert "schedule-item-too-large" in {f.id for f in strict.findings}


def test_standalone_items_and_radio_behind_its_fibre_point():
    # Item 1 is radio served from fibre point 0; item 2 is satellite and needs nobody.
    problem = TreeSchedule(
        parent=np.array([-1, 0, -1], np.int32),
        cost=np.array([10.0, 1.0, 1.0]),
        length_km=np.array([10.0, 0.0, 0.0]),
        weight=np.array([1.0, 100.0, 20.0]),
        budget=np.array([10.0, 2.0]),
        capacity_km=np.array([0.0, 10.0]),
    )
    found = solve_schedule(problem, gap_limit=0.0)
    assert found.year.tolist() == [1, 1, 0]


def test_all_is_built_at_once_without_limits():
    problem = replace(
        random_forest(80, 4, 9), budget=np.full(4, np.inf), capacity_km=np.full(4, np.inf)
    )
    found = solve_schedule(problem)
    assert np.all(found.year == 0)
    assert found.gap == 0.0


@pytest.mark.parametrize("method", ["auto", "heuristic", "lagrangian"])
def test_same_seed_same_answer(method):
    problem = random_forest(150, 5, 21)
    first = solve_schedule(problem, method=method, gap_limit=0.0, seed=4, mip_variables=0)
    again = solve_schedule(problem, method=method, gap_limit=0.0, seed=4, mip_variables=0)
    assert first.year.tolist() == again.year.tolist()
    assert (first.bound, first.method) == (again.bound, again.method)


@pytest.mark.parametrize("carry_over", [True, False])
def test_a_budget_that_just_suffices_builds_everything(carry_over):
    rng = np.random.default_rng(8)
    problem = random_forest(60, 1, 8)
    cost, length = rng.random(60) / 3, rng.random(60) / 7
    years = 7 if carry_over else 1
    problem = replace(
        problem,
        cost=cost,
        length_km=length,
        budget=np.full(years, cost.sum() / years),
        capacity_km=np.full(years, length.sum() / years),
        carry_over=carry_over,
    )
    found = solve_schedule(problem)
    assert np.all(found.year >= 0)
    assert not found.findings


def test_progress_is_told():
    stages = []
    solve_schedule(random_forest(60, 4, 2), gap_limit=0.0, progress=stages.append)
    assert stages
    assert {stage.name for stage in stages} == {"phasing"}
    assert "gap" in stages[-1].detail


def test_interruption_keeps_the_best_so_far():
    def stop(_):
        raise KeyboardInterrupt

    problem = random_forest(60, 4, 2)
    found = solve_schedule(problem, gap_limit=0.0, progress=stop)
    assert "interrupted" in found.method
    assert found.person_years > 0
    assert not verify_schedule(problem, found.year)


def test_every_fault_is_found_at_once():
    problem = simple(
        cost=np.array([np.nan, -1.0]),
        weight=np.array([1.0]),
        budget=np.array([np.nan, 1.0]),
        capacity_km=np.array([1.0]),
        parent=np.array([1, 0], np.int32),
    )
    with pytest.raises(InputError) as caught:
        solve_schedule(problem)
    places = {(f.id, f.field) for f in caught.value.findings}
    assert places == {
        ("schedule-amount", "cost"),
        ("schedule-shape", "weight"),
        ("schedule-amount", "budget"),
        ("schedule-shape", "capacity_km"),
        ("schedule-circle", "parent"),
    }
    assert len([f for f in caught.value.findings if f.field == "cost"]) == 2
    far = check_schedule(simple(parent=np.array([-1, 7], np.int32)))
    assert [f.id for f in far] == ["schedule-parent"]


def test_verification_names_each_breach():
    problem = simple()
    assert not verify_schedule(problem, np.array([0, 1], np.int32))
    assert [f.id for f in verify_schedule(problem, np.array([1, 0], np.int32))] == [
        "schedule-precedence"
    ]
    assert [f.id for f in verify_schedule(problem, np.array([0, 0], np.int32))] == [
        "schedule-limit"
    ]
    assert [f.id for f in verify_schedule(problem, np.array([0, 2], np.int32))] == ["schedule-year"]
    assert [f.id for f in verify_schedule(problem, np.array([0], np.int32))] == ["schedule-shape"]


def test_unknown_method_is_refused():
    with pytest.raises(ValueError, match="auto, heuristic"):
        solve_schedule(simple(), method="magic")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("carry_over", [True, False])
def test_what_serves_nobody_is_built_late_if_it_fits(method, carry_over):
    problem = simple(weight=np.array([10.0, 0.0]), budget=np.full(2, 20.0), carry_over=carry_over)
    found = solve_schedule(problem, method=method)
    assert found.year[0] == 0
    assert found.year[1] >= 0
    nobody = solve_schedule(replace(problem, weight=np.zeros(2)), method=method)
    assert np.all(nobody.year >= 0)
    assert not verify_schedule(problem, nobody.year)
    assert nobody.gap == 0.0
