"""Cuts and rings against networkx, brute force and small known networks."""

from __future__ import annotations

import itertools
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.core.errors import InputError
from qamtu.optimise.resilience import (
    Network,
    close_rings,
    cut_exposure,
    network_exposure,
    worst_stretches,
)


def make(n, edges, used, roots, weight) -> Network:
    ends = np.array(edges, np.int32).reshape(-1, 2)
    return Network(
        n,
        ends[:, 0],
        ends[:, 1],
        np.array(used, np.bool_),
        np.array(roots, np.int32),
        np.array(weight, float),
    )


def random_network(seed, n=12, extra=10, n_roots=2, ring_share=0.0):
    """A random graph with parallel edges whose used edges are a forest on some nodes (and more)."""
    rng = np.random.default_rng(seed)
    edges = [(int(rng.integers(0, i)), i) for i in range(1, n)]
    edges += [tuple(int(v) for v in rng.choice(n, 2, replace=False)) for _ in range(extra)]
    roots = rng.choice(n, n_roots, replace=False)
    used = np.array([k < n - 1 and rng.random() < 0.85 for k in range(len(edges))])
    used |= rng.random(len(edges)) < ring_share
    weight = rng.integers(0, 9, n) * (rng.random(n) < 0.6)
    cost = rng.integers(1, 20, len(edges)).astype(float)
    return make(n, edges, used, roots, weight), cost


def multigraph(network: Network, edges) -> nx.MultiGraph:
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(network.n_nodes))
    for e in edges:
        graph.add_edge(int(network.tail[e]), int(network.head[e]), key=int(e))
    hub = network.n_nodes
    for r in network.roots.tolist():
        graph.add_edge(hub, r, key=f"a{r}")
        graph.add_edge(hub, r, key=f"b{r}")
    return graph


def people_lost(network: Network, edges, cut) -> float:
    graph = multigraph(network, edges)
    hub = network.n_nodes
    whole = nx.node_connected_component(graph, hub)
    graph.remove_edge(int(network.tail[cut]), int(network.head[cut]), key=int(cut))
    lost = whole - nx.node_connected_component(graph, hub)
    return float(sum(network.weight[v] for v in lost))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000), st.sampled_from([0.0, 0.3]))
def test_exposure_equals_cutting_every_edge(seed, ring_share):
    network, _ = random_network(seed, ring_share=ring_share)
    found = network_exposure(network)
    edges = np.flatnonzero(network.used)
    for e in range(network.tail.size):
        expected = people_lost(network, edges, e) if network.used[e] else 0.0
        assert found.people[e] == pytest.approx(expected)
        if expected:
            assert found.bridge[e]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000))
def test_two_routes_equals_maximum_flow(seed):
    network, _ = random_network(seed, n=9, extra=8, ring_share=0.4)
    found = network_exposure(network)
    graph = nx.Graph()
    graph.add_nodes_from(range(network.n_nodes + 1))
    for e in np.flatnonzero(network.used).tolist():
        u, v = int(network.tail[e]), int(network.head[e])
        before = graph.get_edge_data(u, v, {"capacity": 0})["capacity"]
        graph.add_edge(u, v, capacity=before + 1)
    for r in network.roots.tolist():
        graph.add_edge(network.n_nodes, r, capacity=2)
    for v in range(network.n_nodes):
        flow = nx.maximum_flow_value(graph, network.n_nodes, v)
        assert found.connected[v] == (flow >= 1)
        assert found.two_routes[v] == (flow >= 2)
    assert found.people_connected == network.weight[found.connected].sum()
    assert found.people_two_routes == network.weight[found.two_routes].sum()


