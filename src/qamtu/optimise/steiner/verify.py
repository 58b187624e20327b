"""Independent check of an answer: is it a tree, does it reach what it must, what does it cost."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.kernels.graphs import connected_components
from qamtu.optimise.steiner.problem import SteinerProblem

__all__ = ["verify"]


def verify(problem: SteinerProblem, edges: ArrayLike, node: int | None = None) -> float:
    """Check that the edges form an answer and compute its cost anew.

    Parameters
    ----------
    problem : SteinerProblem
        The problem.
    edges : int[k]
        Indices of the chosen edges.
    node : int, optional
        The single node of an answer without edges, for an unrooted problem. If left out, the node
        with the highest prize.

    Returns
    -------
    float
        Cost of the edges, plus the prizes of the nodes left out, plus the offset, summed exactly.

    Raises
    ------
    InputError
        With every rule that the answer breaks.
    """
    chosen = np.asarray(edges, dtype=np.int64)
    found: list[Finding] = []

    def bad(rule: str, what: str) -> None:
        mend = "give the edges of one tree"
        found.append(Finding(rule, Severity.ERROR, what, mend, file=problem.name or None))

    if chosen.size and (chosen.min() < 0 or chosen.max() >= problem.n_edges):
        bad("answer-edge", "an edge number is out of range")
    elif np.unique(chosen).size != chosen.size:
        bad("answer-edge", "an edge is used twice")
    if found:
        raise InputError("The answer is not a Steiner tree.", found)
    tail, head = problem.tail[chosen], problem.head[chosen]
    inside = np.zeros(problem.n_nodes, np.bool_)
    inside[tail] = True
    inside[head] = True
    inside[problem.roots] = True
    if not inside.any():
        inside[int(np.argmax(problem.prize)) if node is None else node] = True
    spare = np.full(max(problem.roots.size - 1, 0), problem.roots[:1].sum(), np.int32)
    whole_tail = np.concatenate([tail, spare])
    whole_head = np.concatenate([head, problem.roots[1:]])
    count, _ = connected_components(problem.n_nodes, whole_tail, whole_head)
    parts = count - int((~inside).sum())
    if parts != 1:
        bad("answer-parts", f"the answer falls into {parts} parts")
    distinct_roots = np.unique(problem.roots).size
    if chosen.size + max(distinct_roots - 1, 0) != int(inside.sum()) - parts:
        bad("answer-circle", "the answer holds a circle")
    if problem.leaf is not None:
        degree = np.bincount(np.concatenate([tail, head]), minlength=problem.n_nodes)
        through = np.flatnonzero(problem.leaf & (degree > 1))
        if through.size:
            bad("answer-leaf", f"leaf node {through[0]} is passed through")
    missing = np.flatnonzero(np.isinf(problem.prize) & ~inside)
    if missing.size:
        bad("answer-reach", f"node {missing[0]} must be reached and is not ({missing.size} such)")
    if found:
        raise InputError("The answer is not a Steiner tree.", found)
    return math.fsum(
        [problem.offset, *problem.cost[chosen].tolist(), *problem.prize[~inside].tolist()]
    )
