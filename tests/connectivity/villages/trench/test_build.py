"""The trench graph on made countries: what must hold of every graph, and each rule alone."""

from itertools import pairwise

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.connectivity.villages.trench import (
    EdgeKind,
    Method,
    NodeKind,
    Terrain,
    check_trench_graph,
)
from qamtu.core.errors import InputError
from qamtu.kernels.geodesy import geodesic_m


def as_network(graph, weight="edge_capex"):
    made = nx.Graph()
    made.add_nodes_from(range(graph.n_nodes))
    for e in range(graph.n_edges):
        a, b = int(graph.edge_tail[e]), int(graph.edge_head[e])
        cost = float(getattr(graph, weight)[e])
        if not made.has_edge(a, b) or made[a][b]["cost"] > cost:
            made.add_edge(a, b, cost=cost, kind=int(graph.edge_kind[e]), edge=e)
    return made


def found(graph):
    """Ids of the findings, but for the missing terrain table."""
    return [f.id for f in graph.findings if f.id != "terrain-unknown"]


def kinds_between(graph, a, b):
    net = as_network(graph)
    path = nx.shortest_path(
        net, int(graph.settlement_node[a]), int(graph.settlement_node[b]), weight="cost"
    )
    return [(net[u][v]["kind"], net[u][v]["edge"]) for u, v in pairwise(path)]


def test_a_country_with_roads_gives_a_sound_graph(made, steppe):
    graph = made.build(*steppe, terrain=made.terrain(south=48, west=68, rows=80, columns=120))
    assert not check_trench_graph(graph)
    assert (graph.node_kind[:300] == NodeKind.SETTLEMENT).all()
    assert (graph.settlement_node == np.arange(300)).all()
    assert set(np.unique(graph.edge_kind)) == {EdgeKind.ROAD, EdgeKind.SPUR}
    assert (graph.edge_resolution_arcsec == 180).all()
    junction = graph.node_kind == NodeKind.JUNCTION
    assert junction.sum() > 50
    on_spur = np.zeros(graph.n_nodes, bool)
    spur = graph.edge_kind == EdgeKind.SPUR
    on_spur[graph.edge_tail[spur]] = on_spur[graph.edge_head[spur]] = True
    assert on_spur[junction].all(), "a junction without a spur cuts a road for nothing"


def test_the_same_input_gives_the_same_graph(made, steppe):
    one, two = made.build(*steppe), made.build(*steppe)
    for name in ("edge_tail", "edge_head", "edge_length_m", "edge_capex", "edge_path_lat"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def test_cutting_roads_conserves_their_length(made, steppe):
    settlements, roads = steppe
    stated = 1.2 * geodesic_m(*_ends(roads))
    graph = made.build(settlements, roads.assign(length_m=stated))
    road = graph.edge_kind == EdgeKind.ROAD
    assert graph.edge_length_m[road].sum() == pytest.approx(stated.sum(), rel=1e-9)


def _ends(roads):
    a = shapely.get_coordinates(shapely.get_point(roads.geometry.to_numpy(), 0))
    b = shapely.get_coordinates(shapely.get_point(roads.geometry.to_numpy(), -1))
    return a[:, 1], a[:, 0], b[:, 1], b[:, 0]


def ranges(lat, lon):
    return 12 * np.sin(3 * lat) * np.sin(4 * lon)


@pytest.mark.parametrize(("slope", "rel"), [(0.0, 1e-7), (ranges, 1e-3)])
def test_pruning_changes_no_distance(made, steppe, slope, rel):
    """Exact but for where the ground is sampled along roads cut more or less often."""
    rng = np.random.default_rng(1)
    terrain = made.terrain(48, 68, 80, 120, slope=slope)
    full = made.build(*steppe, terrain=terrain, values={"prune_dominated": 0})
    pruned = made.build(*steppe, terrain=terrain)
    assert pruned.n_edges < 0.9 * full.n_edges
    for start in rng.choice(300, 6, replace=False):
        cost = [
            nx.single_source_dijkstra_path_length(as_network(g), int(start), weight="cost")
            for g in (full, pruned)
        ]
        for end in range(300):
            assert cost[1][end] == pytest.approx(cost[0][end], rel=rel)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(0, 8), st.integers(0, 2**32 - 1), st.booleans())
