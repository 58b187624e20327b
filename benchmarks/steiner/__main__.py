"""Run the benchmark: ``python -m benchmarks.steiner --sets vienna --seconds 60``."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.steiner.registry import GRID, ROOT, Case, cases, holdout
from benchmarks.steiner.table import write

DEFAULT = "ours,mehlhorn,rustworkx,pcst-fast2"
NOTE = """# Steiner benchmark

{date}. One core of a shared {cores}-core x86-64 machine, Python {python}, numpy {numpy}, numba \
{numba}, scipy {scipy}, rustworkx {rustworkx}, pcst-fast2 {pcst}. Our limit: {seconds:g} s of CPU \
time; compilation is done beforehand and not timed. Every run has a process of its own: "peak" is \
its highest resident memory, "before" what it held when the instance was loaded. Every answer is \
checked independently and its cost computed anew. "first" is our first tree alone. The peers \
collect every prize (Mehlhorn, rustworkx) or use Goemans and Williamson's growth (pcst-fast2).
"""


def _run(case: Case, solver: str, seconds: float) -> dict[str, object]:
    base: dict[str, object] = {**asdict(case), "solver": solver}
    command = [sys.executable, "-m", "benchmarks.steiner.worker"]
    command += [json.dumps(asdict(case)), solver, str(seconds)]
    limit = 10 * seconds + 600
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=limit, check=False, cwd=ROOT
        )
    except subprocess.TimeoutExpired:
        return {**base, "error": f"no answer in {limit:g} s"}
    if done.returncode:
        return {**base, "error": (done.stderr.strip().splitlines() or ["died"])[-1]}
    return {**base, **json.loads(done.stdout.strip().splitlines()[-1])}


def main() -> None:
    """Read the options, run everything, write the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.steiner", description=__doc__)
    parser.add_argument("--sets", default="", help="comma-separated beginnings of set names")
    parser.add_argument("--seconds", type=float, default=60.0, help="our time limit [s]")
    parser.add_argument("--solvers", default=DEFAULT, help="comma-separated")
    parser.add_argument("--holdout", type=Path, help="folder of further STP files")
    parser.add_argument("--out", type=Path, default=Path("out/bench-steiner"))
    options = parser.parse_args()
    chosen = holdout(options.holdout) if options.holdout else []
    if not options.holdout or options.sets:
        chosen += cases([s for s in options.sets.split(",") if s])
    rows = []
    for case in chosen:
        solvers = options.solvers.split(",")
        for solver in [*solvers, "first"] if case.group == GRID else solvers:
            row = _run(case, solver, options.seconds)
            rows.append(row)
            sys.stderr.write(
                f"{case.group} {case.name} {solver}: {row.get('cost')} (best {case.best:g}) "
                f"bound {row.get('bound')} {row.get('cpu_s', 0):.1f} s {row.get('error', '')}\n"
            )
            sys.stderr.flush()
    head = NOTE.format(
        date=datetime.now(UTC).date().isoformat(),
        cores=os.cpu_count(),
        python=sys.version.split()[0],
        numpy=version("numpy"),
        numba=version("numba"),
        scipy=version("scipy"),
        rustworkx=version("rustworkx"),
        pcst=version("pcst-fast2"),
        seconds=options.seconds,
    )
    write(rows, options.out, head)


if __name__ == "__main__":
    main()
