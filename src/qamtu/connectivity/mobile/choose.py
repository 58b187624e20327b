"""Which options are built: fewest sites and least cost for several shares, each with its bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.options import Option
from qamtu.core.errors import Infeasible
from qamtu.optimise.cover import CoverAnswer, CoverProblem, solve_cover

__all__ = [
    "Limits",
    "Point",
    "adopted",
    "cover_problem",
    "curve_points",
    "most_share",
    "new_chosen",
    "reached_point",
    "solve_one",
    "solve_point",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """When a search ends: seconds, gap [1], rounds (None for no limit), and its seed."""

    time_limit_s: float
    gap_limit: float
    max_rounds: int | None
    seed: int


@dataclass(frozen=True, eq=False)
class Point:
    """Least sites and least cost for one share.

    Parameters
    ----------
    share
        Share of the weight that was asked [1].
    fewest, cheapest
        The two answers; cost of the first is counted in sites.
    """

    share: float
    fewest: CoverAnswer
    cheapest: CoverAnswer

    @property
    def sites_bound(self) -> float:
        """Proven least number of new sites, a whole number."""
        return float(np.ceil(self.fewest.bound - 1e-6))


def cover_problem(
    offset: NDArray[np.int64], number: NDArray[np.int32], weight: NDArray[np.float64],
    npv: NDArray[np.float64], options: Sequence[Option],
) -> CoverProblem:  # fmt: skip
    """Put the covering problem of a city together; its goal is a share to be set.

    Options of one new place exclude each other; sites that stand are fixed and free.

    Parameters
    ----------
    offset, number
        Cells of each option (`cover_lists`).
    weight : float64[d]
        Area or people of each cell.
    npv : float64[options]
        Net present cost of each option [currency].
    options
        The options.
    """
    fixed = np.array([i for i, o in enumerate(options) if o.existing], np.int64)
    group = np.array([-1 if o.existing else o.place for o in options], np.int64)
    return CoverProblem(
        offset=offset, demand=number, weight=weight, cost=npv, share=0.0, fixed=fixed, group=group
    )


def most_share(problem: CoverProblem) -> float:
    """Share of the weight that all options together cover, more than any choice can [1]."""
    total = float(problem.weight.sum())
    if total <= 0.0:
        return 0.0
    return float(problem.weight[np.unique(problem.demand)].sum()) / total


def solve_point(problem: CoverProblem, share: float, limits: Limits) -> Point:
    """Find fewest sites and least cost for a share, whatever reaches it being the same options.

    Each answer is tried as the other's too: whichever is better by its measure is kept.

    Raises
    ------
    Infeasible
        If no choice reaches the share.
    """
    by_count = replace(problem, cost=np.ones(problem.n_candidates))
    fewest, cheapest = (solve_one(one, share, limits) for one in (by_count, problem))
    if _new_sites(by_count, cheapest) < fewest.cost:
        fewest = adopted(fewest, cheapest, float(_new_sites(by_count, cheapest)))
    spent = float(problem.cost[new_chosen(problem, fewest)].sum())
    if spent < cheapest.cost:
        cheapest = adopted(cheapest, fewest, spent)
    return Point(share, fewest, cheapest)


def reached_point(problem: CoverProblem, share: float, limits: Limits) -> Point | None:
    """Solve a share; None where all options together, or every choice found, miss it."""
    if share > most_share(problem):
        return None
    try:
        return solve_point(problem, share, limits)
    except Infeasible:
        return None


def curve_points(
    problem: CoverProblem, shares: Sequence[float], limits: Limits
) -> tuple[Point, ...]:
    """Solve every share that is reached; more cover never costs less in what comes out."""
    tried = (reached_point(problem, share, limits) for share in sorted(shares))
    points = [point for point in tried if point is not None]
    for i in range(len(points) - 2, -1, -1):  # a choice that covers more serves for less, too
        here, above = points[i], points[i + 1]
        fewest, cheapest = here.fewest, here.cheapest
        if above.fewest.cost < fewest.cost:
            fewest = adopted(fewest, above.fewest, above.fewest.cost)
        if above.cheapest.cost < cheapest.cost:
            cheapest = adopted(cheapest, above.cheapest, above.cheapest.cost)
        points[i] = Point(here.share, fewest, cheapest)
    for i in range(1, len(points)):  # what less needs at least, more needs too
        here, below = points[i], points[i - 1]
        points[i] = Point(
            here.share, _bounded(here.fewest, below.fewest.bound),
            _bounded(here.cheapest, below.cheapest.bound),
        )  # fmt: skip
    return tuple(points)


def solve_one(problem: CoverProblem, share: float, limits: Limits) -> CoverAnswer:
    """Solve one problem for a share of its weight.

    Raises
    ------
    Infeasible
        If no choice reaches the share.
    """
    return solve_cover(
        replace(problem, share=share), time_limit_s=limits.time_limit_s,
        gap_limit=limits.gap_limit, seed=limits.seed, max_rounds=limits.max_rounds,
    )  # fmt: skip


def new_chosen(problem: CoverProblem, answer: CoverAnswer) -> NDArray[np.int64]:
    """Give the chosen options that do not stand."""
    fixed = np.empty(0, np.int64) if problem.fixed is None else problem.fixed
    return np.setdiff1d(answer.chosen, fixed)


def _new_sites(problem: CoverProblem, answer: CoverAnswer) -> int:
    return int(new_chosen(problem, answer).size)


def adopted(own: CoverAnswer, other: CoverAnswer, cost: float) -> CoverAnswer:
    """Give an answer the choice of another one; its bound stands."""
    bound = min(own.bound, cost)
    gap = (cost - bound) / cost if cost > 0 else 0.0
    return replace(
        own, chosen=other.chosen, covered=other.covered, share=other.share, cost=cost,
        bound=bound, gap=gap, proven=gap == 0.0,
    )  # fmt: skip


def _bounded(own: CoverAnswer, bound: float) -> CoverAnswer:
    """Raise an answer's bound to one that holds for it too."""
    if bound <= own.bound:
        return own
    bound = min(bound, own.cost)
    gap = (own.cost - bound) / own.cost if own.cost > 0 else 0.0
    return replace(own, bound=bound, gap=gap, proven=gap == 0.0)
