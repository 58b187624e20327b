"""Prices from the parts, a bound from the prices, and a choice from re-solved neighbourhoods."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from qamtu.core.errors import raise_errors
from qamtu.core.findings import Findings
from qamtu.core.progress import Report, Stage, silent
from qamtu.optimise.cover import (
    CoverAnswer,
    CoverProblem,
    check_choice,
    check_cover,
    greedy_cover,
    solve_cover,
    verify_cover,
)
from qamtu.optimise.parted_cover.dual import Dual, Relaxed
from qamtu.optimise.parted_cover.part import PartTask, solve_part
from qamtu.optimise.parted_cover.whole import Whole, mend, take_whole

__all__ = ["solve_parted_cover"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]

_PRICE_ROUNDS: Final = 3
_STEPS: Final = 120
_PRICING: Final = 0.25
"""Share of the time after which no round of prices is begun."""
_FIRST_PRICE: Final = 0.7
"""Price of the weight tried first, over the mean cost of a quick choice."""
_CORE: Final = 0.15
"""Columns whose reduced cost exceeds this share of their cost are left out of neighbourhoods."""
_PART_GAP: Final = 1e-3
_ANY_GAP: Final = 1.0
"""Gap that every valid choice has."""


def solve_parted_cover(
    problem: CoverProblem,
    part: Ints,
    neighbourhoods: Sequence[Ints],
    *,
    mapper: Mapper = map,
    time_limit_s: float = 60.0,
    gap_limit: float = 0.005,
    seed: int = 1,
    progress: Report = silent,
) -> CoverAnswer:
    """Find a choice of little cost with a bound, where candidates serve only what is near.

    Parameters
    ----------
    problem : CoverProblem
        With a share goal and ``fold`` 1.
    part : int64[d]
        Part of each demand, from 0. The finer, the quicker and the looser the bound.
    neighbourhoods : sequence of int64[c]
        Each gives candidates the number of a neighbourhood, -1 for none. Two neighbourhoods of
        one labelling must not serve a common demand; they are solved side by side. Labellings
        come in turns.
    mapper : callable
        Applies a function to tasks, in order, as `map` does.
    time_limit_s : float
        Longest time for one neighbourhood is a tenth of it [s]; no labelling is begun after it,
        and no round of prices after a quarter of it.
    gap_limit : float
        Gap at which the search stops [1].
    seed : int
        Same seed, same answer, unless a time limit cuts in.
    progress : callable
        Takes each `Stage`.

    Returns
    -------
    CoverAnswer
        A valid choice with its bound.

    Raises
    ------
    InputError
        If the problem has errors.
    Infeasible
        If nothing can meet what is asked, or no valid choice was found in the time given; the
        finding tells which (``cover-not-found``: neither a choice nor a proof).
    ValueError
        If the problem has another goal.
    """
    began = time.monotonic()
    raise_errors(check_cover(problem), "the covering problem cannot be used")
    if problem.share is None or problem.fold != 1:
        msg = "a covering problem in parts needs a share goal and a fold of 1"
        raise ValueError(msg)
    whole = take_whole(problem)
    chosen, warnings = _start(whole, time_limit_s, seed)
    cost = float(problem.cost[chosen].sum())
    progress(Stage("choice", 0.1, f"greedy {cost:.4g}"))
    dual = _dual(whole)
    relaxed = _prices(
        whole, dual, part, cost, mapper, seed, progress, began + _PRICING * time_limit_s
    )
    bound = relaxed.bound
    deadline = began + time_limit_s
    turns = [(labels, aimed) for aimed in (False, True) for labels in neighbourhoods]
    for turn, (labels, aimed) in enumerate(turns):
        if time.monotonic() > deadline or cost - bound <= gap_limit * cost:
            break
        tried = _resolve(
            whole, relaxed, chosen, labels, time_limit_s / 10.0, mapper, seed, aimed=aimed
        )
        tried = mend(whole, tried)
        new = float(problem.cost[tried].sum())
        if new < cost and not check_choice(problem, np.union1d(tried, whole.fixed)):
            chosen, cost = tried, new
        share = 0.5 + 0.5 * (turn + 1) / len(turns)
        progress(Stage("choice", min(share, 0.99), f"{cost:.4g}, bound {bound:.4g}"))
    relaxed = dual.improve(relaxed, cost, _STEPS)
    bound = min(max(bound, relaxed.bound), cost)
    final = np.union1d(chosen, whole.fixed)
    covered, _ = verify_cover(problem, final)
    total = float(problem.weight.sum())
    gap = (cost - bound) / cost if cost > 0.0 else 0.0
    return CoverAnswer(
        chosen=final, covered=covered, share=covered / total if total > 0.0 else 1.0, cost=cost,
        bound=bound, gap=gap, proven=gap <= 0.0,
        method="prices of the parts; neighbourhoods by HiGHS; Lagrangian bound",
        seconds=time.monotonic() - began, findings=warnings,
    )  # fmt: skip


def _start(whole: Whole, time_limit_s: float, seed: int) -> tuple[Ints, Findings]:
    """Find a first valid choice beside the fixed: greedily and mended, else by `solve_cover`.

    Raises
    ------
    Infeasible
        If there is none, which is proven, or none was found in the time.
    """
    problem = whole.problem
    # without groups more can be covered: what is out of reach then is out of reach for good
    first = greedy_cover(replace(problem, group=None))
    chosen = mend(whole, np.setdiff1d(first.chosen, whole.fixed))
    if not check_choice(problem, np.union1d(chosen, whole.fixed)):
        return chosen, first.findings
    # any valid choice will do as a start, so the search stops at the first
    found = solve_cover(problem, time_limit_s=time_limit_s, gap_limit=_ANY_GAP, seed=seed)
    return mend(whole, np.setdiff1d(found.chosen, whole.fixed)), first.findings


def _dual(whole: Whole) -> Dual:
    problem = whole.problem
    group = np.full(problem.n_candidates, -1) if problem.group is None else problem.group
    alone = np.flatnonzero(group < 0)
    numbered = group.astype(np.int64).copy()
    numbered[alone] = int(group.max(initial=-1)) + 1 + np.arange(alone.size)
    _, number = np.unique(numbered, return_inverse=True)
    weight = np.where(whole.open, problem.weight, 0.0)
    return Dual(whole.member, problem.cost, weight, whole.must, number, whole.goal)


def _prices(
    whole: Whole, dual: Dual, part: Ints, cost: float, mapper: Mapper, seed: int,
    progress: Report, deadline: float,
) -> Relaxed:  # fmt: skip
    """Let the parts price their demands, at a price of the weight that meets the goal together.

    The cost of a column that serves several parts is divided among them: by weight at first,
    then as they price its demands.
    """
    weight = whole.problem.weight
    low, high = 0.0, np.inf
    guess = _FIRST_PRICE * cost / max(whole.goal, 1e-300)
    split = weight + 1e-9 * max(float(weight.max(initial=0.0)), 1.0)
    best = dual.evaluate(np.zeros(weight.size))
    for turn in range(_PRICE_ROUNDS):
        price, covered = _relax_parts(whole, part, split, guess, mapper, seed)
        found = dual.improve(dual.evaluate(price), cost, _STEPS // _PRICE_ROUNDS)
        best = found if found.bound > best.bound else best
        if covered < whole.goal:
            low = guess
        else:
            high = guess
        guess = found.goal_price  # the best that these prices know
        if not low < guess < high:
            guess = 0.5 * (low + high) if np.isfinite(high) else 1.5 * low
        split = found.price + 1e-6 * float(found.price.max(initial=1.0)) * split / split.max()
        progress(Stage("choice", 0.1 + 0.4 * (turn + 1) / _PRICE_ROUNDS, f"bound {best.bound:.4g}"))
        if time.monotonic() > deadline:
            break
    return best


def _relax_parts(
    whole: Whole, part: Ints, split: Floats, goal_price: float, mapper: Mapper, seed: int
) -> tuple[Floats, float]:
    """Solve the linear relaxation of every part: prices of all demands, and weight covered."""
    problem = whole.problem
    total = whole.member @ split
    rows = [np.flatnonzero(whole.open & (part == one)) for one in range(int(part.max()) + 1)]
    rows = [one for one in rows if one.size]
    tasks = []
    for own in rows:
        block = sparse.csr_matrix(whole.by_demand[:, own])
        columns = np.flatnonzero(np.diff(block.indptr))
        block = block[columns]
        share = (block @ split[own]) / np.maximum(total[columns], 1e-300)
        tasks.append(
            PartTask(
                offset=block.indptr.astype(np.int64), row=block.indices.astype(np.int64),
                cost=problem.cost[columns] * share, worth=goal_price * problem.weight[own],
                need=np.nan, must=whole.must[own] & (np.diff(whole.by_demand[:, own].indptr) > 0),
                group=np.full(columns.size, -1), start=np.zeros(0, np.int64), relaxed=True,
                time_limit_s=60.0, gap_limit=0.0, seed=seed,
            )
        )  # fmt: skip
    price, gained = np.zeros(problem.n_demands), 0.0
    for own, (_, found, worth) in zip(rows, mapper(solve_part, tasks), strict=True):
        price[own] = found
        gained += worth
    return price, gained / goal_price if goal_price > 0.0 else 0.0


def _resolve(
    whole: Whole, relaxed: Relaxed, chosen: Ints, labels: Ints, time_limit_s: float,
    mapper: Mapper, seed: int, *, aimed: bool,
) -> Ints:  # fmt: skip
    """Solve every neighbourhood anew, what is chosen outside of all of them being kept.

    With ``aimed`` each keeps the weight that it covers, less its part of what is too much; else
    weight is worth its price.
    """
    problem = whole.problem
    core = relaxed.reduced <= _CORE * problem.cost
    core[chosen] = True
    core &= np.diff(whole.member.indptr) > 0
    free = np.flatnonzero((labels >= 0) & core)
    kept = chosen[labels[chosen] < 0]
    standing = np.asarray(whole.member[kept].sum(axis=0)).ravel() > 0.0
    weight = np.where(whole.open, problem.weight, 0.0)
    now = np.asarray(whole.member[chosen].sum(axis=0)).ravel() > 0.0
    spare = max(float(weight[now].sum()) - whole.goal, 0.0) / max(float(weight[now].sum()), 1e-300)
    group = np.full(problem.n_candidates, -1) if problem.group is None else problem.group
    in_choice = np.zeros(problem.n_candidates, dtype=bool)
    in_choice[chosen] = True
    tasks, owners = [], []
    for one in np.unique(labels[free]):
        columns = free[labels[free] == one]
        block = sparse.csc_matrix(whole.member[columns])
        own = np.flatnonzero((np.diff(block.indptr) > 0) & ~standing)
        inner = sparse.csr_matrix(block[:, own])
        owners.append(columns)
        tasks.append(
            PartTask(
                offset=inner.indptr.astype(np.int64), row=inner.indices.astype(np.int64),
                cost=problem.cost[columns],
                worth=weight[own] * (1.0 if aimed else relaxed.goal_price),
                need=float(weight[own][now[own]].sum()) * (1.0 - spare) if aimed else np.nan,
                must=whole.must[own], group=group[columns].astype(np.int64),
                start=np.flatnonzero(in_choice[columns]), relaxed=False,
                time_limit_s=time_limit_s, gap_limit=_PART_GAP, seed=seed,
            )
        )  # fmt: skip
    made = [kept]
    for columns, (found, _, _) in zip(owners, mapper(solve_part, tasks), strict=True):
        made.append(columns[found])
    return np.unique(np.concatenate(made))
