"""Hulls and blocks against scans of all points."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.kernels.propagation.area.blocks import (
    BLOCK,
    cover_block,
    highest_above,
    nearest_to_sight,
)
from qamtu.kernels.propagation.area.envelope import extreme, push, tangent

HEIGHTS = st.lists(
    st.one_of(st.integers(-3, 3).map(float), st.floats(-500.0, 3000.0)), min_size=3, max_size=120
).map(np.array)
PLAN = settings(max_examples=150, deadline=None)


@given(HEIGHTS, st.floats(0.0, 0.1), st.floats(0.1, 400.0), st.integers(0, 200))
@PLAN
def test_tangents_see_the_highest_point(heights, bulge, antenna, start):
    y = heights - bulge * np.arange(heights.size) ** 2
    hull, size = np.empty((4, y.size)), 0
    for k in range(2, y.size):
        size = push(hull, size, k - 1.0, y[k - 1])
        at = y[k] + antenna
        slopes = (y[1:k] - at) / (k - np.arange(1, k))
        v = tangent(hull, size, float(k), at, start)
        assert (hull[1, v] - at) / (k - hull[0, v]) == pytest.approx(slopes.max(), abs=1e-9)


@given(HEIGHTS, st.floats(-50.0, 50.0), st.integers(0, 200))
@PLAN
def test_the_highest_point_over_sloping_lines(heights, slope, start):
    hull, size = np.empty((4, heights.size)), 0
    for k in range(1, heights.size):
        size = push(hull, size, float(k), heights[k])
        v = extreme(hull, size, slope, start)
        over = heights[1 : k + 1] - slope * np.arange(1, k + 1)
        assert hull[1, v] - slope * hull[0, v] == pytest.approx(over.max(), abs=1e-9)


def test_a_hull_of_a_plain_has_two_corners():
    hull, size = np.empty((4, 50)), 0
    for k in range(1, 50):
        size = push(hull, size, float(k), 7.0)
    assert size == 2
    assert hull[0, :2].tolist() == [1.0, 49.0]


def _covered(y):
    lines = np.empty((2, y.size // BLOCK + 1))
    for b in range(y.size // BLOCK):
        cover_block(y, b, lines)
    return lines


@given(
    HEIGHTS, st.floats(0.0, 0.1), st.floats(0.5, 4000.0), st.floats(0.5, 4000.0),
    st.sampled_from([-np.inf, -5.0, -0.5]), st.integers(0, 120),
)  # fmt: skip
@PLAN
def test_the_point_nearest_to_a_line_of_sight(heights, bulge, up, there, floor, seed):
    n = heights.size - 1
    y = heights - bulge * np.arange(n + 1) ** 2
    root = np.r_[0.0, 1.0 / np.sqrt(np.arange(1, n + 1))]
    lines, i = _covered(y), np.arange(1, n)
    y_t, y_r = y[0] + up, y[n] + there
    value = (y[i] - y_t - (y_r - y_t) / n * i) / np.sqrt(i * (n - i))
    best, at = nearest_to_sight(y, lines, n // BLOCK, n, y_t, y_r, root, floor, seed)
    if value.max() > floor + 1e-9:
        assert best == pytest.approx(value.max(), rel=1e-12, abs=1e-12)
        assert value[at - 1] == pytest.approx(value.max(), rel=1e-12, abs=1e-12)
    else:
        assert best == pytest.approx(floor)


def test_of_equals_the_point_nearest_the_receiver():
    y, n = np.zeros(41), 40
    root = np.r_[0.0, 1.0 / np.sqrt(np.arange(1, n + 1))]
    y[8] = y[32] = 3.0
    for seed in (0, 8, 32):
        _, at = nearest_to_sight(y, _covered(y), n // BLOCK, n, 9.0, 9.0, root, -np.inf, seed)
        assert at == 32


@given(HEIGHTS, st.floats(-50.0, 50.0), st.data())
@PLAN
def test_the_highest_point_of_a_stretch(heights, slope, data):
    first = data.draw(st.integers(1, heights.size - 1))
    last = data.draw(st.integers(first, heights.size - 1))
    over = heights[first : last + 1] - slope * np.arange(first, last + 1)
    blocks = (heights.size - 1) // BLOCK
    top = highest_above(heights, _covered(heights), blocks, first, last, slope)
    assert top == pytest.approx(over.max(), abs=1e-9)
