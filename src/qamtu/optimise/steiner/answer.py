"""What the engine hands back: the answer, its bound, how it was found, and reports on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Event", "Progress", "Status", "SteinerSolution"]

Status = Literal["optimal", "gap", "time", "rounds", "interrupted"]


class Event(NamedTuple):
    """One improvement of the answer or of the bound.

    Attributes
    ----------
    seconds : float
        Time since the start [s].
    cost, bound : float
        Cost of the best answer and proven bound, in the problem's unit.
    how : str
        Which part of the engine it came from.
    """

    seconds: float
    cost: float
    bound: float
    how: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the engine stands.

    Parameters
    ----------
    stage : str
        What it is doing.
    seconds : float
        Time since the start [s].
    cost, bound : float
        Cost of the best answer (inf before the first) and proven bound, in the problem's unit.
    gap : float
        ``(cost - bound) / cost``.
    round : int
        Search rounds so far.
    """

    stage: str
    seconds: float
    cost: float
    bound: float
    gap: float
    round: int


@dataclass(frozen=True, slots=True, eq=False)
class SteinerSolution:
    """A tree, its cost and the proof of how far it is from the best.

    Parameters
    ----------
    edges : int32[k]
        Edges of the problem, ascending.
    nodes : int32[j]
        Nodes of the tree, roots included, ascending.
    cost : float
        Edges plus prizes left out plus offset, in the problem's unit.
    bound : float
        No answer costs less than this.
    gap : float
        ``(cost - bound) / cost``; 0 when both are 0.
    seconds : float
        Time taken [s].
    status : str
        Why the engine stopped: ``optimal``, ``gap``, ``time``, ``rounds`` or ``interrupted``.
    history : tuple of Event
        Every improvement.
    seed : int
        The seed.
    stats : dict
        Counts: nodes and edges before and after reduction, rounds.
    """

    edges: NDArray[np.int32]
    nodes: NDArray[np.int32]
    cost: float
    bound: float
    gap: float
    seconds: float
    status: Status
    history: tuple[Event, ...]
    seed: int
    stats: dict[str, float] = field(default_factory=dict)
