"""One part of a covering problem as a linear or mixed-integer model for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["PartTask", "solve_part"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PartTask:
    """Minimise the cost of columns less the price of the weight that they cover.

    Attributes
    ----------
    offset : int64[c + 1]
        Column ``j`` covers the rows ``row[offset[j]:offset[j + 1]]``.
    row : int64[nnz]
        Rows of the columns.
    cost : float64[c]
        Cost of each column, not negative.
    worth : float64[r]
        What covering each row is worth, in the unit of the cost; with ``need`` in any unit.
    need : float
        Worth to be covered at least, then nothing is taken off the cost; NaN for no such goal.
    must : bool[r]
        Rows that have to be covered.
    group : int64[c]
        Columns with the same number of at least 0 exclude each other.
    start : int64[n]
        Columns of a valid choice; not read where ``relaxed``.
    relaxed : bool
        Whether columns may be taken in parts and groups be broken.
    time_limit_s, gap_limit : float
        Limits of the mixed-integer model [s], [1].
    seed : int
        Seed of the solver.
    """

    offset: Ints
    row: Ints
    cost: Floats
    worth: Floats
    need: float
    must: NDArray[np.bool_]
    group: Ints
    start: Ints
    relaxed: bool
    time_limit_s: float
    gap_limit: float
    seed: int


def solve_part(task: PartTask) -> tuple[Ints, Floats, float]:
    """Solve one part.

    Parameters
    ----------
    task : PartTask
        The part.

    Returns
    -------
    columns : int64[n]
        Chosen columns; those above one half where relaxed. ``start`` where nothing better is
        found.
    price : float64[r]
        Dual price of each row, not negative; zeros where not relaxed.
    worth : float
        Worth of the rows covered; in parts where relaxed.
    """
    columns, rows = task.cost.size, task.worth.size
    if not columns or not rows:
        return np.zeros(0, np.int64), np.zeros(rows), 0.0
    free = np.flatnonzero(~task.must)
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", task.seed)
    highs.setOptionValue("time_limit", max(task.time_limit_s, 0.1))
    highs.setOptionValue("mip_rel_gap", task.gap_limit)
    highs.passModel(_model(task, free))
    if not task.relaxed:
        given = highspy.HighsSolution()
        given.col_value = _standing(task, free)
        highs.setSolution(given)
    highs.run()
    info = highs.getInfo()
    if int(info.primal_solution_status) != int(highspy.SolutionStatus.kSolutionStatusFeasible):
        return task.start, np.zeros(rows), 0.0
    solution = highs.getSolution()
    value = np.asarray(solution.col_value)
    price = np.zeros(rows)
    if task.relaxed:
        price = np.maximum(np.asarray(solution.row_dual)[:rows], 0.0)
    gained = float(value[columns:] @ task.worth[free]) + float(task.worth[task.must].sum())
    return np.flatnonzero(value[:columns] > 0.5), price, gained


def _model(task: PartTask, free: Ints) -> highspy.HighsLp:
    """Rows ``sum of columns - y >= 0``, ``y`` being 1 for rows that must be covered."""
    columns, rows = task.cost.size, task.worth.size
    member = sparse.csc_matrix(
        (np.ones(task.row.size), task.row, task.offset), shape=(rows, columns)
    )
    slack = sparse.csc_matrix(
        (np.full(free.size, -1.0), (free, np.arange(free.size))), shape=(rows, free.size)
    )
    blocks: list[Any] = [sparse.hstack((member, slack))]
    lower, upper = [task.must.astype(np.float64)], [np.full(rows, np.inf)]
    grouped = np.flatnonzero(task.group >= 0)
    if grouped.size and not task.relaxed:
        _, number, size = np.unique(task.group[grouped], return_inverse=True, return_counts=True)
        block = sparse.csr_matrix(
            (np.ones(grouped.size), (number, grouped)), shape=(size.size, columns + free.size)
        )[np.flatnonzero(size > 1)]
        blocks.append(block)
        lower.append(np.full(block.shape[0], -np.inf))
        upper.append(np.ones(block.shape[0]))
    aimed = np.isfinite(task.need)
    if aimed:
        need = max(task.need - float(task.worth[task.must].sum()), 0.0)
        scale = max(need, 1.0)
        total = np.concatenate((np.zeros(columns), task.worth[free] / scale))
        blocks.append(sparse.csr_matrix(total[None, :]))
        lower.append(np.array([need / scale]))
        upper.append(np.array([np.inf]))
    matrix = sparse.csc_matrix(sparse.vstack(blocks))
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_ = np.concatenate((task.cost, np.zeros(free.size) if aimed else -task.worth[free]))
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.ones(lp.num_col_)
    lp.row_lower_ = np.concatenate(lower)
    lp.row_upper_ = np.concatenate(upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data
    if not task.relaxed:
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger] * columns + [kinds.kContinuous] * free.size
    return lp


def _standing(task: PartTask, free: Ints) -> Floats:
    """Write the start as a point of the model."""
    value = np.zeros(task.cost.size)
    value[task.start] = 1.0
    count = np.zeros(task.worth.size)
    np.add.at(count, task.row, np.repeat(value, np.diff(task.offset)))
    return np.concatenate((value, (count[free] > 0.5).astype(np.float64)))
