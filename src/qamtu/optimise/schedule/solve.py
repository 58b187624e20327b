"""The door: a schedule with its proven gap, by the method that the size allows."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from qamtu.core.errors import raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.progress import Report, silent
from qamtu.optimise.schedule.envelope import Envelope, envelope_bound
from qamtu.optimise.schedule.lagrange import lagrangian_bound
from qamtu.optimise.schedule.models import solve_model
from qamtu.optimise.schedule.problem import (
    ScheduleSolution,
    TreeSchedule,
    check_schedule,
    person_years,
    verify_schedule,
)
from qamtu.optimise.schedule.search import (
    Search,
    add_unbuilt,
    pack_first,
    pack_guided,
    pack_scattered,
    recut_all,
)

__all__ = ["Method", "solve_schedule"]

Method = Literal["auto", "heuristic", "lagrangian", "lp", "mip"]

_MIP_VARIABLES = 20_000


def _relax_prices(search: Search, envelope: Envelope, *, steps: int) -> None:
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
    pack_guided(search, result.urgency)


def _solve_highs(search: Search, *, integer: bool, seed: int) -> None:
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
        pack_guided(search, result.urgency)


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
    stands against a closed-form bound; while the gap is above the limit, finer means follow:
    Lagrangian relaxation, then the mixed-integer model where it is small.

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
    search = Search(
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
    add_unbuilt(search)
    return _solution(search, time.monotonic() - began)


def _run(search: Search, method: Method, seed: int, mip_variables: int) -> None:
    problem = search.problem
    # A bound that holds before anything is known: everybody served from the first year.
    search.bound = person_years(problem, np.zeros(problem.n_items, np.int32))
    envelope = envelope_bound(problem)
    search.bound = min(search.bound, envelope.bound)
    search.methods.append("Horn-Sidney packing, closed-form bound")
    pack_first(search, envelope)
    search.tell()
    random = np.random.default_rng(seed)
    recut_all(search, envelope.mix, random)
    pack_scattered(search, envelope.mix, random)
    recut_all(search, envelope.mix, random)
    if method == "heuristic":
        return
    if method == "lp":
        _solve_highs(search, integer=False, seed=seed)
        recut_all(search, envelope.mix, random)
    elif method == "lagrangian" or (method == "auto" and not search.over):
        _relax_prices(search, envelope, steps=150)
        recut_all(search, envelope.mix, random)
    small = problem.n_items * problem.n_years <= mip_variables
    if method == "mip" or (method == "auto" and small and not search.over):
        _solve_highs(search, integer=True, seed=seed)
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


def _solution(search: Search, seconds: float) -> ScheduleSolution:
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
