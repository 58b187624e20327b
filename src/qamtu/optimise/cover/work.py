"""The problem as the methods see it: rows with needs, columns with prices, one residual goal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.optimise.cover.problem import CoverProblem
from qamtu.optimise.cover.verify import TOLERANCE, cover_counts

__all__ = ["Work", "begin_work"]


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """Rows (demands) and columns (candidates) that are left to decide.

    Attributes
    ----------
    offset : int64[c + 1]
        Column ``j`` has the rows ``demand[offset[j]:offset[j + 1]]``.
    demand : int32[nnz]
        Rows of the columns.
    weight : float64[r]
        Weight of each row.
    need : int32[r]
        Number of columns that a row still needs to be covered; 0 for covered.
    must : bool[r]
        Rows that have to be covered.
    price : float64[c]
        Cost of each column; ones for the count goal.
    group : int32[c]
        Columns of the same group of at least 0 exclude each other; -1 for none.
    allowed : bool[c]
        Whether the column may be chosen.
    candidate : int64[c]
        The candidate that the column stands for.
    goal : float
        Share goal: weight of these rows to be covered at least; 0 for the other goals.
    limit : float
        Sum of prices that may be spent; inf for the share goal.
    base : float
        Weight that is covered whatever is chosen.
    fixed : int64[f]
        Candidates that belong to every answer.
    spent : float
        Price of columns that reductions have put into ``fixed``.
    """

    offset: NDArray[np.int64]
    demand: NDArray[np.int32]
    weight: NDArray[np.float64]
    need: NDArray[np.int32]
    must: NDArray[np.bool_]
    price: NDArray[np.float64]
    group: NDArray[np.int32]
    allowed: NDArray[np.bool_]
    candidate: NDArray[np.int64]
    goal: float
    limit: float
    base: float
    fixed: NDArray[np.int64]
    spent: float = 0.0

    @property
    def seeks_cost(self) -> bool:
        """Whether the least cost is sought (share goal), not the most weight."""
        return bool(np.isinf(self.limit))

    @property
    def all_must(self) -> bool:
        """Whether nothing but the rows that must be covered counts."""
        open_rows = (self.need > 0) & ~self.must
        return self.seeks_cost and (self.goal <= 0.0 or not bool(open_rows.any()))

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return int(self.weight.size)

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return int(self.price.size)


def begin_work(problem: CoverProblem) -> Work:
    """Bring a valid problem into the methods' form without reducing or copying its lists.

    Parameters
    ----------
    problem : CoverProblem
        The problem, valid.

    Returns
    -------
    Work
        All demands as rows and all candidates as columns; fixed candidates and those that they
        exclude are not allowed, and what the fixed ones cover is taken off the needs.
    """
    n = problem.n_candidates
    weight = np.ascontiguousarray(problem.weight, dtype=np.float64)
    fixed = np.zeros(0, np.int64)
    if problem.fixed is not None:
        fixed = np.sort(np.asarray(problem.fixed, dtype=np.int64))
    group = np.full(n, -1, np.int32)
    if problem.group is not None:
        _, numbers = np.unique(problem.group, return_inverse=True)
        group = np.where(np.asarray(problem.group) >= 0, numbers, -1).astype(np.int32)
    allowed = np.ones(n, bool)
    taken = group[fixed]
    allowed[(group >= 0) & np.isin(group, taken[taken >= 0])] = False
    allowed[fixed] = False
    need = np.maximum(problem.fold - cover_counts(problem, fixed), 0).astype(np.int32)
    must = np.zeros(weight.size, bool)
    if problem.must is not None:
        must |= np.asarray(problem.must, dtype=bool)
    base = float(weight[need == 0].sum())
    goal, limit = 0.0, np.inf
    price = np.ascontiguousarray(problem.cost, dtype=np.float64)
    if problem.share is not None:
        goal = max(problem.share * float(weight.sum()) * (1.0 - TOLERANCE / 2) - base, 0.0)
        if problem.share >= 1.0:
            must |= weight > 0.0
    elif problem.count is not None:
        limit, price = float(problem.count), np.ones(n)
    else:
        # A limit of inf would read as the share goal; everything costs no more than the sum.
        limit = min(float(problem.budget or 0.0), float(price.sum())) * (1.0 + TOLERANCE / 2)
    return Work(
        offset=np.ascontiguousarray(problem.offset, dtype=np.int64),
        demand=np.ascontiguousarray(problem.demand, dtype=np.int32),
        weight=weight,
        need=need,
        must=must & (need > 0),
        price=price,
        group=group,
        allowed=allowed,
        candidate=np.arange(n),
        goal=goal,
        limit=limit,
        base=base,
        fixed=fixed,
    )
