"""The engine against exact answers on small random problems of every kind."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.core.errors import Infeasible
from qamtu.optimise import steiner

MANY = int(os.environ.get("QAMTU_EXAMPLES", "250"))


def random_problem(seed: int, kind: str, whole: bool) -> steiner.SteinerProblem:
    """A connected or broken graph of up to 9 nodes with twins and loops."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 10))
    m = int(rng.integers(n - 1, 3 * n))
    tail, head = rng.integers(0, n, m), rng.integers(0, n, m)
    cost = rng.integers(0, 12, m).astype(float) if whole else rng.uniform(0, 10, m)
    prize = np.zeros(n)
    some = rng.random(n) < rng.uniform(0.2, 1.0)
    prize[some] = rng.integers(1, 15, some.sum()) if whole else rng.uniform(0, 12, some.sum())
    roots = np.empty(0, np.int32)
    leaf = None
    if kind == "stp":
        prize[some] = np.inf
    if kind in {"rooted", "leaf"}:
        roots = rng.choice(n, int(rng.integers(1, max(2, n // 2))), replace=False)
        prize[rng.random(n) < 0.15] = np.inf
    if kind == "leaf":
        leaf = np.zeros(n, bool)
        leaf[rng.random(n) < 0.4] = True
        leaf[roots] = False
        keep = ~(leaf[tail] & leaf[head])
        tail, head, cost = tail[keep], head[keep], cost[keep]
    offset = float(rng.integers(0, 5))
    return steiner.SteinerProblem(n, tail, head, cost, prize, roots, leaf, offset, kind)


@settings(max_examples=MANY, deadline=None)
@given(
    st.integers(0, 1_000_000),
    st.sampled_from(["stp", "pc", "rooted", "leaf"]),
    st.booleans(),
)
def test_small_problems_are_solved_and_bounded(
    exact_cost: Callable[[steiner.SteinerProblem], float], seed: int, kind: str, whole: bool
) -> None:
    problem = random_problem(seed, kind, whole)
    exact = exact_cost(problem)
    if np.isinf(exact):
        with pytest.raises(Infeasible, match="no answer"):
            steiner.solve(problem, max_rounds=1)
        return
    answer = steiner.solve(problem, max_rounds=20, time_limit_s=1e9)
    node = None if answer.edges.size else int(answer.nodes[0])
    assert steiner.verify(problem, answer.edges, node) == pytest.approx(answer.cost, rel=1e-12)
    assert answer.bound <= exact + 1e-9 * max(1.0, exact)
    assert answer.cost >= exact - 1e-9 * max(1.0, exact)
    assert answer.cost <= exact + 1e-9 * max(1.0, exact)
