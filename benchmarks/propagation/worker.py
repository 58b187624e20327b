"""Time one entry in a process of its own and print a line of JSON.

Run as a script, because the peers' environment has no qamtu:
``python worker.py SIDE FUNCTION TASK CASE LIMIT SECONDS LOSSES``.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

import numpy as np


def main() -> None:
    """Warm up (and compile), repeat for a while, keep the fastest repetition."""
    side, function, task, path, limit, seconds, losses_path = sys.argv[1:]
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    run = getattr(importlib.import_module(side), function)
    with np.load(path) as file:
        case = {name: file[name] for name in file.files}
    if int(limit):
        for name in ("height", "clutter"):
            case[name] = case[name][: int(limit)]
    few = {**case, "height": case["height"][:2], "clutter": case["clutter"][:2]}
    began = time.process_time()
    run(few)
    warm_s = time.process_time() - began
    best, wall, spent, repeats = np.inf, np.inf, 0.0, 0
    losses = np.empty(0)
    while repeats == 0 or (spent < float(seconds) and repeats < 200):
        clock, began = time.perf_counter(), time.process_time()
        losses = run(case)
        cpu = time.process_time() - began
        best, wall = min(best, cpu), min(wall, time.perf_counter() - clock)
        spent += cpu
        repeats += 1
    np.save(losses_path, losses)
    profiles, points = case["height"].shape
    receivers = profiles if task == "paths" else profiles * (points - 1)
    found = {
        "profiles": profiles,
        "receivers": receivers,
        "cpu_s": best,
        "wall_s": wall,
        "per_s": receivers / best,
        "warm_s": warm_s,
        "repeats": repeats,
        "median_db": float(np.nanmedian(losses)),
        "void": int(np.isnan(losses).sum()),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
