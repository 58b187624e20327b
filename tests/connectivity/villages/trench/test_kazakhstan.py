"""The trench graph of the shipped pack: the sea, the lakes, the costs, the shape of it."""

import numpy as np
import pytest
import shapely

from qamtu.connectivity.villages.trench import (
    EdgeKind,
    NodeKind,
    build_trench_graph,
    check_trench_graph,
    load_trench_params,
)
from qamtu.core.params import Params
from qamtu.country import load_pack
from qamtu.kernels.geodesy import geodesic_m
from qamtu.kernels.graphs import graph_from_edges, shortest_paths


@pytest.fixture(scope="module")
def pack():
    return load_pack("kz")


@pytest.fixture(scope="module")
def graph(pack):
    own = {name: p for file in pack.params.values() for name, p in file.items()}
    params = Params({**load_trench_params().items_by_name, **own})
    tables = pack.tables
    return build_trench_graph(
        tables["settlements"], tables["roads"], tables["terrain"], tables["water"],
        pack.territory, None, None, params,
    )  # fmt: skip


def test_it_is_sound_and_holds_every_settlement_of_the_plan(pack, graph):
    assert not check_trench_graph(graph)
    in_plan = pack.tables["settlements"]["in_plan"].to_numpy(dtype=bool)
    assert ((graph.settlement_node >= 0) == in_plan).all()
    assert (graph.node_kind == NodeKind.SETTLEMENT).sum() == in_plan.sum()


def test_nothing_crosses_the_caspian_or_the_great_lakes(pack, graph):
    great = pack.tables["water"].nlargest(8, "area_km2")
    far = shapely.union_all([g.buffer(-0.05) for g in great.geometry])
    frame = graph.edges_frame()
    crosses = frame[frame.intersects(far)]
    assert not (crosses.kind == "spur").any()
    assert (crosses.kind == "road").sum() <= 3, "roads whose drawn line clips a lake"
    named = [f for f in graph.findings if f.id == "bridge-across-water"]
    assert (crosses.kind == "bridge").sum() <= len(named) < 5


def test_the_long_roads_follow_the_settlements(graph):
    """Most of the skeleton is known by its ends only; the course takes it through places."""
    road = graph.edge_kind == EdgeKind.ROAD
    length = graph.edge_length_m[road]
    kinds = graph.node_kind[np.stack([graph.edge_tail[road], graph.edge_head[road]])]
    passes = (kinds == NodeKind.SETTLEMENT).any(axis=0)
    assert 15_000 < length.sum() / 1000 < 30_000
    assert length[passes].sum() > 0.6 * length.sum()


def test_a_settlement_has_some_choices_but_not_many(graph):
    degree = np.bincount(np.concatenate([graph.edge_tail, graph.edge_head]))
    settlements = degree[graph.node_kind == NodeKind.SETTLEMENT]
    assert settlements.min() >= 1
    assert 5 <= np.median(settlements) <= 12


def test_ways_are_longer_than_straight_but_not_absurd(graph):
    rng = np.random.default_rng(3)
    settlements = np.flatnonzero(graph.node_kind == NodeKind.SETTLEMENT)
    net = graph_from_edges(graph.n_nodes, graph.edge_tail, graph.edge_head)
    lat, lon = graph.node_lat_deg, graph.node_lon_deg
    for source in rng.choice(settlements, 5, replace=False):
        way = shortest_paths(net, graph.edge_length_m, int(source)).distance[settlements]
        apart = geodesic_m(lat[source], lon[source], lat[settlements], lon[settlements])
        far = apart > 50_000
        ratio = way[far] / apart[far]
        assert np.isfinite(ratio).all()
        assert ratio.min() > 0.999
        assert 1.05 < np.median(ratio) < 1.7


def test_cost_a_kilometre_is_in_the_range_of_published_figures(pack, graph):
    """Published: 5,000 to 30,000 USD/km (Giga 10,000, ITU 20,000, Analysys Mason 15,850)."""
    rate = next(p.value("exchange_rate") for p in pack.params.values() if "exchange_rate" in p)
    per_km = graph.edge_capex / (graph.edge_length_m / 1000) / rate
    assert 8_000 < np.median(per_km) < 15_000
    assert per_km.max() < 100_000