def test_tree_exposure_is_the_subtree_sum():
    #   existing - 0 - 1 - 2,  1 - 3,  existing - 4
    parent = np.array([-1, 0, 1, 1, -1], np.int32)
    people = cut_exposure(parent, np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert people.tolist() == [10.0, 9.0, 3.0, 4.0, 5.0]
    assert cut_exposure(np.zeros(0, np.int32), np.zeros(0)).size == 0


def test_stretch_joins_bridges_that_separate_the_same_people():
    # root 0 - 1 - 2 - 3(10 people) - 4(5 people)
    network = make(5, [(0, 1), (2, 1), (2, 3), (3, 4)], [True] * 4, [0], [0, 0, 0, 10, 5])
    worst = worst_stretches(network, 5)
    assert [(s.edges.tolist(), s.people) for s in worst] == [([0, 1, 2], 15.0), ([3], 5.0)]
    assert len(worst_stretches(network, 1)) == 1


def test_ring_around_a_line():
    # 0 (root) - 1 - 2 - 3 in a line; dear way 0-3 (9), cheap way 1-3 (2) saves only the far end.
    network = make(
        4, [(0, 1), (1, 2), (2, 3), (0, 3), (1, 3)], [True] * 3 + [False] * 2, [0], [0, 10, 20, 30]
    )
    cost = np.array([1.0, 1.0, 1.0, 9.0, 2.0])
    plan = close_rings(network, cost, 10 * cost, n_rings=1)
    (ring,) = plan.rings
    assert ring.cut_edges.tolist() == [0]
    assert ring.people_before == 60
    assert ring.new_edges.tolist() == [3]
    assert (ring.cost, ring.length_km) == (9.0, 90.0)
    assert ring.people_protected == 60
    assert ring.worst_left == 0
    assert plan.before.share_two_routes == 0
    assert plan.after.share_two_routes == 1
    assert not plan.open_cuts


def test_ring_that_costs_too_much_stays_open_and_is_named():
    network = make(
        4, [(0, 1), (1, 2), (2, 3), (0, 3), (1, 3)], [True] * 3 + [False] * 2, [0], [0, 10, 20, 30]
    )
    cost = np.array([1.0, 1.0, 1.0, 9.0, 2.0])
    plan = close_rings(network, cost, cost, n_rings=3, max_cost=5.0)
    assert [r.new_edges.tolist() for r in plan.rings] == [[4]]
    # The cut nearer to the root is open, so nobody has two whole routes yet.
    assert plan.rings[0].people_protected == 0
    assert plan.rings[0].worst_left == 60
    assert [(c.cut_edges.tolist(), c.people, c.reason) for c in plan.open_cuts] == [
        ([0], 60.0, "too-dear")
    ]


def test_cut_without_any_way_around_is_named():
    network = make(3, [(0, 1), (1, 2), (1, 2)], [True, True, False], [0], [0, 1, 7])
    plan = close_rings(network, np.ones(3), np.ones(3), n_rings=2)
    assert [(c.cut_edges.tolist(), c.reason) for c in plan.open_cuts] == [([0], "no-path")]
    assert [r.new_edges.tolist() for r in plan.rings] == [[2]]
    # An edge that cannot be built is no way around.
    barred = close_rings(network, np.array([1.0, 1.0, np.inf]), np.ones(3))
    assert not barred.rings
    assert [c.reason for c in barred.open_cuts] == ["no-path", "no-path"]


def test_ring_may_end_at_another_root_and_pass_unserved_places():
    # Two roots 0 and 4; the village 1 hangs on 0; the way to 4 leads over unserved place 2.
    edges = [(0, 1), (1, 2), (2, 4), (0, 3)]
    network = make(5, edges, [True, False, False, True], [0, 4], [0, 50, 99, 1, 0])
    plan = close_rings(network, np.array([1.0, 4.0, 5.0, 1.0]), np.ones(4), n_rings=1)
    assert plan.rings[0].new_edges.tolist() == [1, 2]
    assert plan.before.people_connected == plan.after.people_connected == 51
    assert plan.after.people_two_routes == 50


def test_overlapping_arches_protect_a_stretch():
    # Stretch 0-1-2-3 without people between; arches 0-2 and 1-3 (3 each) beat 0-3 (7).
    edges = [(0, 1), (1, 2), (2, 3), (0, 2), (1, 3), (0, 3)]
    network = make(4, edges, [True] * 3 + [False] * 3, [0], [0, 0, 0, 10])
    cost = np.array([1.0, 1.0, 1.0, 3.0, 3.0, 7.0])
    plan = close_rings(network, cost, cost, n_rings=1)
    assert plan.rings[0].new_edges.tolist() == [3, 4]
    assert plan.after.share_two_routes == 1


def cheapest_by_brute_force(network, cost, cut_edges) -> float:
    spare = np.flatnonzero(~network.used)
    standing = np.flatnonzero(network.used).tolist()
    best = np.inf
    for count in range(1, spare.size + 1):
        for added in itertools.combinations(spare.tolist(), count):
            price = cost[list(added)].sum()
            if price < best and not any(
                people_lost(network, standing + list(added), e) for e in cut_edges
            ):
                best = price
    return float(best)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 100_000))
