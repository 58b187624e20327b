"""The parts of the trench graph, each against a slow and plain way to the same answer."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.connectivity.villages.trench.areas import make_area, straight_lines
from qamtu.connectivity.villages.trench.cuts import cut_lines
from qamtu.connectivity.villages.trench.graph import EdgeKind
from qamtu.connectivity.villages.trench.joins import find_joins, gather_junctions
from qamtu.connectivity.villages.trench.lines import read_lines
from qamtu.connectivity.villages.trench.plane import Plane
from qamtu.connectivity.villages.trench.spurs import delaunay_pairs, nearest_pairs, unique_pairs
from qamtu.connectivity.villages.trench.terrain import read_ground
from qamtu.kernels.dominance import dominated_edges
from qamtu.kernels.graphs import connected_components, graph_from_edges, shortest_paths

SEEDS = st.integers(0, 2**32 - 1)


def blob(rng, n, centre, radius):
    angle = np.sort(rng.uniform(0, 2 * np.pi, n))
    reach = radius * rng.uniform(0.5, 1.0, n)
    points = np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None] + centre
    return shapely.make_valid(shapely.Polygon(points))


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_lengths_inside_polygons_are_those_of_shapely(seed):
    rng = np.random.default_rng(seed)
    shapes = np.array([blob(rng, 900, (0, 0), 100.0), blob(rng, 12, (250, 0), 60.0)], dtype=object)
    area = make_area(shapes)
    start, end = rng.uniform(-150, 350, (200, 2)), rng.uniform(-150, 350, (200, 2))
    end[:100] = start[:100] + rng.normal(0, 10, (100, 2))
    line, owner, length = area.lengths(start, end)
    made = np.zeros((200, 2))
    made[line, owner] = length
    lines = straight_lines(start, end)
    for i, shape in enumerate(shapes):
        true = shapely.length(shapely.intersection(lines, shape))
        np.testing.assert_allclose(made[:, i], true, atol=1e-6)
    inside = area.holds(start)
    points = shapely.points(start)
    assert (inside == shapely.intersects(shapely.union_all(shapes), points)).all()
    near = area.holds(start, margin=5.0)
    np.testing.assert_array_equal(near, shapely.distance(shapely.union_all(shapes), points) <= 5.0)


def test_nothing_makes_no_area():
    assert make_area(np.zeros(0, dtype=object)) is None


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.integers(1, 60), st.booleans())
def test_delaunay_joins_everything_even_twins_and_rows(seed, n, on_a_line):
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 8, (n, 2)).astype(float)
    if on_a_line:
        places[:, 1] = places[:, 0]
    pairs = delaunay_pairs(places)
    assert (pairs[:, 0] < pairs[:, 1]).all()
    count, _ = connected_components(n, pairs[:, 0].astype(np.int32), pairs[:, 1].astype(np.int32))
    assert count == 1


def test_nearest_pairs_hold_the_nearest():
    places = np.random.default_rng(0).uniform(0, 1, (50, 2))
    pairs = {tuple(p) for p in nearest_pairs(places, 2).tolist()}
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    for i, row in enumerate(apart.argsort(axis=1)[:, 1:3]):
        for j in row:
            assert (min(i, j), max(i, j)) in pairs


def test_unique_pairs_of_nothing():
    assert unique_pairs(np.array([[3, 3], [2, 1], [1, 2]])).tolist() == [[1, 2]]
    assert unique_pairs(np.zeros((0, 2), np.int64)).shape == (0, 2)


def road_lines(made, seed, n=12):
    rng = np.random.default_rng(seed)
    walks = np.cumsum(rng.normal(0, 0.05, (n, 6, 2)), axis=1) + rng.uniform(50, 51, (n, 1, 2))
    table = made.roads([[(lat, lon + 20) for lat, lon in walk] for walk in walks])
    lines, findings = read_lines(table, EdgeKind.ROAD, "roads")
    assert not findings
    return lines, table


@pytest.mark.parametrize("seed", range(5))
def test_joins_are_the_nearest_places_of_the_nearest_lines(made, seed):
    lines, table = road_lines(made, seed)
    plane = Plane.around(lines.lat, lines.lon)
    rng = np.random.default_rng(seed)
    points = rng.uniform(-60_000, 60_000, (80, 2))
    vertices = plane.project(lines.lat, lines.lon)
    joins = find_joins(points, lines, vertices, np.arange(len(lines.kind)), 30_000, 2)
    drawn = plane.project_geometries(table.geometry.to_numpy())
    for p in range(len(points)):
        distance = shapely.distance(drawn, shapely.Point(points[p]))
        wanted = [i for i in np.argsort(distance)[:2] if distance[i] <= 30_000]
        assert joins.line[joins.point == p].tolist() == wanted


@pytest.mark.parametrize("seed", range(5))
def test_cut_lines_add_up(made, seed):
    lines, _ = road_lines(made, seed)
    plane = Plane.around(lines.lat, lines.lon)
    points = np.random.default_rng(seed).uniform(-60_000, 60_000, (200, 2))
    vertices = plane.project(lines.lat, lines.lon)
    joins = find_joins(points, lines, vertices, np.arange(len(lines.kind)), 30_000, 3)
    target, line, along = gather_junctions(joins, lines, 500.0)
    pieces = cut_lines(lines, line, along)
    assert len(pieces.kind) == len(lines.kind) + len(line)
    assert pieces.length_m.sum() == pytest.approx(lines.length_m.sum())
    assert (target >= -len(line)).all()
    assert (np.diff(pieces.offset) >= 2).all()
    k = len(lines.node_lat)
    lat = np.concatenate([lines.node_lat, pieces.junction_lat])
    np.testing.assert_array_equal(lat[pieces.tail], pieces.lat[pieces.offset[:-1]])
    np.testing.assert_array_equal(lat[pieces.head], pieces.lat[pieces.offset[1:] - 1])
    used = np.bincount(np.concatenate([pieces.tail, pieces.head]), minlength=k + len(line))
    assert (used[k:] == 2).all()
    same = np.diff(line) == 0
    assert (np.diff(along)[same] > 0).all()


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.integers(1, 400))
def test_leaving_out_dominated_edges_changes_no_distance(seed, settle_max):
    rng = np.random.default_rng(seed)
    n, m = 30, 140
    tail, head = rng.integers(0, n, m).astype(np.int32), rng.integers(0, n, m).astype(np.int32)
    cost = rng.integers(0, 20, m).astype(float)
    second = 0.1 * cost * rng.integers(1, 3, m)
    candidate = rng.random(m) < 0.7
    out = dominated_edges(*graph_from_edges(n, tail, head), cost, second, candidate, settle_max)
    assert not out[~candidate].any()
    for factor in (0.0, 5.0):
        whole = cost + factor * second
        before, after = graph_from_edges(n, tail, head), graph_from_edges(n, tail[~out], head[~out])
        for source in range(0, n, 7):
            np.testing.assert_allclose(
                shortest_paths(after, whole[~out], source).distance,
                shortest_paths(before, whole, source).distance,
            )


def test_shares_of_ground_are_those_of_the_cells(made):
    table = made.terrain(
        slope=lambda lat, lon: 4.0 * (np.round(lon / 0.05) % 2 == 0),
        cover=lambda lat, lon: np.where(lat > 50.5, 11, 10),
    )
    ground = read_ground(table, 3.0, 10.0)
    offset = np.array([0, 2, 5])
    lat = np.array([50.0, 50.0, 50.0, 50.0, 50.9])
    lon = np.array([70.025, 70.525, 70.0, 70.0, 70.0])
    shares, resolution = ground.shares(offset, lat, lon)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    np.testing.assert_allclose(shares[0], [0.5, 0.5, 0, 0], atol=0.05)
    np.testing.assert_allclose(
        shares[1], [0, (50.525 - 50) / 0.9, 0, (50.9 - 50.525) / 0.9], atol=0.05
    )
    assert resolution.tolist() == [180, 180]
