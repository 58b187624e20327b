"""Run every solver on every case and size, each in its own process: Markdown and CSV come out."""

from __future__ import annotations

import argparse
import csv
import json
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.schedule.cases import CASES, YEARS
from benchmarks.schedule.worker import SOLVERS

FIELDS = (
    "case",
    "items",
    "solver",
    "person_years",
    "bound",
    "gap_percent",
    "gap_to_best_bound_percent",
    "cpu_s",
    "wall_s",
    "peak_mb",
    "idle_mb",
    "breaches",
    "method",
)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.schedule", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/benchmarks"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 5_000, 20_000, 200_000])
    parser.add_argument("--cases", nargs="+", choices=sorted(CASES), default=list(CASES))
    parser.add_argument("--time-limit", type=float, default=20.0, help="seconds for each solver")
    parser.add_argument("--gap", type=float, default=0.001, help="gap at which a solver may stop")
    parser.add_argument("--memory-gb", type=float, default=8.0, help="address space of a process")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def _run(request: dict) -> dict:
    """Ask one process; a solver that crashes, swells or hangs has no answer."""
    command = [sys.executable, "-m", "benchmarks.schedule.worker", json.dumps(request)]
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=3 * request["limit_s"] + 120,
        )
    except subprocess.TimeoutExpired:
        return {"method": "no answer: past three times its time limit"}
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["killed"])[-1]
        return {"method": f"no answer: {last[:80]}"}
    return json.loads(done.stdout)


def _gap(achieved: float | None, bound: float | None) -> float | None:
    if achieved is None or not bound:
        return None
    return 100.0 * (bound - achieved) / bound


def _group(case: str, items: int, options: argparse.Namespace) -> list[dict]:
    rows = []
    for solver in SOLVERS:
        request = {
            "case": case,
            "items": items,
            "solver": solver,
            "limit_s": options.time_limit,
            "gap": options.gap,
            "memory_gb": options.memory_gb,
            "seed": options.seed,
        }
        rows.append({"case": case, "items": items, "solver": solver} | _run(request))
        print(rows[-1], flush=True)
    bounds = [row["bound"] for row in rows if row.get("bound") is not None]
    for row in rows:
        row["gap_percent"] = _gap(row.get("person_years"), row.get("bound"))
        row["gap_to_best_bound_percent"] = _gap(row.get("person_years"), min(bounds, default=None))
    return rows


def _cell(value: object, pattern: str) -> str:
    return "–" if value is None else format(value, pattern)


def _markdown(rows: list[dict], options: argparse.Namespace) -> str:
    lines = [
        "# Phasing: qamtu against a plain mixed-integer model",
        "",
        (
            f"{datetime.now(UTC).date().isoformat()}, {platform.machine()}, Python {platform.python_version()}, "
            f"highspy {version('highspy')}; made forests (seed {options.seed}), {YEARS} years; each "
            f"solver in its own process on one core, {options.time_limit:g} s, compiled beforehand, "
            f"may stop at a gap of {100 * options.gap:g} %, {options.memory_gb:g} GB of address space."
        ),
        "",
        "Own gap: to the solver's own proven bound. Gap: to the best bound of both.",
        "",
        "| case | items | solver | person-years | own gap % | gap % | CPU s | peak MB | how |",
        "|---|--:|---|--:|--:|--:|--:|--:|---|",
    ]
    lines += [
        f"| {row['case']} | {row['items']:,} | {row['solver']} "
        f"| {_cell(row.get('person_years'), ',.0f')} | {_cell(row['gap_percent'], '.3f')} "
        f"| {_cell(row['gap_to_best_bound_percent'], '.3f')} | {_cell(row.get('cpu_s'), '.1f')} "
        f"| {_cell(row.get('peak_mb'), '.0f')} | {row['method']} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    options = _arguments()
    rows = [
        row for case in options.cases for n in options.sizes for row in _group(case, n, options)
    ]
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / "schedule.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(rows)
    text = _markdown(rows, options)
    (options.out / "schedule.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