def test_any_country_gives_a_sound_graph(made, n, n_roads, seed, coincide):
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(49, 52, n), rng.uniform(69, 74, n)
    if coincide:
        lat, lon = np.round(lat), np.round(lon)
    lines = [
        [(a, b), (c, d)]
        for a, b, c, d in zip(
            *(np.round(rng.uniform(*r, n_roads), 1) for r in ((49, 52), (69, 74)) * 2), strict=True
        )
    ]
    fibre = pd.DataFrame({"node_id": ["f"], "lat_deg": [50.5], "lon_deg": [71.5]})
    water = made.water(70, 50, 71, 51)
    graph = made.build(
        made.settlements(lat, lon),
        made.roads(lines) if lines else None,
        water=water,
        territory=shapely.box(69, 49, 74, 52),
        fibre_nodes=fibre,
        terrain=made.terrain(),
    )
    assert not check_trench_graph(graph)
    assert graph.settlement_node.tolist() == list(range(n))
    spur = graph.edge_kind == EdgeKind.SPUR
    apart = geodesic_m(
        graph.node_lat_deg[graph.edge_tail], graph.node_lon_deg[graph.edge_tail],
        graph.node_lat_deg[graph.edge_head], graph.node_lon_deg[graph.edge_head],
    )  # fmt: skip
    assert (apart[spur] <= 60_000).all()
    np.testing.assert_allclose(
        graph.edge_length_m[spur], np.maximum(1.3 * apart[spur], 1.0), rtol=1e-9
    )


def test_villages_along_a_road_are_joined_along_it(made):
    lon = np.linspace(70.1, 70.9, 6)
    road = made.roads([[(50.0, 70.0), (50.0, 71.0)]])
    graph = made.build(made.settlements(np.full(6, 50.01), lon), road)
    way = kinds_between(graph, 0, 5)
    assert [kind for kind, _ in way] == [1, 0, 0, 0, 0, 0, 1]
    near = graph.edge_kind == EdgeKind.SPUR
    assert near.sum() == 6, "spurs from village to village are dominated by the road"


def test_without_a_road_villages_are_joined_by_spurs(made):
    graph = made.build(made.settlements([50.0, 50.0, 50.1], [70.0, 70.2, 70.1]))
    assert (graph.edge_kind == EdgeKind.SPUR).all()
    assert graph.n_edges == 3


def test_a_long_detour_along_the_road_loses_to_the_spur(made):
    road = made.roads([[(50.0, 70.0), (50.0, 70.2)]], lengths_m=[60_000.0])
    graph = made.build(made.settlements([50.0, 50.0], [70.0, 70.2]), road)
    assert [kind for kind, _ in kinds_between(graph, 0, 1)] == [EdgeKind.SPUR]


def test_places_that_meet_a_road_near_each_other_share_a_junction(made):
    road = made.roads([[(50.0, 70.0), (50.0, 71.0)]])
    lat = [50.05, 49.95, 50.05]
    graph = made.build(made.settlements(lat, [70.5, 70.503, 70.52]), road)
    assert (graph.node_kind == NodeKind.JUNCTION).sum() == 2


def test_roads_with_curves_keep_their_shape(made):
    line = [(50.0, 70.0), (50.1, 70.2), (50.0, 70.4), (50.1, 70.6)]
    graph = made.build(made.settlements([50.12, 50.12], [70.2, 70.55]), made.roads([line]))
    road = graph.edges_frame(np.flatnonzero(graph.edge_kind == EdgeKind.ROAD))
    joined = shapely.line_merge(shapely.union_all(road.geometry.to_numpy()))
    for lat, lon in line[1:-1]:
        assert joined.distance(shapely.Point(lon, lat)) < 1e-9
    assert road.length_m.sum() == pytest.approx(
        sum(geodesic_m(*a, *b) for a, b in pairwise(line)), rel=1e-6
    )


