"""The plan as one tree: the engine's answer against every possible network of a tiny country."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from qamtu.connectivity.villages.formulation import (
    Weights,
    build_problem,
    read_choice,
    totals,
)
from qamtu.connectivity.villages.prepare import Prepared, prepare
from qamtu.connectivity.villages.targets import Point, Targets, trim
from qamtu.connectivity.villages.trench import build_trench_graph
from qamtu.connectivity.villages.trim import give_up_dearest
from qamtu.optimise.steiner import solve

from .made import made_inputs


def tiny(seed: int, speed: float = 100.0) -> Prepared:
    inputs = made_inputs(9, seed)
    keep = inputs.settlements.index != 2  # two towns, six others
    settlements = inputs.settlements[keep].reset_index(drop=True)
    graph = build_trench_graph(
        settlements=settlements,
        roads=inputs.roads.iloc[:0],
        terrain=None,
        water=None,
        territory=inputs.regions.geometry.union_all(),
        fibre_nodes=None,
        fibre_lines=None,
        railways=None,
        params=inputs.params,
    )
    return prepare(settlements, graph, inputs.params, speed_down_mbps=speed, latency_ms=1000.0)


def least_of_all(prepared: Prepared, weights: Weights) -> float:
    """Price every set of edges that hangs on the roots; the least priced cost of all."""
    graph, leaves = prepared.graph, prepared.leaves
    n, m = graph.n_nodes, graph.n_edges
    other = prepared.alternatives
    bonus = weights.village * ((leaves.kind == 0) & prepared.is_village[leaves.customer])
    link = leaves.npv + weights.capital * leaves.capex - bonus
    prize = other.npv + weights.capital * other.capex
    prize = prize + weights.person * prepared.population * ~other.adequate
    cost = prepared.edge_npv + weights.capital * graph.edge_capex
    best = np.inf
    for picked in product((False, True), repeat=m):
        chosen = np.flatnonzero(picked)
        lit = np.zeros(n, dtype=bool)
        lit[prepared.roots] = True
        for _ in range(n):
            for e in chosen:
                if lit[graph.edge_tail[e]] or lit[graph.edge_head[e]]:
                    lit[graph.edge_tail[e]] = lit[graph.edge_head[e]] = True
        served = prize.copy()
        usable = lit[leaves.node]
        np.minimum.at(served, leaves.customer[usable], link[usable])
        best = min(best, float(cost[chosen].sum() + served.sum()))
    return best


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    "weights",
    [Weights(), Weights(village=3e7), Weights(village=-2e7), Weights(capital=0.5)],
    ids=["least-cost", "bonus", "charge", "capital"],
)
def test_the_tree_is_the_best_of_all_networks(seed: int, weights: Weights) -> None:
    prepared = tiny(seed)
    if prepared.graph.n_edges > 14:
        pytest.skip("too many networks to try")
    problem = build_problem(prepared, weights)
    solution = solve(problem, time_limit_s=30.0, max_rounds=20, seed=0)
    choice = read_choice(prepared, weights, solution)
    best = least_of_all(prepared, weights)
    assert choice.priced == pytest.approx(best, rel=1e-9)
    assert choice.bound <= best * (1 + 1e-9)
    assert choice.bound >= 0.5 * best


@pytest.mark.parametrize("seed", range(3))
def test_where_nothing_is_adequate_people_can_be_priced(seed: int) -> None:
    prepared = tiny(seed, speed=500.0)  # only fibre gives that
    assert not prepared.alternatives.adequate.any()
    free = read_choice(prepared, Weights(), solve(build_problem(prepared, Weights()), max_rounds=9))
    dear = Weights(person=1e9)
    paid = read_choice(prepared, dear, solve(build_problem(prepared, dear), max_rounds=9))
    assert paid.adequate_people == prepared.people
    assert free.adequate_people <= paid.adequate_people
    assert free.npv <= paid.npv


def test_the_reading_drops_what_nobody_needs() -> None:
    prepared = tiny(0)
    problem = build_problem(prepared, Weights(village=1e12))
    everything = read_choice(prepared, Weights(village=1e12), solve(problem, max_rounds=9))
    assert everything.villages == int(prepared.is_village.sum())
    charged = read_choice(prepared, Weights(village=-1e12), solve(problem, max_rounds=9))
    assert charged.villages == 0
    by_radio = charged.leaf[charged.leaf >= 0]
    if len(by_radio) == 0:
        assert len(charged.edges) == 0


@pytest.mark.parametrize("seed", range(4))
def test_what_is_beyond_the_target_is_given_up_while_that_saves(seed: int) -> None:
    prepared = tiny(seed)
    weights = Weights(village=1e12)
    everything = read_choice(
        prepared, weights, solve(build_problem(prepared, weights), max_rounds=9)
    )
    best = least_of_all(prepared, Weights()) if prepared.graph.n_edges <= 14 else 0.0
    for wanted in range(everything.villages + 1):
        made = trim(prepared, Targets(villages=wanted), Point(weights, everything)).choice
        assert wanted <= made.villages <= everything.villages
        assert best * (1 - 1e-9) <= made.npv <= everything.npv
        assert (made.npv, made.capex) == totals(prepared, made.edges, made.leaf)
        assert made.priced == pytest.approx(made.npv - 1e12 * made.villages)
        if made.villages > wanted:
            fewer = give_up_dearest(prepared, weights, made, 1)
            assert fewer is None or fewer.npv >= made.npv


def test_a_village_given_up_takes_the_cheaper_radio() -> None:
    weights = Weights(village=1e12)
    by_radio = 0
    for seed in range(6):
        prepared = tiny(seed)
        solution = solve(build_problem(prepared, weights), max_rounds=9)
        everything = read_choice(prepared, weights, solution)
        made = trim(prepared, Targets(villages=0), Point(weights, everything)).choice
        radio = np.flatnonzero((made.leaf >= 0) & (prepared.leaves.kind[made.leaf] > 0))
        assert (prepared.leaves.npv[made.leaf[radio]] < prepared.alternatives.npv[radio]).all()
        by_radio += len(radio)
    assert by_radio > 0
