"""Check a choice of candidates against the problem from first principles."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.optimise.cover.problem import CoverProblem

__all__ = ["TOLERANCE", "check_choice", "choice_cost", "cover_counts", "verify_cover"]

TOLERANCE = 1e-9
"""Share of the goal [1] by which sums of floating-point numbers may miss it."""


def cover_counts(problem: CoverProblem, chosen: ArrayLike) -> NDArray[np.int64]:
    """Count by how many chosen candidates each demand is contained.

    Parameters
    ----------
    problem : CoverProblem
        The problem, valid.
    chosen : int64[n]
        Distinct candidates.

    Returns
    -------
    int64[d]
        The counts [1].
    """
    counts = np.zeros(problem.n_demands, np.int64)
    for candidate in np.asarray(chosen, dtype=np.int64):
        counts[problem.demand[problem.offset[candidate] : problem.offset[candidate + 1]]] += 1
    return counts


def choice_cost(problem: CoverProblem, chosen: ArrayLike) -> float:
    """Sum the cost of the chosen candidates that are not fixed [currency]."""
    new = np.unique(np.asarray(chosen, dtype=np.int64))
    if problem.fixed is not None:
        new = np.setdiff1d(new, problem.fixed)
    return float(problem.cost[new].sum())


def verify_cover(problem: CoverProblem, chosen: ArrayLike) -> tuple[float, bool]:
    """Compute what a choice covers and whether it is a valid answer.

    Parameters
    ----------
    problem : CoverProblem
        The problem, valid.
    chosen : int64[n]
        Chosen candidates.

    Returns
    -------
    covered : float
        Weight of the demands that at least ``fold`` chosen candidates contain [1].
    feasible : bool
        Whether all of it holds: distinct candidates in range, the fixed ones among them, at most
        one of each group, every ``must`` demand covered, and the goal's limit kept.
    """
    picked = np.asarray(chosen, dtype=np.int64)
    inside = picked[(picked >= 0) & (picked < problem.n_candidates)]
    covered = cover_counts(problem, np.unique(inside)) >= problem.fold
    return float(problem.weight[covered].sum()), not check_choice(problem, picked)


def check_choice(problem: CoverProblem, chosen: ArrayLike) -> Findings:
    """Find every rule that a choice breaks.

    Parameters
    ----------
    problem : CoverProblem
        The problem, valid.
    chosen : int64[n]
        Chosen candidates.

    Returns
    -------
    Findings
        One error for each rule broken; empty if the choice is a valid answer.
    """
    picked = np.asarray(chosen, dtype=np.int64)
    found: list[Finding] = []

    def broken(rule: str, what: str, mend: str) -> None:
        found.append(Finding(rule, Severity.ERROR, what, mend, "cover", None, "chosen"))

    outside = (picked < 0) | (picked >= problem.n_candidates)
    if outside.any():
        broken("cover-range", f"candidate {picked[outside][0]} is unknown", "choose a known one")
        return Findings(tuple(found))
    if np.unique(picked).size != picked.size:
        broken("cover-twice", "a candidate is chosen twice", "choose each once")
    picked = np.unique(picked)
    fixed = np.zeros(0, np.int64) if problem.fixed is None else np.asarray(problem.fixed)
    if not np.isin(fixed, picked).all():
        broken("cover-fixed", "a fixed candidate is missing", "choose every fixed candidate")
    if problem.group is not None:
        group = problem.group[picked]
        number, times = np.unique(group[group >= 0], return_counts=True)
        if (times > 1).any():
            broken("cover-group", f"group {number[times > 1][0]} is chosen twice", "choose one")
    covered = cover_counts(problem, picked) >= problem.fold
    if problem.must is not None and (problem.must & ~covered).any():
        first = int(np.flatnonzero(problem.must & ~covered)[0])
        broken("cover-must", f"demand {first} must be covered and is not", "choose more")
    new = np.setdiff1d(picked, fixed)
    if problem.share is not None:
        goal = problem.share * float(problem.weight.sum())
        weight = float(problem.weight[covered].sum())
        if weight < goal * (1.0 - TOLERANCE):
            broken("cover-share", f"weight {weight:.9g} is covered of {goal:.9g}", "choose more")
    if problem.count is not None and new.size > problem.count:
        broken("cover-count", f"{new.size} are chosen, {problem.count} allowed", "choose fewer")
    if problem.budget is not None:
        cost = float(problem.cost[new].sum())
        if cost > problem.budget * (1.0 + TOLERANCE):
            broken("cover-budget", f"cost {cost:.9g} of {problem.budget:.9g}", "choose cheaper")
    return Findings(tuple(found))
