"""Find everything that makes a covering problem unusable, and what is merely odd."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.optimise.cover.problem import CoverProblem

__all__ = ["check_cover"]


def _finding(
    rule: str,
    what: str,
    mend: str,
    name: str,
    row: int | None = None,
    severity: Severity = Severity.ERROR,
) -> Finding:
    return Finding(rule, severity, what, mend, "cover", row, name)


def _first(rule: str, wrong: NDArray[np.bool_], what: str, mend: str, name: str) -> list[Finding]:
    """Make one finding of all wrong entries; it names how many there are and the first."""
    where = np.flatnonzero(wrong)
    if where.size == 0:
        return []
    return [_finding(rule, f"{what}, {where.size} of {wrong.size}", mend, name, int(where[0]) + 2)]


@njit(cache=True)
def _first_twice(
    offset: NDArray[np.int64], demand: NDArray[np.int32], n_demands: int
) -> tuple[int, int]:
    """Give a candidate and a demand that it lists twice, or (-1, -1)."""
    stamp = np.full(n_demands, -1, np.int32)
    for j in range(offset.size - 1):
        for k in range(offset[j], offset[j + 1]):
            if stamp[demand[k]] == j:
                return j, demand[k]
            stamp[demand[k]] = j
    return -1, -1


def _check_amounts(name: str, values: NDArray[np.float64]) -> list[Finding]:
    if values.ndim != 1:
        what = f"{name} has shape {values.shape}"
        return [_finding("cover-shape", what, "give a vector", name)]
    wrong = ~np.isfinite(values) | (values < 0)
    what = f"{name} is {values[wrong][0]}" if wrong.any() else ""
    return _first("cover-amount", wrong, what, "give numbers of at least 0", name)


def _check_lists(problem: CoverProblem) -> list[Finding]:
    offset, demand = np.asarray(problem.offset), np.asarray(problem.demand)
    if offset.shape != (problem.n_candidates + 1,) or demand.ndim != 1:
        what = f"offset has shape {offset.shape} for {problem.n_candidates} candidates"
        return [_finding("cover-shape", what, "give one entry a candidate and one more", "offset")]
    if not (np.issubdtype(offset.dtype, np.integer) and np.issubdtype(demand.dtype, np.integer)):
        what = f"offset and demand are {offset.dtype} and {demand.dtype}"
        return [_finding("cover-type", what, "give whole numbers", "demand")]
    if offset[0] != 0 or offset[-1] != demand.size or (np.diff(offset) < 0).any():
        what = f"offset does not rise from 0 to the {demand.size} entries of demand"
        return [_finding("cover-offset", what, "give the running sum of the sizes", "offset")]
    outside = (demand < 0) | (demand >= problem.n_demands)
    if outside.any():
        first = demand[outside][0]
        what, mend = f"demand is {first}", f"give demands 0 .. {problem.n_demands - 1}"
        return _first("cover-demand", outside, what, mend, "demand")
    found: list[Finding] = []
    lists = (offset.astype(np.int64), demand.astype(np.int32, copy=False))
    candidate, twice = _first_twice(*lists, problem.n_demands)
    if candidate >= 0:
        what = f"candidate {candidate} lists demand {twice} twice"
        found.append(_finding("cover-twice", what, "list it once", "demand", candidate + 2))
    empty = np.flatnonzero(np.diff(offset) == 0)
    if empty.size:
        what = f"{empty.size} candidates cover nothing, the first is {empty[0]}"
        row = int(empty[0]) + 2
        found.append(
            _finding("cover-empty", what, "leave them out", "offset", row, Severity.WARNING)
        )
    return found


def _check_goal(problem: CoverProblem) -> list[Finding]:
    goals = {"share": problem.share, "count": problem.count, "budget": problem.budget}
    given = [name for name, value in goals.items() if value is not None]
    if len(given) != 1:
        what = f"{len(given)} goals are given" + (f": {', '.join(given)}" if given else "")
        return [_finding("cover-goal", what, "give one of share, count and budget", "share")]
    if problem.share is not None and not 0.0 <= problem.share <= 1.0:
        what = f"share is {problem.share}"
        return [_finding("cover-share", what, "give a share between 0 and 1", "share")]
    if problem.count is not None and (problem.count < 0 or int(problem.count) != problem.count):
        what = f"count is {problem.count}"
        return [_finding("cover-count", what, "give a whole number of at least 0", "count")]
    if problem.budget is not None and not problem.budget >= 0.0:
        what = f"budget is {problem.budget}"
        return [_finding("cover-budget", what, "give an amount of at least 0", "budget")]
    return []


def _check_rules(problem: CoverProblem) -> list[Finding]:
    """Check fold, must, group and fixed."""
    found: list[Finding] = []
    n = problem.n_candidates
    if problem.fold < 1 or int(problem.fold) != problem.fold:
        what = f"fold is {problem.fold}"
        found.append(_finding("cover-fold", what, "give a whole number of at least 1", "fold"))
    elif problem.fold > n:
        what = f"fold is {problem.fold} with {n} candidates"
        found.append(_finding("cover-fold", what, "ask for fewer, or give more", "fold"))
    if problem.must is not None and np.shape(problem.must) != (problem.n_demands,):
        what = f"must has shape {np.shape(problem.must)} for {problem.n_demands} demands"
        found.append(_finding("cover-shape", what, "give one value a demand", "must"))
    if problem.group is not None and np.shape(problem.group) != (n,):
        what = f"group has shape {np.shape(problem.group)} for {n} candidates"
        found.append(_finding("cover-shape", what, "give one number a candidate", "group"))
        return found
    if problem.fixed is None or np.size(problem.fixed) == 0:
        return found
    fixed = np.asarray(problem.fixed)
    if fixed.ndim != 1 or not np.issubdtype(fixed.dtype, np.integer):
        what = f"fixed has shape {fixed.shape} and type {fixed.dtype}"
        return [*found, _finding("cover-type", what, "give numbers of candidates", "fixed")]
    outside = (fixed < 0) | (fixed >= n)
    if outside.any():
        what = f"fixed names candidate {fixed[outside][0]}"
        return [*found, *_first("cover-fixed", outside, what, f"give 0 .. {n - 1}", "fixed")]
    if np.unique(fixed).size != fixed.size:
        found.append(
            _finding("cover-fixed", "a candidate is fixed twice", "name each once", "fixed")
        )
    if problem.group is not None:
        group = np.asarray(problem.group)[np.unique(fixed)]
        number, times = np.unique(group[group >= 0], return_counts=True)
        if (times > 1).any():
            what = f"two candidates of group {number[times > 1][0]} are fixed"
            found.append(_finding("cover-group", what, "fix at most one of a group", "fixed"))
    return found


def check_cover(problem: CoverProblem) -> Findings:
    """Find everything that makes a problem unusable.

    Parameters
    ----------
    problem : CoverProblem
        The problem.

    Returns
    -------
    Findings
        Errors: shapes and types, amounts that are negative or not numbers, demands or candidates
        out of range, no goal or several, a goal or a fold out of range, two fixed candidates of
        one group. Warnings: candidates that cover nothing. Rows count from 2, as below a header.
    """
    found: list[Finding] = []
    for name in ("weight", "cost"):
        found += _check_amounts(name, np.asarray(getattr(problem, name), dtype=np.float64))
    found += _check_lists(problem) + _check_goal(problem) + _check_rules(problem)
    return Findings(tuple(found))
