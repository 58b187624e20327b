"""Local search by swaps for partial covers and for the most weight within a limit.

A round takes out the column of least use for its price (now and then any column) and fills what
is free with the columns of most use; a column that moved has to wait (tabu search: F. Glover,
"Tabu search - part I", ORSA J. Comput. 1 (1989), 190-206). For the share goal what may be spent is
always a little less than the best choice known has cost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.cover.matrix import column_sums
from qamtu.optimise.cover.moves import SearchState, cheap_price, least_useful, set_column
from qamtu.optimise.cover.work import Work

__all__ = ["SwapSearch"]

_ANY = 0.1
_TENURE = 6
_PATIENCE = 12
_HAIR = 1e-9


@njit(cache=True)
def _best_to_add(
    score: NDArray[np.float64],
    price: NDArray[np.float64],
    group: NDArray[np.int32],
    inside: NDArray[np.bool_],
    moved: NDArray[np.int64],
    taken: NDArray[np.int32],
    before: int,
    room: float,
    enough: float,
    cheap: float,
) -> int:
    """Find the column of most use for its price that fits; -1 if there is none."""
    best = -1
    best_key = 0.0
    for j in range(price.size):
        if inside[j] or price[j] > room or score[j] <= 0.0 or moved[j] > before:
            continue
        if group[j] >= 0 and taken[group[j]] >= 0:
            continue
        key = min(score[j], enough) / max(price[j], cheap)
        if key > best_key:
            best = j
            best_key = key
    return best


@njit(cache=True)
def _swap(
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
    weight: NDArray[np.float64],
    must: NDArray[np.bool_],
    tally: NDArray[np.float64],
    price: NDArray[np.float64],
    group: NDArray[np.int32],
    moved: NDArray[np.int64],
    taken: NDArray[np.int32],
    picked: NDArray[np.int32],
    n_picked: int,
    n_open: int,
    goal: float,
    limit: float,
    best_value: float,
    step: float,
    cheap: float,
    cut: bool,
    first: int,
    rounds: int,
    seed: int,
    best: NDArray[np.bool_],
) -> tuple[float, int, int]:
    """Search; `best` receives the best choice, and its price or weight is given back."""
    np.random.seed(seed)  # noqa: NPY002 - the generator of compiled code
    by_cost = np.isinf(limit)
    total = 0.0
    for at in range(n_picked):
        total += price[picked[at]]
    for now in range(first, first + rounds):
        room = best_value - step if by_cost else limit
        must_go = 1
        while n_picked > 0 and (must_go > 0 or total > room):
            must_go -= 1
            at = -1
            if np.random.random() < _ANY:  # noqa: NPY002
                at = np.random.randint(n_picked)  # noqa: NPY002
            else:
                tenure = np.random.randint(_TENURE)  # noqa: NPY002
                at = least_useful(picked, n_picked, score, price, moved, now - 1 - tenure, cheap)
            if at < 0:
                at = np.random.randint(n_picked)  # noqa: NPY002
            j = picked[at]
            n_picked -= 1
            picked[at] = picked[n_picked]
            total -= price[j]
            moved[j] = now
            if group[j] >= 0:
                taken[group[j]] = -1
            n_open = set_column(
                j, False, offset, demand, start, owner, need, inside, count, code, heavy, score,
                open_rows, place, n_open, weight, must, tally,
            )  # fmt: skip
        if n_picked == 0:
            total = 0.0
            if by_cost and tally[1] == 0.0 and tally[0] >= goal and best_value > 0.0:
                best_value = 0.0
                best[:] = inside
                break
        tenure = np.random.randint(_TENURE)  # noqa: NPY002
        while n_open > 0:
            enough = np.inf
            if by_cost and tally[1] == 0.0:
                if tally[0] >= goal:
                    break
                if cut:
                    enough = goal - tally[0]
            j = _best_to_add(
                score, price, group, inside, moved, taken, now - 1 - tenure, room - total, enough,
                cheap,
            )  # fmt: skip
            if j < 0:
                break
            picked[n_picked] = j
            n_picked += 1
            total += price[j]
            moved[j] = now
            if group[j] >= 0:
                taken[group[j]] = j
            n_open = set_column(
                j, True, offset, demand, start, owner, need, inside, count, code, heavy, score,
                open_rows, place, n_open, weight, must, tally,
            )  # fmt: skip
        if tally[1] > 0.0:
            continue
        if by_cost:
            if tally[0] >= goal and total <= room:
                best_value = total
                best[:] = inside
        elif tally[0] > best_value + step and total <= limit:
            best_value = tally[0]
            best[:] = inside
    return best_value, n_picked, n_open


@dataclass(slots=True, eq=False)
class SwapSearch:
    """A search under way: its choice and the best that it has seen.

    Attributes
    ----------
    work : Work
        The problem, compressed.
    step : float
        Least difference between the values of two choices; 0 if unknown.
    best_value : float
        Price (share goal) or weight of the best choice known; only better ones are kept.
    best : bool[c]
        The columns of the best choice found here.
    found : bool
        Whether one was found.
    """

    work: Work
    step: float
    best_value: float
    best: NDArray[np.bool_] = field(init=False)
    found: bool = False
    rounds: int = 0
    state: SearchState = field(init=False)
    _idle: int = 0

    def __post_init__(self) -> None:
        """Begin with nothing chosen."""
        work = self.work
        unit = np.maximum(work.need, 1)
        heavy = work.weight / unit
        if work.must.any():
            # Any column less than a row that must be covered: such rows come first.
            sums = np.zeros(work.n_columns)
            column_sums(work.offset, work.demand, heavy, sums)
            heavy = heavy + np.where(work.must, 1.0 + float(sums.max(initial=0.0)), 0.0)
        self.state = SearchState(work, work.need, np.ascontiguousarray(heavy))
        self.best = np.zeros(work.n_columns, bool)

    def begin(self, columns: NDArray[np.int32]) -> None:
        """Begin anew from a choice of columns."""
        self.state.begin(columns, self.rounds)

    def run(self, rounds: int, seed: int) -> bool:
        """Search on; after many idle calls, begin anew from most of the best choice.

        Parameters
        ----------
        rounds : int
            Rounds to take.
        seed : int
            Seed of these rounds.

        Returns
        -------
        bool
            Whether a better choice was found; it is in ``best``.
        """
        work, state = self.work, self.state
        if self._idle >= _PATIENCE and self.found:
            self._idle = 0
            random = np.random.default_rng(seed)
            columns = np.flatnonzero(self.best).astype(np.int32)
            self.begin(columns[random.random(columns.size) > random.uniform(0.1, 0.5)])
        before = self.best_value
        hair = max(0.5 * self.step, _HAIR * abs(before)) if np.isfinite(before) else 0.0
        given: Any = (
            *state.model, *state.arrays, *state.scale, work.price, work.group, state.moved,
            state.taken, state.picked, state.n_picked, state.n_open, work.goal, work.limit, before,
            hair, cheap_price(work.price), int(work.need.max(initial=0)) <= 1, self.rounds, rounds,
            seed, self.best,
        )  # fmt: skip
        value, state.n_picked, state.n_open = _swap(*given)
        self.rounds += rounds
        better = value != before
        self._idle = 0 if better else self._idle + 1
        self.best_value = value
        self.found |= better
        return better
