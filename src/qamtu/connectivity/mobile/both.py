"""One choice of sites for two shares at once: of the territory and of its people.

No covering problem with one sum of weights knows two conditions. But any choice that meets both
also meets their sum with a price μ on people,

    Σ (a_i / A + μ p_i / P) ≥ s_A + μ s_P,

so the sum's least cost bounds that of both from below for every μ (surrogate relaxation, F.
Glover, "Surrogate constraints", Operations Research 16, 1968). The price at which the sum's own
answer meets both is searched; what little is missing in the end is asked on top.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.choose import (
    Limits,
    Point,
    adopted,
    new_chosen,
    reached_point,
    solve_one,
)
from qamtu.core.errors import Infeasible
from qamtu.optimise.cover import CoverAnswer, CoverProblem

__all__ = ["Shares", "meet_shares"]

_SEARCHES: Final = 6
_TOPPINGS: Final = 6
_CLOSE: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Shares:
    """Two shares that must be covered.

    Parameters
    ----------
    area, people : float64[d]
        Area and people of each cell.
    area_share, people_share
        Shares asked for [1]; 0 for no condition.
    """

    area: NDArray[np.float64]
    people: NDArray[np.float64]
    area_share: float
    people_share: float

    def scaled(self, factor: float) -> Shares:
        """Give the same with both shares times a factor."""
        return replace(
            self, area_share=self.area_share * factor, people_share=self.people_share * factor
        )

    def weight(self, price: float) -> NDArray[np.float64]:
        """Weight of each cell: its share of the area, and ``price`` times that of the people."""
        return _normal(self.area) + price * _normal(self.people)

    def asked(self, price: float) -> float:
        """Share of the sum of all weights that any choice meeting both covers at least [1]."""
        return (self.area_share + price * self.people_share) / (1.0 + price)

    def met(self, seen: NDArray[np.bool_]) -> bool:
        """Tell whether a set of cells meets both shares."""
        return max(self.missing(seen)) <= _CLOSE

    def missing(self, seen: NDArray[np.bool_]) -> tuple[float, float]:
        """What a set of cells lacks of each share [1]; 0 or less where it is met."""
        area = float(_normal(self.area)[seen].sum())
        people = float(_normal(self.people)[seen].sum())
        return self.area_share - area, self.people_share - people


def _normal(values: NDArray[np.float64]) -> NDArray[np.float64]:
    total = float(values.sum())
    return values / total if total > 0.0 else np.zeros(values.size)


def meet_shares(
    problem: CoverProblem, shares: Shares, limits: Limits, quick: Limits, *, least_sites: bool
) -> Point | None:
    """Find the choice of least cost that meets both shares, with a bound for both.

    Parameters
    ----------
    problem
        Candidates and their cells; its weights and goal are set aside.
    shares
        What is asked.
    limits, quick
        Limits of the answer, and of each step of the search for the price.
    least_sites
        Whether the choice of the plan is the one of fewest sites.

    Returns
    -------
    Point or None
        Its ``share`` is that of the territory; None where no choice was found.
    """
    if shares.people_share <= 0.0 or float(shares.people.sum()) <= 0.0:
        return reached_point(replace(problem, weight=shares.area), shares.area_share, limits)
    if shares.area_share <= 0.0:
        point = reached_point(replace(problem, weight=shares.people), shares.people_share, limits)
        return None if point is None else replace(point, share=0.0)
    cost = np.ones(problem.n_candidates) if least_sites else problem.cost
    wanted = replace(problem, cost=cost)
    price = _find_price(wanted, shares, quick)
    priced = replace(problem, weight=shares.weight(price))
    point = reached_point(priced, shares.asked(price), limits)
    if point is None:
        return None
    own, other = (point.fewest, point.cheapest) if least_sites else (point.cheapest, point.fewest)
    answer = _topped(wanted, shares, price, own, quick)
    if answer is None:
        return None
    plan = adopted(own, answer, answer.cost)
    if not shares.met(_seen(problem, other)):
        spent = np.ones(problem.n_candidates) if not least_sites else problem.cost
        other = adopted(other, plan, float(spent[new_chosen(problem, plan)].sum()))
    return Point(shares.area_share, *((plan, other) if least_sites else (other, plan)))


def _find_price(problem: CoverProblem, shares: Shares, limits: Limits) -> float:
    """Search the price at which the answer of the sum lacks about as little of either share."""
    low, high, price = 0.0, np.inf, 0.0
    for _ in range(_SEARCHES):
        try:
            priced = replace(problem, weight=shares.weight(price))
            answer = solve_one(priced, shares.asked(price), limits)
        except Infeasible:
            break
        area, people = shares.missing(_seen(problem, answer))
        if people <= _CLOSE and area <= _CLOSE:
            return price
        if people > area:
            low = price
            price = 1.0 if price == 0.0 else 2.0 * price if np.isinf(high) else 0.5 * (low + high)
        else:
            high = price
            price = 0.5 * (low + high)
    return price


def _topped(
    problem: CoverProblem, shares: Shares, price: float, answer: CoverAnswer, limits: Limits
) -> CoverAnswer | None:
    """Ask the sum for what its answer lacks on top, until it lacks nothing."""
    priced = replace(problem, weight=shares.weight(price))
    asked = shares.asked(price)
    for _ in range(_TOPPINGS):
        area, people = shares.missing(_seen(problem, answer))
        if area <= _CLOSE and people <= _CLOSE:
            return answer
        asked += 1.2 * (max(area, 0.0) + price * max(people, 0.0)) / (1.0 + price) + 1e-4
        try:
            answer = solve_one(priced, min(asked, 1.0), limits)
        except Infeasible:
            return None
    return answer if shares.met(_seen(problem, answer)) else None


def _seen(problem: CoverProblem, answer: CoverAnswer) -> NDArray[np.bool_]:
    seen = np.zeros(problem.n_demands, bool)
    for j in answer.chosen:
        seen[problem.demand[problem.offset[j] : problem.offset[j + 1]]] = True
    return seen
