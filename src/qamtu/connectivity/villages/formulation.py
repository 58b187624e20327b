"""The plan as a Steiner problem: trenches are edges, customers are leaves with a prize.

Every customer is a leaf node. It is joined to its own place by an edge that costs the local
fibre works, and to each possible fibre point in radio range by an edge that costs the radio
link. Its prize is what its cheapest alternative without a network costs. The tree of least
edge cost plus lost prizes is then the mix of technologies of least net present cost: trench,
local works, radio and satellite all stand in one sum, and the engine's bound holds for the
whole of it (prize-collecting Steiner tree with the existing network as root; Bienstock et
al. 1993, *A note on the prize collecting traveling salesman problem*; the leaves make it a
connected facility location, Karger & Minkoff 2000).

Targets enter as prices (Lagrangian multipliers): a bonus for each village with fibre, a
penalty for each person without adequate service, a surcharge on capital.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.villages.options import OPTIONS, RADIO, STANDALONE
from qamtu.connectivity.villages.prepare import Prepared
from qamtu.kernels.graphs import RootedForest, root_forest, subtree_sums
from qamtu.optimise.steiner import SteinerProblem, SteinerSolution

__all__ = [
    "Choice",
    "Weights",
    "build_problem",
    "hang",
    "make_choice",
    "needed_edges",
    "own_route_npv",
    "problem_edges",
    "read_choice",
    "served_by",
    "totals",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SATELLITE = -1


@dataclass(frozen=True, slots=True)
class Weights:
    """Prices of the targets.

    Parameters
    ----------
    village
        Bonus for each village newly on fibre [currency/settlement].
    person
        Penalty for each person without adequate service [currency/person].
    capital
        Surcharge on each unit of capital [1].
    """

    village: float = 0.0
    person: float = 0.0
    capital: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """What a solution says: which edges are built and how each customer is served.

    Parameters
    ----------
    edges
        Edges of the trench graph that are built, shape (t,).
    leaf
        Row of `LeafEdges` that serves a customer, −1 for its alternative, shape (c,).
    npv, capex
        Net present cost and capital of the whole plan [currency].
    villages
        Villages newly on fibre.
    adequate_people
        People with adequate service, those served today included.
    bound
        Proven lower bound on the priced cost (``npv`` plus priced targets) [currency].
    priced
        The priced cost itself [currency].
    """

    edges: Ints
    leaf: Ints
    npv: float
    capex: float
    villages: int
    adequate_people: float
    bound: float
    priced: float


def build_problem(prepared: Prepared, weights: Weights) -> SteinerProblem:
    """Write the priced plan as a prize-collecting Steiner problem. O(n + m + k).

    Edges come in the order: edges of the trench graph, then `LeafEdges`. Leaf edges and
    prize of one customer are shifted by the same amount where a bonus would make an edge
    negative; the offset takes the shift back.
    """
    graph, leaves = prepared.graph, prepared.leaves
    n, c = graph.n_nodes, len(prepared.customers)
    edge_cost = prepared.edge_npv + weights.capital * graph.edge_capex
    leaf_cost = _leaf_cost(prepared, weights)
    prize = _prize(prepared, weights)
    lowest = np.zeros(c)
    np.minimum.at(lowest, leaves.customer, leaf_cost)
    leaf_cost = leaf_cost - lowest[leaves.customer]
    prize = prize - lowest
    useful = leaf_cost < prize[leaves.customer]
    # an edge that can never pay stays in place, so that the order holds, but costs the prize
    leaf_cost = np.where(useful, leaf_cost, prize[leaves.customer] * (1 + 1e-9) + 1.0)
    return SteinerProblem(
        n_nodes=n + c,
        tail=np.concatenate((graph.edge_tail, leaves.node)).astype(np.int32),
        head=np.concatenate((graph.edge_head, n + leaves.customer)).astype(np.int32),
        cost=np.concatenate((edge_cost, leaf_cost)),
        prize=np.concatenate((np.zeros(n), prize)),
        roots=prepared.roots.astype(np.int32),
        leaf=np.concatenate((np.zeros(n, dtype=bool), np.ones(c, dtype=bool))),
        offset=float(lowest.sum()),
        name="villages",
    )


def problem_edges(prepared: Prepared, choice: Choice) -> Ints:
    """Give the edges of the problem that a choice stands for, to begin another search with."""
    links = choice.leaf[choice.leaf >= 0] + prepared.graph.n_edges
    return np.concatenate((choice.edges, links))


def read_choice(prepared: Prepared, weights: Weights, solution: SteinerSolution) -> Choice:
    """Read a solution back; each customer takes its cheapest link that the tree allows."""
    edges = solution.edges[solution.edges < prepared.graph.n_edges].astype(np.int64)
    choice = make_choice(prepared, weights, edges, _cheapest_links(prepared, weights, edges))
    bound = solution.bound if len(prepared.customers) else choice.priced
    return replace(choice, bound=min(bound, choice.priced))


def make_choice(prepared: Prepared, weights: Weights, edges: Ints, leaf: Ints) -> Choice:
    """Price a plan of edges and links, without branches that nobody hangs on; no bound (−inf)."""
    edges = needed_edges(prepared, edges, leaf)
    npv, capex = totals(prepared, edges, leaf)
    fibre = (leaf >= 0) & (prepared.leaves.kind[leaf] == 0)
    villages = int((fibre & prepared.is_village).sum())
    adequate = (leaf >= 0) | prepared.alternatives.adequate
    people = prepared.served_people + float(prepared.population[adequate].sum())
    priced = (
        npv
        + weights.capital * capex
        - weights.village * villages
        + weights.person * float(prepared.population[~adequate].sum())
    )
    return Choice(edges, leaf, npv, capex, villages, people, -np.inf, priced)


def totals(prepared: Prepared, edges: Ints, leaf: Ints) -> tuple[float, float]:
    """Sum net present cost and capital of edges, links and alternatives [currency]."""
    linked = leaf >= 0
    rest = ~linked
    npv = (
        prepared.edge_npv[edges].sum()
        + prepared.leaves.npv[leaf[linked]].sum()
        + prepared.alternatives.npv[rest].sum()
    )
    capex = (
        prepared.graph.edge_capex[edges].sum()
        + prepared.leaves.capex[leaf[linked]].sum()
        + prepared.alternatives.capex[rest].sum()
    )
    return float(npv), float(capex)


def _leaf_cost(prepared: Prepared, weights: Weights) -> Floats:
    leaves = prepared.leaves
    bonus = weights.village * ((leaves.kind == 0) & prepared.is_village[leaves.customer])
    cost: Floats = leaves.npv + weights.capital * leaves.capex - bonus
    return cost


def _prize(prepared: Prepared, weights: Weights) -> Floats:
    other = prepared.alternatives
    penalty = weights.person * prepared.population * ~other.adequate
    prize: Floats = other.npv + weights.capital * other.capex + penalty
    return prize


def _cheapest_links(prepared: Prepared, weights: Weights, edges: Ints) -> Ints:
    """Give each customer the cheapest link whose fibre point the tree reaches."""
    graph, leaves = prepared.graph, prepared.leaves
    lit = np.zeros(graph.n_nodes, dtype=bool)
    lit[prepared.roots] = True
    lit[graph.edge_tail[edges]] = True
    lit[graph.edge_head[edges]] = True
    cost = _leaf_cost(prepared, weights)
    usable = np.flatnonzero(lit[leaves.node] & (cost < _prize(prepared, weights)[leaves.customer]))
    order = usable[np.lexsort((leaves.distance_km[usable], cost[usable], leaves.customer[usable]))]
    first = np.r_[True, leaves.customer[order][1:] != leaves.customer[order][:-1]]
    leaf = np.full(len(prepared.customers), SATELLITE, dtype=np.int64)
    if len(order):
        leaf[leaves.customer[order[first]]] = order[first]
    return leaf


def hang(prepared: Prepared, edges: Ints) -> RootedForest:
    """Hang built edges up at the nodes with fibre today."""
    graph = prepared.graph
    return root_forest(
        graph.n_nodes,
        graph.edge_tail,
        graph.edge_head,
        edges.astype(np.int32),
        prepared.roots.astype(np.int32),
    )


def needed_edges(prepared: Prepared, edges: Ints, leaf: Ints) -> Ints:
    """Drop branches that no customer hangs on any more. O(t)."""
    forest = hang(prepared, edges)
    wanted = np.zeros(prepared.graph.n_nodes)
    wanted[prepared.leaves.node[leaf[leaf >= 0]]] = 1.0
    below = subtree_sums(forest.order, forest.parent, wanted)
    needed = (below > 0) & (forest.parent_edge >= 0)
    return np.sort(forest.parent_edge[needed]).astype(np.int64)


def served_by(prepared: Prepared, choice: Choice) -> Ints:
    """Give the option that serves each customer, as a place in `OPTIONS`, shape (c,)."""
    links = np.array([OPTIONS.index(name) for name in ("fibre", *RADIO)])
    standalone = np.array([OPTIONS.index(name) for name in STANDALONE])
    linked = links[prepared.leaves.kind[choice.leaf]]
    return np.where(choice.leaf >= 0, linked, standalone[prepared.alternatives.option])


def own_route_npv(prepared: Prepared, choice: Choice, forest: RootedForest) -> Floats:
    """Give the net present cost of the route that serves a node's only customer, a value a node.

    It is 0 where a node serves several, none, or lies on the way to others. O(n).
    """
    used = np.zeros(prepared.graph.n_nodes)
    np.add.at(used, prepared.leaves.node[choice.leaf[choice.leaf >= 0]], 1.0)
    below = subtree_sums(forest.order, forest.parent, used)
    chain = np.zeros(len(used))
    for node in forest.order:
        parent = forest.parent[node]
        if parent >= 0 and below[node] == 1.0:
            chain[node] = chain[parent] + prepared.edge_npv[forest.parent_edge[node]]
    return np.where(used == 1.0, chain, 0.0)
