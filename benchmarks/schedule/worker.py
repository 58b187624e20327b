"""One solver on one case in a process of its own; the figures go to standard output as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time

import numpy as np
from benchmarks.schedule.cases import CASES

from qamtu.optimise.schedule import TreeSchedule, person_years, solve_schedule, verify_schedule
from qamtu.optimise.schedule.models import solve_model


def _qamtu(problem: TreeSchedule, limit_s: float, gap: float):
    found = solve_schedule(problem, time_limit_s=limit_s, gap_limit=gap)
    return found.year, found.bound, found.method


def _plain_mip(problem: TreeSchedule, limit_s: float, gap: float):
    found = solve_model(problem, integer=True, time_limit_s=limit_s, gap_limit=gap)
    if found.year is None:
        return None, found.bound, f"no schedule: {found.status}"
    year = np.where(found.year < problem.n_years, found.year, -1).astype(np.int32)
    return year, found.bound, found.status


SOLVERS = {"qamtu": _qamtu, "highs-mip": _plain_mip}


def main() -> None:
    request = json.loads(sys.argv[1])
    size = int(request["memory_gb"] * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    solver = SOLVERS[request["solver"]]
    case = CASES[request["case"]]
    solver(case(60, 1), 5.0, 0.0)  # compiles
    problem = case(request["items"], request["seed"])
    idle_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, cpu = time.perf_counter(), time.process_time()
    year, bound, method = solver(problem, request["limit_s"], request["gap"])
    answer = {
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - cpu,
        "person_years": None if year is None else person_years(problem, year),
        "bound": bound if np.isfinite(bound) else None,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "idle_mb": idle_mb,
        "breaches": None if year is None else len(verify_schedule(problem, year)),
        "method": method,
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
