"""The engine: first tree, bound, reductions, search, until the gap, the time or the rounds end it.

Memory is linear in the graph. See the modules for what each part costs.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.optimise.steiner.answer import Progress, Status, SteinerSolution
from qamtu.optimise.steiner.construct import grow_tree
from qamtu.optimise.steiner.engine import Engine
from qamtu.optimise.steiner.improve import span
from qamtu.optimise.steiner.incumbent import Incumbent
from qamtu.optimise.steiner.normalise import normalise
from qamtu.optimise.steiner.problem import SteinerProblem

__all__ = ["solve", "warm"]

_CUBE = 6
_WARM_ROUNDS = 20


def _first_tree(incumbent: Incumbent) -> None:
    """Find a first answer on the graph as given."""
    net = incumbent.base
    seed = net.root if net.root >= 0 else int(np.argmax(net.prize))
    tree = span(net, grow_tree(net, net.cost, net.prize, np.array([seed], np.int32)))
    incumbent.offer_base(tree, "paths")
    incumbent.report("first tree")


def _given_tree(incumbent: Incumbent, start: NDArray[np.int64]) -> None:
    """Take up a tree that is known from before, mended if need be."""
    net = incumbent.base
    place = np.full(incumbent.problem.n_edges, -1, np.int64)
    place[incumbent.normal_edge] = np.arange(net.cost.size)
    known = place[start]
    known = known[known >= 0]
    weight = net.cost.copy()
    weight[known] *= 1e-3
    prize = net.prize.copy()
    touched = np.concatenate([net.tail[known], net.head[known]])
    prize[touched] = np.where(prize[touched] > 0, np.inf, 0.0)
    seed = net.root if net.root >= 0 else int(net.tail[known[0]]) if known.size else 0
    tree = span(net, grow_tree(net, weight, prize, np.array([seed], np.int32)))
    incumbent.offer_base(tree, "given tree")
    incumbent.report("given tree")


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
    engine: Engine | None = None
    size = incumbent.base.prize.size, incumbent.base.cost.size
    status: Status
    try:
        if start is not None:
            _given_tree(incumbent, np.asarray(start, dtype=np.int64))
        if not np.isfinite(incumbent.cost):
            _first_tree(incumbent)
        if incumbent.go_on():
            engine = Engine(normal.work(), incumbent, np.random.default_rng(seed))
            engine.run(max_rounds)
        status = incumbent.stop() or "rounds"
    except KeyboardInterrupt:
        status = "interrupted"
        if not np.isfinite(incumbent.cost):
            _first_tree(incumbent)
    stats = {
        "nodes": float(size[0]),
        "edges": float(size[1]),
        "nodes_reduced": float(engine.net.prize.size if engine else size[0]),
        "edges_reduced": float(engine.net.cost.size if engine else size[1]),
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
    """Compile everything on small hypercubes, whose gap does not close; cached on disk."""
    node = np.arange(2**_CUBE)
    tail = np.concatenate([node[node >> k & 1 == 0] for k in range(_CUBE)])
    head = np.concatenate([node[node >> k & 1 == 0] + 2**k for k in range(_CUBE)])
    even = np.array([v.bit_count() % 2 == 0 for v in node.tolist()])
    cost = np.ones(tail.size)
    for high in (np.inf, 2.0):
        problem = SteinerProblem(node.size, tail, head, cost, np.where(even, high, 0.0))
        solve(problem, max_rounds=_WARM_ROUNDS)
