"""The best answer and the best bound so far, kept in terms of the problem as given."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from qamtu.optimise.steiner.answer import Event, Progress, Status
from qamtu.optimise.steiner.construct import Tree
from qamtu.optimise.steiner.improve import span
from qamtu.optimise.steiner.net import Net, original_edges
from qamtu.optimise.steiner.normalise import Normal
from qamtu.optimise.steiner.problem import SteinerProblem
from qamtu.optimise.steiner.work import Work

__all__ = ["Incumbent", "Record"]

_GUARD = 1e-9
_ROUNDING = 1e-14
_WHOLE = 2.0**52


class Record:
    """Best tree and bound of a graph in normal form.

    Parameters
    ----------
    base : Net
        The graph, not yet reduced.
    constant : float
        Cost that every answer has on top.
    whole : bool
        Whether all costs and prizes are whole numbers.
    go_on : callable
        Says whether there is time left.
    """

    def __init__(self, base: Net, constant: float, whole: bool, go_on: Callable[[], bool]) -> None:
        self.base = base
        self.base_constant = constant
        self.whole = whole
        self.scale = abs(self.base_constant)
        self.tree = Tree(np.empty(0, np.int32), np.empty(0, np.int32), math.inf)
        self.cost = math.inf
        self.bound = -math.inf
        self.round = 0
        self._go_on = go_on

    @property
    def target(self) -> float:
        """Cost that a better answer must not reach: answers in between cannot exist or matter."""
        if self.whole:
            return self.cost - 1 + 1e-6
        return self.cost - 1e-10 * abs(self.cost)

    @property
    def optimal(self) -> bool:
        """Whether the bound leaves no better answer."""
        return self.bound >= self.cost - (0.0 if self.whole else 2 * self._guard())

    def _guard(self) -> float:
        return _GUARD * abs(self.cost) + _ROUNDING * self.scale

    def go_on(self) -> bool:
        """Whether there is time left and something to gain."""
        return not self.optimal and self._go_on()

    def report(self, stage: str) -> None:
        """Tell the caller where the engine stands; here there is none."""

    def note(self, how: str) -> None:
        """Keep a record of an improvement; here none is kept."""

    def true_cost(self, tree: Tree) -> float:
        """Cost of a tree of the graph before reduction."""
        return tree.cost + self.base_constant

    def offer(self, work: Work, net: Net, tree: Tree, how: str) -> bool:
        """Take a tree of the reduced graph if it is better; gives whether it was."""
        if not tree.cost + float(work.constant[0]) < self.cost:
            return False
        edges = original_edges(work, net, tree.edges, tree.nodes)
        inside = np.zeros(self.base.prize.size, np.bool_)
        inside[self.base.tail[edges]] = True
        inside[self.base.head[edges]] = True
        if self.base.root >= 0:
            inside[self.base.root] = True
        if not inside.any():
            inside[np.searchsorted(self.base.node_id, net.node_id[tree.nodes])] = True
        return self.offer_base(span(self.base, inside), how)

    def offer_base(self, tree: Tree, how: str) -> bool:
        """Take a tree of the graph before reduction if it is better; gives whether it was."""
        if not math.isfinite(tree.cost):
            return False
        cost = self.true_cost(tree)
        if not cost < self.cost:
            return False
        self.cost = cost
        self.tree = tree
        self.note(how)
        return True

    def offer_bound(self, bound: float, raised: float, how: str) -> bool:
        """Take a bound for answers better than the best known if it is higher.

        Parameters
        ----------
        bound : float
            The bound with all constants.
        raised : float
            Sum of absolute values it was computed from, for the guard against rounding.
        how : str
            Where it comes from.

        Returns
        -------
        bool
            Whether it was higher.
        """
        self.scale = max(self.scale, abs(raised))
        if self.whole:
            bound = math.ceil(bound - 1e-6 - _ROUNDING * self.scale)
        else:
            bound -= self._guard() if math.isfinite(self.cost) else _GUARD * abs(bound)
        bound = min(bound, self.cost)
        if not bound > self.bound:
            return False
        self.bound = float(bound)
        self.note(how)
        return True


class Incumbent(Record):
    """The record of the problem as given, with the clock, the history and the rules for stopping.

    Parameters
    ----------
    problem : SteinerProblem
        The problem.
    normal : Normal
        Its normal form, not yet reduced.
    time_limit_s : float
        Seconds until `stop` says so.
    gap_limit : float
        Gap at which `stop` says so.
    progress : callable, optional
        Called with a `Progress`; returning False stops.
    clock : callable
        Gives the time [s].
    begun : float
        The time at the start [s].
    """

    def __init__(
        self,
        problem: SteinerProblem,
        normal: Normal,
        time_limit_s: float,
        gap_limit: float,
        progress: Callable[[Progress], object] | None,
        clock: Callable[[], float],
        begun: float,
    ) -> None:
        whole = _is_whole(problem)
        super().__init__(normal.net(), normal.constant, whole, lambda: self.stop() is None)
        self.problem = problem
        self.normal_edge = normal.edge
        self.clock = clock
        self.begun = begun
        self.time_limit_s = time_limit_s
        self.gap_limit = gap_limit
        self.progress = progress
        self.history: list[Event] = []
        self.refused = False

    @property
    def edges(self) -> NDArray[np.int32]:
        """Edges of the best tree in the problem, ascending."""
        return np.sort(self.normal_edge[self.tree.edges])

    @property
    def nodes(self) -> NDArray[np.int32]:
        """Nodes of the best tree in the problem, ascending."""
        return np.flatnonzero(self._inside(self.tree)).astype(np.int32)

    @property
    def seconds(self) -> float:
        """Time since the start [s]."""
        return self.clock() - self.begun

    @property
    def gap(self) -> float:
        """Relative distance of the answer's cost from the bound."""
        if self.cost == self.bound:
            return 0.0
        if not math.isfinite(self.cost) or self.cost == 0:
            return math.inf
        return (self.cost - self.bound) / self.cost

    def stop(self) -> Status | None:
        """Why to stop now; None to go on."""
        if self.optimal:
            return "optimal"
        if self.gap <= self.gap_limit:
            return "gap"
        if self.refused:
            return "interrupted"
        return "time" if self.seconds >= self.time_limit_s else None

    def report(self, stage: str) -> None:
        """Tell the caller where the engine stands."""
        if self.progress is not None:
            at = Progress(stage, self.seconds, self.cost, self.bound, self.gap, self.round)
            if self.progress(at) is False:
                self.refused = True

    def note(self, how: str) -> None:
        """Add an improvement to the history."""
        self.history.append(Event(self.seconds, self.cost, self.bound, how))

    def _inside(self, tree: Tree) -> NDArray[np.bool_]:
        inside = np.zeros(self.problem.n_nodes, np.bool_)
        inside[self.base.node_id[tree.nodes]] = True
        inside[self.problem.roots] = True
        return inside

    def true_cost(self, tree: Tree) -> float:
        """Cost of a tree in the problem as given, summed exactly."""
        chosen = self.normal_edge[tree.edges]
        outside = ~self._inside(tree)
        return math.fsum(
            [
                self.problem.offset,
                *self.problem.cost[chosen].tolist(),
                *self.problem.prize[outside].tolist(),
            ]
        )


def _is_whole(problem: SteinerProblem) -> bool:
    finite = problem.prize[np.isfinite(problem.prize)]
    return bool(
        np.all(problem.cost == np.rint(problem.cost))
        and np.all(finite == np.rint(finite))
        and float(problem.offset).is_integer()
        and float(problem.cost.sum() + finite.sum()) < _WHOLE
    )
