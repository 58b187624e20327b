"""The doors: the best choice with its proven gap, and the quick greedy one."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from qamtu.core.errors import Infeasible, raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.progress import Report, silent
from qamtu.optimise.cover.answer import make_answer, original
from qamtu.optimise.cover.check import check_cover
from qamtu.optimise.cover.engine import Engine
from qamtu.optimise.cover.greedy import choose_greedily
from qamtu.optimise.cover.matrix import column_sums
from qamtu.optimise.cover.problem import CoverAnswer, CoverProblem
from qamtu.optimise.cover.reach import refuse_unreachable
from qamtu.optimise.cover.verify import check_choice
from qamtu.optimise.cover.work import Work, begin_work

__all__ = ["greedy_cover", "solve_cover"]


def quick_bound(work: Work) -> float:
    """Bound by the best ratio of weight to price that a column has."""
    need = np.maximum(work.need, 1)
    worth = np.where(work.need > 0, work.weight / need, 0.0)
    sums = np.zeros(work.n_columns)
    column_sums(work.offset, work.demand, worth, sums)
    sums[~work.allowed] = 0.0
    if work.seeks_cost:
        useful = sums > 0
        if work.goal <= 0.0 or not useful.any():
            return work.spent
        return work.spent + work.goal * float((work.price[useful] / sums[useful]).min())
    order = np.argsort(-sums / np.maximum(work.price, 1e-300), kind="stable")
    price = np.cumsum(work.price[order])
    last = int(np.searchsorted(price, work.limit, side="right"))
    more = float(sums[order[: last + 1]].sum())
    return work.base + min(more, float(worth @ need))


def greedy_cover(problem: CoverProblem) -> CoverAnswer:
    """Choose greedily, in well under a second for millions of demands, with a rough bound.

    Parameters
    ----------
    problem : CoverProblem
        The problem.

    Returns
    -------
    CoverAnswer
        A valid answer; its bound is proven but rough.

    Raises
    ------
    InputError
        If the problem has errors; it carries all of them.
    Infeasible
        If nothing can meet what is asked, or the greedy choice went astray (groups, or demands
        that must be covered within a limit); `solve_cover` looks further.
    """
    began = time.monotonic()
    findings = check_cover(problem)
    raise_errors(findings, "the covering problem cannot be used")
    work = begin_work(problem)
    columns = choose_greedily(work)
    chosen = original(work, columns)
    if check_choice(problem, chosen):
        refuse_unreachable(problem, work)
        raise Infeasible(
            "no valid choice was found",
            [
                Finding(
                    "cover-not-found",
                    Severity.ERROR,
                    "the greedy choice breaks a limit or misses the goal",
                    "solve the problem with more time, or ask for less",
                    "cover",
                )
            ],
        )
    return make_answer(
        problem,
        chosen,
        quick_bound(work),
        method="greedy",
        seconds=time.monotonic() - began,
        findings=Findings(findings.warnings),
    )


def solve_cover(
    problem: CoverProblem,
    *,
    time_limit_s: float = 60.0,
    gap_limit: float = 0.0,
    seed: int = 0,
    max_rounds: int | None = None,
    starts: Sequence[ArrayLike] = (),
    progress: Report = silent,
) -> CoverAnswer:
    """Find the best choice and prove how good it is.

    Parameters
    ----------
    problem : CoverProblem
        The problem.
    time_limit_s : float
        Time after which nothing new is begun [s].
    gap_limit : float
        Gap at which the search stops [1].
    seed : int
        Same seed and ``max_rounds``, same answer, unless the time limit cuts in.
    max_rounds : int, optional
        Rounds of every search at most, for repeatable answers.
    starts : sequence of int64[n]
        Choices known beforehand; those that are valid are the first to beat.
    progress : callable
        Takes each `Stage`.

    Returns
    -------
    CoverAnswer
        The best choice found, valid, with its bound. Interrupted by Ctrl-C, the best so far.

    Raises
    ------
    InputError
        If the problem has errors; it carries all of them.
    Infeasible
        If nothing can meet what is asked; it says which demands cannot be covered.
    ValueError
        If a limit is negative.
    """
    began = time.monotonic()
    findings = check_cover(problem)
    raise_errors(findings, "the covering problem cannot be used")
    if not (time_limit_s >= 0.0 and gap_limit >= 0.0):
        raise ValueError("time_limit_s and gap_limit are numbers of at least 0")
    work = begin_work(problem)
    engine = Engine(problem, work, began + time_limit_s, gap_limit, seed, max_rounds, progress)
    for choice in starts:
        engine.offer_candidates(np.sort(np.asarray(choice, dtype=np.int64)), "given start")
    if not engine.offer(choose_greedily(work), "greedy"):
        refuse_unreachable(problem, work)
    engine.offer_bound(quick_bound(work), "ratio bound")
    try:
        engine.run()
    except KeyboardInterrupt:
        if engine.chosen is None:
            raise
        engine.methods.append("interrupted")
    chosen = engine.finish()
    return make_answer(
        problem,
        chosen,
        engine.bound,
        method="; ".join(dict.fromkeys(engine.methods)),
        seconds=time.monotonic() - began,
        findings=Findings(findings.warnings),
    )
