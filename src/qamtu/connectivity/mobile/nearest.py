"""The shares that are asked of a city, or the most of them that its candidates reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from qamtu.connectivity.mobile.both import Shares, meet_shares
from qamtu.connectivity.mobile.choose import Point, most_share
from qamtu.connectivity.mobile.survey import Wanted
from qamtu.connectivity.mobile.territory import Territory
from qamtu.optimise.cover import CoverProblem

__all__ = ["Nearest", "most_factor", "nearest_point"]

_CLOSE: Final = 0.01
_BELOW: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Nearest:
    """An answer for what is asked, or for as much of it as can be reached.

    Parameters
    ----------
    point
        The answer.
    factor
        Part of both shares that it is made for [1]; 1 where all is reached, 0 where nothing is.
    """

    point: Point
    factor: float


def nearest_point(
    problem: CoverProblem, territory: Territory, wanted: Wanted, more: float = 0.0
) -> Nearest:
    """Meet the shares that are wanted, or both of them times the largest factor that is met.

    Parameters
    ----------
    problem
        Candidates and their cells.
    territory
        Area and people of the cells.
    wanted
        What is asked, and the limits of the search.
    more
        What is asked on top of each share, for what the check found missing [1].
    """
    area, people = (
        min(share + more, 1.0) if share > 0.0 else 0.0
        for share in (wanted.share, wanted.people_share)
    )
    shares = Shares(territory.area_km2, territory.people, area, people)
    quick = replace(wanted.point_limits, time_limit_s=0.5 * wanted.point_limits.time_limit_s)

    def solve(factor: float) -> Point | None:
        return meet_shares(
            problem, shares.scaled(factor), wanted.limits, quick, least_sites=wanted.least_sites
        )

    return most_factor(solve, _reachable(problem, shares))


def most_factor(solve: Callable[[float], Point | None], most: float) -> Nearest:
    """Find the largest factor, to a hundredth of ``most``, for which there is an answer.

    Parameters
    ----------
    solve
        Gives an answer for a factor, None where there is none; factor 0 always has one.
    most
        A factor above which there is none [1].
    """
    low, high = 0.0, min(most, 1.0)
    best = None
    tried = high if high == 1.0 else high * (1.0 - _BELOW)
    while high > 0.0 and high - low > _CLOSE * min(most, 1.0):
        point = solve(tried)
        if point is not None:
            best, low = point, tried
            if tried >= high * (1.0 - _BELOW):
                break
        else:
            high = tried
        tried = 0.5 * (low + high)
    if best is None:
        best = solve(0.0)
        assert best is not None
    return Nearest(best, low)


def _reachable(problem: CoverProblem, shares: Shares) -> float:
    """Give a factor of both shares that no choice exceeds: what all options at once reach."""
    parts = []
    for weight, share in (
        (shares.area, shares.area_share), (shares.people, shares.people_share),
    ):  # fmt: skip
        if share > 0.0 and float(weight.sum()) > 0.0:
            parts.append(most_share(replace(problem, weight=weight)) / share)
    return min(parts, default=1.0)
