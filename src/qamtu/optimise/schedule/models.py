"""The phasing problem as a linear and as a mixed-integer model for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from qamtu.optimise.schedule.problem import TreeSchedule, service_years

__all__ = ["ModelResult", "solve_model"]


@dataclass(frozen=True, slots=True, eq=False)
class ModelResult:
    """What HiGHS found.

    Attributes
    ----------
    bound : float
        Proven upper bound on the person-years [person-years]; inf if there is none.
    year : int32[n] or None
        Year of each item, ``T`` for not built; None without an integer solution.
    urgency : float64[n] or None
        Years of service of each item in the (fractional) solution; None without one.
    status : str
        The solver's word.
    """

    bound: float
    year: NDArray[np.int32] | None
    urgency: NDArray[np.float64] | None
    status: str


def _rows(problem: TreeSchedule) -> tuple[sparse.csr_matrix, NDArray[np.float64]]:
    """Rows ``A x <= b``; column ``j T + t`` says whether item j stands at the end of year t."""
    n, years = problem.n_items, problem.n_years
    column = np.arange(n * years).reshape(n, years)
    child = np.flatnonzero(problem.parent >= 0)
    below = np.concatenate((column[child].ravel(), column[:, :-1].ravel()))
    above = np.concatenate((column[problem.parent[child]].ravel(), column[:, 1:].ravel()))
    count = below.size
    order = sparse.csr_matrix(
        (
            np.concatenate((np.ones(count), -np.ones(count))),
            (np.tile(np.arange(count), 2), np.concatenate((below, above))),
        ),
        shape=(count, n * years),
    )
    parts = [order]
    limits = [np.zeros(count)]
    for amount, limit in (
        (problem.cost, problem.budget),
        (problem.length_km, problem.capacity_km),
    ):
        total = float(amount.sum()) or 1.0  # rows in shares of the total keep the numbers near 1
        standing = sparse.kron(amount / total, sparse.identity(years), format="csr")
        if problem.carry_over:
            summed = np.minimum(np.cumsum(limit) / total, 1.0)
        else:
            change = sparse.identity(years) - sparse.eye_array(years, k=-1)
            standing = (sparse.csr_matrix(change) @ standing).tocsr()
            summed = np.minimum(limit / total, 1.0)
        parts.append(standing)
        limits.append(summed)
    return sparse.csr_matrix(sparse.vstack(parts)), np.concatenate(limits)


def _model(problem: TreeSchedule, *, integer: bool) -> highspy.HighsLp:
    matrix, limit = _rows(problem)
    worth = -np.diff(service_years(problem))
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.outer(problem.weight, worth).ravel()
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.ones(lp.num_col_)
    lp.row_lower_ = np.full(lp.num_row_, -highspy.kHighsInf)
    lp.row_upper_ = limit
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_row_, lp.a_matrix_.num_col_ = matrix.shape
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data
    if integer:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    return lp


def _standing(problem: TreeSchedule, year: NDArray[np.int32]) -> NDArray[np.float64]:
    return (year[:, None] <= np.arange(problem.n_years)[None, :]).astype(np.float64).ravel()


def solve_model(
    problem: TreeSchedule,
    *,
    integer: bool,
    time_limit_s: float,
    gap_limit: float = 0.0,
    seed: int = 0,
    start: NDArray[np.int32] | None = None,
) -> ModelResult:
    """Solve the linear relaxation, or the whole problem, with HiGHS on one thread.

    Variables ``x[j, t]``: item j stands at the end of year t; ``x[j, t] <= x[parent, t]``,
    ``x[j, t] <= x[j, t + 1]``, and the limits on what stands (or, if nothing carries over, on what
    is added).

    Parameters
    ----------
    problem : TreeSchedule
        The problem, valid.
    integer : bool
        True for the mixed-integer problem, False for its linear relaxation.
    time_limit_s : float
        Time limit [s].
    gap_limit : float
        Relative gap at which the search may stop [1].
    seed : int
        The solver's seed.
    start : int32[n], optional
        A schedule to start from, ``T`` for not built.

    Returns
    -------
    ModelResult
        The bound, and the solution if there is one.
    """
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("time_limit", float(max(time_limit_s, 0.01)))
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", seed)
    highs.setOptionValue("mip_rel_gap", gap_limit)
    highs.passModel(_model(problem, integer=integer))
    if integer and start is not None:
        given = highspy.HighsSolution()
        given.col_value = _standing(problem, start)
        highs.setSolution(given)
    highs.run()
    status = highs.getModelStatus()
    info = highs.getInfo()
    optimal = status == highspy.HighsModelStatus.kOptimal
    if integer:
        bound = float(info.mip_dual_bound)
    else:
        bound = float(info.objective_function_value) if optimal else np.inf
    if not np.isfinite(bound) or abs(bound) >= highspy.kHighsInf:
        bound = np.inf
    word = str(highs.modelStatusToString(status))
    feasible = int(info.primal_solution_status) == int(
        highspy.SolutionStatus.kSolutionStatusFeasible
    )
    if not feasible or not (optimal or integer):
        return ModelResult(bound, None, None, word)
    shape = (problem.n_items, problem.n_years)
    value = np.asarray(highs.getSolution().col_value).reshape(shape)
    worth = -np.diff(service_years(problem))
    year = None
    if integer:
        year = (problem.n_years - np.rint(value).sum(axis=1)).astype(np.int32)
    return ModelResult(bound, year, value @ worth, word)
