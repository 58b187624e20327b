"""Published instances and exact answers for small graphs."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from qamtu.optimise import steiner

HERE = Path(__file__).resolve()


def _folders() -> list[Path]:
    root = HERE.parents[3]
    given = os.environ.get("QAMTU_REFERENCE")
    places = [root / "tests" / "reference" / "steiner"]
    places += [Path(given) / "steiner"] if given else []
    return [*places, root.parent / "shared" / "reference" / "steiner"]


@pytest.fixture(scope="session")
def published() -> Callable[[str], tuple[steiner.SteinerProblem, float]]:
    """Read a published instance by name, with its best known cost."""

    def read(name: str) -> tuple[steiner.SteinerProblem, float]:
        for folder in _folders():
            table = folder / "instances.csv"
            if not table.is_file():
                continue
            with table.open(newline="") as source:
                for row in csv.DictReader(source):
                    if row["instance"] == name and (folder / row["file"]).is_file():
                        return steiner.read_stp(folder / row["file"]), float(row["best_known"])
        pytest.skip(f"the published instance {name} is not here (set QAMTU_REFERENCE)")

    return read


@pytest.fixture(scope="session")
def exact_cost() -> Callable[[steiner.SteinerProblem], float]:
    """Exact answers for problems of up to a dozen nodes."""
    return _exact_cost


def _exact_cost(problem: steiner.SteinerProblem) -> float:
    """Least cost by trying every set of nodes and spanning it at least cost."""
    n = problem.n_nodes
    leaf = np.zeros(n, bool) if problem.leaf is None else problem.leaf
    must = {int(v) for v in np.flatnonzero(np.isinf(problem.prize))} | set(problem.roots.tolist())
    order = np.argsort(problem.cost, kind="stable")
    best = np.inf
    for code in range(1, 1 << n):
        inside = {v for v in range(n) if code >> v & 1}
        if not must <= inside:
            continue
        lost = sum(float(problem.prize[v]) for v in range(n) if v not in inside)
        best = min(best, lost + _span(problem, inside, order, leaf) + problem.offset)
    return best


def _span(
    problem: steiner.SteinerProblem, inside: set[int], order: np.ndarray, leaf: np.ndarray
) -> float:
    group = {v: v for v in inside}

    def find(v: int) -> int:
        while group[v] != v:
            v = group[v]
        return v

    def join(u: int, v: int) -> bool:
        u, v = find(u), find(v)
        group[u] = v
        return u != v

    for r in problem.roots.tolist():
        join(r, int(problem.roots[0]))
    total = 0.0
    hung: set[int] = set()
    inner = [v for v in inside if not leaf[v]]
    for e in order:
        u, v = int(problem.tail[e]), int(problem.head[e])
        if u not in group or v not in group or u == v:
            continue
        ends = [x for x in (u, v) if leaf[x]]
        if any(x in hung for x in ends) or (ends and not inner):
            continue
        if join(u, v):
            hung.update(ends)
            total += float(problem.cost[e])
    return total if len({find(v) for v in inside}) == 1 else np.inf
