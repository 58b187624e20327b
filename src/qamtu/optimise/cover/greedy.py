"""Lazy greedy choice: the candidate of the most new weight for its price, again and again.

What a candidate adds only shrinks as others are chosen, so an old value is an upper bound and
only the top of a heap has to be computed anew (M. Minoux, "Accelerated greedy algorithms for
maximizing submodular set functions", Optimization Techniques, LNCIS 7 (1978), 234-243). For
partial covers what counts is cut at what is still asked (P. Slavik, "Improved performance of the
greedy algorithm for partial cover", Inf. Process. Lett. 64 (1997), 251-254).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.cover.moves import cheap_price
from qamtu.optimise.cover.work import Work

__all__ = ["choose_greedily", "drop_redundant"]


@njit(cache=True)
def _gain(
    offset: NDArray[np.int64],
    demand: NDArray[np.int32],
    left: NDArray[np.int32],
    value: NDArray[np.float64],
    j: int,
) -> float:
    total = 0.0
    for k in range(offset[j], offset[j + 1]):
        i = demand[k]
        if left[i] > 0:
            total += value[i]
    return total


@njit(cache=True)
def _sift(key: NDArray[np.float64], item: NDArray[np.int32], start: int, size: int) -> None:
    """Let an entry sink to its place in a heap with the greatest key (then lowest item) on top."""
    at = start
    k, j = key[at], item[at]
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        other = child + 1
        if other < size and (
            key[other] > key[child] or (key[other] == key[child] and item[other] < item[child])
        ):
            child = other
        if key[child] > k or (key[child] == k and item[child] < j):
            key[at], item[at] = key[child], item[child]
            at = child
        else:
            break
    key[at], item[at] = k, j


@njit(cache=True)
def _greedy(
    offset: NDArray[np.int64],
    demand: NDArray[np.int32],
    weight: NDArray[np.float64],
    value: NDArray[np.float64],
    left: NDArray[np.int32],
    price: NDArray[np.float64],
    group: NDArray[np.int32],
    allowed: NDArray[np.bool_],
    goal: float,
    limit: float,
    cheap: float,
    cut: bool,
) -> tuple[NDArray[np.int32], float, float]:
    """Choose until goal, limit or end; `left` and `allowed` are written to."""
    n = price.size
    key = np.empty(n, np.float64)
    item = np.empty(n, np.int32)
    size = 0
    for j in range(n):
        if allowed[j] and price[j] <= limit:
            gain = _gain(offset, demand, left, value, j)
            if gain > 0.0:
                key[size] = (min(gain, goal) if cut else gain) / max(price[j], cheap)
                item[size] = j
                size += 1
    for at in range(size // 2 - 1, -1, -1):
        _sift(key, item, at, size)
    blocked = np.zeros(max(1, group.max() + 1 if n else 1), np.bool_)
    chosen = np.empty(n, np.int32)
    count = 0
    covered = 0.0
    spent = 0.0
    while size > 0 and covered < goal:
        j = item[0]
        gain = 0.0
        if spent + price[j] <= limit and not (group[j] >= 0 and blocked[group[j]]):
            gain = _gain(offset, demand, left, value, j)
        if gain <= 0.0:
            size -= 1
            key[0], item[0] = key[size], item[size]
            _sift(key, item, 0, size)
            continue
        fresh = (min(gain, goal - covered) if cut else gain) / max(price[j], cheap)
        if fresh < key[0]:
            key[0] = fresh
            _sift(key, item, 0, size)
            if item[0] != j:
                continue
        chosen[count] = j
        count += 1
        spent += price[j]
        allowed[j] = False
        if group[j] >= 0:
            blocked[group[j]] = True
        for k in range(offset[j], offset[j + 1]):
            i = demand[k]
            if left[i] > 0:
                left[i] -= 1
                if left[i] == 0:
                    covered += weight[i]
        size -= 1
        key[0], item[0] = key[size], item[size]
        _sift(key, item, 0, size)
    for j in range(n):
        if group[j] >= 0 and blocked[group[j]]:
            allowed[j] = False
    return chosen[:count], covered, spent


@njit(cache=True)
def drop_redundant(
    offset: NDArray[np.int64],
    demand: NDArray[np.int32],
    weight: NDArray[np.float64],
    need: NDArray[np.int32],
    must: NDArray[np.bool_],
    order: NDArray[np.int32],
    goal: float,
) -> NDArray[np.bool_]:
    """Drop columns, in the given order, that neither the goal nor a row that must be covered needs.

    Parameters
    ----------
    offset, demand, weight, need, must
        As in `Work`.
    order : int32[n]
        The chosen columns, the first to be tried first.
    goal : float
        Weight to be covered.

    Returns
    -------
    bool[n]
        Which of the columns stay.
    """
    count = np.zeros(weight.size, np.int32)
    for j in order:
        for k in range(offset[j], offset[j + 1]):
            count[demand[k]] += 1
    covered = 0.0
    for i in range(weight.size):
        if need[i] > 0 and count[i] >= need[i]:
            covered += weight[i]
    keep = np.ones(order.size, np.bool_)
    for position in range(order.size):
        j = order[position]
        loss = 0.0
        needed = False
        for k in range(offset[j], offset[j + 1]):
            i = demand[k]
            if need[i] > 0 and count[i] == need[i]:
                loss += weight[i]
                if must[i]:
                    needed = True
                    break
        if needed or (loss > 0.0 and covered - loss < goal):
            continue
        keep[position] = False
        covered -= loss
        for k in range(offset[j], offset[j + 1]):
            count[demand[k]] -= 1
    return keep


def choose_greedily(work: Work, prices: NDArray[np.float64] | None = None) -> NDArray[np.int32]:
    """Choose columns greedily: first for the rows that must be covered, then for the goal.

    Parameters
    ----------
    work : Work
        The problem.
    prices : float64[r], optional
        What a unit of each row's need is worth to the choice; its weight if left out. Prices of a
        relaxation make the choice follow reduced costs.

    Returns
    -------
    int32[n]
        Chosen columns. They stay within limit and groups, but may miss the goal or a row that
        must be covered: where it cannot be reached, or where groups led astray.
    """
    left = work.need.copy()
    allowed = work.allowed.copy()
    cheap = cheap_price(work.price)
    parts: list[NDArray[np.int32]] = []
    spent = covered = 0.0
    unit = 1.0 / np.maximum(work.need, 1)

    def extend(value: NDArray[np.float64], goal: float, *, cut: bool) -> None:
        nonlocal spent, covered
        chosen, gained, paid = _greedy(
            work.offset,
            work.demand,
            work.weight,
            value,
            left,
            work.price,
            work.group,
            allowed,
            goal,
            work.limit - spent,
            cheap,
            cut,
        )
        parts.append(chosen)
        spent += paid
        covered += gained

    if work.must.any():
        worth = unit if prices is None else prices + 1e-9 * float(prices.max(initial=0.0)) + 1e-300
        extend(np.where(work.must, worth, 0.0), np.inf, cut=False)
    if not work.all_must:
        goal = work.goal - covered if work.seeks_cost else np.inf
        single = int(work.need.max(initial=0)) <= 1
        worth = work.weight * unit
        if prices is not None:
            worth = prices + 1e-6 * worth
        extend(worth, goal, cut=prices is None and work.seeks_cost and single)
    chosen = np.concatenate(parts) if parts else np.zeros(0, np.int32)
    if not work.seeks_cost:
        return chosen
    # The dearest first; of equals, the last chosen.
    order = chosen[::-1][np.argsort(-work.price[chosen[::-1]], kind="stable")]
    keep = drop_redundant(
        work.offset, work.demand, work.weight, work.need, work.must, order, work.goal
    )
    return order[keep]
