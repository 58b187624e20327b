"""What a Steiner problem is: graph, costs, prizes, existing network, and the checks on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.core.errors import Infeasible, InputError
from qamtu.core.findings import Finding, Severity
from qamtu.kernels.graphs import connected_components

__all__ = ["SteinerProblem"]


def _finding(rule: str, what: str, mend: str, name: str = "", where: str | None = None) -> Finding:
    return Finding(rule, Severity.ERROR, what, mend, file=name or None, field=where)


def _array(value: ArrayLike, dtype: Any, name: str) -> NDArray[Any]:
    raw = np.asarray(value)
    try:
        array = np.array(raw, dtype=dtype, order="C").reshape(raw.shape)
        same = raw.dtype.kind in "biuf" and (
            raw.size == 0 or np.array_equal(array, raw, equal_nan=raw.dtype.kind == "f")
        )
    except (TypeError, ValueError, OverflowError):
        same = False
    if not same or array.ndim != 1:
        raise InputError(
            "A Steiner problem cannot be built.",
            [
                _finding(
                    "steiner-array",
                    f"{name} is no one-dimensional list of {np.dtype(dtype).name} values",
                    f"give {name} as such an array",
                    where=name,
                )
            ],
        )
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True, eq=False)
class SteinerProblem:
    """Find the tree that minimises edge costs plus the prizes of the nodes it leaves out.

    Parameters
    ----------
    n_nodes : int
        Nodes, numbered from 0.
    tail, head : int32[m]
        The two ends of each edge. Parallel edges and self loops are tolerated.
    cost : float64[m]
        Cost of each edge [any one unit of money or length], finite and not negative.
    prize : float64[n]
        What leaving the node out costs, in the unit of ``cost``: 0 for nothing, inf for a node
        that must be reached.
    roots : int32[k]
        Nodes that already hang together at no cost (an existing network), all part of the answer;
        empty for an unrooted problem.
    leaf : bool[n], optional
        Nodes that may only be leaves of the answer (a customer on one link), never passed through.
    offset : float
        Constant added to every answer's cost.
    name : str
        A name for messages.

    Raises
    ------
    InputError
        With every finding at once: shapes, ranges, values that are not finite.
    """

    n_nodes: int
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    cost: NDArray[np.float64]
    prize: NDArray[np.float64]
    roots: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    leaf: NDArray[np.bool_] | None = None
    offset: float = 0.0
    name: str = ""

    def __post_init__(self) -> None:
        """Convert the arrays and check them."""
        for key, dtype in (
            ("tail", np.int32),
            ("head", np.int32),
            ("cost", np.float64),
            ("prize", np.float64),
            ("roots", np.int32),
        ):
            object.__setattr__(self, key, _array(getattr(self, key), dtype, key))
        if self.leaf is not None:
            object.__setattr__(self, "leaf", _array(self.leaf, np.bool_, "leaf"))
        found = [*self._shape_findings()]
        if not found:
            found = [*self._value_findings()]
        if found:
            raise InputError(f"The Steiner problem {self.name!r} cannot be used.", found)

    def _shape_findings(self) -> list[Finding]:
        found = []
        edges = self.tail.size
        for key, size in (
            ("head", edges),
            ("cost", edges),
            ("prize", self.n_nodes),
            ("leaf", self.n_nodes),
        ):
            array = getattr(self, key)
            if array is not None and array.size != size:
                what = f"{key} has {array.size} values where {size} belong"
                found.append(_finding("steiner-shape", what, "give one value each", self.name, key))
        if self.n_nodes < 1:
            what = f"the graph has {self.n_nodes} nodes"
            found.append(_finding("steiner-empty", what, "give at least one node", self.name))
        if not np.isfinite(self.offset):
            what = f"the offset is {self.offset}"
            found.append(_finding("steiner-offset", what, "give a finite offset", self.name))
        return found

    def _value_findings(self) -> list[Finding]:
        found = []

        def look(rule: str, bad: NDArray[np.bool_], key: str, mend: str) -> None:
            if bad.any():
                at = int(np.flatnonzero(bad)[0])
                what = f"{key}[{at}] is {getattr(self, key)[at]} ({int(bad.sum())} such values)"
                found.append(_finding(rule, what, mend, self.name, key))

        for key in ("tail", "head", "roots"):
            nodes = getattr(self, key)
            outside = (nodes < 0) | (nodes >= self.n_nodes)
            look("steiner-node", outside, key, f"number the nodes 0 to {self.n_nodes - 1}")
        bad_cost = ~np.isfinite(self.cost) | (self.cost < 0)
        look("steiner-cost", bad_cost, "cost", "give finite costs of at least 0")
        bad_prize = np.isnan(self.prize) | (self.prize < 0)
        look(
            "steiner-prize", bad_prize, "prize", "give prizes of at least 0 (inf: must be reached)"
        )
        if self.leaf is not None and not found:
            both = self.leaf[self.tail] & self.leaf[self.head] & (self.tail != self.head)
            look("steiner-leaf-edge", both, "tail", "no edge may join two leaf nodes")
            look("steiner-leaf-root", self.leaf[self.roots], "roots", "a root cannot be a leaf")
        return found

    @classmethod
    def steiner_tree(
        cls,
        n_nodes: int,
        tail: ArrayLike,
        head: ArrayLike,
        cost: ArrayLike,
        terminals: ArrayLike,
        *,
        name: str = "",
    ) -> SteinerProblem:
        """Build the Steiner tree problem (STP): connect all terminals at least cost.

        Parameters
        ----------
        n_nodes, tail, head, cost, name
            As in the class.
        terminals : int[t]
            The nodes to connect.

        Returns
        -------
        SteinerProblem
            The problem.
        """
        prize = np.zeros(n_nodes)
        prize[_array(terminals, np.int64, "terminals")] = np.inf
        return cls(n_nodes, tail, head, cost, prize, name=name)  # type: ignore[arg-type]

    @classmethod
    def prize_collecting(
        cls,
        n_nodes: int,
        tail: ArrayLike,
        head: ArrayLike,
        cost: ArrayLike,
        prize: ArrayLike,
        *,
        roots: ArrayLike = (),
        leaf: ArrayLike | None = None,
        name: str = "",
    ) -> SteinerProblem:
        """Build the prize-collecting problem, unrooted (PCSTP) or, with roots, rooted (RPCSTP).

        Parameters
        ----------
        n_nodes, tail, head, cost, prize, roots, leaf, name
            As in the class.

        Returns
        -------
        SteinerProblem
            The problem.
        """
        base = np.asarray(roots, dtype=np.int32) if np.size(roots) == 0 else roots
        return cls(n_nodes, tail, head, cost, prize, base, leaf, name=name)  # type: ignore[arg-type]

    @property
    def n_edges(self) -> int:
        """Number of edges."""
        return int(self.tail.size)

    @property
    def is_rooted(self) -> bool:
        """Whether some node is part of every answer."""
        return bool(self.roots.size) or bool(np.isinf(self.prize).any())

    def check_reachable(self) -> None:
        """Check that all nodes that must be reached can be.

        Raises
        ------
        Infeasible
            With a finding for the nodes that no path reaches.
        """
        must = np.union1d(np.flatnonzero(np.isinf(self.prize)), self.roots)
        if must.size < 2:
            return
        tail, head = self.tail, self.head
        if self.leaf is not None:
            through = ~self.leaf[tail] & ~self.leaf[head]
            tail, head = tail[through], head[through]
        first = np.full(self.roots.size, self.roots[0] if self.roots.size else 0, np.int32)
        _, label = connected_components(
            self.n_nodes, np.concatenate([tail, first]), np.concatenate([head, self.roots])
        )
        lost = self._unreached(must, label)
        if lost.size:
            what = f"{lost.size} node(s) that must be reached are cut off, the first is {lost[0]}"
            mend = "add edges to them, or give them a finite prize so that they may be left out"
            raise Infeasible(
                f"The Steiner problem {self.name!r} has no answer.",
                [_finding("steiner-unreachable", what, mend, self.name, "prize")],
            )

    def _unreached(self, must: NDArray[Any], label: NDArray[np.int32]) -> NDArray[Any]:
        leaf = np.zeros(self.n_nodes, np.bool_) if self.leaf is None else self.leaf
        inner = must[~leaf[must]]
        hanging = must[leaf[must]]
        if not inner.size and hanging.size == 1:
            return hanging[:0]
        ends = np.concatenate([self.tail, self.head])
        other = np.concatenate([self.head, self.tail])
        link = leaf[ends] & ~leaf[other]
        if inner.size:
            good = label[inner] == label[inner[0]]
            home = {int(label[inner[0]])}
            lost = inner[~good]
        else:
            lost = inner
            sets = [set(label[other[link & (ends == v)]].tolist()) for v in hanging]
            home = set.intersection(*sets)
        fine = np.zeros(self.n_nodes, np.bool_)
        fine[ends[link & np.isin(label[other], list(home))]] = True
        return np.concatenate([lost, hanging[~fine[hanging]]])