def test_no_edge_crosses_the_lake_when_one_can_go_round(made):
    lake = made.water(70.2, 49.5, 70.6, 50.5)
    lat = [50.0, 50.0, 50.6, 50.6, 50.6]
    lon = [70.17, 70.63, 70.1, 70.4, 70.7]
    graph = made.build(made.settlements(lat, lon), water=lake)
    water = lake.geometry.iloc[0].buffer(-0.03)
    assert not graph.edges_frame().intersects(water).any()
    assert not check_trench_graph(graph)
    assert len(kinds_between(graph, 0, 1)) > 1


def test_villages_on_a_coarse_shore_still_connect(made):
    lake = made.water(70.2, 49.5, 70.6, 50.5)
    graph = made.build(made.settlements([50.0, 50.0], [70.1, 70.22]), water=lake)
    assert (graph.edge_kind == EdgeKind.SPUR).all()
    assert not found(graph)


def test_an_island_is_bridged_and_found(made):
    lake = made.water(70.2, 49.5, 70.8, 50.5)
    graph = made.build(made.settlements([50.0, 50.0, 49.9], [70.0, 70.5, 70.0]), water=lake)
    assert set(found(graph)) == {"settlement-in-water", "bridge-across-water"}
    assert "Village 1" in graph.findings[0].what
    assert (graph.edge_kind == EdgeKind.BRIDGE).sum() == 1
    dry = made.build(made.settlements([50.0, 50.0, 49.9], [70.0, 70.5, 70.0]))
    wet, land = (g.edge_capex[g.settlement_node[[1]] == g.edge_head].min() for g in (graph, dry))
    assert wet == pytest.approx(3 * land)


def test_a_far_village_is_bridged_not_spurred(made):
    graph = made.build(made.settlements([50.0, 50.0, 50.0], [70.0, 70.1, 72.0]))
    bridges = graph.edge_kind == EdgeKind.BRIDGE
    assert bridges.sum() == 1
    assert found(graph) == ["bridge"]
    assert "Village 2" in graph.findings[0].what


def test_spurs_stay_in_the_territory(made):
    bay = shapely.box(69.5, 49.5, 71.5, 50.5) - shapely.box(70.2, 49.6, 70.6, 50.6)
    graph = made.build(
        made.settlements([50.0, 49.55, 49.55, 50.0], [70.15, 70.15, 70.65, 70.65]), territory=bay
    )
    assert graph.n_edges == 3
    assert not found(graph)
    outside = made.build(made.settlements([50.0, 50.0], [70.0, 72.0]), territory=bay)
    assert {"settlement-outside-territory", "bridge-across-border"} <= {
        f.id for f in outside.findings
    }


def test_roads_that_end_abroad_are_left_out(made):
    roads = made.roads([[(50.0, 70.0), (50.0, 70.5)], [(50.0, 70.5), (50.0, 72.0)]])
    box = shapely.box(69.5, 49.5, 71.0, 50.5)
    graph = made.build(made.settlements([50.0, 50.0], [70.1, 70.4]), roads, territory=box)
    assert graph.node_lon_deg.max() < 71
    assert found(graph) == ["line-outside-territory"]


def test_a_road_that_leads_nowhere_is_dropped(made):
    roads = made.roads([[(50.0, 70.0), (50.0, 70.5)], [(55.0, 80.0), (55.0, 81.0)]])
    graph = made.build(made.settlements([50.0, 50.0], [70.1, 70.4]), roads)
    assert graph.node_lat_deg.max() < 51
    assert not found(graph)


def test_settlements_out_of_the_plan_have_no_node(made):
    table = made.settlements([50, 50, 50], [70, 70.1, 70.2], in_plan=[True, False, True])
    graph = made.build(table)
    assert graph.settlement_node.tolist() == [0, -1, 1]
    assert graph.node_settlement.tolist() == [0, 2]


