"""Local search by row weights for covers in which every row counts.

A cover loses its least useful column; rows left uncovered gain weight the longer they stay so,
and columns that cover them come in as long as the whole stays cheaper than the best cover known
(C. Gao, X. Yao, T. Weise, J. Li, "An efficient local search heuristic with row weighting for the
unicost set covering problem", Eur. J. Oper. Res. 246 (2015), 750-761; here with prices, several
folds and groups).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.optimise.cover.moves import SearchState, cheap_price, least_useful, set_column
from qamtu.optimise.cover.work import Work

__all__ = ["RowWeighting"]

_TABU = 3


@njit(cache=True)
def _search(
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
    best_price: float,
    step_price: float,
    cheap: float,
    first: int,
    rounds: int,
    seed: int,
    best: NDArray[np.bool_],
) -> tuple[float, int, int]:
    """Search for cheaper covers; `best` receives the cheapest."""
    np.random.seed(seed)  # noqa: NPY002 - the generator of compiled code
    total = 0.0
    for at in range(n_picked):
        total += price[picked[at]]
    for now in range(first, first + rounds):
        while n_open == 0 and n_picked > 0:
            if total < best_price - 0.5 * step_price:
                best_price = total
                best[:] = inside
            at = least_useful(picked, n_picked, score, price, moved, now, cheap)
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
        if n_open == 0:
            if total < best_price - 0.5 * step_price:
                best_price = total
                best[:] = inside
            break
        at = least_useful(picked, n_picked, score, price, moved, now - 2, cheap)
        if at >= 0:
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
        while n_open > 0:
            i = open_rows[np.random.randint(n_open)]  # noqa: NPY002
            choice = -1
            choice_key = -np.inf
            tenure = np.random.randint(_TABU)  # noqa: NPY002
            for at in range(start[i], start[i + 1]):
                j = owner[at]
                if inside[j] or moved[j] >= now - tenure:
                    continue
                gain = score[j]
                paid = price[j]
                if group[j] >= 0 and taken[group[j]] >= 0:
                    other = taken[group[j]]
                    gain -= score[other]
                    paid -= price[other]
                if total + paid >= best_price - 0.5 * step_price:
                    continue
                key = gain / max(price[j], cheap)
                if key > choice_key or (key == choice_key and moved[j] < moved[choice]):
                    choice = j
                    choice_key = key
            if choice < 0:
                break
            if group[choice] >= 0:
                other = taken[group[choice]]
                if other >= 0:
                    for at in range(n_picked):
                        if picked[at] == other:
                            n_picked -= 1
                            picked[at] = picked[n_picked]
                            break
                    total -= price[other]
                    moved[other] = now
                    n_open = set_column(
                        other, False, offset, demand, start, owner, need, inside, count, code,
                        heavy, score, open_rows, place, n_open, weight, must, tally,
                    )  # fmt: skip
                taken[group[choice]] = choice
            picked[n_picked] = choice
            n_picked += 1
            total += price[choice]
            moved[choice] = now
            n_open = set_column(
                choice, True, offset, demand, start, owner, need, inside, count, code, heavy,
                score, open_rows, place, n_open, weight, must, tally,
            )  # fmt: skip
            for k in range(n_open):
                i = open_rows[k]
                heavy[i] += 1.0
                for at in range(start[i], start[i + 1]):
                    score[owner[at]] += 1.0
            if group[choice] >= 0:
                break
        if n_open > 0:
            for k in range(n_open):
                i = open_rows[k]
                heavy[i] += 1.0
                for at in range(start[i], start[i + 1]):
                    score[owner[at]] += 1.0
    return best_price, n_picked, n_open


@dataclass(slots=True, eq=False)
class RowWeighting:
    """A search under way: its cover, its row weights, and the best cover it has seen.

    Attributes
    ----------
    work : Work
        The problem, compressed, in which every row that counts must be covered.
    step_price : float
        Least difference between the prices of two covers; 0 if unknown.
    best_price : float
        Price of the best cover known; a cover is only kept if it is cheaper.
    best : bool[c]
        The columns of the best cover found here.
    found : bool
        Whether one was found.
    """

    work: Work
    step_price: float
    best_price: float = np.inf
    best: NDArray[np.bool_] = field(init=False)
    found: bool = False
    rounds: int = 0
    state: SearchState = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing chosen."""
        work = self.work
        need = np.where(work.must, work.need, 0).astype(np.int32)
        self.state = SearchState(work, need, np.ones(work.n_rows))
        self.best = np.zeros(work.n_columns, bool)

    def begin(self, columns: NDArray[np.int32]) -> None:
        """Begin anew from a choice of columns, with all weights alike."""
        self.state.heavy[:] = 1.0
        self.state.begin(columns, self.rounds)

    def run(self, rounds: int, seed: int) -> bool:
        """Search on.

        Parameters
        ----------
        rounds : int
            Columns to be taken out one after the other.
        seed : int
            Seed of these rounds.

        Returns
        -------
        bool
            Whether a cheaper cover was found; it is in ``best``.
        """
        work, state = self.work, self.state
        before = self.best_price
        given: Any = (
            *state.model, *state.arrays, *state.scale, work.price, work.group, state.moved,
            state.taken, state.picked, state.n_picked, state.n_open, before, self.step_price,
            cheap_price(work.price), self.rounds, rounds, seed, self.best,
        )  # fmt: skip
        price, state.n_picked, state.n_open = _search(*given)
        self.rounds += rounds
        self.best_price = price
        self.found |= price < before
        return price < before
