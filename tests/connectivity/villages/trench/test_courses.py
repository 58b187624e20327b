"""Roads known by their ends only run through the settlements on their way."""

import networkx as nx
import numpy as np
import pytest

from qamtu.connectivity.villages.trench import EdgeKind, check_trench_graph
from qamtu.kernels.geodesy import geodesic_m

ENDS = [[(50.0, 70.0), (50.0, 72.0)]]
STRAIGHT = float(geodesic_m(50.0, 70.0, 50.0, 72.0))


def skeleton(made, length_m, source="stated"):
    return made.roads(ENDS, lengths_m=[length_m]).assign(length_source=source)


def course(graph):
    road = graph.edge_kind == EdgeKind.ROAD
    net = nx.Graph(zip(graph.edge_tail[road].tolist(), graph.edge_head[road].tolist(), strict=True))
    return net, float(graph.edge_length_m[road].sum())


def test_the_course_passes_the_settlements_and_keeps_the_stated_length(made):
    lon = np.linspace(70.25, 71.75, 7)
    lat = 50.0 + 0.05 * np.sin(np.arange(7))
    graph = made.build(made.settlements(lat, lon), skeleton(made, 1.08 * STRAIGHT))
    net, length = course(graph)
    assert not check_trench_graph(graph)
    assert all(net.degree(i) == 2 for i in range(7))
    assert length == pytest.approx(1.08 * STRAIGHT, rel=1e-9)
    assert [f.id for f in graph.findings if f.id.startswith("course")] == ["course-inferred"]


def test_a_settlement_too_far_aside_is_not_on_the_course(made):
    lat = [50.02, 50.6, 49.98]
    graph = made.build(made.settlements(lat, [70.5, 71.0, 71.5]), skeleton(made, 1.01 * STRAIGHT))
    net, _ = course(graph)
    assert 0 in net
    assert 1 not in net
    assert 2 in net


def test_hops_are_never_shorter_than_straight(made):
    lat = 50.0 + 0.08 * (np.arange(9) % 2)
    graph = made.build(made.settlements(lat, np.linspace(70.2, 71.8, 9)), skeleton(made, STRAIGHT))
    _, length = course(graph)
    assert not check_trench_graph(graph)
    assert STRAIGHT * 0.999 <= length <= 1.1 * STRAIGHT * 1.001


def test_a_line_whose_course_is_known_is_joined_as_drawn(made):
    lon = np.linspace(70.25, 71.75, 7)
    table = made.settlements(np.full(7, 50.01), lon)
    graph = made.build(table, skeleton(made, STRAIGHT, source="geodesic"))
    assert "course-inferred" not in {f.id for f in graph.findings}
    net, _ = course(graph)
    assert not set(range(7)) & set(net)


def test_a_road_drawn_across_the_lake_goes_round_it(made):
    lake = made.water(70.8, 49.8, 71.2, 50.2)
    lat = [50.0, 49.7, 49.6, 49.7, 50.0]
    lon = [70.6, 70.75, 71.0, 71.25, 71.4]
    graph = made.build(made.settlements(lat, lon), skeleton(made, 1.1 * STRAIGHT), water=lake)
    frame = graph.edges_frame()
    assert (frame.kind == "road").sum() == 3
    assert not frame.intersects(lake.geometry.iloc[0].buffer(-0.04)).any()


def test_a_road_drawn_across_the_lake_with_no_way_round_is_left_out(made):
    lake = made.water(70.8, 47.0, 71.2, 53.0)
    graph = made.build(
        made.settlements([50.0, 50.0], [70.6, 71.4]), skeleton(made, 1.1 * STRAIGHT), water=lake
    )
    assert not (graph.edge_kind == EdgeKind.ROAD).any()
    assert "1 drawn across water" in next(
        f.what for f in graph.findings if f.id == "course-inferred"
    )
