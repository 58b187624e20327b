"""Whole roads, their points and windows."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.connectivity.corridors.roads import join_roads
from qamtu.connectivity.corridors.samples import (
    Samples,
    longest_gaps,
    sample_roads,
    windows,
)

from .made import made_regions, made_roads


def test_a_road_runs_on_through_junctions() -> None:
    roads = join_roads(made_roads())
    assert roads.count == 2
    assert roads.edges.tolist() == [3, 1]
    assert roads.first_edge.tolist() == [0, 3]
    stated = made_roads()["length_m"]
    assert roads.length_m == pytest.approx([stated[:3].sum(), stated[3]])
    # the third edge is drawn the other way round
    lon = roads.lon_deg[: roads.offset[1]]
    assert (np.diff(lon) > 0).all() or (np.diff(lon) < 0).all()


def test_places_lie_on_the_line_at_their_share() -> None:
    roads = join_roads(made_roads())
    half = roads.length_m / 2.0
    lat, lon, edge = roads.places(np.array([0, 1]), half)
    lines = made_roads().geometry
    for i in range(2):
        assert lines[int(edge[i])].distance(shapely.Point(lon[i], lat[i])) < 1e-9
    ends = roads.line(1, 0.0, float(roads.length_m[1]))
    assert ends.equals(lines[3])


def test_a_ring_is_one_road() -> None:
    corners = [(60.2, 50.2), (60.4, 50.2), (60.4, 50.4), (60.2, 50.4)]
    lines = [shapely.LineString([corners[i], corners[(i + 1) % 4]]) for i in range(4)]
    ring = gpd.GeoDataFrame(
        {"road_id": list("abcd"), "length_m": 20_000.0}, geometry=lines, crs=4326
    )
    roads = join_roads(ring)
    assert roads.count == 1
    assert roads.edges.tolist() == [4]


def test_points_stand_for_all_the_length() -> None:
    roads = join_roads(made_roads())
    samples = sample_roads(roads, made_regions(), 500.0)
    assert samples.length_m.sum() == pytest.approx(roads.length_m.sum())
    assert samples.length_m.max() <= 500.0 + 1e-6
    assert (samples.run[1:] >= samples.run[:-1]).all()


def test_what_lies_outside_breaks_a_run() -> None:
    roads = join_roads(made_roads())
    half = made_regions().iloc[:1]
    samples = sample_roads(roads, half, 500.0)
    assert samples.length_m.sum() < 0.7 * roads.length_m.sum()
    assert samples.lon_deg.max() <= 60.8 + 1e-9


def made_samples(lengths: list[float], runs: list[int]) -> Samples:
    count = len(lengths)
    whole = np.zeros(count, dtype=np.int64)
    run = np.array(sorted(runs[:count]), dtype=np.int64)
    length = np.array(lengths)
    return Samples(whole, np.cumsum(length), length, length, length, whole, whole, run)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.floats(10.0, 900.0), min_size=1, max_size=40),
    st.lists(st.integers(0, 2), min_size=40, max_size=40),
    st.floats(900.0, 4000.0),
    st.randoms(use_true_random=False),
)
def test_no_gap_is_too_long_if_and_only_if_each_window_is_met(lengths, runs, gap, random) -> None:
    samples = made_samples(lengths, runs)
    first, last = windows(samples, gap)
    served = np.array([random.random() < 0.3 for _ in lengths])
    met = all(served[a : b + 1].any() for a, b in zip(first, last, strict=True))
    longest = longest_gaps(samples, served, 1)[0]
    if abs(longest - gap) > 0.01:
        assert met == (longest <= gap)
