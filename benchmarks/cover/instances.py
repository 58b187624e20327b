"""The cases: set covering instances in OR-Library's two formats, and made ones."""

from __future__ import annotations

import csv
import gzip
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from benchmarks.cover.made import discs

from qamtu.optimise.cover import CoverProblem
from qamtu.optimise.cover.matrix import transpose

__all__ = ["MADE", "Case", "holdout", "problem_of", "published"]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


@dataclass(frozen=True, slots=True)
class Case:
    """One problem to be solved: a file, or a made one by name; with its best known value."""

    name: str
    path: str = ""
    best: float | None = None
    source: str = ""
    peers: bool = True

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


# Name: side, sites, radius [cells], goal. The large ones are for qamtu alone.
_MADE = {
    "made-lscp-3600x300": (60, 300, 9.0, {"share": 0.97}, "unit"),
    "made-mclp-3600x300": (60, 300, 7.0, {"count": 12}, "unit"),
    "made-partial-10000x600": (100, 600, 8.0, {"share": 0.8}, "costs"),
    "made-sparse-1000000x10000": (1000, 10_000, 9.0, {"share": 0.75}, "costs"),
    "made-dense-1000000x10000": (1000, 10_000, 36.0, {"share": 0.9}, "costs"),
}
MADE = [Case(name, peers="1000000" not in name) for name in _MADE]


def _tables(folder: Path) -> dict[str, tuple[float, str]]:
    """Read best known values: those kept here, then those beside the instances."""
    known: dict[str, tuple[float, str]] = {}
    for table in (HERE / "best_known.csv", folder / "known_optima.csv"):
        if table.is_file():
            with table.open(newline="", encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    source = row.get("source") or table.name
                    known[row["instance"].strip()] = (float(row["best"]), source)
    return known


def holdout(folder: Path) -> list[Case]:
    """List every instance of a folder, with the best known values of its table."""
    known = _tables(folder)
    cases = []
    for path in sorted(folder.iterdir()):
        name = path.name.removesuffix(".gz").removesuffix(".txt")
        if path.is_file() and path.suffix != ".csv" and name.startswith(("scp", "rail")):
            best, source = known.get(name, (None, ""))
            cases.append(Case(name, str(path), best, source))
    return cases


def published() -> list[Case]:
    """List the instances of the reference folder, or of the few kept with the tests."""
    given = os.environ.get("QAMTU_REFERENCE")
    places = [Path(given)] if given else []
    places += [ROOT.parent / "shared" / "reference", ROOT / "tests" / "reference"]
    for place in places:
        if (place / "setcover").is_dir():
            return holdout(place / "setcover")
    return []


def read_orlib(path: Path) -> CoverProblem:
    """Read a set covering instance; files named rail* list columns, all others list rows."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as file:
        numbers = np.array(file.read().split(), dtype=np.int64)
    rows, columns = int(numbers[0]), int(numbers[1])
    if path.name.startswith("rail"):
        cost, lists = _lists(numbers[2:], columns, costs=True)
        offset = np.append(0, np.cumsum([len(x) for x in lists]))
        demand = np.concatenate(lists).astype(np.int32) - 1
    else:
        cost = numbers[2 : 2 + columns]
        _, lists = _lists(numbers[2 + columns :], rows, costs=False)
        offset = np.append(0, np.cumsum([len(x) for x in lists]))
        owner = np.concatenate(lists).astype(np.int32) - 1
        offset, demand = transpose(offset.astype(np.int64), owner, columns)
    return CoverProblem(offset, demand, np.ones(rows), np.asarray(cost, dtype=float), share=1.0)


def _lists(numbers: np.ndarray, count: int, *, costs: bool) -> tuple[np.ndarray, list[np.ndarray]]:
    """Cut the stream into lists that begin with their length, and before it a cost."""
    cost = np.zeros(count)
    lists = []
    at = 0
    for i in range(count):
        if costs:
            cost[i] = numbers[at]
            at += 1
        size = int(numbers[at])
        lists.append(numbers[at + 1 : at + 1 + size])
        at += 1 + size
    if at != numbers.size:
        raise ValueError(f"{numbers.size - at} numbers are left over: not an OR-Library file")
    return cost, lists


def problem_of(case: Case, seed: int = 1) -> CoverProblem:
    """Read or make the problem of a case."""
    if case.path:
        return read_orlib(Path(case.path))
    side, sites, radius, goal, kind = _MADE[case.name]
    made = discs(side, sites, radius, seed, **goal)
    if kind == "costs":
        return made
    # Unit costs; what no site sees is left out, and for the location set covering all else must be.
    seen = np.bincount(made.demand, minlength=made.n_demands) > 0
    number = np.where(seen, np.cumsum(seen) - 1, -1).astype(np.int32)
    goal = {"share": 1.0} if "share" in goal else goal
    return CoverProblem(made.offset, number[made.demand], made.weight[seen], np.ones(sites), **goal)
