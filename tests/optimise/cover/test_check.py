"""What makes a covering problem unusable is found, named and located."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qamtu.core.errors import Infeasible, InputError
from qamtu.optimise.cover import check_choice, check_cover, greedy_cover, solve_cover, verify_cover


@pytest.fixture
def usable(lists_problem):
    return lists_problem([[0, 1], [1, 2], [2, 3], [3, 0]], share=1.0)


def test_a_usable_problem_has_no_findings(usable):
    assert not check_cover(usable)


@pytest.mark.parametrize(
    ("change", "rule", "name"),
    [
        ({"weight": np.array([1.0, np.nan, 1.0, 1.0])}, "cover-amount", "weight"),
        ({"weight": np.array([1.0, -2.0, 1.0, 1.0])}, "cover-amount", "weight"),
        ({"cost": np.array([1.0, np.inf, 1.0, 1.0])}, "cover-amount", "cost"),
        ({"cost": np.ones((2, 2))}, "cover-shape", "cost"),
        ({"cost": np.ones(3)}, "cover-shape", "offset"),
        ({"offset": np.array([0, 2, 1, 6, 8])}, "cover-offset", "offset"),
        ({"offset": np.array([0, 2, 4, 6, 9])}, "cover-offset", "offset"),
        ({"offset": np.array([0.0, 2, 4, 6, 8])}, "cover-type", "demand"),
        ({"demand": np.array([0, 1, 1, 2, 2, 4, 3, 0], np.int32)}, "cover-demand", "demand"),
        ({"demand": np.array([0, 1, 1, 2, 2, -1, 3, 0], np.int32)}, "cover-demand", "demand"),
        ({"demand": np.array([0, 1, 1, 2, 2, 2, 3, 0], np.int32)}, "cover-twice", "demand"),
        ({"share": None}, "cover-goal", "share"),
        ({"count": 2}, "cover-goal", "share"),
        ({"share": 1.01}, "cover-share", "share"),
        ({"share": -0.1}, "cover-share", "share"),
        ({"share": np.nan}, "cover-share", "share"),
        ({"share": None, "count": -1}, "cover-count", "count"),
        ({"share": None, "count": 1.5}, "cover-count", "count"),
        ({"share": None, "budget": -1.0}, "cover-budget", "budget"),
        ({"share": None, "budget": np.nan}, "cover-budget", "budget"),
        ({"fold": 0}, "cover-fold", "fold"),
        ({"fold": 5}, "cover-fold", "fold"),
        ({"must": np.ones(3, bool)}, "cover-shape", "must"),
        ({"group": np.zeros(3, np.int64)}, "cover-shape", "group"),
        ({"fixed": np.array([4])}, "cover-fixed", "fixed"),
        ({"fixed": np.array([1, 1])}, "cover-fixed", "fixed"),
        ({"fixed": np.array([0.5])}, "cover-type", "fixed"),
        ({"fixed": np.array([0, 1]), "group": np.array([3, 3, -1, -1])}, "cover-group", "fixed"),
    ],
)
def test_what_is_wrong_is_named(usable, change, rule, name):
    wrong = replace(usable, **change)
    found = [f for f in check_cover(wrong).errors if f.id == rule]
    assert found
    assert found[0].field == name
    for door in (greedy_cover, solve_cover):
        with pytest.raises(InputError):
            door(wrong)


def test_a_finding_names_the_first_row(usable):
    wrong = replace(usable, weight=np.array([1.0, 1.0, np.nan, -1.0]))
    (found,) = check_cover(wrong).errors
    assert found.row == 4
    assert "2 of 4" in found.what


def test_a_candidate_that_covers_nothing_is_a_warning(lists_problem):
    problem = lists_problem([[0, 1], []], share=1.0)
    answer = solve_cover(problem)
    assert [f.id for f in answer.findings] == ["cover-empty"]
    assert answer.chosen.tolist() == [0]


def test_demands_out_of_reach_are_named(lists_problem):
    problem = lists_problem([[0, 1], [1, 2]], weight=np.ones(5), share=0.9)
    with pytest.raises(Infeasible) as refused:
        solve_cover(problem)
    (found,) = refused.value.findings
    assert "3, 4" in found.what
    assert "at most 0.6" in found.what
    must = np.array([False, False, False, True, False])
    with pytest.raises(Infeasible) as refused:
        solve_cover(replace(problem, share=0.5, must=must))
    assert refused.value.findings[0].field == "must"


def test_groups_put_demands_out_of_reach_of_a_fold(lists_problem):
    problem = lists_problem([[0], [0], [0, 1]], group=np.array([1, 1, -1]), fold=2, share=0.5)
    assert solve_cover(problem).proven
    with pytest.raises(Infeasible):
        solve_cover(replace(problem, group=np.array([1, 1, 1])))


def test_a_limit_too_small_for_what_must_be_covered(lists_problem):
    problem = lists_problem([[0], [1], [2]], count=2, must=np.ones(3, bool))
    with pytest.raises(Infeasible) as refused:
        solve_cover(problem)
    assert refused.value.findings[0].id == "cover-infeasible"


def test_limits_of_the_search_are_checked(usable):
    with pytest.raises(ValueError, match="at least 0"):
        solve_cover(usable, time_limit_s=-1.0)


@pytest.mark.parametrize(
    ("change", "chosen", "rule"),
    [
        ({}, [0, 9], "cover-range"),
        ({}, [0, 0, 2], "cover-twice"),
        ({}, [0], "cover-share"),
        ({"fixed": np.array([1])}, [0, 2], "cover-fixed"),
        ({"group": np.array([0, -1, 0, -1])}, [0, 2], "cover-group"),
        ({"share": 0.5, "must": np.array([False, False, True, False])}, [0], "cover-must"),
        ({"share": None, "count": 1}, [0, 1], "cover-count"),
        ({"share": None, "budget": 1.5}, [0, 1], "cover-budget"),
    ],
)
def test_a_broken_rule_is_seen(usable, change, chosen, rule):
    problem = replace(usable, **change)
    assert rule in [f.id for f in check_choice(problem, chosen)]
    assert not verify_cover(problem, chosen)[1]
