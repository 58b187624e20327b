"""The solvers that are compared; each takes a problem and seconds and gives edges and a bound."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pcst_fast
import rustworkx
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree

from qamtu.optimise import steiner
from qamtu.optimise.steiner import SteinerProblem

__all__ = ["SOLVERS", "Outcome", "warm"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a solver gives: edges, the node of an answer without edges, bound, first tree [s]."""

    edges: NDArray[np.int32]
    node: int | None
    bound: float
    first_s: float


def _ours(problem: SteinerProblem, seconds: float) -> Outcome:
    answer = steiner.solve(problem, time_limit_s=seconds, clock=time.process_time)
    first = next((h.seconds for h in answer.history if math.isfinite(h.cost)), math.nan)
    node = None if answer.edges.size else int(answer.nodes[0])
    return Outcome(answer.edges, node, answer.bound, first)


def _first(problem: SteinerProblem, seconds: float) -> Outcome:
    """Stop after the first tree, for time and memory of the quickest answer."""
    answer = steiner.solve(
        problem, time_limit_s=seconds, clock=time.process_time, progress=lambda _: False
    )
    node = None if answer.edges.size else int(answer.nodes[0])
    return Outcome(answer.edges, node, answer.bound, answer.seconds)


def _terminals(problem: SteinerProblem) -> NDArray[np.int64]:
    wanted = problem.prize > 0
    wanted[problem.roots] = True
    return np.flatnonzero(wanted)


def _pruned(problem: SteinerProblem, edges: NDArray[np.int64]) -> NDArray[np.int32]:
    """Spanning tree of some edges without leaves that nobody asked for."""
    wanted = np.zeros(problem.n_nodes, bool)
    wanted[_terminals(problem)] = True
    order = edges[np.argsort(problem.cost[edges], kind="stable")]
    group = np.arange(problem.n_nodes)

    def find(v: int) -> int:
        while group[v] != v:
            group[v] = group[group[v]]
            v = int(group[v])
        return v

    kept: list[int] = []
    degree = np.zeros(problem.n_nodes, np.int64)
    for e in order.tolist():
        u, v = find(int(problem.tail[e])), find(int(problem.head[e]))
        if u != v:
            group[u] = v
            kept.append(e)
            degree[problem.tail[e]] += 1
            degree[problem.head[e]] += 1
    while True:
        tail, head = problem.tail[kept], problem.head[kept]
        loose = ((degree[tail] == 1) & ~wanted[tail]) | ((degree[head] == 1) & ~wanted[head])
        if not loose.any():
            return np.array(sorted(kept), np.int32)
        for e in np.array(kept)[loose].tolist():
            degree[problem.tail[e]] -= 1
            degree[problem.head[e]] -= 1
        kept = np.array(kept)[~loose].tolist()


def _mehlhorn(problem: SteinerProblem, seconds: float) -> Outcome:  # noqa: ARG001
    """K. Mehlhorn, Inf. Proc. Letters 27 (1988), with scipy; all prizes are collected."""
    begun = time.process_time()
    n = problem.n_nodes
    terminals = _terminals(problem)
    cost = np.maximum(problem.cost, 1e-12)
    order = np.lexsort((cost, problem.head, problem.tail))
    low = np.minimum(problem.tail, problem.head).astype(np.int64)
    high = np.maximum(problem.tail, problem.head).astype(np.int64)
    order = np.lexsort((cost, high, low))
    pair = low[order] * n + high[order]
    single = order[np.concatenate([[True], pair[1:] != pair[:-1]]) & (low[order] != high[order])]
    matrix = coo_array((cost[single], (low[single], high[single])), shape=(n, n)).tocsr()
    away, before, base = dijkstra(
        matrix, directed=False, indices=terminals, min_only=True, return_predecessors=True
    )
    u, v = low[single], high[single]
    a, b = base[u].astype(np.int64), base[v].astype(np.int64)
    bridge = (a != b) & (a >= 0) & (b >= 0)
    length = (away[u] + cost[single] + away[v])[bridge]
    one, two = np.minimum(a, b)[bridge], np.maximum(a, b)[bridge]
    rank = np.lexsort((length, two, one))
    pair = one[rank] * n + two[rank]
    rank = rank[np.concatenate([[True], pair[1:] != pair[:-1]])]
    closure = coo_array((length[rank], (one[rank], two[rank])), shape=(n, n)).tocsr()
    tree = minimum_spanning_tree(closure).tocoo()
    chosen = {(int(x), int(y)) for x, y in zip(tree.row, tree.col, strict=True)}
    number = {(int(x), int(y)): int(e) for x, y, e in zip(u, v, single, strict=True)}
    edges: set[int] = set()
    crossing = single[bridge]
    for i in rank.tolist():
        if (int(one[i]), int(two[i])) in chosen:
            e = int(crossing[i])
            edges.add(e)
            for x in (int(problem.tail[e]), int(problem.head[e])):
                y = x
                while before[y] >= 0:
                    z = int(before[y])
                    edges.add(number[min(y, z), max(y, z)])
                    y = z
    answer = _pruned(problem, np.array(sorted(edges), np.int64))
    return Outcome(answer, None, math.nan, time.process_time() - begun)


def _rustworkx(problem: SteinerProblem, seconds: float) -> Outcome:  # noqa: ARG001
    begun = time.process_time()
    graph = rustworkx.PyGraph()
    graph.add_nodes_from(range(problem.n_nodes))
    rows = zip(
        problem.tail.tolist(),
        problem.head.tolist(),
        zip(problem.cost.tolist(), range(problem.n_edges), strict=True),
        strict=True,
    )
    graph.add_edges_from(list(rows))
    tree = rustworkx.steiner_tree(graph, _terminals(problem).tolist(), lambda pair: pair[0])
    edges = np.array(sorted(e for _, _, (_, e) in tree.weighted_edge_list()), np.int32)
    return Outcome(edges, None, math.nan, time.process_time() - begun)


def _pcst(problem: SteinerProblem, seconds: float) -> Outcome:  # noqa: ARG001
    begun = time.process_time()
    finite = np.isfinite(problem.prize)
    big = float(problem.cost.sum() + problem.prize[finite].sum()) + 1.0
    prize = np.where(finite, problem.prize, big)
    root = int(problem.roots[0]) if problem.roots.size else -1
    ends = np.column_stack([problem.tail, problem.head]).astype(np.int64)
    nodes, edges = pcst_fast.pcst_fast(ends, prize, problem.cost, root, 1, "strong", 0)
    node = None if edges.size else int(nodes[0])
    return Outcome(np.sort(edges).astype(np.int32), node, math.nan, time.process_time() - begun)


SOLVERS: dict[str, Callable[[SteinerProblem, float], Outcome]] = {
    "ours": _ours,
    "first": _first,
    "mehlhorn": _mehlhorn,
    "rustworkx": _rustworkx,
    "pcst-fast2": _pcst,
}


def warm() -> None:
    """Compile what is compiled just in time; not part of any timing."""
    steiner.warm()