def test_a_fibre_point_in_a_settlement_joins_it_at_no_cost(made):
    fibre = pd.DataFrame(
        {
            "node_id": ["a", "b"],
            "settlement_id": ["s:1", None],
            "lat_deg": [50.05, 50.002],
            "lon_deg": [70.1, 70.0],
        }
    )
    graph = made.build(made.settlements([50, 50], [70, 70.1]), fibre_nodes=fibre)
    free = graph.edge_kind == EdgeKind.EXISTING
    assert (graph.node_kind[2:] == NodeKind.FIBRE).all()
    pairs = set(zip(graph.edge_tail[free].tolist(), graph.edge_head[free].tolist(), strict=True))
    assert pairs == {(1, 2), (0, 3)}
    assert (graph.edge_capex[free] == 0).all()
    assert (graph.edge_length_m[free] > 0).all()


def test_an_existing_line_serves_the_villages_it_passes(made):
    line = gpd.GeoDataFrame(
        {"line_id": ["l"]}, geometry=[shapely.LineString([(70, 50), (71, 50)])], crs="EPSG:4326"
    )
    graph = made.build(made.settlements([50.005, 50.06], [70.3, 70.6]), fibre_lines=line)
    assert not check_trench_graph(graph)
    fibre = int(np.flatnonzero(graph.node_kind == NodeKind.FIBRE)[0])
    cost = nx.single_source_dijkstra_path_length(as_network(graph), fibre, weight="cost")
    assert cost[0] == 0
    assert cost[1] == pytest.approx(
        1.3 * geodesic_m(50.06, 70.6, 50.0, 70.6) / 1000 * 9000 * 500 * 1.15, rel=1e-3
    )


def test_an_existing_line_meets_the_roads_it_passes(made):
    line = gpd.GeoDataFrame(
        {"line_id": ["l"]}, geometry=[shapely.LineString([(70, 50), (71, 50)])], crs="EPSG:4326"
    )
    roads = made.roads([[(50.0005, 70.5), (50.3, 70.5)]])
    graph = made.build(made.settlements([50.3], [70.51]), roads, fibre_lines=line)
    net = as_network(graph)
    fibre = int(np.flatnonzero(graph.node_kind == NodeKind.FIBRE)[0])
    path = nx.shortest_path(net, fibre, 0, weight="cost")
    kinds = [net[a][b]["kind"] for a, b in pairwise(path)]
    assert kinds == [EdgeKind.EXISTING, EdgeKind.EXISTING, EdgeKind.ROAD, EdgeKind.SPUR]


def test_railways_are_a_way_of_their_own(made):
    rail = made.roads([[(50.0, 70.0), (50.0, 71.0)]]).rename(columns={"road_id": "rail_id"})
    graph = made.build(made.settlements([50.01, 50.01], [70.1, 70.9]), railways=rail)
    way = [kind for kind, _ in kinds_between(graph, 0, 1)]
    assert way == [EdgeKind.SPUR, EdgeKind.RAILWAY, EdgeKind.SPUR]
    rails = graph.edge_kind == EdgeKind.RAILWAY
    assert (graph.edge_method[rails] == Method.AERIAL).all()


@pytest.mark.parametrize(
    ("slope", "cover", "terrain", "method", "per_km"),
    [
        (0.0, 10, Terrain.FLAT, Method.PLOUGH, 9000),
        (4.0, 10, Terrain.HILLY, Method.PLOUGH, 9000 * 1.3),
        (15.0, 10, Terrain.MOUNTAIN, Method.AERIAL, 9500 * 1.6),
        (1.0, 11, Terrain.WETLAND, Method.AERIAL, 9500 * 1.5),
    ],
)
def test_ground_decides_method_and_cost(made, slope, cover, terrain, method, per_km):
    ground = made.terrain(slope=slope, cover=cover)
    graph = made.build(made.settlements([50, 50.2], [70, 70.2]), terrain=ground)
    assert graph.edge_terrain.tolist() == [terrain]
    assert graph.edge_method.tolist() == [method]
    km = graph.edge_length_m[0] / 1000
    assert graph.edge_capex[0] == pytest.approx(km * per_km * 500 * 1.15)
    share = 0.03 if method == Method.AERIAL else 0.015
    assert graph.edge_opex_per_year[0] == pytest.approx(share * graph.edge_capex[0])


