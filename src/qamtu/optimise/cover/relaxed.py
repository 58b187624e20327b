"""Compiled parts of the Lagrangian relaxation: its two easy problems, and steps on its prices."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.cover.matrix import column_sums

__all__ = ["evaluate", "take_steps", "threshold"]

_BISECTIONS = 45


@njit(cache=True)
def threshold(ratio: NDArray[np.float64], weight: NDArray[np.float64], goal: float) -> float:
    """Find the least ratio up to which the weights sum to the goal; both arrays are reordered.

    Parameters
    ----------
    ratio : float64[n]
        What the entries are sorted by.
    weight : float64[n]
        What is summed.
    goal : float
        The sum to be reached.

    Returns
    -------
    float
        The ratio; the greatest if the goal is out of reach, 0 without entries.
    """
    low, high = 0, ratio.size
    below = 0.0
    pivot = 0.0
    while low < high:
        a, b, c = ratio[low], ratio[(low + high) // 2], ratio[high - 1]
        pivot = max(min(a, b), min(max(a, b), c))
        less, at, more = low, low, high
        sum_less = 0.0
        sum_equal = 0.0
        while at < more:
            value = ratio[at]
            if value < pivot:
                sum_less += weight[at]
                ratio[at], ratio[less] = ratio[less], value
                weight[at], weight[less] = weight[less], weight[at]
                less += 1
                at += 1
            elif value > pivot:
                more -= 1
                ratio[at], ratio[more] = ratio[more], value
                weight[at], weight[more] = weight[more], weight[at]
            else:
                sum_equal += weight[at]
                at += 1
        if below + sum_less >= goal and less > low:
            high = less
        elif below + sum_less + sum_equal >= goal:
            return pivot
        else:
            below += sum_less + sum_equal
            low = more
    return pivot


@njit(cache=True)
def _rows_for_share(
    weight: NDArray[np.float64],
    need: NDArray[np.int32],
    must: NDArray[np.bool_],
    u: NDArray[np.float64],
    goal: float,
    y: NDArray[np.float64],
) -> float:
    """Choose the cheapest rows that reach the goal; the value is their price, exactly bounded."""
    value = 0.0
    ratio = np.empty(u.size)
    share = np.empty(u.size)
    count = 0
    for i in range(u.size):
        y[i] = 0.0
        if must[i]:
            y[i] = 1.0
            value += need[i] * u[i]
            goal -= weight[i]
        elif weight[i] > 0.0:
            ratio[count] = need[i] * u[i] / weight[i]
            share[count] = weight[i]
            count += 1
    if goal <= 0.0 or count == 0:
        return value
    v = threshold(ratio[:count], share[:count], goal)
    value += v * goal
    below = 0.0
    equal = 0.0
    for i in range(u.size):
        if must[i] or weight[i] <= 0.0:
            continue
        over = need[i] * u[i] / weight[i]
        if over < v:
            y[i] = 1.0
            below += weight[i]
            value += need[i] * u[i] - v * weight[i]
        elif over == v:
            y[i] = -1.0
            equal += weight[i]
    part = min(max((goal - below) / equal, 0.0), 1.0) if equal > 0.0 else 0.0
    for i in range(u.size):
        if y[i] < 0.0:
            y[i] = part
    return value


@njit(cache=True)
def _columns_at(
    sums: NDArray[np.float64],
    price: NDArray[np.float64],
    unit: NDArray[np.int32],
    money: float,
    best: NDArray[np.float64],
    pick: NDArray[np.int32],
) -> tuple[float, float]:
    """Choose the best column of each unit at a price of money; give the value and what is spent."""
    best[:] = 0.0
    pick[:] = -1
    for j in range(sums.size):
        worth = sums[j] - money * price[j]
        if worth > best[unit[j]]:
            best[unit[j]] = worth
            pick[unit[j]] = j
    value = 0.0
    spent = 0.0
    for g in range(best.size):
        if pick[g] >= 0:
            value += best[g]
            spent += price[pick[g]]
    return value, spent


@njit(cache=True)
def _columns_for_limit(
    sums: NDArray[np.float64],
    price: NDArray[np.float64],
    unit: NDArray[np.int32],
    limit: float,
    best: NDArray[np.float64],
    pick: NDArray[np.int32],
    x: NDArray[np.float64],
) -> tuple[float, float]:
    """Fill the relaxed knapsack; give its value, exactly bounded, and the price of money."""
    x[:] = 0.0
    value, spent = _columns_at(sums, price, unit, 0.0, best, pick)
    if spent <= limit:
        for g in range(best.size):
            if pick[g] >= 0:
                x[pick[g]] = 1.0
        return value, 0.0
    low, high = 0.0, 0.0
    for j in range(sums.size):
        if price[j] > 0.0:
            high = max(high, sums[j] / price[j])
    spent_low = spent
    spent_high = 0.0
    least = value
    money = 0.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        value, spent = _columns_at(sums, price, unit, middle, best, pick)
        if value + middle * limit < least:
            least = value + middle * limit
            money = middle
        if spent > limit:
            low, spent_low = middle, spent
        else:
            high, spent_high = middle, spent
            if spent == limit:
                break
    value, spent_high = _columns_at(sums, price, unit, high, best, pick)
    if value + high * limit < least:
        least = value + high * limit
        money = high
    part = 0.0
    if spent_low > spent_high:
        part = min(max((limit - spent_high) / (spent_low - spent_high), 0.0), 1.0)
    for g in range(best.size):
        if pick[g] >= 0:
            x[pick[g]] += 1.0 - part
    _columns_at(sums, price, unit, low, best, pick)
    for g in range(best.size):
        if pick[g] >= 0:
            x[pick[g]] += part
    return least, money


@njit(cache=True)
def evaluate(
    offset: NDArray[np.int64],
    demand: NDArray[np.int32],
    weight: NDArray[np.float64],
    need: NDArray[np.int32],
    must: NDArray[np.bool_],
    price: NDArray[np.float64],
    unit: NDArray[np.int32],
    n_units: int,
    goal: float,
    limit: float,
    factor: NDArray[np.float64],
    u: NDArray[np.float64],
    sums: NDArray[np.float64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> tuple[float, float]:
    """Solve the relaxed problem at prices ``u``; give its value and the price of money."""
    column_sums(offset, demand, u, sums, factor)
    best = np.empty(n_units)
    pick = np.empty(n_units, np.int32)
    if np.isinf(limit):
        value, _ = _columns_at(sums, price, unit, 1.0, best, pick)
        x[:] = 0.0
        for g in range(n_units):
            if pick[g] >= 0:
                x[pick[g]] = 1.0
        return _rows_for_share(weight, need, must, u, goal, y) - value, 1.0
    value, money = _columns_for_limit(sums, price, unit, limit, best, pick, x)
    for i in range(u.size):
        gain = weight[i] - need[i] * u[i]
        y[i] = 0.0
        if must[i] or gain > 0.0:
            y[i] = 1.0
            value += gain
    return value, money


@njit(cache=True)
def take_steps(
    offset: NDArray[np.int64],
    demand: NDArray[np.int32],
    weight: NDArray[np.float64],
    need: NDArray[np.int32],
    must: NDArray[np.bool_],
    price: NDArray[np.float64],
    unit: NDArray[np.int32],
    n_units: int,
    goal: float,
    limit: float,
    factor: NDArray[np.float64],
    target: float,
    length: float,
    keep: float,
    steps: int,
    u: NDArray[np.float64],
    best_u: NDArray[np.float64],
    direction: NDArray[np.float64],
    best: float,
) -> float:
    """Take subgradient steps in place; give the best value ever."""
    sign = 1.0 if np.isinf(limit) else -1.0
    n_rows = u.size
    sums = np.empty(price.size)
    x = np.empty(price.size)
    y = np.empty(n_rows)
    for _ in range(steps):
        value, _money = evaluate(
            offset, demand, weight, need, must, price, unit, n_units, goal, limit,
            factor, u, sums, x, y,
        )  # fmt: skip
        value *= sign
        if value > best:
            best = value
            best_u[:] = u
        for i in range(n_rows):
            y[i] *= need[i]
        for j in range(price.size):
            if x[j] > 0.0:
                for k in range(offset[j], offset[j + 1]):
                    y[demand[k]] -= x[j] * (factor[k] if factor.size else 1.0)
        norm = 0.0
        for i in range(n_rows):
            slope = y[i]
            full = sign < 0.0 and not must[i] and u[i] * need[i] >= weight[i]
            if (u[i] <= 0.0 and slope < 0.0) or (full and slope > 0.0):
                slope = 0.0
            direction[i] = slope + keep * direction[i]
            if u[i] <= 0.0 and direction[i] < 0.0:
                direction[i] = 0.0
            norm += direction[i] * direction[i]
        if norm <= 1e-18:
            break
        size = length * max(target - value, 1e-12) / norm
        for i in range(n_rows):
            fresh = u[i] + size * direction[i]
            if sign < 0.0 and not must[i]:
                fresh = min(fresh, weight[i] / need[i])
            u[i] = max(fresh, 0.0)
    return best
