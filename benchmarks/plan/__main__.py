"""``python -m benchmarks.plan``: time and memory against size; our routes against the peers'."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.plan.peers import compare_plans, compare_routes

from qamtu import __version__
from qamtu.connectivity.villages import run
from qamtu.studies.plan_data import PlanRequest, plan_inputs


def main() -> None:
    """Run both benchmarks and write tables."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.plan", description=__doc__)
    options.add_argument("--sizes", default="10000,50000,200000", help="settlements, with commas")
    options.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    options.add_argument("--seconds", type=float, default=60.0, help="for each tree")
    options.add_argument("--pack", default="kz", help="pack of the comparison; empty for none")
    options.add_argument("--out", type=Path, default=Path("out/benchmarks"))
    given = options.parse_args()
    sizes = [int(size) for size in given.sizes.split(",") if size]
    text = [_head()]
    rows = [_planned(size, given.workers, given.seconds) for size in sizes]
    if rows:
        table = pd.DataFrame(rows)
        text += ["## Made countries\n", _markdown(table), _growth(table)]
    if given.pack:
        _, inputs, _ = plan_inputs(PlanRequest(given.pack, Path("unused"), curve_points=0))
        results = run(inputs)
        plans = pd.DataFrame(compare_plans(results))
        peers = pd.DataFrame(compare_routes(results, given.seconds))
        text += [f"## Plans of {given.pack} without targets\n", _markdown(plans)]
        text += [
            f"## Routes of the plan of {given.pack}, drawn and billed in five ways\n",
            _markdown(peers),
        ]
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "plan.md").write_text("\n".join(text), encoding="utf-8")
    print("\n".join(text))


def _planned(size: int, workers: int, seconds: float) -> dict[str, float]:
    print(f"{size:,} settlements …", file=sys.stderr)
    command = [sys.executable, "-m", "benchmarks.plan.size", str(size), str(workers), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _growth(table: pd.DataFrame) -> str:
    """Fit time and memory to a power of the size."""
    if len(table) < 2:
        return ""
    x = np.log(table["settlements"].to_numpy(dtype=float))
    lines = []
    for name in ("seconds", "memory_mb"):
        power = np.polyfit(x, np.log(table[name].to_numpy(dtype=float)), 1)[0]
        lines.append(f"`{name}` grows as settlements^{power:.2f} over these sizes.")
    lines.append(
        "Every tree stops at the same limit whatever the size, so time grows less than the "
        "problem and the gap grows with it; the trench graph and the tables are not limited."
    )
    return "\n".join([*lines, ""])


def _markdown(table: pd.DataFrame) -> str:
    shown = table.map(lambda v: f"{v:,.4g}" if isinstance(v, float) else v)
    head = "| " + " | ".join(shown.columns) + " |\n|" + "---|" * len(shown.columns)
    body = "\n".join("| " + " | ".join(str(v) for v in row) + " |" for row in shown.to_numpy())
    return f"{head}\n{body}\n"


def _head() -> str:
    cores = len(os.sched_getaffinity(0))
    return (
        f"# Plans: size, and the public planners\n\n{dt.datetime.now(tz=dt.UTC).date()}, qamtu "
        f"{__version__}, Python {platform.python_version()}, {cores} cores. Compiled before timing. "
        "Each size in a process of its own; memory is the peak of the parent process.\n"
    )


if __name__ == "__main__":
    main()
