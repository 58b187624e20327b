"""Lagrangian relaxation of the yearly limits: a proven bound for any size, in linear memory.

With a price for each year's money and length, what is left is to give every item a year not before
its parent's: a dynamic programme over the forest solves that exactly in O(n T). Since its linear
relaxation is integral, the best prices give the bound of the whole linear relaxation (A. M.
Geoffrion, "Lagrangean relaxation for integer programming", Math. Prog. Study 2 (1974), 82-114).
The prices are found by subgradient steps (B. T. Polyak, USSR Comput. Math. Math. Phys. 9 (1969),
14-29) along averaged directions (P. M. Camerini, L. Fratta, F. Maffioli, Math. Prog. Study 3
(1975), 26-34).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.schedule.envelope import Envelope
from qamtu.optimise.schedule.order import topological_order
from qamtu.optimise.schedule.problem import TreeSchedule, service_years

__all__ = ["LagrangianResult", "forest_years", "lagrangian_bound"]


@njit(cache=True)
def forest_years(
    order: NDArray[np.int32],
    parent: NDArray[np.int32],
    weight: NDArray[np.float64],
    cost: NDArray[np.float64],
    length_km: NDArray[np.float64],
    worth: NDArray[np.float64],
    price_money: NDArray[np.float64],
    price_km: NDArray[np.float64],
) -> tuple[float, NDArray[np.int32]]:
    """Give every item its best year at given prices, not before its parent's; exact, O(n T).

    ``F_j(y) = max over y' >= y of g_j(y') + sum over children F_k(y')``, where ``g_j(y) =
    w_j V_y - p_y c_j - q_y l_j`` and never building gives ``g_j(T) = 0``.

    Parameters
    ----------
    order : int32[n]
        The items, every parent before its children.
    parent : int32[n]
        Parent of each item; -1 for none.
    weight, cost, length_km : float64[n]
        People, cost and length of each item.
    worth : float64[T + 1]
        ``V``: years of service by construction year; the last is 0.
    price_money, price_km : float64[T]
        ``p`` and ``q``: price of money and length spent in each year.

    Returns
    -------
    value : float
        The greatest sum of ``g``.
    year : int32[n]
        Year of each item; ``T`` for not built.
    """
    n = parent.size
    horizon = price_money.size
    gain = np.zeros((n, horizon + 1))
    choice = np.empty((n, horizon + 1), np.int16)
    value = 0.0
    for k in range(n - 1, -1, -1):
        j = order[k]
        p = parent[j]
        best = gain[j, horizon]
        best_year = horizon
        choice[j, horizon] = horizon
        if p >= 0:
            gain[p, horizon] += best
        for y in range(horizon - 1, -1, -1):
            here = gain[j, y] + weight[j] * worth[y]
            here -= price_money[y] * cost[j] + price_km[y] * length_km[j]
            if here > best:
                best = here
                best_year = y
            choice[j, y] = best_year
            if p >= 0:
                gain[p, y] += best
        if p < 0:
            value += best
    year = np.empty(n, np.int32)
    for k in range(n):
        j = order[k]
        year[j] = choice[j, year[parent[j]] if parent[j] >= 0 else 0]
    return value, year


@dataclass(frozen=True, slots=True, eq=False)
class LagrangianResult:
    """The relaxation's bound and a fractional guide to schedules.

    Attributes
    ----------
    bound : float
        Upper bound on the person-years [person-years].
    urgency : float64[n]
        Average years of service of each item over the relaxed schedules; never less for a parent
        than for its child.
    steps : int
        Price vectors tried.
    """

    bound: float
    urgency: NDArray[np.float64]
    steps: int


def _cumulated(price: NDArray[np.float64]) -> NDArray[np.float64]:
    """Price of a unit spent in year y when the limits are on sums: all later limits count."""
    return np.cumsum(price[::-1])[::-1]


def _limits(problem: TreeSchedule) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Limits of both resources, one after the other, and which of them can bind."""
    money = np.cumsum(problem.budget) if problem.carry_over else np.asarray(problem.budget)
    km = np.cumsum(problem.capacity_km) if problem.carry_over else np.asarray(problem.capacity_km)
    totals = np.repeat([problem.cost.sum(), problem.length_km.sum()], problem.n_years)
    limits = np.concatenate((money, km)).astype(np.float64)
    return np.minimum(limits, totals), limits < totals


def lagrangian_bound(
    problem: TreeSchedule,
    start: Envelope,
    achieved: float,
    *,
    steps: int = 150,
    gap_limit: float = 0.0,
    deadline: float = np.inf,
) -> LagrangianResult:
    """Search prices that bound the person-years as closely as the linear relaxation does.

    Parameters
    ----------
    problem : TreeSchedule
        The problem, valid.
    start : Envelope
        The closed-form bound, whose prices are the start.
    achieved : float
        Person-years of the best schedule known [person-years].
    steps : int
        Price vectors tried at most.
    gap_limit : float
        Stop when ``achieved`` is proven to be that close to the bound [1].
    deadline : float
        Stop when `time.monotonic` is past this [s].

    Returns
    -------
    LagrangianResult
        The best bound, not above the start's.
    """
    years = problem.n_years
    order = topological_order(problem.parent)
    worth = service_years(problem)
    limits, can_bind = _limits(problem)
    scale = np.repeat(
        [problem.cost.sum() or 1.0, problem.length_km.sum() or 1.0], years
    )  # prices are kept per share of the total, so both resources weigh alike
    prices = (start.price_money, start.price_km)
    if not problem.carry_over:
        prices = (_cumulated(prices[0]), _cumulated(prices[1]))
    price = np.concatenate(prices) * scale
    price[~can_bind] = 0.0
    best_price = price.copy()
    bound = start.bound
    direction = np.zeros(2 * years)
    served = np.zeros(problem.n_items)
    served_steps = 0.0
    step_size = 0.7
    idle = 0
    done = 0
    while done < steps and (done < 2 or time.monotonic() < deadline):
        done += 1
        each = price / scale
        paid = (each[:years], each[years:])
        if problem.carry_over:
            paid = (_cumulated(paid[0]), _cumulated(paid[1]))
        value, year = forest_years(
            order, problem.parent, problem.weight, problem.cost, problem.length_km, worth, *paid
        )
        relaxed = value + float(np.dot(each, limits))
        served = 0.9 * served + 0.1 * worth[year]
        served_steps = 0.9 * served_steps + 0.1
        if relaxed < bound * (1.0 - 1e-6):
            idle = 0
        else:
            idle += 1
        if relaxed < bound:
            bound = relaxed
            best_price = price.copy()
        if bound - achieved <= gap_limit * bound:
            break
        if idle >= 12:
            step_size *= 0.5
            idle = 0
            price = best_price.copy()
            direction[:] = 0.0
            if step_size < 1e-3:
                break
            continue
        slack = (limits - _used(problem, year)) / scale
        slack[~can_bind] = 0.0
        slack[(price <= 0.0) & (slack > 0.0)] = 0.0
        direction = slack + 0.6 * direction
        norm = float(np.dot(direction, direction))
        if norm <= 1e-18:
            break
        # The target lies between what is achieved and what is bounded.
        target = achieved + 0.5 * (bound - achieved)
        price = np.maximum(price - step_size * (relaxed - target) / norm * direction, 0.0)
        price[~can_bind] = 0.0
    urgency = served / served_steps if served_steps > 0 else served
    return LagrangianResult(bound, urgency, done)


def _used(problem: TreeSchedule, year: NDArray[np.int32]) -> NDArray[np.float64]:
    used = [
        np.bincount(year, weights=amount, minlength=problem.n_years + 1)[: problem.n_years]
        for amount in (problem.cost, problem.length_km)
    ]
    return np.concatenate([np.cumsum(u) if problem.carry_over else u for u in used])
