"""The door: a schedule with its proven gap, by the method that the size allows."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from qamtu.core.errors import raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.progress import Report, Stage, silent
from qamtu.optimise.schedule.envelope import Envelope, envelope_bound, mixed_resource
from qamtu.optimise.schedule.lagrange import lagrangian_bound
from qamtu.optimise.schedule.models import solve_model
from qamtu.optimise.schedule.order import horn_sequence, topological_order
from qamtu.optimise.schedule.packing import pack_sequence, recut_years
from qamtu.optimise.schedule.problem import (
    ScheduleSolution,
    TreeSchedule,
    check_schedule,
    person_years,
    verify_schedule,
)

__all__ = ["Method", "solve_schedule"]

Method = Literal["auto", "heuristic", "lagrangian", "lp", "mip"]

_REACHES = (0.0, 0.01, 0.05, 0.2, 1.0)
_SWEEPS = 6
_MIP_VARIABLES = 3_000
_WORK_PER_SWEEP = 400_000  # items × tries: bounds a sweep over the years to about a second


@dataclass(slots=True)
class _Search:
    """The best schedule and bound so far, and how long the search may go on."""

    problem: TreeSchedule
    gap_limit: float
    deadline: float
    report: Report
    year: NDArray[np.int32]  # T for not built
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


def _start(search: _Search, envelope: Envelope) -> None:
    """Pack Horn's sequence under the mixes that the closed-form bound found best."""
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
        room[k] = max(total - spent, used[t])
        if not problem.carry_over and t + 1 < horizon:
            room[2 + k] = max(limit[t + 1], used[t + 1])
    return room


