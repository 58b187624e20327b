"""Make the problem smaller without losing its best answers: merge, force, drop what is dominated.

The reductions are the classical ones of set covering (M. L. Balinski, "Integer programming:
methods, uses, computation", Manage. Sci. 12 (1965), 253-313; J. E. Beasley, "An algorithm for set
covering problem", Eur. J. Oper. Res. 31 (1987), 85-93), kept to the cases in which they hold for
partial covers, several folds and groups as well.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.cover.dominance import dominated_columns, implied_rows
from qamtu.optimise.cover.matrix import filter_lists, transpose
from qamtu.optimise.cover.reach import coverable_rows
from qamtu.optimise.cover.work import Work

__all__ = ["compress", "force", "reduce_work"]

_MOST_ENTRIES = 5_000_000


@njit(cache=True)
def _hash_rows(
    offset: NDArray[np.int64],
    demand: NDArray[np.int32],
    allowed: NDArray[np.bool_],
    key: NDArray[np.uint64],
    n_rows: int,
) -> NDArray[np.uint64]:
    """Sum the random keys of the columns that contain each row."""
    total = np.zeros(n_rows, np.uint64)
    for j in range(offset.size - 1):
        if allowed[j]:
            for k in range(offset[j], offset[j + 1]):
                total[demand[k]] += key[j]
    return total


@njit(cache=True)
def _true_twins(
    offset: NDArray[np.int64],
    demand: NDArray[np.int32],
    allowed: NDArray[np.bool_],
    leader: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """Tell whether each row is in exactly the columns of its leader."""
    n_rows = leader.size
    size = np.zeros(n_rows, np.int32)
    common = np.zeros(n_rows, np.int32)
    stamp = np.full(n_rows, -1, np.int32)
    for j in range(offset.size - 1):
        if not allowed[j]:
            continue
        for k in range(offset[j], offset[j + 1]):
            stamp[demand[k]] = j
        for k in range(offset[j], offset[j + 1]):
            i = demand[k]
            size[i] += 1
            if stamp[leader[i]] == j:
                common[i] += 1
    same = np.empty(n_rows, np.bool_)
    for i in range(n_rows):
        same[i] = common[i] == size[i] and size[leader[i]] == size[i]
    return same


def _leaders(work: Work, keep: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Give for each row the row that it is merged with: the same columns and the same need."""
    key = np.random.default_rng(0).integers(1, 2**63, work.n_columns, dtype=np.uint64)
    total = _hash_rows(work.offset, work.demand, work.allowed, key, work.n_rows)
    total = total * np.uint64(2**13 + 1) + work.need.astype(np.uint64)
    rows = np.flatnonzero(keep)
    _, first, twin = np.unique(total[rows], return_index=True, return_inverse=True)
    leader = np.arange(work.n_rows, dtype=np.int32)
    leader[rows] = rows[first[twin]]
    # A hash may deceive; the lists do not.
    same = _true_twins(work.offset, work.demand, work.allowed, leader)
    same &= work.need == work.need[leader]
    return np.where(same, leader, np.arange(work.n_rows, dtype=np.int32)).astype(np.int32)


def compress(work: Work) -> Work | None:
    """Leave out what is decided and merge rows that lie in the same columns.

    Rows stay if they still need columns, have weight or must be covered, and can be covered;
    columns stay if they are allowed and contain such a row.

    Parameters
    ----------
    work : Work
        The problem.

    Returns
    -------
    Work or None
        The smaller problem; None if no choice can be valid.
    """
    reach = coverable_rows(work)
    if (work.must & ~reach).any() or work.limit < 0.0:
        return None
    keep = (work.need > 0) & (work.must | (work.weight > 0.0)) & reach
    # A hair of the goal is left to the rounding of sums taken in another order.
    if float(work.weight[keep].sum()) < work.goal * (1.0 - 1e-12):
        return None
    must_weight = float(work.weight[keep & work.must].sum())
    if work.seeks_cost and work.goal <= must_weight:
        keep &= work.must
    leader = _leaders(work, keep)
    leads = keep & (leader == np.arange(work.n_rows))
    weight = np.bincount(leader[keep], weights=work.weight[keep], minlength=work.n_rows)
    must = np.zeros(work.n_rows, bool)
    must[leader[keep & work.must]] = True
    if work.seeks_cost and work.goal > must_weight:
        # What weighs more than may be left uncovered has to be covered.
        spare = float(weight.sum()) - work.goal
        must |= leads & (weight > spare + 1e-12 * float(weight.sum()))
    number = np.where(leads, np.cumsum(leads) - 1, -1).astype(np.int32)
    offset, demand, kept = filter_lists(work.offset, work.demand, work.allowed, number)
    return replace(
        work,
        offset=offset,
        demand=demand,
        weight=weight[leads],
        need=work.need[leads],
        must=must[leads],
        price=work.price[kept],
        group=work.group[kept],
        allowed=np.ones(kept.size, bool),
        candidate=work.candidate[kept],
    )


