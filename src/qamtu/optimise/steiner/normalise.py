"""From the problem as given to the graph the engine works on: no loops, no twins, one root."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.graphs import connected_components, csr_arrays
from qamtu.optimise.steiner.net import Net, net_from_edges
from qamtu.optimise.steiner.problem import SteinerProblem
from qamtu.optimise.steiner.work import Work, make_work

__all__ = ["Normal", "normalise"]


class Normal(NamedTuple):
    """The graph the engine works on and the way back.

    Attributes
    ----------
    n_nodes, tail, head, cost, prize
        The graph; nodes are numbered as in the problem.
    root : int
        A node of every answer; -1 if there is none.
    constant : float
        Cost that every answer has.
    edge : int32[m]
        Numbers of the edges in the problem.
    """

    n_nodes: int
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    cost: NDArray[np.float64]
    prize: NDArray[np.float64]
    root: int
    constant: float
    edge: NDArray[np.int32]

    def net(self) -> Net:
        """Lay the graph out in rows."""
        return net_from_edges(self.n_nodes, self.tail, self.head, self.cost, self.prize, self.root)

    def work(self) -> Work:
        """Set the graph up for reductions."""
        return make_work(
            self.n_nodes, self.tail, self.head, self.cost, self.prize, self.root, self.constant
        )


def _representatives(problem: SteinerProblem) -> NDArray[np.int32]:
    first = np.arange(problem.n_nodes, dtype=np.int32)
    if problem.roots.size:
        first[problem.roots] = problem.roots[0]
    return first


@njit(cache=True)
def _without_twins(
    n_nodes: int,
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    cost: NDArray[np.float64],
    keep: NDArray[np.bool_],
) -> NDArray[np.int32]:
    """Of parallel edges the cheapest, of equal ones the first; ascending; O(n + m)."""
    indptr, neighbour, arc_edge = csr_arrays(n_nodes, tail, head)
    latest = np.full(n_nodes, -1, np.int32)
    good = keep.copy()
    for v in range(n_nodes):
        for a in range(indptr[v], indptr[v + 1]):
            u = neighbour[a]
            e = arc_edge[a]
            if u < v or not good[e]:
                continue
            twin = latest[u]
            if twin >= 0 and good[twin] and min(tail[twin], head[twin]) == v:
                if cost[e] < cost[twin]:
                    good[twin] = False
                    latest[u] = e
                else:
                    good[e] = False
            else:
                latest[u] = e
    return np.flatnonzero(good).astype(np.int32)


def normalise(problem: SteinerProblem) -> Normal:
    """Merge the roots, drop loops and dearer twins, keep what can be reached, make leaves dear.

    Parameters
    ----------
    problem : SteinerProblem
        The problem; checked for reachability.

    Returns
    -------
    Normal
        The graph; O((n + m) log m).
    """
    n = problem.n_nodes
    first = _representatives(problem)
    tail, head = first[problem.tail], first[problem.head]
    cost = problem.cost.copy()
    prize = problem.prize.copy()
    constant = problem.offset
    prize[problem.roots] = 0.0
    root = -1
    if problem.is_rooted:
        root = int(problem.roots[0]) if problem.roots.size else int(np.argmax(prize))
        prize[root] = np.inf
    keep = tail != head
    leaf = problem.leaf
    extra = 0.0
    if leaf is not None and leaf.any():
        customer = np.where(leaf[tail], tail, head)
        link = leaf[tail] | leaf[head]
        keep &= ~link | (cost < prize[customer])
        finite = prize[np.isfinite(prize)].sum()
        mandatory = int(np.isinf(prize).sum()) - (root >= 0)
        # through a leaf: dearer than any answer
        extra = float(finite + (cost.sum() if mandatory else 0.0)) + 1.0
        cost[link] += extra
        prize[leaf & (prize > 0)] += extra
        constant -= extra * int((leaf & (prize > 0)).sum())
    chosen = _without_twins(n, tail, head, cost, keep)
    if root >= 0:
        _, label = connected_components(n, tail[chosen], head[chosen])
        away = label != label[root]
        constant += float(prize[away].sum())
        prize[away] = 0.0
        chosen = chosen[~away[tail[chosen]]]
    return Normal(
        n,
        tail[chosen],
        head[chosen],
        cost[chosen],
        prize,
        root,
        constant,
        chosen.astype(np.int32),
    )
