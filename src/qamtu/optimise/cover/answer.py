"""Turn chosen columns and a bound into the answer that is given out, checked once more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qamtu.core.findings import Findings
from qamtu.optimise.cover.problem import CoverAnswer, CoverProblem
from qamtu.optimise.cover.verify import choice_cost, verify_cover
from qamtu.optimise.cover.work import Work

__all__ = ["EXACT", "make_answer", "original"]

EXACT = 1e-9
"""Gap [1] below which an answer counts as proven: the rounding of sums."""


def original(work: Work, columns: NDArray[np.int32]) -> NDArray[np.int64]:
    """Give the candidates of chosen columns, with the fixed ones, in rising order."""
    return np.sort(np.concatenate((work.fixed, work.candidate[columns])))


def make_answer(
    problem: CoverProblem,
    chosen: NDArray[np.int64],
    bound: float,
    *,
    method: str,
    seconds: float,
    findings: Findings,
) -> CoverAnswer:
    """Measure a choice against a bound.

    Parameters
    ----------
    problem : CoverProblem
        The problem as it was given.
    chosen : int64[n]
        The choice, valid.
    bound : float
        Proven bound: on the cost for the share goal, else on the weight covered.
    method, seconds, findings
        As in `CoverAnswer`.

    Returns
    -------
    CoverAnswer
        The answer.

    Raises
    ------
    AssertionError
        If the choice breaks a rule: a bug in the engine, never the user's doing.
    """
    covered, feasible = verify_cover(problem, chosen)
    if not feasible:
        raise AssertionError("the engine gave a choice that breaks the rules of its problem")
    cost = choice_cost(problem, chosen)
    total = float(problem.weight.sum())
    # Rounding alone may put an optimal sum a hair beyond its bound.
    if problem.share is not None:
        bound = min(max(bound, 0.0), cost)
        gap = (cost - bound) / cost if cost > 0 else 0.0
    else:
        bound = max(min(bound, total), covered)
        gap = (bound - covered) / bound if bound > 0 else 0.0
    gap = gap if gap > EXACT else 0.0
    return CoverAnswer(
        chosen=chosen,
        covered=covered,
        share=covered / total if total > 0 else 1.0,
        cost=cost,
        bound=bound,
        gap=gap,
        proven=gap == 0.0,
        method=method,
        seconds=seconds,
        findings=findings,
    )
