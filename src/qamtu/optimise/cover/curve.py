"""What more and more cover costs: one answer a share, each the start of the next."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qamtu.core.progress import Report, silent
from qamtu.optimise.cover.answer import EXACT
from qamtu.optimise.cover.greedy import drop_redundant
from qamtu.optimise.cover.problem import CoverAnswer, CoverProblem
from qamtu.optimise.cover.solve import solve_cover
from qamtu.optimise.cover.verify import choice_cost, cover_counts, verify_cover
from qamtu.optimise.cover.work import begin_work

__all__ = ["cover_curve", "nested_choice"]


def cover_curve(
    problem: CoverProblem,
    shares: Sequence[float],
    *,
    time_limit_s: float = 60.0,
    gap_limit: float = 0.0,
    seed: int = 0,
    max_rounds: int | None = None,
    progress: Report = silent,
) -> tuple[CoverAnswer, ...]:
    """Find the least cost of several shares of the weight, the largest first.

    What the answer for a larger share leaves when it is thinned out is where the next search
    begins, and is the answer wherever nothing cheaper is found: so the answers are nested where
    that costs nothing.

    Parameters
    ----------
    problem : CoverProblem
        The problem; its own goal is set aside.
    shares : sequence of float
        Shares of the total weight [1], in any order.
    time_limit_s : float
        Time for all shares together [s].
    gap_limit, seed, max_rounds, progress
        As in `solve_cover`.

    Returns
    -------
    tuple of CoverAnswer
        One answer a share, in the order given; more cover never costs less.

    Raises
    ------
    InputError, Infeasible
        As `solve_cover`.
    """
    began = time.monotonic()
    order = sorted(range(len(shares)), key=lambda k: -shares[k])
    answers: dict[int, CoverAnswer] = {}
    last: CoverAnswer | None = None
    for position, k in enumerate(order):
        asked = replace(problem, share=shares[k], count=None, budget=None)
        left_s = max(time_limit_s - (time.monotonic() - began), 0.0)
        part = nested_choice(asked, last.chosen) if last is not None else None
        answer = solve_cover(
            asked,
            time_limit_s=left_s / (len(order) - position),
            gap_limit=gap_limit,
            seed=seed,
            max_rounds=max_rounds,
            starts=() if part is None else (part,),
            progress=progress,
        )
        if part is not None and choice_cost(asked, part) <= answer.cost:
            covered, _ = verify_cover(asked, part)
            total = float(problem.weight.sum())
            share = covered / total if total > 0 else 1.0
            answer = replace(answer, chosen=part, covered=covered, share=share)
        answers[k] = last = answer
    # What a smaller share costs at least, a larger one does too.
    bound = 0.0
    for k in reversed(order):
        bound = max(bound, answers[k].bound)
        answers[k] = _bounded(answers[k], bound)
    return tuple(answers[k] for k in range(len(shares)))


def nested_choice(problem: CoverProblem, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Leave out of a choice for a larger share what this share does not need.

    Parameters
    ----------
    problem : CoverProblem
        The problem with its share goal.
    chosen : int64[n]
        A choice that is valid for a larger share.

    Returns
    -------
    int64[m]
        A part of it, valid for the problem.
    """
    work = begin_work(problem)
    new = np.setdiff1d(chosen, work.fixed)
    counts = cover_counts(problem, chosen)
    lost = [
        float(work.weight[rows[(counts[rows] == problem.fold)]].sum())
        for rows in (problem.demand[problem.offset[j] : problem.offset[j + 1]] for j in new)
    ]
    # What saves most for each weight that is lost goes first.
    order = new[np.argsort(np.array(lost) / np.maximum(work.price[new], 1e-300), kind="stable")]
    keep = drop_redundant(
        work.offset, work.demand, work.weight, work.need, work.must, order.astype(np.int32),
        work.goal,
    )  # fmt: skip
    return np.sort(np.concatenate((work.fixed, order[keep])))


def _bounded(answer: CoverAnswer, bound: float) -> CoverAnswer:
    """Give an answer a bound that is no worse."""
    bound = min(bound, answer.cost)
    gap = (answer.cost - bound) / answer.cost if answer.cost > 0 else 0.0
    gap = gap if gap > EXACT else 0.0
    return replace(answer, bound=bound, gap=gap, proven=gap == 0.0)