def force(work: Work, columns: NDArray[np.int32]) -> Work:
    """Put columns into every answer.

    Parameters
    ----------
    work : Work
        The problem.
    columns : int32[n]
        Distinct columns, at most one of a group.

    Returns
    -------
    Work
        The problem that is left; its lists are the same, the columns are not allowed any more.
    """
    if columns.size == 0:
        return work
    need = work.need.copy()
    for j in columns:
        need[work.demand[work.offset[j] : work.offset[j + 1]]] -= 1
    need = np.maximum(need, 0)
    gained = float(work.weight[(need == 0) & (work.need > 0)].sum())
    allowed = work.allowed.copy()
    taken = work.group[columns]
    allowed[(work.group >= 0) & np.isin(work.group, taken[taken >= 0])] = False
    allowed[columns] = False
    price = float(work.price[columns].sum())
    return replace(
        work,
        need=need,
        must=work.must & (need > 0),
        allowed=allowed,
        goal=max(work.goal - gained, 0.0) if work.seeks_cost else 0.0,
        limit=work.limit - price,
        base=work.base + gained,
        fixed=np.concatenate((work.fixed, work.candidate[columns])),
        spent=work.spent + price,
    )


def _forced(work: Work) -> NDArray[np.int32]:
    """Find the columns of rows that must be covered and have no more columns than they need."""
    degree = np.bincount(work.demand, minlength=work.n_rows)
    tight = work.must & (degree <= work.need)
    if not tight.any():
        return np.zeros(0, np.int32)
    start, owner = transpose(work.offset, work.demand, work.n_rows)
    lists = [owner[start[i] : start[i + 1]] for i in np.flatnonzero(tight)]
    return np.unique(np.concatenate(lists)).astype(np.int32)


def reduce_work(work: Work, *, effort: float = 2e8) -> Work | None:
    """Compress, force and drop dominated rows and columns until nothing changes.

    Dominance is left out for lists of millions of entries, where it seldom pays.

    Parameters
    ----------
    work : Work
        The problem.
    effort : float
        Comparisons of list entries that each search for dominance may take.

    Returns
    -------
    Work or None
        The smaller problem, of which every best answer is one of the original (but not every one
        of those is left); None if no choice can be valid.
    """
    for _ in range(10):
        smaller = compress(work)
        if smaller is None:
            return None
        work = smaller
        forced = _forced(work)
        if forced.size:
            grouped = work.group[forced][work.group[forced] >= 0]
            if np.unique(grouped).size < grouped.size:
                return None
            work = force(work, forced)
            continue
        if work.demand.size > _MOST_ENTRIES:
            break
        row_lists = transpose(work.offset, work.demand, work.n_rows)
        gone = np.zeros(work.n_columns, bool)
        if int(work.need.max(initial=0)) <= 1:
            gone = dominated_columns(work, row_lists, effort)
        implied = np.zeros(work.n_rows, bool)
        if work.must.any():
            implied = implied_rows(work, row_lists, effort)
        if not gone.any() and not implied.any():
            break
        work = replace(_leave_out(work, implied), allowed=~gone)
    return work


def _leave_out(work: Work, implied: NDArray[np.bool_]) -> Work:
    """Take rows that are covered with others for granted."""
    gained = float(work.weight[implied].sum())
    return replace(
        work,
        need=np.where(implied, 0, work.need).astype(np.int32),
        must=work.must & ~implied,
        goal=max(work.goal - gained, 0.0) if work.seeks_cost else 0.0,
        base=work.base + gained,
    )
