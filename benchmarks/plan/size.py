"""One made country planned in a process of its own: seconds of each stage and peak memory."""

from __future__ import annotations

import json
import resource
import sys
import time

from benchmarks.plan.made import made_country

from qamtu.connectivity.villages import run
from qamtu.optimise.steiner import warm
from qamtu.studies.mapping import mapping


def main() -> None:
    """Plan a country of argv[1] settlements on argv[2] processes; print one line of JSON."""
    settlements, workers = int(sys.argv[1]), int(sys.argv[2])
    warm()
    run(made_country(300, curve_points=0, time_limit_s=1.0, rings=1))  # compile everything
    inputs = made_country(settlements, curve_points=1, rings=3, time_limit_s=float(sys.argv[3]))
    began, cpu = time.perf_counter(), time.process_time()
    with mapping("processes" if workers > 1 else "serial", workers) as mapper:
        results = run(inputs, mapper=mapper)
    row = {
        "settlements": settlements,
        "nodes": results.prepared.graph.n_nodes,
        "edges": results.prepared.graph.n_edges,
        "seconds": time.perf_counter() - began,
        "cpu_seconds_parent": time.process_time() - cpu,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0,
        "gap": results.totals.gap,
        "tree_gap": results.totals.tree_gap,
        "npv_bn": results.totals.npv / 1e9,
        "villages_fibre": results.totals.villages_fibre,
        **{f"s_{name.replace(' ', '_')}": seconds for name, seconds in results.stages},
    }
    sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
