"""``python -m benchmarks.cover --out DIR``: covering, qamtu against HiGHS, pycft and spopt."""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.cover.instances import MADE, ROOT, Case, holdout, published

FIELDS = (
    "case", "demands", "candidates", "entries", "best_known", "solver", "value", "bound",
    "gap_percent", "over_best", "valid", "wall_s", "cpu_s", "peak_mb", "before_mb", "method",
)  # fmt: skip
SPOPT = "spopt==0.7.0"
PEERS = ("qamtu", "highs", "pycft", "spopt")
ALONE = ("qamtu", "greedy")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cover", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/benchmarks"))
    parser.add_argument("--seconds", type=float, default=60.0, help="for each solver and case")
    parser.add_argument("--holdout", type=Path, help="folder of further instances, and only those")
    parser.add_argument("--cases", default="", help="comma-separated beginnings of case names")
    parser.add_argument("--solvers", default=",".join(dict.fromkeys(PEERS + ALONE)))
    parser.add_argument("--memory-gb", type=float, default=12.0, help="address space of a process")
    return parser.parse_args()


def _spopt_python() -> str:
    """Give the Python of spopt's own environment, which is made if it is not there."""
    folder = ROOT / ".cache" / "benchmarks" / "cover" / "venv"
    python = folder / "bin" / "python"
    uv = shutil.which("uv")
    if not python.is_file():
        make = (
            [uv, "venv", "-q", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
        )
        subprocess.run([*make, str(folder)], check=False, capture_output=True)
    has = [str(python), "-c", "import spopt, pulp"]
    if python.is_file() and subprocess.run(has, check=False, capture_output=True).returncode:
        pip = (
            [uv, "pip", "install", "-q", "--python", str(python), SPOPT]
            if uv
            else [str(python), "-m", "pip", "install", "-q", SPOPT]
        )
        subprocess.run(pip, check=False, capture_output=True)
    found = (
        python.is_file() and not subprocess.run(has, check=False, capture_output=True).returncode
    )
    return str(python) if found else ""


def _run(request: dict) -> dict:
    command = [sys.executable, "-m", "benchmarks.cover.worker", json.dumps(request)]
    limit = 2 * request["seconds"] + 60
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=limit, cwd=ROOT
        )
    except subprocess.TimeoutExpired:
        return {"method": f"no answer within {limit:g} s, stopped"}
    if done.returncode:
        return {"method": "no answer: " + (done.stderr.strip().splitlines() or ["killed"])[-1][:80]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def _rows(case: Case, options: argparse.Namespace, spopt: str) -> list[dict]:
    rows = []
    for solver in options.solvers.split(","):
        if solver not in (PEERS if case.peers else ALONE):
            continue
        request = {
            "case": case.as_dict(),
            "solver": solver,
            "seconds": options.seconds,
            "memory_gb": options.memory_gb,
            "spopt": spopt,
        }
        row = {"case": case.name, "solver": solver, "best_known": case.best} | _run(request)
        value, bound = row.get("value"), row.get("bound")
        if value is not None and bound is not None:
            high, low = (value, bound) if row["goal"] == "cost" else (bound, value)
            row["gap_percent"] = 100 * (high - low) / high if high else 0.0
        if value is not None and case.best is not None:
            row["over_best"] = value - case.best
        rows.append(row)
        print(row, file=sys.stderr, flush=True)
    return rows


def _cell(value: object, pattern: str = "") -> str:
    return "–" if value is None else format(value, pattern)


def _markdown(rows: list[dict], options: argparse.Namespace) -> str:
    cores = len(os.sched_getaffinity(0))
    sources = {r["case"]: r["source"] for r in rows if r.get("source")}
    lines = [
        "# Covering: qamtu against HiGHS, pycft and spopt",
        "",
        (
            f"{datetime.now(UTC).date()}, {platform.machine()}, {cores} shared cores, Python "
            f"{platform.python_version()}, highspy {version('highspy')}, pycft {version('pycft')}, "
            f"{SPOPT} with CBC; {options.seconds:g} s of wall time for each solver and case, each in "
            f"a process of its own with {options.memory_gb:g} GB of address space, compiled "
            "beforehand, every answer checked by code of its own. Cost goals: least is best; "
            "`made-mclp`: most weight is best. Gap: to the solver's own bound; spopt gives none. Over: "
            "what the answer is above the best known value. Memory: peak of the process, and before "
            "the solver began. Other work ran on the same cores: CPU time is the fairer figure, and "
            "the limit is on wall time."
        ),
        "",
        (
            "| case | demands × candidates (entries) | best known | solver | value | bound | gap % "
            "| over | valid | wall s | CPU s | MB (before) | how |"
        ),
        "|---|---|--:|---|--:|--:|--:|--:|---|--:|--:|--:|---|",
    ]
    for r in rows:
        size = (
            f"{r['demands']:,} × {r['candidates']:,} ({r['entries']:,})" if "demands" in r else "–"
        )
        memory = f"{r['peak_mb']:,.0f} ({r['before_mb']:,.0f})" if "peak_mb" in r else "–"
        lines.append(
            f"| {r['case']} | {size} | {_cell(r['best_known'], 'g')} | {r['solver']} "
            f"| {_cell(r.get('value'), ',.10g')} | {_cell(r.get('bound'), ',.10g')} "
            f"| {_cell(r.get('gap_percent'), '.2f')} | {_cell(r.get('over_best'), 'g')} "
            f"| {_cell(r.get('valid'))} | {_cell(r.get('wall_s'), '.1f')} "
            f"| {_cell(r.get('cpu_s'), '.1f')} | {memory} | {r['method']} |"
        )
    if sources:
        lines += ["", "Best known values: " + "; ".join(f"{k}: {v}" for k, v in sources.items())]
    return "\n".join(lines) + "\n"


def main() -> None:
    options = _arguments()
    cases = (
        holdout(options.holdout)
        if options.holdout
        else sorted([*published(), *MADE], key=lambda c: c.name.startswith("rail"))
    )
    begins = tuple(word for word in options.cases.split(",") if word)
    if begins:
        cases = [case for case in cases if case.name.startswith(begins)]
    if not cases:
        sys.exit("no instances: give a folder with scp*.txt.gz or rail*.gz, or set QAMTU_REFERENCE")
    spopt = _spopt_python() if "spopt" in options.solvers else ""
    options.out.mkdir(parents=True, exist_ok=True)
    rows: list[dict] = []
    for case in cases:
        rows += [row | {"source": case.source} for row in _rows(case, options, spopt)]
        _write(rows, options)
    print(_markdown(rows, options))


def _write(rows: list[dict], options: argparse.Namespace) -> None:
    """Write what is done so far: a run that is stopped has kept its finished cases."""
    with (options.out / "cover.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    (options.out / "cover.md").write_text(_markdown(rows, options), encoding="utf-8")


if __name__ == "__main__":
    main()
