"""The state that the local searches share: a column enters or leaves, and all scores follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.cover.matrix import column_sums, transpose
from qamtu.optimise.cover.work import Work

__all__ = ["SearchState", "cheap_price", "least_useful", "set_column"]

_CHEAP = 1e-9


def cheap_price(price: NDArray[np.float64]) -> float:
    """Give the price that a free column is taken to have, so that ratios stand."""
    return max(_CHEAP * float(price.max(initial=0.0)), float(np.finfo(float).tiny))


@njit(cache=True)
def set_column(
    j: int,
    enters: bool,
    offset: NDArray[np.int64],
    demand: NDArray[np.int32],
    start: NDArray[np.int64],
    owner: NDArray[np.int32],
    need: NDArray[np.int32],
    inside: NDArray[np.bool_],
    count: NDArray[np.int32],
    code: NDArray[np.int32],
    heavy: NDArray[np.float64],
    score: NDArray[np.float64],
    open_rows: NDArray[np.int32],
    place: NDArray[np.int32],
    n_open: int,
    weight: NDArray[np.float64],
    must: NDArray[np.bool_],
    tally: NDArray[np.float64],
) -> int:
    """Let a column enter or leave and bring counts, scores and the open rows up to date.

    Scores are what a column outside would add, and what one inside would take away, in ``heavy``
    per unit of need; ``code`` holds the exclusive or of the columns inside that contain a row, so
    that a sole one is known at once. ``tally`` holds the weight covered and the number of rows
    that must be covered and are not.
    """
    inside[j] = enters
    score[j] = 0.0
    for k in range(offset[j], offset[j + 1]):
        i = demand[k]
        if need[i] <= 0:
            continue
        code[i] ^= j
        if enters:
            count[i] += 1
            if count[i] == need[i]:
                last = open_rows[n_open - 1]
                open_rows[place[i]] = last
                place[last] = place[i]
                n_open -= 1
                tally[0] += weight[i]
                tally[1] -= must[i]
                for at in range(start[i], start[i + 1]):
                    if not inside[owner[at]]:
                        score[owner[at]] -= heavy[i]
            elif count[i] == need[i] + 1:
                if need[i] == 1:
                    score[code[i] ^ j] -= heavy[i]
                else:
                    for at in range(start[i], start[i + 1]):
                        if inside[owner[at]] and owner[at] != j:
                            score[owner[at]] -= heavy[i]
            if count[i] <= need[i]:
                score[j] += heavy[i]
        else:
            count[i] -= 1
            if count[i] == need[i] - 1:
                open_rows[n_open] = i
                place[i] = n_open
                n_open += 1
                tally[0] -= weight[i]
                tally[1] += must[i]
                for at in range(start[i], start[i + 1]):
                    if not inside[owner[at]] and owner[at] != j:
                        score[owner[at]] += heavy[i]
            elif count[i] == need[i]:
                if need[i] == 1:
                    score[code[i]] += heavy[i]
                else:
                    for at in range(start[i], start[i + 1]):
                        if inside[owner[at]]:
                            score[owner[at]] += heavy[i]
            if count[i] < need[i]:
                score[j] += heavy[i]
    return n_open


@njit(cache=True)
def least_useful(
    picked: NDArray[np.int32],
    n_picked: int,
    score: NDArray[np.float64],
    price: NDArray[np.float64],
    moved: NDArray[np.int64],
    after: int,
    cheap: float,
) -> int:
    """Find the place of the column with the least score for its price, of equals the longest in.

    Only columns that moved no later than ``after`` are looked at; -1 if there is none.
    """
    best = -1
    best_key = np.inf
    for at in range(n_picked):
        j = picked[at]
        if moved[j] > after:
            continue
        key = score[j] / max(price[j], cheap)
        if key < best_key or (key == best_key and moved[j] < moved[picked[best]]):
            best = at
            best_key = key
    return best


@dataclass(slots=True, eq=False)
class SearchState:
    """A choice of columns with what a local search keeps of it.

    Attributes
    ----------
    work : Work
        The problem, compressed.
    need : int32[r]
        Needs of the rows that count; 0 for the others.
    heavy : float64[r]
        What a unit of need counts in the scores.
    """

    work: Work
    need: NDArray[np.int32]
    heavy: NDArray[np.float64]
    lists: tuple[NDArray[np.int64], NDArray[np.int32]] = field(init=False)
    inside: NDArray[np.bool_] = field(init=False)
    moved: NDArray[np.int64] = field(init=False)
    taken: NDArray[np.int32] = field(init=False)
    picked: NDArray[np.int32] = field(init=False)
    tally: NDArray[np.float64] = field(init=False)
    n_picked: int = 0
    n_open: int = 0
    _arrays: tuple[Any, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing chosen."""
        work = self.work
        self.lists = transpose(work.offset, work.demand, work.n_rows)
        self.begin(np.zeros(0, np.int32), 0)

    def begin(self, columns: NDArray[np.int32], now: int) -> None:
        """Begin anew from a choice of columns.

        Parameters
        ----------
        columns : int32[n]
            Distinct columns, at most one of a group.
        now : int
            The round that comes next; every column is free to move in it.
        """
        work = self.work
        rows = np.flatnonzero(self.need > 0).astype(np.int32)
        open_rows = np.zeros(max(work.n_rows, 1), np.int32)
        open_rows[: rows.size] = rows
        place = np.zeros(work.n_rows, np.int32)
        place[rows] = np.arange(rows.size)
        counted = np.where(self.need > 0, self.heavy, 0.0)
        score = np.zeros(work.n_columns)
        column_sums(work.offset, work.demand, counted, score)
        count = np.zeros(work.n_rows, np.int32)
        code = np.zeros(work.n_rows, np.int32)
        self.inside = np.zeros(work.n_columns, bool)
        self.moved = np.full(work.n_columns, now - 10_000, np.int64)
        self.taken = np.full(int(work.group.max(initial=0)) + 1, -1, np.int32)
        self.picked = np.zeros(work.n_columns + 1, np.int32)
        self.tally = np.array([0.0, float((work.must & (self.need > 0)).sum())])
        self._arrays = (count, code, self.heavy, score, open_rows, place)
        self.n_open = int(rows.size)
        self.n_picked = 0
        for j in columns:
            given: Any = (*self.model, *self.arrays, self.n_open, *self.scale)
            self.n_open = set_column(int(j), True, *given)
            self.picked[self.n_picked] = j
            self.n_picked += 1
            if work.group[j] >= 0:
                self.taken[work.group[j]] = j

    @property
    def model(self) -> tuple[Any, ...]:
        """Lists of the columns and of the rows, and the needs."""
        return (self.work.offset, self.work.demand, *self.lists, self.need)

    @property
    def arrays(self) -> tuple[Any, ...]:
        """The state of columns and rows."""
        return (self.inside, *self._arrays)

    @property
    def scale(self) -> tuple[Any, ...]:
        """What is tallied, and the tally."""
        return (self.work.weight, self.work.must, self.tally)

    @property
    def chunk(self) -> int:
        """Rounds that take some tens of milliseconds."""
        work = self.work
        nnz = max(work.demand.size, 1)
        each = nnz / max(work.n_columns, 1) * nnz / max(work.n_rows, 1)
        return int(min(max(2e7 / (each + 100.0), 20), 20_000))