def test_cost_is_weighted_by_the_length_on_each_ground(made):
    ground = made.terrain(slope=lambda lat, lon: np.where(lon > 70.10, 4.0, 0.0))
    graph = made.build(made.settlements([50, 50], [70, 70.2]), terrain=ground)
    km = graph.edge_length_m[0] / 1000
    share = graph.edge_capex[0] / (km * 9000 * 500 * 1.15)
    assert share == pytest.approx(1 + 0.3 * (70.2 - 70.125) / 0.2, abs=0.02)


def test_the_finer_terrain_is_used_where_there_is_one(made):
    coarse = made.terrain(slope=15.0)
    fine = made.terrain(49.9, 69.9, 60, 60, step=0.01, slope=0.0)
    both = pd.concat([coarse, fine], ignore_index=True)
    graph = made.build(
        made.settlements([50, 50.2, 50.6, 50.7], [70, 70.2, 70.6, 70.7]), terrain=both
    )
    frame = graph.edges_frame()
    inside = frame[(frame["tail"] == 0) & (frame["head"] == 1)].iloc[0]
    beyond = frame[(frame["tail"] == 2) & (frame["head"] == 3)].iloc[0]
    assert (inside.terrain, inside.resolution_arcsec) == ("flat", 36)
    assert (beyond.terrain, beyond.resolution_arcsec) == ("mountain", 180)


def test_ground_without_data_is_flat_and_found(made):
    graph = made.build(made.settlements([60, 60.1], [70, 70]), terrain=made.terrain())
    assert [f.id for f in graph.findings] == ["terrain-unknown"]
    assert graph.edge_resolution_arcsec.tolist() == [0]


def test_stated_lengths_below_the_straight_line_are_raised_and_found(made):
    road = made.roads([[(50.0, 70.0), (50.0, 71.0)]], lengths_m=[1000.0])
    graph = made.build(made.settlements([50.0, 50.0], [70.0, 71.0]), road)
    assert not check_trench_graph(graph)
    assert found(graph) == ["length-below-straight-line"]


def test_bad_input_is_refused(made):
    with pytest.raises(InputError, match="no settlement"):
        made.build(made.settlements([50.0], [70.0], in_plan=[False]))
    with pytest.raises(InputError, match="row 3"):
        made.build(made.settlements([50.0, np.nan], [70.0, 70.0]))
    with pytest.raises(InputError, match="exchange_rate"):
        made.build(made.settlements([50.0], [70.0]), values={"exchange_rate": 0.0})


def test_frames_tell_kinds_in_words(made, steppe):
    graph = made.build(*steppe)
    edges, nodes = graph.edges_frame(), graph.nodes_frame()
    assert len(edges) == graph.n_edges
    assert len(nodes) == graph.n_nodes
    assert set(edges.kind) == {"road", "spur"}
    assert edges.crs == nodes.crs == "EPSG:4326"
    assert graph.summary()["edges"].sum() == graph.n_edges
    e = graph.n_edges // 2
    line = graph.edges_frame([e]).geometry.iloc[0]
    assert line.coords[0] == pytest.approx(
        (graph.node_lon_deg[graph.edge_tail[e]], graph.node_lat_deg[graph.edge_tail[e]])
    )


def test_progress_tells_every_step(made, steppe):
    told = []
    made.build(*steppe, progress=told.append)
    assert told[0].share == 0
    assert told[-1].share == 1
    assert [s.share for s in told] == sorted(s.share for s in told)


def test_aerial_cable_in_the_open_can_be_permitted(made):
    params = made.params(aerial_permitted_open=1, fibre_aerial=5000)
    assert params.value("aerial_permitted_open") == 1
    graph = made.build(
        made.settlements([50, 50.2], [70, 70.2]),
        values={"aerial_permitted_open": 1, "fibre_aerial": 5000},
    )
    assert graph.edge_method.tolist() == [Method.AERIAL]
