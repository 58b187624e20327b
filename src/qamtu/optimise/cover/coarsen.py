"""Rows in bunches: a much smaller relaxation whose bound holds for the whole.

If the prices of the rows of a bunch are kept in proportion to the rows' weights, the relaxation
only has to know which part of each bunch a column contains. Such prices are prices like others,
so every bound found with them is a bound of the whole problem, and they are a good start for free
ones. Bunches are rows with the same smallest random keys among their columns: the more columns
two rows share, the likelier these are the same (A. Z. Broder, "On the resemblance and containment
of documents", Proc. Compression and Complexity of Sequences (1997), 21-29).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.cover.work import Work

__all__ = ["Coarse", "coarsen"]


@dataclass(frozen=True, slots=True, eq=False)
class Coarse:
    """A problem of bunches.

    Attributes
    ----------
    work : Work
        The problem whose rows are bunches; only a relaxation can be made of it.
    factor : float64[nnz]
        Part of each bunch that each column contains [1].
    bunch : int32[r]
        The bunch of each row.
    part : float64[r]
        Part of its bunch that a row is [1].
    """

    work: Work
    factor: NDArray[np.float64]
    bunch: NDArray[np.int32]
    part: NDArray[np.float64]


@njit(cache=True)
def _least_keys(
    offset: NDArray[np.int64],
    demand: NDArray[np.int32],
    order: NDArray[np.int64],
    least: NDArray[np.int32],
) -> None:
    """Give each row the first of its columns in a random order."""
    least[:] = -1
    for position in range(order.size):
        j = order[position]
        for k in range(offset[j], offset[j + 1]):
            if least[demand[k]] < 0:
                least[demand[k]] = position


@njit(cache=True)
def _gather(
    offset: NDArray[np.int64],
    demand: NDArray[np.int32],
    bunch: NDArray[np.int32],
    part: NDArray[np.float64],
    n_bunches: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """Sum the parts of the bunches over each column."""
    n = offset.size - 1
    ends = np.zeros(n + 1, np.int64)
    stamp = np.full(n_bunches, -1, np.int32)
    for j in range(n):
        ends[j + 1] = ends[j]
        for k in range(offset[j], offset[j + 1]):
            b = bunch[demand[k]]
            if stamp[b] != j:
                stamp[b] = j
                ends[j + 1] += 1
    item = np.empty(ends[n], np.int32)
    factor = np.zeros(ends[n])
    place = np.zeros(n_bunches, np.int64)
    stamp[:] = -1
    for j in range(n):
        at = ends[j]
        for k in range(offset[j], offset[j + 1]):
            i = demand[k]
            b = bunch[i]
            if stamp[b] != j:
                stamp[b] = j
                place[b] = at
                item[at] = b
                at += 1
            factor[place[b]] += part[i]
    return ends, item, factor


def coarsen(work: Work, *, keys: int = 2, seed: int = 0) -> Coarse:
    """Bunch rows that lie in much the same columns.

    Parameters
    ----------
    work : Work
        The problem, compressed.
    keys : int
        Smallest keys that the rows of a bunch share; more keys, smaller bunches.
    seed : int
        Seed of the keys.

    Returns
    -------
    Coarse
        The problem of bunches; rows of different need, or that must be covered or not, are never
        in the same.
    """
    random = np.random.default_rng(seed)
    label = work.need.astype(np.int64) * 2 + work.must
    least = np.empty(work.n_rows, np.int32)
    for _ in range(keys):
        _least_keys(work.offset, work.demand, random.permutation(work.n_columns), least)
        _, label = np.unique(label * (work.n_columns + 1) + least + 1, return_inverse=True)
    bunch = label.astype(np.int32)
    n_bunches = int(bunch.max(initial=-1)) + 1
    size = np.where(work.must | (work.weight <= 0.0), 1.0, work.weight)
    whole = np.bincount(bunch, weights=size, minlength=n_bunches)
    part = size / whole[bunch]
    offset, demand, factor = _gather(work.offset, work.demand, bunch, part, n_bunches)
    first = np.zeros(n_bunches, np.int64)
    first[bunch] = np.arange(work.n_rows)
    small = replace(
        work,
        offset=offset,
        demand=demand,
        weight=np.bincount(bunch, weights=work.weight, minlength=n_bunches).astype(float),
        need=work.need[first],
        must=work.must[first],
    )
    return Coarse(small, factor, bunch, part)
