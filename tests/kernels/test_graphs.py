"""Graph kernels against scipy and networkx."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components as scipy_components
from scipy.sparse.csgraph import dijkstra as scipy_dijkstra

from qamtu.kernels import graphs


def random_graph(seed: int, n: int, m: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    tail = rng.integers(0, n, m).astype(np.int32)
    head = rng.integers(0, n, m).astype(np.int32)
    return tail, head, rng.integers(1, 50, m).astype(np.float64)


def distances(n: int, tail, head, cost, sources) -> np.ndarray:
    best = np.full((n, n), np.inf)
    np.minimum.at(best, (tail, head), cost)
    best = np.minimum(best, best.T)
    matrix = coo_array(np.where(np.isfinite(best), best, 0.0))
    return scipy_dijkstra(matrix, directed=False, indices=sources, min_only=True)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40), st.integers(0, 120), st.integers(1, 4))
def test_shortest_paths_agree_with_scipy(seed: int, n: int, m: int, k: int) -> None:
    tail, head, cost = random_graph(seed, n, m)
    sources = np.random.default_rng(seed).integers(0, n, k)
    forest = graphs.shortest_paths(graphs.graph_from_edges(n, tail, head), cost, sources)
    np.testing.assert_allclose(forest.distance, distances(n, tail, head, cost, sources))
    for v in range(n):
        edges = graphs.path_edges(forest.edge, forest.previous, v)
        if np.isfinite(forest.distance[v]):
            assert cost[edges].sum() == forest.distance[v]
            assert forest.source[v] in sources
        else:
            assert forest.source[v] == -1


def test_limit_targets_and_start() -> None:
    tail = np.arange(9)
    graph = graphs.graph_from_edges(10, tail, tail + 1)
    cost = np.ones(9)
    assert np.isinf(graphs.shortest_paths(graph, cost, 0, limit=3.0).distance[4:]).all()
    stopped = graphs.shortest_paths(graph, cost, 0, targets=[2, 5], stop_after=1)
    assert np.isinf(stopped.distance[5])
    both = graphs.shortest_paths(graph, cost, [0, 9], start=[0.0, 100.0])
    assert both.distance[9] == 9.0
    assert both.source[9] == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(0, 120))
def test_spanning_forest_and_components(seed: int, n: int, m: int) -> None:
    tail, head, cost = random_graph(seed, n, m)
    taken = graphs.minimum_spanning_forest(n, tail, head, cost)
    peer = nx.MultiGraph()
    peer.add_nodes_from(range(n))
    peer.add_weighted_edges_from(zip(tail.tolist(), head.tolist(), cost.tolist(), strict=True))
    weight = sum(d["weight"] for _, _, d in nx.minimum_spanning_edges(peer, keys=False, data=True))
    assert cost[taken].sum() == weight
    count, label = graphs.connected_components(n, tail, head)
    matrix = coo_array((np.ones(m), (tail, head)), shape=(n, n))
    peer_count, peer_label = scipy_components(matrix, directed=False)
    assert count == peer_count
    assert len(set(zip(label.tolist(), peer_label.tolist(), strict=True))) == count
    roots = np.array([np.flatnonzero(label == c)[0] for c in range(count)], dtype=np.int32)
    hung = graphs.root_forest(n, tail, head, taken, roots)
    assert hung.order.size == n
    sums = graphs.subtree_sums(hung.order, hung.parent, np.ones(n))
    np.testing.assert_array_equal(sums[roots], np.bincount(label, minlength=count))
    inner = hung.parent >= 0
    assert (hung.depth[inner] == hung.depth[hung.parent[inner]] + 1).all()


def test_bad_edges_are_refused() -> None:
    with pytest.raises(ValueError, match="beyond"):
        graphs.graph_from_edges(2, [0], [2])
    with pytest.raises(ValueError, match="negative"):
        graphs.graph_from_edges(2, [-1], [1])
    with pytest.raises(ValueError, match="equally long"):
        graphs.graph_from_edges(2, [0, 1], [1])


def test_self_loops_are_left_out() -> None:
    graph = graphs.graph_from_edges(2, [0, 0], [0, 1])
    assert graph.arc_edge.tolist() == [1, 1]
