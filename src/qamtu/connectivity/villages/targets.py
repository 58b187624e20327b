"""Targets as constraints: the prices at which the least-cost plan meets them.

A target is priced with a Lagrangian multiplier (Geoffrion 1974, *Lagrangean relaxation for
integer programming*): a bonus for each fibre village, a penalty for each person without
adequate service, a surcharge on capital. The least price that meets a target is found by
doubling and interpolation. Every priced solve gives a bound for the constrained plan too:

    npv ≥ bound(λ, θ, μ) + λ·V − θ·(1 − s)·P − μ·B

for every plan with at least V villages, a share s of P people and capital of at most B.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from qamtu.connectivity.villages.formulation import Choice, Weights
from qamtu.connectivity.villages.prepare import Prepared
from qamtu.connectivity.villages.trim import give_up_dearest
from qamtu.core.errors import Infeasible
from qamtu.core.findings import Finding, Severity

__all__ = [
    "Point",
    "Targets",
    "constrained_bound",
    "meet_targets",
    "price_scale",
    "trim",
    "violations",
]

Solve = Callable[[Weights, "Point | None"], Choice]

_DOUBLINGS = 9
_REFINEMENTS = 4
_SWEEPS = 3
_NAMES = ("village", "person", "capital")


@dataclass(frozen=True, slots=True)
class Targets:
    """What the plan must reach; None where nothing is asked.

    Parameters
    ----------
    villages
        Villages newly on fibre, at least [settlements].
    people_share
        Share of the people with adequate service, at least [1].
    capex
        Capital, at most [currency].
    """

    villages: int | None = None
    people_share: float | None = None
    capex: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One priced solve: the prices and what they led to."""

    weights: Weights
    choice: Choice


def violations(prepared: Prepared, targets: Targets, choice: Choice) -> tuple[str, ...]:
    """Name the targets that a choice misses: ``village``, ``person``, ``capital``."""
    missed = {
        "village": targets.villages is not None and choice.villages < targets.villages,
        "person": targets.people_share is not None
        and choice.adequate_people < targets.people_share * prepared.people * (1 - 1e-12),
        "capital": targets.capex is not None and choice.capex > targets.capex * (1 + 1e-9),
    }
    return tuple(name for name in _NAMES if missed[name])


def constrained_bound(prepared: Prepared, targets: Targets, point: Point) -> float:
    """Give a lower bound on the net present cost of every plan that meets the targets.

    A price without its target proves nothing about the constrained plan and gives −inf.
    """
    weights, bound = point.weights, point.choice.bound
    if (weights.village > 0 and targets.villages is None) or weights.village < 0:
        return -np.inf
    if (weights.person > 0 and targets.people_share is None) or (
        weights.capital > 0 and targets.capex is None
    ):
        return -np.inf
    bound += weights.village * (targets.villages or 0)
    bound -= weights.person * (1.0 - (targets.people_share or 0.0)) * prepared.people
    bound -= weights.capital * (targets.capex or 0.0)
    return bound


def price_scale(prepared: Prepared, name: str) -> float:
    """Give a first price worth trying: a tenth of what the alternatives cost on average."""
    if len(prepared.customers) == 0:
        return 1.0
    total = float(prepared.alternatives.npv.sum())
    return {
        "village": 0.1 * total / len(prepared.customers),
        "person": 0.1 * total / max(float(prepared.population.sum()), 1.0),
        "capital": 0.1,
    }[name]


def meet_targets(
    prepared: Prepared, targets: Targets, solve: Solve, known: list[Point]
) -> tuple[Point, list[Point]]:
    """Find the prices at which the plan meets all targets at least cost.

    Parameters
    ----------
    prepared, targets
        The plan's data and what it must reach.
    solve
        Solves one set of prices, warm from a point.
    known
        Points solved before; they shorten the search.

    Returns
    -------
    best
        The cheapest point found that meets every target.
    points
        All points solved, the known ones first.

    Raises
    ------
    Infeasible
        If no prices meet the targets; the findings say the nearest that was reached.
    """
    _refuse_impossible(prepared, targets)
    search = _Search(prepared, targets, solve, list(known))
    current = search.at(Weights())
    for _ in range(_SWEEPS):
        missed = violations(prepared, targets, current.choice)
        if not missed:
            break
        for name in missed:
            current = search.raise_price(name, current)
    good = [p for p in search.points if not violations(prepared, targets, p.choice)]
    if not good:
        raise _nearest(prepared, targets, search.points)
    best = min(good, key=lambda p: p.choice.npv)
    return trim(prepared, targets, best), search.points


