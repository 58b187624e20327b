"""Packing of a sequence of items into years, and the search for a better cut between two years."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.schedule.order import horn_sequence

__all__ = ["add_late", "pack_sequence", "recut_years"]

_TOLERANCE = 1e-10


@njit(cache=True)
def pack_sequence(
    sequence: NDArray[np.int32],
    parent: NDArray[np.int32],
    cost: NDArray[np.float64],
    length_km: NDArray[np.float64],
    budget: NDArray[np.float64],
    capacity_km: NDArray[np.float64],
    carry_over: bool,
    reach: float,
) -> NDArray[np.int32]:
    """Put the items into years in the order of a sequence; O(n T).

    Parameters
    ----------
    sequence : int32[n]
        The items; parents before their children, else the children wait a year.
    parent : int32[n]
        Parent of each item; -1 for none.
    cost, length_km : float64[n]
        What each item takes [currency, km].
    budget, capacity_km : float64[T]
        What each year brings [currency, km].
    carry_over : bool
        Whether what a year leaves is at the next year's disposal.
    reach : float
        How far past the first item that does not fit a year's slack is filled, as a share of the
        items left [1]: 0 stops at once and saves the money, 1 tries every item.

    Returns
    -------
    int32[n]
        Year of each item; ``T`` for not built.
    """
    horizon = budget.size
    year = np.full(parent.size, horizon, np.int32)
    waiting = sequence.copy()
    left = waiting.size
    money = 0.0
    km = 0.0
    for t in range(horizon):
        money = budget[t] + (money if carry_over else 0.0)
        km = capacity_km[t] + (km if carry_over else 0.0)
        money_slack = _TOLERANCE * max(1.0, money) if money < np.inf else 0.0
        km_slack = _TOLERANCE * max(1.0, km) if km < np.inf else 0.0
        kept = 0
        stop = left
        missed = False
        for k in range(left):
            i = waiting[k]
            ready = parent[i] < 0 or year[parent[i]] <= t
            if (
                k < stop
                and ready
                and cost[i] <= money + money_slack
                and length_km[i] <= km + km_slack
            ):
                year[i] = t
                money = max(money - cost[i], 0.0)
                km = max(km - length_km[i], 0.0)
            else:
                if not missed:
                    missed = True
                    stop = k + 1 + int(reach * (left - k))
                waiting[kept] = i
                kept += 1
        left = kept
    return year


@njit(cache=True)
def _fill_closed(
    sequence: NDArray[np.int32],
    parent: NDArray[np.int32],
    cost: NDArray[np.float64],
    length_km: NDArray[np.float64],
    money: float,
    km: float,
) -> NDArray[np.bool_]:
    """Take items in their order wherever they fit and their parent is taken."""
    taken = np.zeros(parent.size, np.bool_)
    for i in sequence:
        ready = parent[i] < 0 or taken[parent[i]]
        if ready and cost[i] <= money and length_km[i] <= km:
            taken[i] = True
            money -= cost[i]
            km -= length_km[i]
    return taken


@njit(cache=True)
def recut_years(
    year: NDArray[np.int32],
    t: int,
    parent: NDArray[np.int32],
    weight: NDArray[np.float64],
    cost: NDArray[np.float64],
    length_km: NDArray[np.float64],
    resource: NDArray[np.float64],
    room: NDArray[np.float64],
    tries: int,
    noise: float,
    random: np.random.Generator,
) -> float:
    """Divide the items of years ``t`` and ``t + 1`` anew so that more people are served early.

    The items are put in Horn's sequence under disturbed weights, and the first of the two years
    takes what fits in that order (a randomised greedy search); the best division replaces the
    present one if it serves more people, or as many with less. O(tries × d log d) for ``d`` items.

    Parameters
    ----------
    year : int32[n]
        Year of each item, ``T`` for not built; changed.
    t : int
        The first of the two years; ``T - 1`` divides between the last year and not built.
    parent : int32[n]
        Parent of each item; -1 for none.
    weight, cost, length_km : float64[n]
        People, cost and length of each item.
    resource : float64[n]
        What the sequence counts as taken.
    room : float64[4]
        Money and length for the items in year ``t``, and for those in year ``t + 1``.
    tries : int
        Sequences tried; the first is undisturbed.
    noise : float
        Weights are multiplied by ``exp(noise × normal)``.
    random : numpy.random.Generator
        Source of the disturbance.

    Returns
    -------
    float
        People won [people].
    """
    items = np.flatnonzero((year == t) | (year == t + 1))
    local = np.full(parent.size, -1, np.int32)
    for k in range(items.size):
        local[items[k]] = k
    above = np.full(items.size, -1, np.int32)
    for k in range(items.size):
        if parent[items[k]] >= 0:
            above[k] = local[parent[items[k]]]
    w = weight[items]
    c = cost[items]
    km = length_km[items]
    r = resource[items]
    chosen = year[items] == t
    before = w[chosen].sum()
    best = before
    best_use = r[chosen].sum()
    # The start must never look worse for rounding alone.
    slack = _TOLERANCE * max(1.0, best)
    for k in range(tries):
        disturbed = w.copy()
        if k > 0:
            for i in range(w.size):
                disturbed[i] *= np.exp(noise * random.standard_normal())
        sequence, _ = horn_sequence(above, disturbed, r)
        taken = _fill_closed(sequence, above, c, km, room[0], room[1])
        gained = w[taken].sum()
        use = r[taken].sum()
        if gained < best - slack or (gained <= best + slack and use >= best_use):
            continue
        if c[~taken].sum() > room[2] or km[~taken].sum() > room[3]:
            continue
        best = gained
        best_use = use
        chosen = taken
    for k in range(items.size):
        year[items[k]] = t if chosen[k] else t + 1
    return float(best - before)


@njit(cache=True)
def add_late(
    year: NDArray[np.int32],
    sequence: NDArray[np.int32],
    parent: NDArray[np.int32],
    cost: NDArray[np.float64],
    length_km: NDArray[np.float64],
    money: NDArray[np.float64],
    km: NDArray[np.float64],
) -> None:
    """Build what is not built in the latest year that has room for it; O(n T).

    Parameters
    ----------
    year : int32[n]
        Year of each item, ``T`` for not built; changed.
    sequence : int32[n]
        The items, every parent before its children.
    parent : int32[n]
        Parent of each item; -1 for none.
    cost, length_km : float64[n]
        What each item takes [currency, km].
    money, km : float64[T]
        What each year has left [currency, km]; changed. Where it carries over, all of it stands
        in the last year.
    """
    horizon = money.size
    for i in sequence:
        if year[i] < horizon:
            continue
        first = year[parent[i]] if parent[i] >= 0 else 0
        for t in range(horizon - 1, first - 1, -1):
            if cost[i] <= money[t] and length_km[i] <= km[t]:
                year[i] = t
                money[t] -= cost[i]
                km[t] -= length_km[i]
                break
