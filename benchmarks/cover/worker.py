"""One solver on one case in a process of its own; the figures go to standard output as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace

from benchmarks.cover.checker import check
from benchmarks.cover.instances import Case, problem_of
from benchmarks.cover.made import discs
from benchmarks.cover.solvers import SOLVERS

from qamtu.optimise.cover import greedy_cover, solve_cover


def _compile() -> None:
    small = discs(40, 60, 6.0, 0, share=0.6)
    for goal in ({"share": 0.6}, {"count": 5}):
        problem = replace(small, share=None)
        greedy_cover(replace(problem, **goal))
        solve_cover(replace(problem, **goal), time_limit_s=10.0, max_rounds=1)
    seen = small.demand.max() + 1
    whole = replace(small, must=None, weight=small.weight[:seen], share=0.3)
    solve_cover(replace(whole, cost=whole.cost * 0 + 1), time_limit_s=10.0, max_rounds=1)


def _cpu() -> float:
    """CPU time of this process and of those that it has waited for [s]."""
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _peak_mb() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def main() -> None:
    request = json.loads(sys.argv[1])
    size = int(request["memory_gb"] * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    case = Case(**request["case"])
    solver = request["solver"]
    if solver in {"qamtu", "greedy"}:
        _compile()
    problem = problem_of(case)
    before_mb = _peak_mb()
    wall, cpu = time.perf_counter(), _cpu()
    chosen, bound, method = SOLVERS[solver](problem, request["seconds"], request["spopt"])
    answer: dict[str, object] = {
        "wall_s": time.perf_counter() - wall,
        "cpu_s": _cpu() - cpu,
        "before_mb": before_mb,
        "peak_mb": _peak_mb(),
        "bound": bound,
        "method": method,
        "demands": problem.n_demands,
        "candidates": problem.n_candidates,
        "entries": int(problem.demand.size),
        "goal": "cost" if problem.share is not None else "weight",
    }
    if chosen is not None:
        cost, covered, valid = check(problem, [int(j) for j in chosen])
        answer |= {"value": cost if problem.share is not None else covered, "valid": valid}
    sys.stdout.write("\n" + json.dumps(answer))


if __name__ == "__main__":
    main()
