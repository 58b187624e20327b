"""The search for a good schedule: packings, and neighbouring years divided anew."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qamtu.core.progress import Report, Stage
from qamtu.optimise.schedule.envelope import Envelope, mixed_resource
from qamtu.optimise.schedule.order import horn_sequence, topological_order
from qamtu.optimise.schedule.packing import add_late, pack_sequence, recut_years
from qamtu.optimise.schedule.problem import TreeSchedule, person_years

__all__ = ["Search", "add_unbuilt", "pack_first", "pack_guided", "pack_scattered", "recut_all"]

_REACHES = (0.0, 0.01, 0.05, 0.2, 1.0)
_SWEEPS = 6
_ROUNDING = 1e-10
_WORK_PER_SWEEP = 400_000  # items × tries: bounds a sweep over the years to about a second


@dataclass(slots=True)
class Search:
    """The best schedule and bound so far, and how long the search may go on.

    Attributes
    ----------
    problem : TreeSchedule
        The problem, its arrays of the types that compiled code takes.
    gap_limit : float
        Gap at which the search stops [1].
    deadline : float
        Time of `time.monotonic` at which it stops [s].
    report : callable
        Takes each `Stage`.
    year : int32[n]
        Year of each item in the best schedule; ``T`` for not built.
    achieved, bound : float
        Its person-years, and the proven bound [person-years].
    methods : list of str
        How they were found.
    """

    problem: TreeSchedule
    gap_limit: float
    deadline: float
    report: Report
    year: NDArray[np.int32]
    achieved: float = 0.0
    bound: float = np.inf
    methods: list[str] = field(default_factory=list)

    def offer(self, year: NDArray[np.int32]) -> bool:
        """Keep a schedule if it is better."""
        reached = person_years(self.problem, year)
        if reached <= self.achieved:
            return False
        self.year, self.achieved = year, reached
        return True

    @property
    def gap(self) -> float:
        """Proven gap [1]."""
        return (self.bound - self.achieved) / self.bound if self.bound > 0 else 0.0

    @property
    def over(self) -> bool:
        """Whether the gap is small enough or the time is up."""
        return self.gap <= self.gap_limit or time.monotonic() >= self.deadline

    def tell(self, share: float | None = None) -> None:
        """Report progress."""
        detail = f"{self.achieved:,.0f} person-years, gap {100 * self.gap:.2f} %"
        self.report(Stage("phasing", share, detail))


def _pack(problem: TreeSchedule, sequence: NDArray[np.int32], reach: float) -> NDArray[np.int32]:
    return pack_sequence(
        sequence,
        problem.parent,
        problem.cost,
        problem.length_km,
        problem.budget,
        problem.capacity_km,
        problem.carry_over,
        reach,
    )


def pack_first(search: Search, envelope: Envelope) -> None:
    """Pack Horn's sequence under the mixes that the closed-form bound found best.

    Parameters
    ----------
    search : Search
        The search; it keeps what is better.
    envelope : Envelope
        The closed-form bound.
    """
    problem = search.problem
    for mix in np.unique(np.append(envelope.mix, [0.5, 1.0])):
        resource = mixed_resource(problem, float(mix))
        sequence, _ = horn_sequence(problem.parent, problem.weight, resource)
        for reach in _REACHES:
            search.offer(_pack(problem, sequence, reach))


def _room(problem: TreeSchedule, year: NDArray[np.int32], t: int) -> NDArray[np.float64]:
    """Money and length for the items of year t, and for those of year t + 1."""
    horizon = problem.n_years
    room = np.full(4, np.inf)
    for k, (amount, limit) in enumerate(
        ((problem.cost, problem.budget), (problem.length_km, problem.capacity_km))
    ):
        used = np.bincount(year, weights=amount, minlength=horizon + 1)
        total = limit[: t + 1].sum() if problem.carry_over else limit[t]
        spent = used[:t].sum() if problem.carry_over else 0.0
        # What stands now is allowed, whatever rounding says.
        room[k] = max(total - spent + _ROUNDING * used.max(), used[t])
        if not problem.carry_over and t + 1 < horizon:
            room[2 + k] = max(limit[t + 1], used[t + 1])
    return room


def _sweep(
    search: Search, mix: NDArray[np.float64], noise: float, random: np.random.Generator
) -> float:
    """Divide every two neighbouring years anew, from the last to the first."""
    problem = search.problem
    year = search.year.copy()
    won = 0.0
    for t in range(problem.n_years - 1, -1, -1):
        if time.monotonic() >= search.deadline:
            break
        concerned = int(np.count_nonzero((year == t) | (year == t + 1)))
        if concerned == 0:
            continue
        tries = int(np.clip(_WORK_PER_SWEEP / (problem.n_years * concerned), 2, 200))
        won += recut_years(
            year,
            t,
            problem.parent,
            problem.weight,
            problem.cost,
            problem.length_km,
            mixed_resource(problem, float(mix[t])),
            _room(problem, year, t),
            tries,
            noise,
            random,
        )
    before = search.achieved
    search.offer(year)
    # What slack is left takes the items of later years in their order.
    rank = np.empty(problem.n_items)
    rank[topological_order(problem.parent)] = np.arange(problem.n_items)
    search.offer(_pack(problem, np.lexsort((rank, search.year)).astype(np.int32), 1.0))
    return search.achieved - before


def recut_all(search: Search, mix: NDArray[np.float64], random: np.random.Generator) -> None:
    """Divide every two neighbouring years anew, again and again while that gains.

    Parameters
    ----------
    search : Search
        The search; it keeps what is better.
    mix : float64[T]
        Share of money in the mixed resource of each year [1].
    random : numpy.random.Generator
        Source of the disturbance.
    """
    for k in range(_SWEEPS):
        if search.over:
            return
        noise = (0.05, 0.3, 0.02, 0.1)[k % 4]
        won = _sweep(search, mix, noise, random)
        search.tell((k + 1) / _SWEEPS)
        if won <= 0 and k >= 3:
            return


def pack_scattered(search: Search, mix: NDArray[np.float64], random: np.random.Generator) -> None:
    """Pack Horn's sequence under disturbed weights, around the best one so far.

    Parameters
    ----------
    search : Search
        The search; it keeps what is better.
    mix : float64[T]
        Shares of money in the mixed resource to draw from [1].
    random : numpy.random.Generator
        Source of the disturbance.
    """
    problem = search.problem
    tries = int(np.clip(_WORK_PER_SWEEP / max(problem.n_items, 1), 4, 400))
    reaches = _REACHES if problem.carry_over else (1.0,)
    best = np.ones(problem.n_items)
    for k in range(tries):
        if search.over:
            return
        factor = best * np.exp(random.choice((0.03, 0.1, 0.4)) * random.standard_normal(best.size))
        resource = mixed_resource(problem, float(random.choice(mix)))
        sequence, _ = horn_sequence(problem.parent, problem.weight * factor, resource)
        if search.offer(_pack(problem, sequence, reaches[k % len(reaches)])):
            best = factor


def pack_guided(search: Search, urgency: NDArray[np.float64]) -> None:
    """Pack the items in the order of a relaxation; parents first among equals.

    Parameters
    ----------
    search : Search
        The search; it keeps what is better.
    urgency : float64[n]
        Years of service of each item in the relaxation [year].
    """
    rank = np.empty(search.problem.n_items)
    rank[topological_order(search.problem.parent)] = np.arange(search.problem.n_items)
    sequence = np.lexsort((rank, -np.round(urgency, 9))).astype(np.int32)
    for reach in _REACHES:
        search.offer(_pack(search.problem, sequence, reach))


def add_unbuilt(search: Search) -> None:
    """Build late what adds little or nothing to the person-years but fits in what is left.

    Parameters
    ----------
    search : Search
        The search; its schedule is completed.
    """
    problem = search.problem
    left = []
    for amount, limit in (
        (problem.cost, problem.budget),
        (problem.length_km, problem.capacity_km),
    ):
        used = np.zeros(problem.n_years + 1)
        np.add.at(used, search.year, amount)
        # Rounding must not keep out the last item of a budget that just suffices.
        room = limit - used[:-1] + _ROUNDING * used.max()
        if problem.carry_over:
            room = np.append(np.zeros(problem.n_years - 1), room.sum())
        left.append(np.maximum(room, 0.0))
    year = search.year.copy()
    sequence, _ = horn_sequence(problem.parent, problem.weight, mixed_resource(problem, 0.5))
    add_late(year, sequence, problem.parent, problem.cost, problem.length_km, left[0], left[1])
    search.year, search.achieved = year, person_years(problem, year)
