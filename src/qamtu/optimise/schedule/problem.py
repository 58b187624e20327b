"""The phasing problem and its answer: what is asked, what comes back, and its independent check."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.optimise.schedule.order import topological_order

__all__ = [
    "ScheduleSolution",
    "TreeSchedule",
    "check_schedule",
    "person_years",
    "service_years",
    "verify_schedule",
]

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class TreeSchedule:
    """Which item of a forest is built in which year, under yearly money and construction limits.

    An item is a node of the network together with the stretch that leads to it from its parent.
    It can be built in a year only if its parent is built in that year or before. An item without
    a parent hangs on the existing network, or needs none.

    Construction years are numbered ``0 .. T - 1``. Service begins in the year after the build
    year and is counted to the end of the year after the last construction year, so an item that
    is built in year ``t`` gives ``T - t`` years of service.

    Parameters
    ----------
    parent : int32[n]
        The item that must stand first; -1 for none.
    cost : float64[n]
        Capital cost of the item [currency], not negative.
    length_km : float64[n]
        Length to be built [km], not negative.
    weight : float64[n]
        People served once the item is built [people], not negative.
    budget : float64[T]
        Money that each year brings [currency]; inf for no limit.
    capacity_km : float64[T]
        Length that can be built in each year [km]; inf for no limit.
    discount : float64[T], optional
        Worth of one person-year served in the year after construction year ``t`` [1]; ones if
        left out.
    carry_over : bool
        True: what one year leaves is at the next year's disposal, so the limits are on the sums up
        to each year and a dear item may be paid and built over several years; its year is the one
        in which it is finished. False: what one year leaves is lost.
    """

    parent: NDArray[np.int32]
    cost: NDArray[np.float64]
    length_km: NDArray[np.float64]
    weight: NDArray[np.float64]
    budget: NDArray[np.float64]
    capacity_km: NDArray[np.float64]
    discount: NDArray[np.float64] | None = None
    carry_over: bool = True

    @property
    def n_items(self) -> int:
        """Number of items."""
        return int(np.size(self.parent))

    @property
    def n_years(self) -> int:
        """Number of construction years ``T``."""
        return int(np.size(self.budget))


@dataclass(frozen=True, slots=True, eq=False)
class ScheduleSolution:
    """A schedule with its proven bound.

    Attributes
    ----------
    year : int32[n]
        Construction year of each item, ``0 .. T - 1``; -1 for not built within the horizon.
    person_years : float
        Sum of weight × years of service [person-years], discounted if the problem discounts.
    bound : float
        Proven upper bound on the person-years of every possible schedule [person-years].
    gap : float
        ``(bound - person_years) / bound`` [1]; 0 where the bound is 0.
    spending : float64[T]
        Cost of the items finished in each year [currency].
    built_km : float64[T]
        Length of the items finished in each year [km].
    people : float64[T]
        People newly served by the items of each year [people].
    method : str
        How schedule and bound were found.
    seconds : float
        Wall time of the search [s].
    findings : Findings
        What the planner should know, for example what would finish everything.
    """

    year: NDArray[np.int32]
    person_years: float
    bound: float
    gap: float
    spending: NDArray[np.float64]
    built_km: NDArray[np.float64]
    people: NDArray[np.float64]
    method: str
    seconds: float
    findings: Findings = field(default_factory=Findings)


def service_years(problem: TreeSchedule) -> NDArray[np.float64]:
    """Years of service that an item gives, by its construction year.

    Parameters
    ----------
    problem : TreeSchedule
        The problem.

    Returns
    -------
    float64[T + 1]
        Years of service [year] (discounted if the problem discounts); the last, for items that
        are never built, is 0.
    """
    worth = np.ones(problem.n_years) if problem.discount is None else problem.discount
    return np.append(np.cumsum(np.asarray(worth, dtype=np.float64)[::-1])[::-1], 0.0)


def person_years(problem: TreeSchedule, year: NDArray[np.int32]) -> float:
    """Sum weight × years of service of a schedule.

    Parameters
    ----------
    problem : TreeSchedule
        The problem.
    year : int32[n]
        Construction year of each item; -1 for not built.

    Returns
    -------
    float
        The sum [person-years].
    """
    # Index -1 picks the last entry: not built, no service.
    return float(np.dot(problem.weight, service_years(problem)[year]))


def _error(rule: str, what: str, mend: str, name: str, row: int | None = None) -> Finding:
    return Finding(rule, Severity.ERROR, what, mend, "schedule", row, name)


def _check_amounts(name: str, values: NDArray[np.float64], *, finite: bool) -> list[Finding]:
    wrong = np.isnan(values) | (values < 0)
    if finite:
        wrong |= np.isinf(values)
    allowed = "a number of at least 0" if finite else "at least 0 (inf for no limit)"
    return [
        _error("schedule-amount", f"{name} is {values[i]}", f"give {allowed}", name, int(i) + 2)
        for i in np.flatnonzero(wrong)
    ]


def check_schedule(problem: TreeSchedule) -> Findings:
    """Find everything that makes a problem unusable.

    Parameters
    ----------
    problem : TreeSchedule
        The problem.

    Returns
    -------
    Findings
        Errors: arrays of different length, amounts that are negative or not numbers, parents out
        of range or in a circle. Rows count from 2, as below a header.
    """
    found: list[Finding] = []
    for name in ("cost", "length_km", "weight"):
        values = np.asarray(getattr(problem, name), dtype=np.float64)
        if values.shape != (problem.n_items,):
            what = f"{name} has shape {values.shape}, parent has {problem.n_items} items"
            found.append(_error("schedule-shape", what, "give one value an item", name))
        else:
            found += _check_amounts(name, values, finite=True)
    yearly = {"budget": problem.budget, "capacity_km": problem.capacity_km}
    if problem.discount is not None:
        yearly["discount"] = problem.discount
    for name, values in yearly.items():
        if np.shape(values) != (problem.n_years,) or problem.n_years == 0:
            what = f"{name} has shape {np.shape(values)}, the budget has {problem.n_years} years"
            found.append(_error("schedule-shape", what, "give one value a year", name))
        else:
            found += _check_amounts(name, np.asarray(values), finite=name == "discount")
    outside = (problem.parent < -1) | (problem.parent >= problem.n_items)
    for i in np.flatnonzero(outside):
        what = f"the parent of item {i} is {problem.parent[i]}"
        mend = f"give an item 0 .. {problem.n_items - 1} or -1"
        found.append(_error("schedule-parent", what, mend, "parent", int(i) + 2))
    if not outside.any():
        missing = problem.n_items - topological_order(problem.parent.astype(np.int32)).size
        if missing:
            what = f"{missing} items lie on or below a circle of parents"
            found.append(_error("schedule-circle", what, "give a forest", "parent"))
    return Findings(tuple(found))


def _over(name: str, used: NDArray[np.float64], limit: NDArray[np.float64]) -> list[Finding]:
    slack = _TOLERANCE * np.maximum(1.0, used)
    return [
        _error(
            "schedule-limit",
            f"{name}: {used[t]:.6g} by or in year {t}, limit {limit[t]:.6g}",
            "build later",
            name,
        )
        for t in np.flatnonzero(used > limit + slack)
    ]


def verify_schedule(problem: TreeSchedule, year: NDArray[np.int32]) -> Findings:
    """Check a schedule against the problem from first principles.

    Parameters
    ----------
    problem : TreeSchedule
        The problem.
    year : int32[n]
        Construction year of each item; -1 for not built.

    Returns
    -------
    Findings
        One error for each year out of range, item before its parent, and limit exceeded; empty if
        the schedule is feasible.
    """
    found: list[Finding] = []
    horizon = problem.n_years
    if np.shape(year) != (problem.n_items,):
        what = f"year has shape {np.shape(year)} for {problem.n_items} items"
        return Findings((_error("schedule-shape", what, "give one year an item", "year"),))
    found += [
        _error("schedule-year", f"item {i} has year {year[i]}", f"0 .. {horizon - 1} or -1", "year")
        for i in np.flatnonzero((year < -1) | (year >= horizon))
    ]
    if found:
        return Findings(tuple(found))
    when = np.where(year < 0, horizon, year)
    child = np.flatnonzero(problem.parent >= 0)
    early = child[when[child] < when[problem.parent[child]]]
    found += [
        _error(
            "schedule-precedence",
            f"item {i} is built in year {year[i]}, its parent {problem.parent[i]} in "
            f"{year[problem.parent[i]]}",
            "build the parent first",
            "year",
        )
        for i in early
    ]
    limits = (
        ("cost", problem.cost, problem.budget),
        ("length_km", problem.length_km, problem.capacity_km),
    )
    for name, amount, limit in limits:
        used = np.zeros(horizon + 1)
        np.add.at(used, when, amount)
        used = used[:horizon]
        if problem.carry_over:
            found += _over(name, np.cumsum(used), np.cumsum(limit))
        else:
            found += _over(name, used, np.asarray(limit))
    return Findings(tuple(found))
