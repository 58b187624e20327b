"""A large plan begins in its regions: their trees, solved side by side, make its first tree.

Each region is a problem of its own (`qamtu.optimise.steiner.partition`), small enough to be
solved well in little time, anywhere. What their trees use, together with a quick tree of the
whole, is a thin graph; its best tree is where the search on the whole graph begins. The sum
of the regions' bounds is a bound of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from qamtu.optimise.steiner import SteinerProblem, solve
from qamtu.optimise.steiner.partition import Part, join_bounds, restrict, split

__all__ = ["Begun", "Limits", "begin_in_parts", "label_nodes"]

Ints = NDArray[np.int64]
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Limits:
    """When a tree is good enough: seconds, proven gap, rounds; and its seed."""

    time_limit_s: float
    gap_limit: float
    max_rounds: int | None
    seed: int


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the search on the whole begins: edges of a tree, and a bound."""

    edges: Ints
    bound: float


def label_nodes(
    node_lat_deg: NDArray[np.float64],
    node_lon_deg: NDArray[np.float64],
    settlement_node: Ints,
    settlement_label: Ints,
) -> Ints:
    """Give every node the label of the nearest settlement. O(n log n).

    Parameters
    ----------
    node_lat_deg, node_lon_deg
        Places of the nodes [deg], shape (n,).
    settlement_node, settlement_label
        Node (−1 for none) and label of each settlement, shape (s,).
    """
    known = settlement_node >= 0
    squeeze = np.cos(np.radians(node_lat_deg.mean())) if len(node_lat_deg) else 1.0
    points = np.column_stack((node_lat_deg, node_lon_deg * squeeze))
    nearest = cKDTree(points[settlement_node[known]]).query(points)[1]
    return np.asarray(settlement_label[known][nearest], dtype=np.int64)


def begin_in_parts(
    problem: SteinerProblem, label: Ints, limits: Limits, mapper: Mapper
) -> Begun | None:
    """Solve every part and join what they found; None where there is only one part.

    Parameters
    ----------
    problem
        The whole, with roots.
    label
        Part of each of its nodes, int[n].
    limits
        Limits of each part.
    mapper
        Where the parts are solved.
    """
    parts = split(problem, label)
    if len(parts) < 2:
        return None
    answers = list(mapper(partial(_solve_part, limits), parts))
    bound = join_bounds(problem, [bound for _, bound in answers])
    quick = solve(
        problem, time_limit_s=limits.time_limit_s, max_rounds=0, seed=limits.seed
    ).edges.astype(np.int64)
    used = [part.edges[edges] for part, (edges, _) in zip(parts, answers, strict=True)]
    thin = np.unique(np.concatenate([quick, *used]))
    joined = solve(
        restrict(problem, thin),
        time_limit_s=2.0 * limits.time_limit_s,
        max_rounds=limits.max_rounds,
        seed=limits.seed,
    )
    return Begun(thin[joined.edges], bound)


def _solve_part(limits: Limits, part: Part) -> tuple[Ints, float]:
    solution = solve(
        part.problem,
        time_limit_s=limits.time_limit_s,
        gap_limit=limits.gap_limit,
        max_rounds=limits.max_rounds,
        seed=limits.seed,
    )
    return solution.edges.astype(np.int64), solution.bound