class _Search:
    """Solves prices once each and remembers them."""

    def __init__(
        self, prepared: Prepared, targets: Targets, solve: Solve, points: list[Point]
    ) -> None:
        self.prepared, self.targets, self.solve, self.points = prepared, targets, solve, points

    def at(self, weights: Weights) -> Point:
        for point in self.points:
            if point.weights == weights:
                return point
        near = min(
            self.points, key=lambda p: abs(p.weights.village - weights.village), default=None
        )
        point = Point(weights, self.solve(weights, near))
        self.points.append(point)
        return point

    def meets(self, name: str, point: Point) -> bool:
        return name not in violations(self.prepared, self.targets, point.choice)

    def raise_price(self, name: str, start: Point) -> Point:
        """Find the least price of one target that meets it, by bracket and interpolation."""
        low, high = self._bracket(name, start)
        if high is None:
            return low
        for _ in range(_REFINEMENTS):
            if self._close(name, high):
                break
            first, last = getattr(low.weights, name), getattr(high.weights, name)
            share = self._share(name, low, high)
            point = self.at(replace(start.weights, **{name: first + share * (last - first)}))
            if self.meets(name, point):
                high = point
            else:
                low = point
        return high

    def _bracket(self, name: str, start: Point) -> tuple[Point, Point | None]:
        """Give the dearest known price that misses and the cheapest that meets the target.

        Prices double until one meets it; None where none does.
        """
        base = getattr(start.weights, name)
        along = [
            p
            for p in self.points
            if replace(p.weights, **{name: base}) == start.weights
            and getattr(p.weights, name) >= base
        ]
        missing = [p for p in along if not self.meets(name, p)]
        low = max(missing, key=lambda p: getattr(p.weights, name), default=start)
        above = [
            p
            for p in along
            if self.meets(name, p) and getattr(p.weights, name) > getattr(low.weights, name)
        ]
        if above:
            return low, min(above, key=lambda p: getattr(p.weights, name))
        step = price_scale(self.prepared, name)
        for _ in range(_DOUBLINGS):
            price = getattr(low.weights, name) + step
            point = self.at(replace(start.weights, **{name: price}))
            if self.meets(name, point):
                return low, point
            low, step = point, 3.0 * step
        return low, None

    def _share(self, name: str, low: Point, high: Point) -> float:
        """Tell where between two prices the target lies if its measure grows in a line."""
        first, last = (_measure(name, p.choice) for p in (low, high))
        wanted = {
            "village": float(self.targets.villages or 0),
            "person": (self.targets.people_share or 0.0) * self.prepared.people,
            "capital": -(self.targets.capex or 0.0),
        }[name]
        if last <= first:
            return 0.5
        return float(np.clip(1.05 * (wanted - first) / (last - first), 0.1, 0.9))

    def _close(self, name: str, point: Point) -> bool:
        choice, targets = point.choice, self.targets
        if name == "village":
            return choice.villages <= (targets.villages or 0) * 1.003
        if name == "person":
            return choice.adequate_people <= (targets.people_share or 0) * self.prepared.people * (
                1 + 5e-4
            )
        return choice.capex >= (targets.capex or 0) * 0.997


def _measure(name: str, choice: Choice) -> float:
    """Give what a target looks at, so that more of it is nearer to the target."""
    if name == "village":
        return float(choice.villages)
    return choice.adequate_people if name == "person" else -choice.capex


def trim(prepared: Prepared, targets: Targets, point: Point) -> Point:
    """Give up fibre in villages beyond the target where that saves, many at once if it can be."""
    choice = point.choice
    most = len(choice.leaf)
    while targets.villages is not None and point.weights.village > 0:
        most = min(most, choice.villages - targets.villages)
        if most <= 0:
            break
        made = give_up_dearest(prepared, point.weights, choice, most)
        if made is None:
            break
        if made.npv < choice.npv and not violations(prepared, targets, made):
            choice = made
        else:
            most = min(most, choice.villages - made.villages) // 2
    return replace(point, choice=choice)


def _refuse_impossible(prepared: Prepared, targets: Targets) -> None:
    possible = int(prepared.is_village.sum())
    if targets.villages is not None and targets.villages > possible:
        finding = Finding(
            "target-villages",
            Severity.ERROR,
            f"{targets.villages:,} villages are to get fibre, but only {possible:,} have none yet",
            f"ask for at most {possible:,} (--villages {possible})",
            field="villages_target",
        )
        raise Infeasible("the target cannot be met", [finding])


def _nearest(prepared: Prepared, targets: Targets, points: list[Point]) -> Infeasible:
    """Say for each target the nearest value that any solved price reached."""
    found = []
    if targets.capex is not None:
        least = min(p.choice.capex for p in points)
        found.append(("capex", f"the least capital found is {least:,.0f}", f"allow {least:,.0f}"))
    if targets.people_share is not None:
        most = max(p.choice.adequate_people for p in points) / prepared.people
        what = f"the largest share of people reached is {most:.2%}"
        found.append(("people_share", what, f"ask for {np.floor(most * 1e4) / 1e4}"))
    if targets.villages is not None:
        most_villages = max(p.choice.villages for p in points)
        what = f"the most villages reached is {most_villages:,}"
        found.append(("villages_target", what, f"ask for {most_villages}"))
    return Infeasible(
        "no plan was found that meets all targets at once",
        [
            Finding(
                "target-not-met", Severity.ERROR, what, f"{mend}, or relax another target", field=f
            )
            for f, what, mend in found
        ],
    )