def test_first_ring_is_the_cheapest_of_all(seed):
    network, cost = random_network(seed, n=8, extra=4, n_roots=1)
    connected = network_exposure(network).connected
    network = replace(network, weight=np.where(connected, network.weight, 0.0))
    plan = close_rings(network, cost, cost, n_rings=1)
    for ring in plan.rings:
        best = cheapest_by_brute_force(network, cost, ring.cut_edges)
        assert ring.cost == pytest.approx(best)
    for cut in plan.open_cuts:
        assert cheapest_by_brute_force(network, cost, cut.cut_edges) == np.inf


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 100_000))
def test_single_bridge_is_closed_by_networkx_shortest_path(seed):
    network, cost = random_network(seed, n=30, extra=30, n_roots=2)
    plan = close_rings(network, cost, cost, n_rings=1)
    for ring in plan.rings:
        if ring.cut_edges.size > 1:
            continue
        cut = int(ring.cut_edges[0])
        graph = nx.Graph()
        for e in range(network.tail.size):
            u, v = int(network.tail[e]), int(network.head[e])
            if e != cut:
                price = 0.0 if network.used[e] else cost[e]
                known = graph.get_edge_data(u, v, {"weight": np.inf})["weight"]
                graph.add_edge(u, v, weight=min(price, known))
        for r in network.roots.tolist():
            graph.add_edge("hub", r, weight=0.0)
        standing = multigraph(network, np.flatnonzero(network.used))
        whole = nx.node_connected_component(standing, network.n_nodes)
        standing.remove_edge(int(network.tail[cut]), int(network.head[cut]), key=cut)
        behind = whole - nx.node_connected_component(standing, network.n_nodes)
        # Places before the cut are all joined to the hub by free used edges.
        best = nx.multi_source_dijkstra_path_length(graph, behind)["hub"]
        assert ring.cost == pytest.approx(best)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 100_000))
def test_rings_protect_and_never_harm(seed):
    network, cost = random_network(seed, n=40, extra=30, n_roots=2)
    plan = close_rings(network, cost, 2 * cost, n_rings=4)
    used = network.used.copy()
    before = network_exposure(network)
    worst = before.people.max()
    for ring in plan.rings:
        assert not used[ring.new_edges].any()
        used[ring.new_edges] = True
        weight = np.where(plan.before.connected, network.weight, 0.0)
        after = network_exposure(replace(network, used=used, weight=weight))
        assert not after.bridge[ring.cut_edges].any()
        assert not after.bridge[ring.new_edges].any()
        assert np.all(after.people <= before.people)
        assert after.people.sum() < before.people.sum()
        assert ring.people_before <= worst
        assert ring.length_km == pytest.approx(2 * ring.cost)
        gained = after.people_two_routes - before.people_two_routes
        assert ring.people_protected == pytest.approx(gained)
        assert ring.worst_left == pytest.approx(after.people.max())
        before, worst = after, ring.people_before
    assert np.array_equal(used, plan.used)
    assert plan.after.people_two_routes == pytest.approx(before.people_two_routes)


def test_arrays_that_do_not_fit_are_all_named():
    with pytest.raises(InputError) as caught:
        make(2, [(0, 5)], [True, False], [], [1.0, -2.0])
    assert {f.field for f in caught.value.findings} == {"tail", "used", "roots", "weight"}
    network = make(2, [(0, 1)], [True], [0], [0.0, 1.0])
    with pytest.raises(InputError, match="cost does not fit"):
        close_rings(network, np.array([np.nan]), np.ones(1))
