"""Lists of columns and rows: transposing them, filtering them, sums over them."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["NO_FACTOR", "column_sums", "filter_lists", "transpose"]

NO_FACTOR = np.zeros(0)
"""Says that every entry of the lists counts 1."""


@njit(cache=True)
def transpose(
    offset: NDArray[np.int64], item: NDArray[np.int32], n_items: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """List for each item the lists that hold it, in rising order.

    Parameters
    ----------
    offset : int64[n + 1]
        List ``j`` is ``item[offset[j]:offset[j + 1]]``.
    item : int32[nnz]
        The items of the lists, ``0 .. n_items - 1``.
    n_items : int
        Number of items.

    Returns
    -------
    start : int64[n_items + 1]
        Item ``i`` is in the lists ``owner[start[i]:start[i + 1]]``.
    owner : int32[nnz]
        The lists.
    """
    start = np.zeros(n_items + 1, np.int64)
    for k in range(item.size):
        start[item[k] + 1] += 1
    for i in range(n_items):
        start[i + 1] += start[i]
    place = start[:-1].copy()
    owner = np.empty(item.size, np.int32)
    for j in range(offset.size - 1):
        for k in range(offset[j], offset[j + 1]):
            i = item[k]
            owner[place[i]] = j
            place[i] += 1
    return start, owner


@njit(cache=True)
def filter_lists(
    offset: NDArray[np.int64],
    item: NDArray[np.int32],
    keep: NDArray[np.bool_],
    number: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Keep some lists and, in them, the items that have a new number; drop lists left empty.

    Parameters
    ----------
    offset, item
        The lists, as in `transpose`.
    keep : bool[n]
        Which lists to keep.
    number : int32[n_items]
        New number of each item; -1 for an item that is left out.

    Returns
    -------
    offset : int64[m + 1]
        As before, of the lists that stay.
    item : int32[nnz']
        As before, in new numbers.
    kept : int32[m]
        The old numbers of the lists that stay.
    """
    n = offset.size - 1
    size = 0
    for j in range(n):
        if keep[j]:
            for k in range(offset[j], offset[j + 1]):
                if number[item[k]] >= 0:
                    size += 1
    fresh = np.empty(size, np.int32)
    ends = np.empty(n + 1, np.int64)
    kept = np.empty(n, np.int32)
    ends[0] = 0
    count = 0
    at = 0
    for j in range(n):
        if not keep[j]:
            continue
        for k in range(offset[j], offset[j + 1]):
            i = number[item[k]]
            if i >= 0:
                fresh[at] = i
                at += 1
        if at > ends[count]:
            kept[count] = j
            count += 1
            ends[count] = at
    return ends[: count + 1].copy(), fresh, kept[:count].copy()


@njit(cache=True)
def column_sums(
    offset: NDArray[np.int64],
    demand: NDArray[np.int32],
    value: NDArray[np.float64],
    out: NDArray[np.float64],
    factor: NDArray[np.float64] = NO_FACTOR,
) -> None:
    """Sum a value of the rows over each column, times the entries' factors if any, into ``out``."""
    if factor.size:
        for j in range(offset.size - 1):
            total = 0.0
            for k in range(offset[j], offset[j + 1]):
                total += factor[k] * value[demand[k]]
            out[j] = total
        return
    for j in range(offset.size - 1):
        total = 0.0
        for k in range(offset[j], offset[j + 1]):
            total += value[demand[k]]
        out[j] = total
