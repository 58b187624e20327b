"""Run the benchmark: ``python -m benchmarks.propagation --out DIR``."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
from benchmarks.propagation.cases import FREQUENCY_GHZ, LENGTH_KM, RX_M, TX_M, write_case
from benchmarks.propagation.environment import make_environment, versions
from benchmarks.propagation.registry import ENTRIES, Entry
from benchmarks.propagation.table import write

ROOT = Path(__file__).resolve().parents[2]
NEAREST = {
    "itmlogic": "qamtu itm",
    "pycraf path": "qamtu p1812",
    "pycraf atten_path_fast": "qamtu sweep",
}
"""The entry that a peer's losses are compared with."""
HEAD = """# Propagation benchmark

{date}. One core of a shared {cores}-core x86-64 machine; Python {python}, numpy {numpy}, numba \
{numba}; peers in an environment of their own: itmlogic {itmlogic}, pycraf {pycraf}, numpy \
{peer_numpy}. The figures are CPU time of the fastest repetition within {seconds:g} s; the machine \
has other work, so they vary. Just-in-time compilation and a first call are done before and not \
timed. Every entry has a process of its own, one thread, and reads the same file: made terrain \
with 20 to 1,000 m of relief, {length:g} km, {frequency:g} GHz, antennas {tx:g} and {rx:g} m above \
ground. A limit on slow entries is in the column of profiles.

The models are not the same: P.1812-8 and P.452-16 share their mechanisms and differ in details; ITM is \
another model. "median loss" shows that they see the same land. "paths" is one loss a profile, from \
the profile on; "radials" is a loss at every point of a radial. pycraf is called by \
its public Python functions, which carry units.
"""


def _run(entry: Entry, python: Path, case: Path, seconds: float, losses: Path) -> dict[str, object]:
    worker = Path(__file__).with_name("worker.py")
    command = [str(python), str(worker), entry.side, entry.function, entry.task, str(case)]
    command += [str(entry.limit), str(seconds), str(losses)]
    alone = {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, **alone}
    )
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["died"])[-1]}
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def _apart(losses: dict[str, Path], one: str, other: str) -> float:
    """Median difference of two entries over the profiles that both took [dB]."""
    a, b = (np.load(losses[name]) for name in (one, other))
    n = min(a.size, b.size)
    return float(np.nanmedian(np.abs(a[:n] - b[:n])))


def main() -> None:
    """Read the options, run everything, write the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.propagation", description=__doc__)
    parser.add_argument("--points", default="100,500,1000", help="points a profile")
    parser.add_argument("--radial-points", default="571,1501", help="points a radial")
    parser.add_argument("--profiles", type=int, default=4000)
    parser.add_argument("--radials", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=5.0, help="CPU time an entry [s]")
    parser.add_argument("--entries", default="", help="comma-separated beginnings of names")
    parser.add_argument("--out", type=Path, default=Path("out/benchmarks"))
    options = parser.parse_args()
    wanted = tuple(options.entries.split(",")) if options.entries else ("",)
    entries = [entry for entry in ENTRIES if entry.name.startswith(wanted)]
    peers = make_environment(ROOT / ".cache" / "benchmarks" / "propagation")
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for task, sizes, count in (
            ("paths", options.points, options.profiles),
            ("radials", options.radial_points, options.radials),
        ):
            for points in map(int, sizes.split(",")):
                case = Path(scratch) / f"{task}-{points}.npz"
                write_case(case, points, count)
                losses: dict[str, Path] = {}
                for entry in entries:
                    if entry.task != task:
                        continue
                    losses[entry.name] = Path(scratch) / f"{points}-{len(losses)}.npy"
                    python = Path(sys.executable) if entry.side == "ours" else peers
                    row = _run(entry, python, case, options.seconds, losses[entry.name])
                    other = NEAREST.get(entry.name, "")
                    if other in losses and "error" not in row:
                        row["apart_db"] = _apart(losses, entry.name, other)
                    rows.append({**asdict(entry), "points": points, **row})
                    speed = row.get("per_s", row.get("error"))
                    sys.stderr.write(f"{task} {points} {entry.name}: {speed} a second\n")
                    sys.stderr.flush()
    seen = versions(peers, ("itmlogic", "pycraf", "numpy"))
    head = HEAD.format(
        date=datetime.now(UTC).date().isoformat(), cores=os.cpu_count(),
        python=sys.version.split()[0], numpy=version("numpy"), numba=version("numba"),
        itmlogic=seen["itmlogic"], pycraf=seen["pycraf"], peer_numpy=seen["numpy"],
        seconds=options.seconds, length=LENGTH_KM, frequency=FREQUENCY_GHZ, tx=TX_M, rx=RX_M,
    )  # fmt: skip
    write(rows, options.out, head)


if __name__ == "__main__":
    main()
