"""A real plan and its routes against how the public planners choose, draw and bill.

All methods get the same graph, costs and set of settlements: those that the plan of the pack
puts on fibre. ``paths billed in full``: every settlement pays its whole shortest path to the
network of today. ``tree billed in full``: a minimum spanning tree over the settlements and
the network, every link of it a shortest path that is paid whole, shared or not. ``tree,
shared once``: the same tree with every trench paid once. ``ours``: the plan.

Whole plans: each settlement decides alone between fibre over its whole path, radio from the
network of today and satellite, and is billed so; the same choice with every trench paid once;
and the least-cost plan, which decides for all at once.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from qamtu.connectivity.villages import Results
from qamtu.connectivity.villages.formulation import Choice, hang
from qamtu.connectivity.villages.prepare import Prepared
from qamtu.kernels.graphs import graph_from_edges, minimum_spanning_forest, shortest_paths
from qamtu.optimise.steiner import SteinerProblem, solve

__all__ = ["compare_plans", "compare_routes"]


def compare_plans(results: Results) -> list[dict[str, object]]:
    """Hold the least-cost plan against settlements that decide alone; no targets for either."""
    prepared = results.prepared
    graph, leaves, other = prepared.graph, prepared.leaves, prepared.alternatives
    forest = shortest_paths(
        graph_from_edges(graph.n_nodes, graph.edge_tail, graph.edge_head),
        prepared.edge_npv,
        prepared.roots.astype(np.int32),
    )
    node = graph.settlement_node[prepared.customers]
    fibre = prepared.options["fibre"].npv + forest.distance[node]
    radio = np.full(len(node), np.inf)
    today = np.isin(leaves.node, prepared.roots) & (leaves.kind > 0)
    np.minimum.at(radio, leaves.customer[today], leaves.npv[today])
    by_fibre = fibre < np.minimum(radio, other.npv)
    alone = np.minimum(fibre, np.minimum(radio, other.npv))
    used = np.zeros(graph.n_edges, dtype=bool)
    for start in node[by_fibre]:
        at = int(start)
        while forest.edge[at] >= 0 and not used[forest.edge[at]]:
            used[forest.edge[at]] = True
            at = int(forest.previous[at])
    local = float(np.where(by_fibre, prepared.options["fibre"].npv, alone).sum())
    villages = int((by_fibre & prepared.is_village).sum())
    shared = local + float(prepared.edge_npv[used].sum())
    base = results.points[0].choice
    rows = [
        ("each decides alone, paths billed in full", villages, float(alone.sum())),
        ("the same, trenches billed once", villages, shared),
        ("ours, least cost", base.villages, base.npv),
        ("proven lower bound", base.villages, base.bound),
    ]
    return [
        {"method": n, "villages_fibre": v, "npv_bn": c / 1e9, "over_ours": c / base.npv - 1}
        for n, v, c in rows
    ]


def compare_routes(results: Results, seconds: float) -> list[dict[str, object]]:
    """Draw the routes to the plan's settlements in each way."""
    prepared, choice = results.prepared, results.choice
    wanted = _wanted(prepared, choice)
    rows = []
    for name, cost, spent in _methods(prepared, wanted, seconds):
        rows.append({"method": name, "route_npv_bn": cost / 1e9, "seconds": spent})
    best = min(float(row["route_npv_bn"]) for row in rows)  # type: ignore[arg-type]
    return [row | {"over_best": float(row["route_npv_bn"]) / best - 1} for row in rows]  # type: ignore[arg-type]


def _wanted(prepared: Prepared, choice: Choice) -> np.ndarray:
    """Give the nodes that the plan's fibre customers and fibre points stand on."""
    nodes = np.unique(prepared.leaves.node[choice.leaf[choice.leaf >= 0]])
    lit = np.zeros(prepared.graph.n_nodes, dtype=bool)
    lit[hang(prepared, choice.edges).order] = True
    return np.setdiff1d(nodes[lit[nodes]], prepared.roots)


def _methods(
    prepared: Prepared, wanted: np.ndarray, seconds: float
) -> Iterator[tuple[str, float, float]]:
    graph, cost = prepared.graph, prepared.edge_npv
    n = graph.n_nodes
    adjacency = graph_from_edges(n, graph.edge_tail, graph.edge_head)
    roots = prepared.roots.astype(np.int32)
    began = time.perf_counter()
    from_today = shortest_paths(adjacency, cost, roots)
    full = float(from_today.distance[wanted].sum())
    yield "paths billed in full", full, time.perf_counter() - began
    began = time.perf_counter()
    billed, shared = _closure_tree(prepared, wanted)
    spent = time.perf_counter() - began
    yield "spanning tree, every link billed in full", billed, spent
    yield "spanning tree, shared trenches billed once", shared, spent
    prize = np.zeros(n)
    prize[wanted] = np.inf
    problem = SteinerProblem(n, graph.edge_tail, graph.edge_head, cost, prize, roots)
    began = time.perf_counter()
    tree = solve(problem, time_limit_s=seconds)
    spent = time.perf_counter() - began
    yield "ours, the same settlements", tree.cost, spent
    yield "proven lower bound", tree.bound, spent


def _closure_tree(prepared: Prepared, wanted: np.ndarray) -> tuple[float, float]:
    """Draw a minimum spanning tree over shortest paths between near pairs (Mehlhorn 1988).

    Returns the sum of its links, each paid whole, and of its trenches, each paid once.
    """
    graph, cost = prepared.graph, prepared.edge_npv
    n = graph.n_nodes
    sources = np.union1d(wanted, prepared.roots).astype(np.int32)
    forest = shortest_paths(graph_from_edges(n, graph.edge_tail, graph.edge_head), cost, sources)
    base = forest.source.copy()
    base[np.isin(base, prepared.roots)] = prepared.roots[0]
    a, b = base[graph.edge_tail], base[graph.edge_head]
    length = forest.distance[graph.edge_tail] + cost + forest.distance[graph.edge_head]
    length[(a == b) | (a < 0) | (b < 0)] = np.inf
    links = minimum_spanning_forest(n, a.astype(np.int32), b.astype(np.int32), length)
    used = np.zeros(graph.n_edges, dtype=bool)
    used[links] = True
    for node in np.concatenate((graph.edge_tail[links], graph.edge_head[links])):
        at = int(node)
        while forest.edge[at] >= 0 and not used[forest.edge[at]]:
            used[forest.edge[at]] = True
            at = int(forest.previous[at])
    return float(length[links].sum()), float(cost[used].sum())
