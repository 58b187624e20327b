"""One solver on one instance in a process of its own; prints one line of JSON."""

from __future__ import annotations

import json
import resource
import sys
import time

from benchmarks.steiner.registry import Case, load
from benchmarks.steiner.solvers import SOLVERS, warm

from qamtu.core.errors import InputError
from qamtu.optimise.steiner import verify


def main() -> None:
    """Run the case given as JSON on the command line."""
    case = Case(**json.loads(sys.argv[1]))
    solver, seconds = sys.argv[2], float(sys.argv[3])
    problem = load(case)
    if solver in {"ours", "first"}:
        warm()
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, cpu = time.perf_counter(), time.process_time()
    outcome = SOLVERS[solver](problem, seconds)
    row: dict[str, object] = {
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - cpu,
        "first_s": outcome.first_s,
        "bound": outcome.bound,
        "floor_mb": floor,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    try:
        row["cost"] = verify(problem, outcome.edges, outcome.node)
    except InputError as problem_found:
        row["error"] = str(problem_found).splitlines()[-1]
    sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
