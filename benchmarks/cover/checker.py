"""Check an answer without any code of the engine: sets of Python and nothing else."""

from __future__ import annotations

from collections import Counter

from qamtu.optimise.cover import CoverProblem


def check(problem: CoverProblem, chosen: list[int]) -> tuple[float, float, bool]:
    """Give cost, weight covered and whether the answer is valid (no groups, no fixed, no must)."""
    offset, demand = problem.offset, problem.demand
    seen: Counter[int] = Counter()
    for j in chosen:
        seen.update(demand[offset[j] : offset[j + 1]].tolist())
    covered = sum(float(problem.weight[i]) for i, times in seen.items() if times >= problem.fold)
    cost = sum(float(problem.cost[j]) for j in chosen)
    valid = len(set(chosen)) == len(chosen) and all(0 <= j < len(problem.cost) for j in chosen)
    if problem.share is not None:
        valid &= covered >= problem.share * float(problem.weight.sum()) * (1 - 1e-9)
    if problem.count is not None:
        valid &= len(chosen) <= problem.count
    if problem.budget is not None:
        valid &= cost <= problem.budget * (1 + 1e-9)
    return cost, covered, valid
