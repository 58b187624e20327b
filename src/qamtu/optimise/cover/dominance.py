"""Columns that another serves better, and rows that are covered whenever another is."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.cover.matrix import transpose
from qamtu.optimise.cover.work import Work

__all__ = ["dominated_columns", "implied_rows"]


@njit(cache=True)
def _signatures(offset: NDArray[np.int64], item: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Give each list 64 bits: one of them is set for each item."""
    bits = np.zeros(offset.size - 1, np.uint64)
    for j in range(offset.size - 1):
        for k in range(offset[j], offset[j + 1]):
            bits[j] |= np.uint64(1) << np.uint64((item[k] * 40503) & 63)
    return bits


@njit(cache=True)
def _within(offset: NDArray[np.int64], item: NDArray[np.int32], a: int, b: int) -> bool:
    """Tell whether the sorted list ``a`` is a subset of the sorted list ``b``."""
    k = offset[b]
    end = offset[b + 1]
    for at in range(offset[a], offset[a + 1]):
        i = item[at]
        while k < end and item[k] < i:
            k += 1
        if k == end or item[k] != i:
            return False
    return True


@njit(cache=True)
def _shortest(
    offset: NDArray[np.int64], item: NDArray[np.int32], start: NDArray[np.int64], a: int
) -> int:
    """Give the item of list ``a`` that is in the fewest lists."""
    best = item[offset[a]]
    for k in range(offset[a] + 1, offset[a + 1]):
        i = item[k]
        if start[i + 1] - start[i] < start[best + 1] - start[best]:
            best = i
    return best


@njit(cache=True)
def _dominated(
    offset: NDArray[np.int64],
    item: NDArray[np.int32],
    start: NDArray[np.int64],
    owner: NDArray[np.int32],
    price: NDArray[np.float64],
    group: NDArray[np.int32],
    effort: float,
) -> NDArray[np.bool_]:
    n = price.size
    bits = _signatures(offset, item)
    gone = np.zeros(n, np.bool_)
    spent = 0.0
    for j in range(n):
        size = offset[j + 1] - offset[j]
        if spent > effort or size == 0:
            continue
        rarest = _shortest(offset, item, start, j)
        spent += size + start[rarest + 1] - start[rarest]
        for k in range(start[rarest], start[rarest + 1]):
            other = owner[k]
            if other == j or gone[other] or price[other] > price[j]:
                continue
            if bits[j] & ~bits[other] or offset[other + 1] - offset[other] < size:
                continue
            if group[other] >= 0 and group[other] != group[j]:
                continue
            if (
                price[other] == price[j]
                and offset[other + 1] - offset[other] == size
                and group[other] == group[j]
                and other > j
            ):
                continue  # of two equal columns the first stays
            spent += offset[other + 1] - offset[other]
            if _within(offset, item, j, other):
                gone[j] = True
                break
    return gone


@njit(cache=True)
def _implied(
    offset: NDArray[np.int64],
    item: NDArray[np.int32],
    start: NDArray[np.int64],
    owner: NDArray[np.int32],
    need: NDArray[np.int32],
    must: NDArray[np.bool_],
    effort: float,
) -> NDArray[np.bool_]:
    bits = _signatures(start, owner)
    gone = np.zeros(need.size, np.bool_)
    spent = 0.0
    for i in range(need.size):
        size = start[i + 1] - start[i]
        if spent > effort or size == 0 or gone[i] or not must[i]:
            continue
        smallest = _shortest(start, owner, offset, i)
        spent += size + offset[smallest + 1] - offset[smallest]
        for k in range(offset[smallest], offset[smallest + 1]):
            other = item[k]
            if other == i or gone[other] or need[other] > need[i]:
                continue
            if bits[i] & ~bits[other] or start[other + 1] - start[other] < size:
                continue
            spent += start[other + 1] - start[other]
            if _within(start, owner, i, other):
                gone[other] = True
    return gone


def dominated_columns(
    work: Work, rows: tuple[NDArray[np.int64], NDArray[np.int32]], effort: float
) -> NDArray[np.bool_]:
    """Find columns whose rows all lie in another column that costs no more.

    Valid where no row needs more than one column. The other column is free of groups or of the
    same group, so that it can always take the place.

    Parameters
    ----------
    work : Work
        The problem, compressed, with needs of 1.
    rows : int64[r + 1], int32[nnz]
        The columns of each row, from `transpose`.
    effort : float
        List entries that may be compared.

    Returns
    -------
    bool[c]
        The dominated columns.
    """
    lists = transpose(*rows, work.n_columns)
    return _dominated(*lists, *rows, work.price, work.group, effort)


def implied_rows(
    work: Work, rows: tuple[NDArray[np.int64], NDArray[np.int32]], effort: float
) -> NDArray[np.bool_]:
    """Find rows that are covered whenever a row that must be covered is.

    Parameters
    ----------
    work : Work
        The problem, compressed.
    rows : int64[r + 1], int32[nnz]
        The columns of each row, from `transpose`.
    effort : float
        List entries that may be compared.

    Returns
    -------
    bool[r]
        Rows that contain all columns of such a row and need no more of them.
    """
    lists = transpose(*rows, work.n_columns)
    return _implied(*lists, *rows, work.need, work.must, effort)