def _sweep(
    search: _Search, mix: NDArray[np.float64], noise: float, random: np.random.Generator
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
    search.offer(year)
    return won


def _improve(search: _Search, mix: NDArray[np.float64], random: np.random.Generator) -> None:
    for k in range(_SWEEPS):
        if search.over:
            return
        noise = (0.05, 0.3, 0.02, 0.1)[k % 4]
        won = _sweep(search, mix, noise, random)
        search.tell((k + 1) / _SWEEPS)
        if won <= 0 and k >= 3:
            return


def _guided(search: _Search, urgency: NDArray[np.float64]) -> None:
    """Pack the items in the order of a relaxation; parents first among equals."""
    rank = np.empty(search.problem.n_items)
    rank[topological_order(search.problem.parent)] = np.arange(search.problem.n_items)
    sequence = np.lexsort((rank, -np.round(urgency, 9))).astype(np.int32)
    for reach in _REACHES:
        search.offer(_pack(search.problem, sequence, reach))


def _relax_prices(search: _Search, envelope: Envelope, *, steps: int) -> None:
    result = lagrangian_bound(
        search.problem,
        envelope,
        search.achieved,
        steps=steps,
        gap_limit=search.gap_limit,
        deadline=search.deadline,
    )
    if result.bound < search.bound:
        search.bound = result.bound
        search.methods.append(f"Lagrangian bound ({result.steps} steps)")
    _guided(search, result.urgency)


def _solve_highs(search: _Search, *, integer: bool, seed: int) -> None:
    result = solve_model(
        search.problem,
        integer=integer,
        time_limit_s=search.deadline - time.monotonic(),
        gap_limit=search.gap_limit,
        seed=seed,
        start=search.year,
    )
    if result.bound < search.bound:
        search.bound = result.bound
        search.methods.append(f"HiGHS {'MIP' if integer else 'LP'} bound ({result.status})")
    if result.year is not None:
        signed = np.where(result.year < search.problem.n_years, result.year, -1).astype(np.int32)
        # The solver's tolerances are wider than the checker's.
        if not verify_schedule(search.problem, signed) and search.offer(result.year):
            search.methods.append("HiGHS MIP schedule")
    if result.urgency is not None and not integer:
        _guided(search, result.urgency)


def solve_schedule(
    problem: TreeSchedule,
    *,
    time_limit_s: float = 20.0,
    gap_limit: float = 0.01,
    seed: int = 0,
    progress: Report | None = None,
    method: Method = "auto",
    mip_variables: int = _MIP_VARIABLES,
) -> ScheduleSolution:
    """Find a schedule of the greatest person-years within the limits, and prove how good it is.

    Horn's sequence is packed into the years, neighbouring years are divided anew, and the result
    stands against a closed-form bound; if the gap is still above the limit, finer means follow:
    the mixed-integer model where it is small, else Lagrangian relaxation.

    Parameters
    ----------
    problem : TreeSchedule
        The problem.
    time_limit_s : float
        Time after which nothing new is begun [s].
    gap_limit : float
        Gap at which the search stops [1].
    seed : int
        Same seed, same answer, unless the time limit cuts in.
    progress : callable, optional
        Takes each `Stage`.
    method : {"auto", "heuristic", "lagrangian", "lp", "mip"}
        ``heuristic``: packing and the closed-form bound only; the others add their relaxation or
        model; ``auto`` chooses by size and gap.
    mip_variables : int
        Items × years up to which ``auto`` uses the mixed-integer model.

    Returns
    -------
    ScheduleSolution
        The best schedule found, feasible, with its bound. Interrupted by Ctrl-C, the best so far.

    Raises
    ------
    InputError
        If the problem has errors; it carries all of them.
    ValueError
        If the method is unknown.
    """
    if method not in get_args(Method):
        raise ValueError(f"method is {method!r}; give one of {', '.join(get_args(Method))}")
    began = time.monotonic()
    raise_errors(check_schedule(problem), "the phasing problem cannot be used")
    problem = _typed(problem)
    search = _Search(
        problem,
        gap_limit,
        began + time_limit_s,
        progress or silent,
        np.full(problem.n_items, problem.n_years, np.int32),
    )
    try:
        _run(search, method, seed, mip_variables)
    except KeyboardInterrupt:
        search.methods.append("interrupted")
    return _solution(search, time.monotonic() - began)


def _run(search: _Search, method: Method, seed: int, mip_variables: int) -> None:
    problem = search.problem
    # A bound that holds before anything is known: everybody served from the first year.
    search.bound = person_years(problem, np.zeros(problem.n_items, np.int32))
    envelope = envelope_bound(problem)
    search.bound = min(search.bound, envelope.bound)
    search.methods.append("Horn-Sidney packing, closed-form bound")
    _start(search, envelope)
    search.tell()
    random = np.random.default_rng(seed)
    _improve(search, envelope.mix, random)
    if method == "heuristic":
        return
    small = problem.n_items * problem.n_years <= mip_variables
    if method == "mip" or (method == "auto" and small and not search.over):
        _solve_highs(search, integer=True, seed=seed)
    elif method == "lp":
        _solve_highs(search, integer=False, seed=seed)
        _improve(search, envelope.mix, random)
    elif method == "lagrangian" or not search.over:
        _relax_prices(search, envelope, steps=150)
        _improve(search, envelope.mix, random)
    search.tell(1.0)


def _typed(problem: TreeSchedule) -> TreeSchedule:
    """Bring every array to the type that compiled code takes."""

    def floats(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.ascontiguousarray(values, dtype=np.float64)

    return replace(
        problem,
        parent=np.ascontiguousarray(problem.parent, dtype=np.int32),
        cost=floats(problem.cost),
        length_km=floats(problem.length_km),
        weight=floats(problem.weight),
        budget=floats(problem.budget),
        capacity_km=floats(problem.capacity_km),
        discount=None if problem.discount is None else floats(problem.discount),
    )


def _findings(problem: TreeSchedule, year: NDArray[np.int32]) -> Findings:
    """Say what the limits leave undone and what would finish it."""
    unbuilt = year < 0
    found: list[Finding] = []
    if not problem.carry_over:
        dear = (problem.cost > problem.budget.max()) | (
            problem.length_km > problem.capacity_km.max()
        )
        if dear.any():
            i = int(np.flatnonzero(dear)[0])
            found.append(
                Finding(
                    "schedule-item-too-large",
                    Severity.WARNING,
                    f"{int(dear.sum())} items take more than any single year brings, for example "
                    f"item {i}: cost {problem.cost[i]:.6g}, {problem.length_km[i]:.6g} km",
                    "let unspent money and capacity carry over, or raise a year's limits",
                    "schedule",
                )
            )
    if unbuilt.any():
        needs = [
            f"{name} {max(float(amount.sum() - limit.sum()), 0.0):.6g} more of {unit}"
            for name, amount, limit, unit in (
                ("money:", problem.cost, problem.budget, "budget"),
                ("length:", problem.length_km, problem.capacity_km, "km of capacity"),
            )
        ]
        found.append(
            Finding(
                "schedule-unfinished",
                Severity.WARNING,
                f"{int(unbuilt.sum())} of {problem.n_items} items are not built within "
                f"{problem.n_years} years; {problem.weight[unbuilt].sum():,.0f} people wait, "
                f"{problem.cost[unbuilt].sum():.6g} of cost and "
                f"{problem.length_km[unbuilt].sum():.6g} km are left",
                f"to build everything, give at least: {'; '.join(needs)}; or more years",
                "schedule",
            )
        )
    return Findings(tuple(found))


def _solution(search: _Search, seconds: float) -> ScheduleSolution:
    problem = search.problem
    when = search.year

    def yearly(amount: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.zeros(problem.n_years + 1)
        np.add.at(total, when, amount)
        return total[: problem.n_years]

    year = np.where(when < problem.n_years, when, -1).astype(np.int32)
    # Rounding alone may put the sum a hair above its bound.
    bound = max(search.bound, search.achieved)
    return ScheduleSolution(
        year=year,
        person_years=search.achieved,
        bound=bound,
        gap=(bound - search.achieved) / bound if bound > 0 else 0.0,
        spending=yearly(problem.cost),
        built_km=yearly(problem.length_km),
        people=yearly(problem.weight),
        method="; ".join(dict.fromkeys(search.methods)),
        seconds=seconds,
        findings=_findings(problem, year),
    )
