"""The covering problem and its answer: which candidates are built so that demand is covered."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qamtu.core.findings import Findings

__all__ = ["CoverAnswer", "CoverProblem"]


@dataclass(frozen=True, slots=True, eq=False)
class CoverProblem:
    """Candidates, the demands that each of them covers, and one of three goals.

    A demand is covered when at least ``fold`` chosen candidates contain it. Exactly one goal is
    given: ``share`` asks for the least cost that covers this share of the weight, ``count`` for
    the most weight with that many new candidates, ``budget`` for the most weight within that cost.

    Parameters
    ----------
    offset : int64[c + 1]
        Candidate ``j`` covers the demands ``demand[offset[j]:offset[j + 1]]``.
    demand : int32[nnz]
        Numbers of the demands, each at most once a candidate.
    weight : float64[d]
        What covering a demand is worth [1] (area, people or length), not negative. The number of
        demands is the size of this array.
    cost : float64[c]
        Cost of each candidate [currency], not negative.
    share : float, optional
        Goal: share of the total weight to be covered at least [1], 0 to 1.
    count : int, optional
        Goal: number of candidates that may be chosen beside the fixed ones.
    budget : float, optional
        Goal: cost that may be spent beside the fixed ones [currency].
    fixed : int64[f], optional
        Candidates that stand already: always chosen, free of cost and not counted.
    group : int64[c], optional
        Candidates with the same number of at least 0 exclude each other; -1 for none.
    fold : int
        Number of chosen candidates that a demand needs, at least 1.
    must : bool[d], optional
        Demands that have to be covered whatever the goal.
    """

    offset: NDArray[np.int64]
    demand: NDArray[np.int32]
    weight: NDArray[np.float64]
    cost: NDArray[np.float64]
    share: float | None = None
    count: int | None = None
    budget: float | None = None
    fixed: NDArray[np.int64] | None = None
    group: NDArray[np.int64] | None = None
    fold: int = 1
    must: NDArray[np.bool_] | None = None

    @property
    def n_candidates(self) -> int:
        """Number of candidates ``c``."""
        return int(np.size(self.cost))

    @property
    def n_demands(self) -> int:
        """Number of demands ``d``."""
        return int(np.size(self.weight))


@dataclass(frozen=True, slots=True, eq=False)
class CoverAnswer:
    """Chosen candidates with a proven bound.

    Attributes
    ----------
    chosen : int64[n]
        The chosen candidates in rising order, the fixed ones among them.
    covered : float
        Weight covered [1].
    share : float
        Share of the total weight covered [1]; 1 where there is no weight.
    cost : float
        Cost of the chosen candidates that are not fixed [currency].
    bound : float
        Share goal: proven lower bound on the cost of every answer [currency]. Count and budget
        goals: proven upper bound on the weight that any answer covers [1].
    gap : float
        Share goal: ``(cost - bound) / cost``; else ``(bound - covered) / bound`` [1]; 0 where
        the divisor is 0.
    proven : bool
        Whether the answer is proven to be optimal.
    method : str
        How answer and bound were found.
    seconds : float
        Wall time of the search [s].
    findings : Findings
        What the planner should know.
    """

    chosen: NDArray[np.int64]
    covered: float
    share: float
    cost: float
    bound: float
    gap: float
    proven: bool
    method: str
    seconds: float
    findings: Findings = field(default_factory=Findings)
