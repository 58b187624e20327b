"""What is asked where it is reached, and the most of it where it is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qamtu.connectivity.mobile import run
from qamtu.connectivity.mobile.choose import Point
from qamtu.connectivity.mobile.city import plan_city
from qamtu.connectivity.mobile.nearest import most_factor
from qamtu.connectivity.mobile.tasks import city_tasks
from qamtu.core.errors import Infeasible
from qamtu.core.findings import Severity
from qamtu.optimise.cover import CoverAnswer


def solver(most: float):
    """Answer every factor up to one; keep what was asked."""
    asked: list[float] = []

    def solve(factor: float) -> Point | None:
        asked.append(factor)
        answer = CoverAnswer(
            chosen=np.empty(0, np.int64), covered=0.0, share=factor, cost=0.0, bound=0.0, gap=0.0,
            proven=True, method="made", seconds=0.0,
        )  # fmt: skip
        return Point(factor, answer, answer) if factor <= most else None

    return solve, asked


@pytest.mark.parametrize(
    ("most", "upper", "tries"),
    [(1.0, 1.4, 1), (0.7, 0.7, 8), (0.35, 0.9, 9), (0.001, 1.0, 9), (0.0, 0.0, 1)],
)
def test_the_largest_factor_is_bracketed(most: float, upper: float, tries: int) -> None:
    solve, asked = solver(most)
    found = most_factor(solve, upper)
    assert len(asked) <= tries
    assert found.factor <= most
    assert found.factor >= min(most, 1.0) - 0.01 * min(upper, 1.0) - 1e-8
    assert found.point.share == found.factor


def test_nothing_covered_anywhere_is_infeasible(inputs) -> None:
    with pytest.raises(Infeasible, match="no place for a site covers anything") as error:
        run(replace(inputs, level_dbm_min=-40.0))
    assert error.value.findings[0].id == "nothing-covered"
    assert error.value.findings[0].severity is Severity.ERROR


def test_a_city_without_cover_has_an_empty_plan(inputs) -> None:
    (task,) = city_tasks(replace(inputs, level_dbm_min=-40.0))
    plan = plan_city(task)
    assert plan.factor == 0.0
    assert plan.chosen.size == 0
    (finding,) = [f for f in plan.findings if f.id == "share-out-of-reach"]
    assert "reach 0.0% of the territory" in finding.what


def test_bounds_are_those_of_what_was_asked(inputs) -> None:
    """What is asked on top after the check, or a margin for interference, raises no bound."""
    (task,) = city_tasks(replace(inputs, speed_down_mbps_min=30.0, load_share=0.7))
    plan = plan_city(task)
    level = task.wanted.radio(task.params).level_dbm
    (bare,) = city_tasks(replace(inputs, level_dbm_min=level, spacing_m=700.0))
    free = plan_city(bare)
    assert plan.radio.interference_db >= 3.0
    assert plan.bound.share == pytest.approx(inputs.territory_share_target)
    assert plan.bound.cheapest.bound <= free.point.cheapest.cost + 1e-6
    assert plan.bound.fewest.bound <= free.point.fewest.cost + 1e-6
