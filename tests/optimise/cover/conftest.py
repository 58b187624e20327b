"""Problems that the tests of covering share: published ones, and small ones written by hand."""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from qamtu.optimise.cover import CoverProblem
from qamtu.optimise.cover.matrix import transpose

HERE = Path(__file__).resolve()


@pytest.fixture(scope="session")
def lists_problem() -> Callable[..., CoverProblem]:
    """Make a problem of lists of demands; weights and costs are 1 unless given."""

    def make(lists, **extra) -> CoverProblem:
        demands = 1 + max((max(rows, default=-1) for rows in lists), default=-1)
        given = {"weight": np.ones(demands), "cost": np.ones(len(lists)), **extra}
        return CoverProblem(
            offset=np.append(0, np.cumsum([len(rows) for rows in lists])).astype(np.int64),
            demand=np.array([i for rows in lists for i in rows], np.int32),
            **given,
        )

    return make


@pytest.fixture(scope="session")
def published() -> Callable[[str], tuple[CoverProblem, float]]:
    """Read an OR-Library instance by name, with its known optimum."""
    given = os.environ.get("QAMTU_REFERENCE")
    root = HERE.parents[3]
    places = [root / "tests" / "reference" / "setcover"]
    places += [Path(given) / "setcover"] if given else []
    places += [root.parent / "shared" / "reference" / "setcover"]

    def read(name: str) -> tuple[CoverProblem, float]:
        for folder in places:
            path = folder / f"{name}.txt.gz"
            if path.is_file():
                with (folder / "known_optima.csv").open(newline="") as table:
                    best = {row["instance"]: float(row["best"]) for row in csv.DictReader(table)}
                return _read(path), best[name]
        pytest.skip(f"the published instance {name} is not here (set QAMTU_REFERENCE)")

    return read


def _read(path: Path) -> CoverProblem:
    with gzip.open(path) as file:
        numbers = np.array(file.read().split(), dtype=np.int64)
    rows, columns = numbers[:2]
    cost = numbers[2 : 2 + columns].astype(float)
    at = 2 + columns
    start, parts = [0], []
    for _ in range(rows):
        size = numbers[at]
        parts.append(numbers[at + 1 : at + 1 + size] - 1)
        start.append(start[-1] + size)
        at += 1 + size
    owner = np.concatenate(parts).astype(np.int32)
    offset, demand = transpose(np.array(start, np.int64), owner, int(columns))
    return CoverProblem(offset, demand, np.ones(rows), cost, share=1.0)
