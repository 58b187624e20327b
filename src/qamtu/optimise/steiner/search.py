"""The search for better trees: fresh starts, and recombinations of good trees, round by round."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qamtu.optimise.steiner.construct import Tree, grow_tree
from qamtu.optimise.steiner.improve import improve, span
from qamtu.optimise.steiner.incumbent import Incumbent
from qamtu.optimise.steiner.net import Net, original_edges
from qamtu.optimise.steiner.pool import Elite, Pool
from qamtu.optimise.steiner.work import Work, covered

__all__ = ["Search", "project"]

_POOL = 12
_FRESH_EVERY = 4


def project(work: Work, net: Net, edges: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Find the net's edges that a tree of the graph before reduction holds entirely.

    Parameters
    ----------
    work, net
        The reduced graph and its picture.
    edges : int32[k]
        Edges of the graph before reduction.

    Returns
    -------
    bool[m]
        True for the net's edges that the tree holds.
    """
    given = np.zeros(work.alive.size, np.bool_)
    given[edges] = True
    return covered(work, given)[work.history[net.edge_id]]


class Search:
    """Rounds of search on a reduced graph.

    Parameters
    ----------
    incumbent : Incumbent
        Receives better trees.
    rng : Generator
        All chance comes from it.
    """

    def __init__(self, incumbent: Incumbent, rng: np.random.Generator) -> None:
        self.incumbent = incumbent
        self.rng = rng
        self.pool = Pool(_POOL, incumbent.base.cost.size)

    def _seed(self, net: Net) -> NDArray[np.int32]:
        likely = net.prize.copy()
        if net.root >= 0:
            choice = np.flatnonzero(np.isinf(likely))
            return self.rng.choice(choice, 1).astype(np.int32)
        likely /= likely.sum() if likely.sum() > 0 else 1.0
        if not likely.any():
            return np.zeros(1, np.int32)
        return self.rng.choice(likely.size, 1, p=likely).astype(np.int32)

    def _mix(self, work: Work, net: Net, parents: list[Elite]) -> NDArray[np.float64]:
        count = np.zeros(net.cost.size, np.int64)
        for parent in parents:
            count += project(work, net, parent.edges)
        weight = net.cost * self.rng.uniform(1.0, 1.3, net.cost.size)
        weight[count == 0] *= 1000.0
        some = (count > 0) & (count < len(parents))
        weight[some] *= self.rng.uniform(100.0, 500.0, int(some.sum()))
        return weight

    def _fresh(self, net: Net) -> NDArray[np.float64]:
        spread = self.rng.choice([0.1, 0.3, 0.6])
        return net.cost * self.rng.uniform(1.0, 1.0 + spread, net.cost.size)

    def one_round(self, work: Work, net: Net) -> bool:
        """Make one tree, improve it, offer it; gives whether it beats the best.

        Parameters
        ----------
        work, net
            The reduced graph and its picture.

        Returns
        -------
        bool
            Whether the best answer changed.
        """
        fresh = len(self.pool) < 3 or self.incumbent.round % _FRESH_EVERY == 0
        known = None
        if fresh:
            weight = self._fresh(net)
        else:
            parents = self.pool.pick(self.rng, 2)
            weight = self._mix(work, net, parents)
            best = min(parents, key=lambda parent: parent.cost)
            known = np.flatnonzero(project(work, net, best.edges)).astype(np.int32)
        prize = np.where(net.prize > 0, np.inf, 0.0)
        start = span(net, grow_tree(net, weight, prize, self._seed(net)))
        return self.take(work, net, start, "start" if fresh else "recombination", known)

    def take(
        self,
        work: Work,
        net: Net,
        start: Tree,
        how: str,
        known: NDArray[np.int32] | None = None,
    ) -> bool:
        """Improve a tree, add it to the pool and offer it.

        Parameters
        ----------
        work, net
            The reduced graph and its picture.
        start : Tree
            The tree.
        how : str
            Where it comes from.
        known : int32[k], optional
            Edges of a tree like it that cannot be improved.

        Returns
        -------
        bool
            Whether the best answer changed.
        """
        if not np.isfinite(start.cost):
            return False
        tree = improve(net, start, self.rng, self.incumbent.go_on, known=known)
        edges = original_edges(work, net, tree.edges, tree.nodes)
        self.pool.add(edges, tree.cost + float(work.constant[0]))
        return self.incumbent.offer(work, net, tree, how)
