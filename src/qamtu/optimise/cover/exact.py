"""The covering problem as a mixed-integer model for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from qamtu.optimise.cover.work import Work

__all__ = ["ExactResult", "solve_exact"]


@dataclass(frozen=True, slots=True, eq=False)
class ExactResult:
    """What HiGHS found.

    Attributes
    ----------
    columns : int32[n] or None
        The chosen columns; None without a solution.
    bound : float
        Proven bound on the price (share goal) or on the weight of these rows; infinite if none.
    infeasible : bool
        Whether it is proven that no choice is valid.
    status : str
        The solver's word.
    """

    columns: NDArray[np.int32] | None
    bound: float
    infeasible: bool
    status: str


def _row_block(work: Work) -> sparse.csr_matrix:
    """Rows ``sum of columns - need y >= 0``; ``y`` is 1 for rows that must be covered."""
    member = sparse.csc_matrix(
        (np.ones(work.demand.size), work.demand, work.offset),
        shape=(work.n_rows, work.n_columns),
    )
    free = np.flatnonzero(~work.must)
    needs = sparse.csr_matrix(
        (-work.need[free].astype(float), (free, np.arange(free.size))),
        shape=(work.n_rows, free.size),
    )
    return sparse.csr_matrix(sparse.hstack((member, needs)))


def _model(work: Work) -> highspy.HighsLp:
    """Write the model; the share goal is a minimum, the others are maxima."""
    n = work.n_columns
    free = np.flatnonzero(~work.must)
    blocks = [_row_block(work)]
    lower = [np.where(work.must, work.need, 0).astype(float)]
    upper = [np.full(work.n_rows, np.inf)]
    total = sparse.csr_matrix(np.concatenate((np.zeros(n), work.weight[free])))
    money = sparse.csr_matrix(np.concatenate((work.price, np.zeros(free.size))))
    if work.seeks_cost:
        goal = work.goal - float(work.weight[work.must].sum())
        if goal > 0.0:
            blocks.append(sparse.csr_matrix(total / goal))
            lower.append(np.array([1.0]))
            upper.append(np.array([np.inf]))
    else:
        scale = work.limit if work.limit > 0.0 else 1.0
        blocks.append(sparse.csr_matrix(money / scale))
        lower.append(np.array([-np.inf]))
        upper.append(np.array([work.limit / scale]))
    grouped = np.flatnonzero(work.group >= 0)
    if grouped.size:
        _, number, size = np.unique(work.group[grouped], return_inverse=True, return_counts=True)
        block = sparse.csr_matrix(
            (np.ones(grouped.size), (number, grouped)), shape=(size.size, n + free.size)
        )[np.flatnonzero(size > 1)]
        blocks.append(block)
        lower.append(np.full(block.shape[0], -np.inf))
        upper.append(np.ones(block.shape[0]))
    matrix = sparse.csc_matrix(sparse.vstack(blocks))
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    sense = highspy.ObjSense
    lp.sense_ = sense.kMinimize if work.seeks_cost else sense.kMaximize
    objective = money if work.seeks_cost else total
    lp.col_cost_ = objective.toarray().ravel()
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.ones(lp.num_col_)
    lp.row_lower_ = np.concatenate(lower)
    lp.row_upper_ = np.concatenate(upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data
    kinds = highspy.HighsVarType
    whole = np.concatenate((np.ones(n, bool), work.need[free] > 1))
    lp.integrality_ = [kinds.kInteger if w else kinds.kContinuous for w in whole]
    return lp


def solve_exact(
    work: Work,
    *,
    time_limit_s: float,
    gap_limit: float,
    seed: int,
    start: NDArray[np.int32] | None = None,
    max_nodes: int | None = None,
) -> ExactResult:
    """Solve the problem by branch and cut.

    Parameters
    ----------
    work : Work
        The problem, compressed.
    time_limit_s : float
        Time limit [s].
    gap_limit : float
        Relative gap at which the solver may stop [1].
    seed : int
        Seed of the solver.
    start : int32[n], optional
        Columns of a valid choice.
    max_nodes : int, optional
        Nodes of the search tree at most.

    Returns
    -------
    ExactResult
        Solution and bound, without what is fixed beforehand.
    """
    empty = np.zeros(0, np.int32)
    if work.n_columns == 0:
        return ExactResult(empty, 0.0, infeasible=False, status="nothing to decide")
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", seed)
    highs.setOptionValue("time_limit", max(time_limit_s, 0.1))
    highs.setOptionValue("mip_rel_gap", gap_limit)
    highs.setOptionValue("mip_abs_gap", 1e-9)
    if max_nodes is not None:
        highs.setOptionValue("mip_max_nodes", max_nodes)
    highs.passModel(_model(work))
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = _standing(work, start)
        highs.setSolution(given)
    highs.run()
    status = highs.getModelStatus()
    word = str(highs.modelStatusToString(status))
    if status == highspy.HighsModelStatus.kInfeasible:
        return ExactResult(None, np.inf if work.seeks_cost else -np.inf, True, word)
    info = highs.getInfo()
    bound = float(info.mip_dual_bound)
    if not np.isfinite(bound) or abs(bound) >= highspy.kHighsInf:
        bound = -np.inf if work.seeks_cost else np.inf
    if not work.seeks_cost:
        bound += float(work.weight[work.must].sum())  # no variable of the model stands for them
    feasible = int(info.primal_solution_status) == int(
        highspy.SolutionStatus.kSolutionStatusFeasible
    )
    columns = None
    if feasible:
        value = np.asarray(highs.getSolution().col_value)[: work.n_columns]
        columns = np.flatnonzero(value > 0.5).astype(np.int32)
    return ExactResult(columns, bound, infeasible=False, status=word)


def _standing(work: Work, columns: NDArray[np.int32]) -> NDArray[np.float64]:
    """Write a choice as a point of the model."""
    value = np.zeros(work.n_columns)
    value[columns] = 1.0
    count = np.zeros(work.n_rows)
    np.add.at(count, work.demand, np.repeat(value, np.diff(work.offset)))
    free = ~work.must
    return np.concatenate((value, (count[free] >= work.need[free]).astype(float)))
