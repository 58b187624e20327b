"""A small pool of good, different trees, kept in terms of the graph before reduction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Elite", "Pool"]


@dataclass(frozen=True, slots=True, eq=False)
class Elite:
    """One tree of the pool.

    Parameters
    ----------
    edges : int32[k]
        Its edges in the graph before reduction.
    cost : float
        Its cost with all constants.
    """

    edges: NDArray[np.int32]
    cost: float


class Pool:
    """At most ``size`` trees; a new one replaces the most similar of those that cost no less.

    Parameters
    ----------
    size : int
        How many trees.
    n_edges : int
        Edges of the graph before reduction.
    """

    def __init__(self, size: int, n_edges: int) -> None:
        self.size = size
        self.n_edges = n_edges
        self.members: list[Elite] = []

    def __len__(self) -> int:
        """Count the trees."""
        return len(self.members)

    def add(self, edges: NDArray[np.int32], cost: float) -> bool:
        """Add a tree if it is new and good enough; gives whether it was."""
        mark = np.zeros(self.n_edges, np.bool_)
        mark[edges] = True
        unlike = [
            int(edges.size + m.edges.size - 2 * int(mark[m.edges].sum())) for m in self.members
        ]
        if any(distance == 0 for distance in unlike):
            return False
        if len(self.members) < self.size:
            self.members.append(Elite(edges, cost))
            return True
        worse = [i for i, m in enumerate(self.members) if m.cost >= cost]
        if not worse:
            return False
        self.members[min(worse, key=lambda i: (unlike[i], -self.members[i].cost))] = Elite(
            edges, cost
        )
        return True

    def pick(self, rng: np.random.Generator, count: int) -> list[Elite]:
        """Draw some different members."""
        chosen = rng.choice(len(self.members), size=min(count, len(self.members)), replace=False)
        return [self.members[int(i)] for i in chosen]
