"""The instances of the benchmark: published ones, made ones, and whatever a folder holds."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qamtu.optimise.steiner import SteinerProblem, read_stp

__all__ = ["Case", "cases", "holdout", "load"]

ROOT = Path(__file__).resolve().parents[2]
GRID = "grid1m"
GRID_SIDE = 1000
GRID_TERMINALS = 3000


@dataclass(frozen=True, slots=True)
class Case:
    """One instance: its set, name, file (empty: made) and best known cost (nan: unknown)."""

    group: str
    name: str
    path: str
    best: float


def _reference() -> Path:
    given = os.environ.get("QAMTU_REFERENCE")
    return Path(given) if given else ROOT.parent / "shared" / "reference"


def cases(groups: list[str]) -> list[Case]:
    """Published instances of some sets (all if none is named), and the made grid."""
    folder = _reference() / "steiner"
    found = []
    with (folder / "instances.csv").open(newline="") as source:
        for row in csv.DictReader(source):
            group = row["set"]
            if not groups or any(group.startswith(g) for g in groups):
                path = str(folder / row["file"])
                found.append(Case(group, row["instance"], path, float(row["best_known"])))
    if not groups or GRID in groups:
        found.append(Case(GRID, GRID, "", float("nan")))
    return found


def holdout(folder: Path) -> list[Case]:
    """STP files of a folder; best known costs from its ``instances.csv`` if there is one."""
    best: dict[str, float] = {}
    table = folder / "instances.csv"
    if table.is_file():
        with table.open(newline="") as source:
            for row in csv.DictReader(source):
                best[row["file"]] = float(row["best_known"])
    files = sorted([*folder.rglob("*.stp"), *folder.rglob("*.stp.gz")])
    return [
        Case(
            f.parent.name,
            f.name.removesuffix(".gz").removesuffix(".stp"),
            str(f),
            best.get(f.name, float("nan")),
        )
        for f in files
    ]


def load(case: Case) -> SteinerProblem:
    """Read or make the instance."""
    return read_stp(case.path) if case.path else _grid()


def _grid() -> SteinerProblem:
    rng = np.random.default_rng(0)
    side = GRID_SIDE
    node = np.arange(side * side, dtype=np.int32).reshape(side, side)
    tail = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    head = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    cost = rng.integers(1, 101, tail.size).astype(np.float64)
    terminals = rng.choice(side * side, GRID_TERMINALS, replace=False)
    return SteinerProblem.steiner_tree(side * side, tail, head, cost, terminals, name=GRID)
