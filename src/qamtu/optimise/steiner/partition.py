"""Rooted problems in parts: each part a problem of its own, their bounds a bound of the whole.

Orient a solution away from the roots and bill every arc to the part of its head. A part then
holds a feasible solution of its own problem, in which everything outside it is drawn together
into the root and the edges across its border keep their full cost. So the sum of the parts'
optima, hence of their lower bounds, is at most the optimum of the whole, and the parts may be
solved anywhere, side by side. What is lost is only that a part takes the far end of a border
edge as reached. Splitting is O(n + m) for all parts together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qamtu.core.errors import InputError
from qamtu.optimise.steiner.problem import SteinerProblem

__all__ = ["Part", "join_bounds", "restrict", "split"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a problem.

    Parameters
    ----------
    problem
        The part; its node 0 stands for everything outside and for the roots.
    edges
        Edge of the whole problem behind each edge of the part, int64[k].
    """

    problem: SteinerProblem
    edges: NDArray[np.int64]


def split(problem: SteinerProblem, label: NDArray[np.int64]) -> tuple[Part, ...]:
    """Split a rooted problem by a label of its nodes.

    Parameters
    ----------
    problem
        A problem with roots.
    label
        Part of each node, 0 to k − 1, int[n]; the label of a root has no effect.

    Returns
    -------
    tuple of Part
        The parts in the order of their labels, without those that have nothing to win.

    Raises
    ------
    InputError
        If the problem has no roots, or there is not one label a node.
    """
    if len(problem.roots) == 0 or len(label) != problem.n_nodes:
        msg = "only a problem with roots and one label a node can be split"
        raise InputError(msg)
    part = np.asarray(label, dtype=np.int64).copy()
    part[problem.roots] = -1
    tail, head = part[problem.tail], part[problem.head]
    # an edge belongs to the part of each of its ends; one inside a part to that part once
    inner = np.concatenate((np.arange(len(tail)), np.flatnonzero(tail != head)))
    owner = np.concatenate((tail, head[tail != head]))
    used = owner >= 0
    order = np.argsort(owner[used], kind="stable")
    edge, owner = inner[used][order], owner[used][order]
    starts = np.searchsorted(owner, np.arange(part.max(initial=-1) + 2))
    nodes = np.argsort(part, kind="stable")
    bounds = np.searchsorted(part[nodes], np.arange(part.max(initial=-1) + 2))
    made = []
    number = np.zeros(problem.n_nodes, dtype=np.int32)
    for k in range(part.max(initial=-1) + 1):
        mine = nodes[bounds[k] : bounds[k + 1]]
        if not (problem.prize[mine] > 0).any():
            continue
        number[mine] = np.arange(1, len(mine) + 1, dtype=np.int32)
        made.append(_part(problem, k, mine, number, part, edge[starts[k] : starts[k + 1]]))
        number[mine] = 0
    return tuple(made)


def _part(
    problem: SteinerProblem,
    k: int,
    mine: NDArray[np.int64],
    number: NDArray[np.int32],
    part: NDArray[np.int64],
    edges: NDArray[np.int64],
) -> Part:
    """Give one part as a problem with nodes of its own, without edges that cannot serve it.

    A leaf outside cannot be passed through, so an edge to it serves its own part alone.
    """
    leaf = problem.leaf if problem.leaf is not None else np.zeros(problem.n_nodes, dtype=bool)
    outside = np.where(part[problem.tail[edges]] == k, problem.head[edges], problem.tail[edges])
    kept = edges[(part[outside] == k) | ~leaf[outside]]
    return Part(
        SteinerProblem(
            n_nodes=len(mine) + 1,
            tail=number[problem.tail[kept]],
            head=number[problem.head[kept]],
            cost=problem.cost[kept],
            prize=np.concatenate(([0.0], problem.prize[mine])),
            roots=np.zeros(1, dtype=np.int32),
            leaf=np.concatenate(([False], leaf[mine])),
            name=f"{problem.name} part {k}",
        ),
        kept,
    )


def join_bounds(problem: SteinerProblem, bounds: list[float]) -> float:
    """Add the bounds of all parts to a bound of the whole."""
    return problem.offset + float(np.sum(bounds))


def restrict(problem: SteinerProblem, edges: NDArray[np.int64]) -> SteinerProblem:
    """Give the problem with a part of its edges only, in the order given; nodes stay."""
    return replace(
        problem,
        tail=problem.tail[edges],
        head=problem.head[edges],
        cost=problem.cost[edges],
    )
