"""Lagrangian relaxation of the rows: a proven bound for every goal, in linear memory.

Row ``i`` says that it counts as covered (``y_i``) only if ``need_i`` chosen columns contain it.
With a price ``u_i`` for each of these rules two easy problems are left. Share goal: columns are
chosen where ``c_j`` is less than the prices of their rows, and the rows to be covered are those of
the least ``need_i u_i / w_i``. Count and budget goals: the rows are those of ``w_i > need_i u_i``,
and the columns fill a knapsack, here its linear relaxation (a single price of money). Of a group
one column at most is chosen. The linear relaxation of each part has whole corners (but for the
last piece of a knapsack), so the best prices give the bound of the linear relaxation of the whole
problem (A. M. Geoffrion, "Lagrangean relaxation for integer programming", Math. Prog. Study 2
(1974), 82-114). They are found by subgradient steps with the rule for their length of A. Caprara,
M. Fischetti and P. Toth, "A heuristic method for the set covering problem", Oper. Res. 47 (1999),
730-743, along deflected directions (P. M. Camerini, L. Fratta and F. Maffioli, Math. Prog. Study
3 (1975), 26-34).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qamtu.optimise.cover.matrix import NO_FACTOR, column_sums
from qamtu.optimise.cover.relaxed import evaluate, take_steps
from qamtu.optimise.cover.work import Work

__all__ = ["Relaxation", "start_prices"]

_PATIENCE = 2
_SHORTER = 0.6
_SHORTEST = 1e-3


def start_prices(work: Work) -> NDArray[np.float64]:
    """Give each row the least price per row of its columns (share goal), or half of its weight.

    Parameters
    ----------
    work : Work
        The problem, compressed.

    Returns
    -------
    float64[r]
        Prices to begin with.
    """
    if not work.seeks_cost:
        return 0.5 * work.weight / np.maximum(work.need, 1)
    sizes = np.diff(work.offset)
    if work.all_must:
        each = work.price / np.maximum(sizes, 1)
        prices = np.full(work.n_rows, np.inf)
        np.minimum.at(prices, work.demand, np.repeat(each, sizes))
        return np.where(np.isfinite(prices), prices, 0.0)
    sums = np.zeros(work.n_columns)
    worth = work.weight / np.maximum(work.need, 1)
    column_sums(work.offset, work.demand, worth, sums)
    good = sums > 0
    ratio = work.price[good] / sums[good]
    return worth * (float(np.median(ratio)) if ratio.size else 0.0)


@dataclass(slots=True, eq=False)
class Relaxation:
    """The relaxed problem with its prices as they get better.

    Attributes
    ----------
    work : Work
        The problem, compressed.
    u : float64[r]
        Prices of the rows now.
    factor : float64[nnz]
        What each entry of the columns' lists counts [1]; empty for 1.
    best_u : float64[r]
        The prices of the best bound.
    bound : float
        The best bound on what the columns can do: least price, or most weight of the rows.
    steps : int
        Subgradient steps taken.
    """

    work: Work
    u: NDArray[np.float64]
    factor: NDArray[np.float64] = field(default_factory=lambda: NO_FACTOR)
    best_u: NDArray[np.float64] = field(init=False)
    bound: float = field(init=False)
    steps: int = 0
    length: float = 1.0
    keep: float = 0.6
    _direction: NDArray[np.float64] = field(init=False)
    _unit: NDArray[np.int32] = field(init=False)
    _n_units: int = field(init=False)
    _idle: int = 0

    def __post_init__(self) -> None:
        """Lay out the state."""
        work = self.work
        self.u = np.ascontiguousarray(self.u, dtype=np.float64)
        self.best_u = self.u.copy()
        self._direction = np.zeros(work.n_rows)
        lone = work.group < 0
        own = np.arange(work.n_columns) + int(work.group.max(initial=0)) + 1
        key = np.where(lone, own, work.group)
        numbers, unit = np.unique(key, return_inverse=True)
        self._unit = unit.astype(np.int32)
        self._n_units = numbers.size
        self.bound = 0.0 if work.seeks_cost else float(work.weight.sum())

    @property
    def _model(self) -> tuple[Any, ...]:
        work = self.work
        return (
            work.offset,
            work.demand,
            work.weight,
            work.need,
            work.must,
            work.price,
            self._unit,
            self._n_units,
            work.goal,
            work.limit,
            self.factor,
        )

    def improve(self, target: float, steps: int = 20) -> bool:
        """Take steps towards a value that is not thought to be passed.

        Parameters
        ----------
        target : float
            Price or weight of the best choice known, without what is fixed.
        steps : int
            Steps to take.

        Returns
        -------
        bool
            Whether going on is worth while.
        """
        sign = 1.0 if self.work.seeks_cost else -1.0
        aim = sign * target
        aim += 0.01 * max(abs(aim - sign * self.bound), 1e-9)
        given: Any = (
            *self._model, aim, self.length, self.keep, steps, self.u, self.best_u,
            self._direction, sign * self.bound,
        )  # fmt: skip
        best = float(take_steps(*given))
        self.steps += steps
        gained = best - sign * self.bound
        self.bound = sign * best
        if gained < 1e-3 * max(aim - best, 1e-9):
            self._idle += 1
        else:
            self._idle = 0
        if self._idle >= _PATIENCE:
            self._idle = 0
            self.length *= _SHORTER
            self.u[:] = self.best_u
            self._direction[:] = 0.0
        return self.length > _SHORTEST

    def values(self) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
        """Evaluate the best prices once more.

        Returns
        -------
        value : float
            The bound there.
        loss : float64[c]
            What the bound loses at least when the column is chosen against the relaxed choice.
        regret : float64[c]
            What it loses at least when a column of the relaxed choice is left out; 0 for others.
        """
        work = self.work
        sums = np.empty(work.n_columns)
        x = np.empty(work.n_columns)
        y = np.empty(work.n_rows)
        given: Any = (*self._model, self.best_u, sums, x, y)
        value, money = evaluate(*given)
        worth = sums - money * work.price
        best = np.zeros(self._n_units)
        np.maximum.at(best, self._unit, worth)
        alone = np.bincount(self._unit, minlength=self._n_units)[self._unit] == 1
        loss = best[self._unit] - worth
        regret = np.where(alone, np.maximum(worth, 0.0), 0.0)
        return float(value), loss, regret
