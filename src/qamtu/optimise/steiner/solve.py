"""The engine: first tree, bound, reductions, search, until the gap, the time or the rounds end it.

Memory is linear in the graph. See the modules for what each part costs.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.optimise.steiner.answer import Progress, Status, SteinerSolution
from qamtu.optimise.steiner.construct import Tree, grow_tree
from qamtu.optimise.steiner.dual_ascent import Ascent, ascend, ascent_bound, start_ascent
from qamtu.optimise.steiner.improve import improve, span
from qamtu.optimise.steiner.incumbent import Incumbent
from qamtu.optimise.steiner.net import Net, net_from_work
from qamtu.optimise.steiner.normalise import normalise
from qamtu.optimise.steiner.problem import SteinerProblem
from qamtu.optimise.steiner.reduce_bound import reduce_bound
from qamtu.optimise.steiner.reduce_degree import reduce_degree
from qamtu.optimise.steiner.reduce_special import reduce_special
from qamtu.optimise.steiner.reduce_walk import reduce_walk
from qamtu.optimise.steiner.search import Search
from qamtu.optimise.steiner.work import Work

__all__ = ["solve", "warm"]

_SLACK = 1.25
_WALK = 60
_EFFORT = 20_000_000


class _Engine:
    """One run: the shrinking graph, its picture, the incumbent and the search."""

    def __init__(self, work: Work, incumbent: Incumbent, seed: int) -> None:
        self.work = work
        self.incumbent = incumbent
        self.rng = np.random.default_rng(seed)
        self.net: Net = incumbent.base
        self.search = Search(incumbent, self.rng)

    def first_tree(self) -> None:
        """Find a first answer on the graph as given."""
        net = self.incumbent.base
        seed = net.root if net.root >= 0 else int(np.argmax(net.prize))
        tree = span(net, grow_tree(net, net.cost, net.prize, np.array([seed], np.int32)))
        self.incumbent.offer_base(tree, "paths")
        self.incumbent.report("first tree")

    def from_start(self, start: NDArray[np.int32]) -> None:
        """Take up a tree that is known from before."""
        net = self.incumbent.base
        place = np.full(self.incumbent.problem.n_edges, -1, np.int64)
        place[self.incumbent.normal_edge] = np.arange(net.cost.size)
        known = place[start]
        known = known[known >= 0]
        weight = net.cost.copy()
        weight[known] *= 1e-3
        seed = net.root if net.root >= 0 else int(net.tail[known[0]]) if known.size else 0
        tree = span(net, grow_tree(net, weight, net.prize, np.array([seed], np.int32)))
        self.incumbent.offer_base(tree, "given tree")
        self.incumbent.report("given tree")

    def ascent(self, root: int) -> Ascent | None:
        """Run a dual ascent and offer its bound; None if stopped on the way."""
        asc = start_ascent(self.net, root)
        while not ascend(self.net, asc, _SLACK, _EFFORT):
            if not self.incumbent.go_on():
                break
        constant = float(self.work.constant[0])
        raised = float(asc.bound[0]) + abs(constant)
        self.incumbent.offer_bound(constant + ascent_bound(asc), raised, "dual ascent")
        return asc if asc.number[0] == 0 else None

    def guided(self, asc: Ascent) -> Tree:
        """Grow a tree in the graph of arcs without reduced cost."""
        net = self.net
        free = np.zeros(net.cost.size, np.bool_)
        free[net.arc_edge[asc.reduced <= 0]] = True
        weight = np.where(free, net.cost, np.inf)
        seed = net.root if net.root >= 0 else int(np.argmax(net.prize - asc.budget))
        return span(net, grow_tree(net, weight, net.prize, np.array([seed], np.int32)))

    def refresh(self) -> None:
        """Reduce by degree and by detours, and take a new picture."""
        reduce_degree(self.work)
        while self.incumbent.go_on():
            size = max(int(self.work.alive.sum()), 1)
            hits = reduce_walk(self.work, _WALK) + reduce_special(self.work, stars=True)
            reduce_degree(self.work)
            if hits < 0.02 * size:
                break
        self.net = net_from_work(self.work)

    def shrink(self, rounds: int) -> None:
        """Alternate ascents, guided trees and reductions by bound while they bite."""
        for turn in range(rounds):
            if not self.incumbent.go_on() or not self.net.cost.size:
                break
            before = self.net.cost.size
            asc = self.ascent(self._root(turn))
            if asc is None:
                break
            tree = self.guided(asc)
            self.incumbent.offer(self.work, self.net, tree, "guided paths")
            bound = float(self.work.constant[0]) + ascent_bound(asc)
            reduce_bound(self.work, self.net, asc, self.incumbent.target - bound)
            self.refresh()
            self.incumbent.report("reduction")
            if self.net.cost.size > 0.95 * before:
                break
        if not self.net.cost.size:
            self.close()

    def close(self) -> None:
        """Settle a graph without edges: its single nodes are all that is left."""
        net = self.net
        best = float(net.prize.max()) if net.root < 0 and net.prize.size else 0.0
        left = float(net.prize[np.isfinite(net.prize)].sum())
        value = float(self.work.constant[0]) + left - (best if np.isfinite(best) else 0.0)
        if net.prize.size:
            self.incumbent.offer(self.work, net, span(net, np.ones(net.prize.size, bool)), "end")
        self.incumbent.offer_bound(value, value, "reductions")

    def _root(self, turn: int) -> int:
        if self.net.root < 0:
            return -1
        must = np.flatnonzero(np.isinf(self.net.prize))
        return int(self.net.root) if turn == 0 else int(self.rng.choice(must))

    def run(self, max_rounds: int | None) -> Status:
        """Search until something says stop."""
        self.refresh()
        self.shrink(4)
        if self.net.cost.size and self.incumbent.go_on():
            tree = span(self.net, grow_tree(self.net, self.net.cost, self.net.prize, self._any()))
            if self.search.take(self.work, self.net, tree, "local search"):
                self.shrink(4)
        while True:
            why = self.incumbent.stop()
            if why is not None:
                return why  # type: ignore[return-value]
            if max_rounds is not None and self.incumbent.round >= max_rounds:
                return "rounds"
            if not self.net.cost.size:
                self.close()
                return "optimal" if self.incumbent.optimal else "rounds"
            self.incumbent.round += 1
            if self.search.one_round(self.work, self.net):
                self.shrink(4)
            self.incumbent.report("search")

    def _any(self) -> NDArray[np.int32]:
        net = self.net
        return np.array([net.root if net.root >= 0 else int(np.argmax(net.prize))], np.int32)


def solve(
    problem: SteinerProblem,
    *,
    time_limit_s: float = 60.0,
    gap_limit: float = 0.0,
    max_rounds: int | None = None,
    seed: int = 0,
    start: ArrayLike | None = None,
    progress: Callable[[Progress], object] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> SteinerSolution:
    """Find a tree of least cost, with a proven bound on how far it is from the best.

    Parameters
    ----------
    problem : SteinerProblem
        The problem.
    time_limit_s : float
        Stop after this time [s]; a first answer is found in any case.
    gap_limit : float
        Stop at this gap, ``(cost - bound) / cost``.
    max_rounds : int, optional
        Stop after so many rounds of search. With the same seed and rounds, and no time limit in
        the way, the answer is the same, bit for bit.
    seed : int
        Seed of all chance.
    start : int[k], optional
        Edges of a known tree, perhaps of a slightly different problem, to begin with.
    progress : callable, optional
        Receives `Progress` reports; returning False stops the run.
    clock : callable
        Gives the time [s].

    Returns
    -------
    SteinerSolution
        Best answer found and bound. After Ctrl-C, those so far, with status ``interrupted``.

    Raises
    ------
    Infeasible
        If a node that must be reached cannot be.
    """
    begun = clock()
    problem.check_reachable()
    normal = normalise(problem)
    incumbent = Incumbent(problem, normal, time_limit_s, gap_limit, progress, clock, begun)
    engine = _Engine(normal.work, incumbent, seed)
    size = incumbent.base.prize.size, incumbent.base.cost.size
    status: Status
    try:
        if start is not None:
            engine.from_start(np.asarray(start, dtype=np.int64).astype(np.int32))
        else:
            engine.first_tree()
        status = engine.run(max_rounds)
    except KeyboardInterrupt:
        status = "interrupted"
        if not np.isfinite(incumbent.cost):
            engine.first_tree()
    stats = {
        "nodes": float(size[0]),
        "edges": float(size[1]),
        "nodes_reduced": float(engine.net.prize.size),
        "edges_reduced": float(engine.net.cost.size),
        "rounds": float(incumbent.round),
    }
    return SteinerSolution(
        incumbent.edges,
        incumbent.nodes,
        incumbent.cost,
        incumbent.bound,
        incumbent.gap,
        incumbent.seconds,
        status,
        tuple(incumbent.history),
        seed,
        stats,
    )


def warm() -> None:
    """Compile everything on a tiny problem; the result is cached on disk."""
    tail = np.array([0, 1, 2, 3, 0, 1, 4, 4, 5, 2], np.int32)
    head = np.array([1, 2, 3, 0, 2, 3, 0, 5, 1, 5], np.int32)
    cost = np.array([3.0, 2.0, 4.0, 1.5, 2.5, 3.5, 1.0, 2.0, 2.0, 1.0])
    for prize in ([np.inf, 0, np.inf, 0, 5, np.inf], [4.0, 3.0, 5.0, 2.0, 6.0, 4.0]):
        problem = SteinerProblem(6, tail, head, cost, np.array(prize))
        solve(problem, max_rounds=2)
