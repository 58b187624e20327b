"""The solvers that are compared; each takes a problem and seconds, gives a choice and a bound."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

import highspy
import numpy as np
from pycft import SetCoverSolver
from scipy import sparse

from qamtu.optimise.cover import CoverProblem, greedy_cover, solve_cover

__all__ = ["SOLVERS", "Answer"]

Answer = tuple[list[int] | None, float | None, str]
HERE = Path(__file__).resolve().parent


def _qamtu(problem: CoverProblem, seconds: float, _: str) -> Answer:
    answer = solve_cover(problem, time_limit_s=seconds)
    return answer.chosen.tolist(), answer.bound, answer.method


def _greedy(problem: CoverProblem, _seconds: float, _: str) -> Answer:
    answer = greedy_cover(problem)
    return answer.chosen.tolist(), answer.bound, answer.method


def _highs(problem: CoverProblem, seconds: float, _: str) -> Answer:
    """Write the textbook model and hand it over as it is."""
    d, c = problem.n_demands, problem.n_candidates
    member = sparse.csc_matrix(
        (np.ones(problem.demand.size), problem.demand, problem.offset), shape=(d, c)
    )
    whole = problem.share == 1.0
    if whole:
        matrix, lower = member.tocsr(), np.ones(d)
        upper = np.full(d, np.inf)
        cost = problem.cost
    else:
        rows = sparse.hstack((member, -sparse.identity(d)))
        if problem.share is not None:
            last = np.concatenate((np.zeros(c), problem.weight))
            low, high = problem.share * problem.weight.sum(), np.inf
            cost = np.concatenate((problem.cost, np.zeros(d)))
        else:
            price = problem.cost if problem.budget is not None else np.ones(c)
            last = np.concatenate((price, np.zeros(d)))
            low, high = -np.inf, problem.budget if problem.budget is not None else problem.count
            cost = np.concatenate((np.zeros(c), -problem.weight))
        matrix = sparse.vstack((rows, sparse.csr_matrix(last))).tocsr()
        lower, upper = np.append(np.zeros(d), low), np.append(np.full(d, np.inf), high)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_ = cost
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
    lp.row_lower_, lp.row_upper_ = lower, upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * c + [kinds.kContinuous] * (lp.num_col_ - c)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("time_limit", seconds)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.passModel(lp)
    highs.run()
    word = highs.modelStatusToString(highs.getModelStatus())
    bound = float(highs.getInfo().mip_dual_bound)
    sign = 1.0 if problem.share is not None else -1.0
    if highs.getInfo().primal_solution_status != 2:
        return None, sign * bound, word
    value = np.asarray(highs.getSolution().col_value)[:c]
    return np.flatnonzero(value > 0.5).tolist(), sign * bound, word


def _pycft(problem: CoverProblem, seconds: float, _: str) -> Answer:
    if problem.share != 1.0:
        return None, None, "does not state this problem"
    solver = SetCoverSolver()
    demand = problem.demand.tolist()
    for j, cost in enumerate(problem.cost.tolist()):
        solver.add_set(demand[problem.offset[j] : problem.offset[j + 1]], cost)
    solver.solve(time_limit=seconds, verbose=0)
    found = solver.get_solution()
    bound = solver.get_lower_bound()
    return (None if found is None else sorted(found)), bound, "pycft"


def _spopt(problem: CoverProblem, seconds: float, python: str) -> Answer:
    """Hand a file to spopt in its own environment."""
    if problem.budget is not None or problem.share not in {None, 1.0}:
        return None, None, "does not state this problem"
    if problem.share is not None and np.unique(problem.cost).size > 1:
        return None, None, "does not state costs"
    if not python:
        return None, None, "spopt could not be installed"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.npz"
        np.savez(
            path,
            offset=problem.offset,
            demand=problem.demand,
            weight=problem.weight,
            count=-1 if problem.count is None else problem.count,
        )
        command = [python, str(HERE / "spopt_worker.py"), str(path), str(seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return None, None, (done.stderr.strip().splitlines() or ["killed"])[-1][:80]
    found = json.loads(done.stdout.splitlines()[-1])
    return found["chosen"], None, found["status"]


SOLVERS = {"qamtu": _qamtu, "greedy": _greedy, "highs": _highs, "pycft": _pycft, "spopt": _spopt}
