"""Read and write Steiner problems in the STP format of SteinLib and the 11th DIMACS challenge.

STP, PCSTP and RPCSTP; plain text or gzip. Nodes count from 1 in the file and from 0 here.
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import numpy as np

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Finding, Severity
from qamtu.optimise.steiner.problem import SteinerProblem

__all__ = ["read_stp", "write_stp"]

_MAGIC = "33D32945 STP File, STP Format Version 1.0"


class _Reader:
    """The state of reading one file: sections, edges and terminals so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.nodes = 0
        self.name = path.name.removesuffix(".gz").removesuffix(".stp")
        self.offset = 0.0
        self.edges: list[tuple[int, int, float]] = []
        self.must: list[int] = []
        self.prizes: list[tuple[int, float]] = []
        self.root: int | None = None

    def error(self, rule: str, what: str, row: int | None = None) -> InputError:
        mend = "check the file against the STP format (SteinLib, DIMACS 11)"
        finding = Finding(rule, Severity.ERROR, what, mend, file=str(self.path), row=row)
        return InputError(f"{self.path.name} cannot be read as a Steiner problem.", [finding])

    def line(self, section: str, words: list[str]) -> None:
        key = words[0].upper()
        if section == "GRAPH":
            if key in {"E", "A"}:
                self.edges.append((int(words[1]), int(words[2]), float(words[3])))
            elif key == "NODES":
                self.nodes = int(words[1])
        elif section.startswith("TERMINAL"):
            if key == "T":
                self.must.append(int(words[1]))
            elif key == "TP":
                value = float(words[2])
                self.prizes.append((int(words[1]), value))
            elif key in {"ROOTP", "ROOT"}:
                self.root = int(words[1])
        elif section == "PRESOLVE" and key == "FIXED":
            self.offset = float(words[1])

    def problem(self) -> SteinerProblem:
        if self.nodes < 1:
            raise self.error("stp-nodes", "the file states no number of nodes")
        table = np.array(self.edges, dtype=np.float64).reshape(-1, 3)
        prize = np.zeros(self.nodes)
        named = [v for v, _ in self.prizes] + self.must + ([self.root] if self.root else [])
        if named and not (min(named) >= 1 and max(named) <= self.nodes):
            raise self.error("stp-terminal", "a terminal's number is out of range")
        for node, value in self.prizes:
            prize[node - 1] = value
        prize[np.array(self.must, dtype=np.int64) - 1] = np.inf
        roots = np.array([] if self.root is None else [self.root - 1], dtype=np.int32)
        if self.root is not None and not self.prizes:
            roots = roots[:0]
        prize[roots] = np.inf
        ends = table[:, :2].astype(np.int64) - 1
        return SteinerProblem(
            self.nodes,
            ends[:, 0],  # type: ignore[arg-type]
            ends[:, 1],  # type: ignore[arg-type]
            table[:, 2],
            prize,
            roots,
            offset=self.offset,
            name=self.name,
        )


def read_stp(path: str | Path) -> SteinerProblem:
    """Read a problem from an STP file.

    Parameters
    ----------
    path : path
        The file, plain or gzip (``.gz``). Terminals ``T`` must be reached, ``TP`` carry prizes,
        ``RootP`` is the root.

    Returns
    -------
    SteinerProblem
        The problem, named after the file.

    Raises
    ------
    MissingInput
        If there is no such file.
    InputError
        If the file cannot be understood; the finding names the line.
    """
    source = Path(path)
    if not source.is_file():
        raise MissingInput(
            f"There is no file {source}.",
            [Finding("stp-missing", Severity.ERROR, "no such file", "check the path", str(source))],
        )
    reader = _Reader(source)
    try:
        data = source.read_bytes()
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("latin-1")
    except (OSError, EOFError, zlib.error) as problem:
        raise reader.error("stp-gzip", f"the file is damaged: {problem}") from problem
    section = ""
    for row, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        key = words[0].upper()
        if key == "SECTION" and len(words) > 1:
            section = words[1].upper()
        elif key == "END":
            section = ""
        elif key == "EOF":
            break
        elif section:
            try:
                reader.line(section, words)
            except (IndexError, ValueError) as problem:
                raise reader.error("stp-line", f"{line.strip()!r} is not understood", row) from (
                    problem
                )
    return reader.problem()


def _number(value: float) -> str:
    return (
        str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    )


def write_stp(problem: SteinerProblem, path: str | Path) -> None:
    """Write a problem as an STP file.

    Parameters
    ----------
    problem : SteinerProblem
        The problem; at most one root and no leaf nodes, which the format cannot say.
    path : path
        The file; gzip if the name ends in ``.gz``.

    Raises
    ------
    InputError
        If the format cannot say the problem.
    """
    if problem.roots.size > 1 or (problem.leaf is not None and problem.leaf.any()):
        what = "several roots or leaf nodes cannot be written in the STP format"
        finding = Finding("stp-form", Severity.ERROR, what, "merge the roots first", str(path))
        raise InputError(f"{problem.name!r} cannot be written as STP.", [finding])
    must = np.isinf(problem.prize)
    finite = (problem.prize > 0) & ~must
    collecting = bool(finite.any()) or bool(problem.roots.size)
    kind = "Prize-Collecting Steiner Problem in Graphs" if collecting else "SPG"
    if problem.roots.size:
        kind = "Rooted " + kind
    lines = [_MAGIC, "", "SECTION Comment", f'Name "{problem.name}"', f'Problem "{kind}"', "END"]
    lines += ["", "SECTION Graph", f"Nodes {problem.n_nodes}", f"Edges {problem.n_edges}"]
    lines += [
        f"E {u + 1} {v + 1} {_number(c)}"
        for u, v, c in zip(
            problem.tail.tolist(), problem.head.tolist(), problem.cost.tolist(), strict=True
        )
    ]
    must[problem.roots] = False
    finite[problem.roots] = False
    lines += ["END", "", "SECTION Terminals"]
    lines += [f"Terminals {int(must.sum() + finite.sum() + problem.roots.size)}"]
    lines += [f"RootP {v + 1}" for v in problem.roots.tolist()]
    lines += [f"T {v + 1}" for v in np.flatnonzero(must).tolist()]
    lines += [f"TP {v + 1} {_number(problem.prize[v])}" for v in np.flatnonzero(finite).tolist()]
    lines += ["END", ""]
    if problem.offset:
        lines += ["SECTION Presolve", f"Fixed {_number(problem.offset)}", "END", ""]
    data = "\n".join([*lines, "EOF", ""]).encode()
    target = Path(path)
    target.write_bytes(gzip.compress(data, mtime=0) if target.suffix == ".gz" else data)
