"""The sweep along a radial against a path of its own to every point."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.core.errors import InputError
from qamtu.kernels.propagation.area import radial_losses
from qamtu.kernels.propagation.p1812.settings import Settings

TOLERANCE_DB = 1e-6


def _compare(losses_of_paths, height, clutter, zone, step, tx, rx, asked, latitude=43.0):
    n = height.size
    middle = np.broadcast_to(latitude, n)
    swept = radial_losses(height, clutter, zone, step, tx, rx, asked, middle)
    paths = losses_of_paths(height, clutter, zone, step, tx, rx, asked, middle)
    assert np.array_equal(np.isnan(swept[1:]), np.isnan(paths[1:]))
    off = np.abs(swept[1:] - paths[1:])
    assert np.nanmax(off, initial=0.0) < TOLERANCE_DB
    return swept


@st.composite
def _radials(draw):
    n = draw(st.integers(2, 150))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    kind = draw(st.sampled_from(["walk", "plain", "steps", "noise", "whole metres", "sea"]))
    height = {
        "walk": lambda: rng.normal(0.0, 15.0, n + 1).cumsum() + 500.0,
        "plain": lambda: rng.normal(0.0, 0.5, n + 1) + 100.0,
        "steps": lambda: np.repeat(rng.uniform(0.0, 400.0, n // 9 + 1), 9)[: n + 1],
        "noise": lambda: rng.uniform(0.0, 300.0, n + 1),
        "whole metres": lambda: np.round(rng.normal(0.0, 2.0, n + 1).cumsum()),
        "sea": lambda: np.zeros(n + 1),
    }[kind]()
    share = draw(st.sampled_from([0.0, 0.2, 0.9]))
    clutter = np.where(rng.random(n + 1) < share, rng.choice([5.0, 10.0, 20.0], n + 1), 0.0)
    zone = np.full(n + 1, 4, np.uint8)
    if kind == "sea" or draw(st.booleans()):
        zone = np.repeat(rng.choice([1, 1, 3, 4], n // 12 + 1), 12)[: n + 1].astype(np.uint8)
    if draw(st.booleans()):
        height[rng.integers(0, n + 1)] = np.nan
    return height, clutter, zone


@given(
    _radials(), st.sampled_from([0.03, 0.1, 0.7]), st.sampled_from([1.5, 30.0, 300.0]),
    st.sampled_from([1.5, 10.0]), st.sampled_from([0.03, 0.7, 3.5, 6.0]),
    st.sampled_from([1.0, 10.0, 50.0]),
)  # fmt: skip
@settings(max_examples=120, deadline=None)
def test_every_point_equals_its_own_path(losses_of_paths, radial, step, tx, rx, frequency, time):
    _compare(losses_of_paths, *radial, step, tx, rx, Settings(frequency, time_percent=time))


@pytest.mark.parametrize("time", [1.0, 50.0])
@pytest.mark.parametrize("covered", [False, True])
def test_real_terrain_to_every_point(losses_of_paths, dem, covered, time):
    heights, _ = dem
    rng = np.random.default_rng(7)
    seen = []
    for _ in range(6):
        row, col = rng.integers(0, heights.shape[0]), rng.integers(0, heights.shape[1] - 160)
        height = np.interp(np.arange(301) * 0.3, np.arange(160), heights[row, col : col + 160])
        clutter = np.where(rng.random(301) < 0.3, 15.0, 0.0) if covered else np.zeros(301)
        zone = np.full(301, 4, np.uint8)
        asked = Settings(0.7, time_percent=time)
        swept = _compare(losses_of_paths, height, clutter, zone, 0.1, 40.0, 1.5, asked)
        free = 92.4 + 20.0 * np.log10(0.7 * 0.1 * np.arange(1, 301))
        seen.append(swept - free)
    behind = np.concatenate(seen)
    assert (behind > 20.0).any()  # shadows of mountains
    assert (behind < 1.0).any()  # and lines of sight


def test_a_smooth_plain_sees_over_the_horizon(losses_of_paths):
    n = 900
    asked = Settings(0.1)
    zone = np.full(n + 1, 4, np.uint8)
    swept = _compare(
        losses_of_paths, np.zeros(n + 1), np.zeros(n + 1), zone, 0.2, 60.0, 10.0, asked
    )
    assert (np.diff(swept[10:]) > 0.0).all()


def test_the_receivers_own_clutter_hides_only_those_behind_it():
    height, zone, clutter = np.zeros(40), np.full(40, 4, np.uint8), np.zeros(40)
    clutter[20] = 40.0
    asked = Settings(0.7)
    bare = radial_losses(height, np.zeros(40), zone, 0.1, 20.0, 1.5, asked, 43.0)
    covered = radial_losses(height, clutter, zone, 0.1, 20.0, 1.5, asked, 43.0)
    assert np.array_equal(bare[:20], covered[:20])
    assert (covered[20:] > bare[20:] + 3.0).all()


def test_a_void_hides_what_is_behind_it():
    height = np.full(30, 100.0)
    height[12] = np.nan
    losses = radial_losses(height, 0.0, 4, 0.1, 20.0, 1.5, Settings(0.7), 43.0)
    assert np.isfinite(losses[:11]).all()
    assert np.isnan(losses[11:]).all()
    height[0] = np.nan
    assert np.isnan(radial_losses(height, 0.0, 4, 0.1, 20.0, 1.5, Settings(0.7), 43.0)).all()


@pytest.mark.parametrize(
    ("height", "clutter", "step"),
    [([1.0], 0.0, 0.1), ([1.0, 2.0], [0.0, 0.0, 0.0], 0.1), ([1.0, 2.0], 0.0, 0.0)],
)
def test_what_makes_no_radial_is_refused(height, clutter, step):
    with pytest.raises(InputError):
        radial_losses(height, clutter, 4, step, 20.0, 1.5, Settings(0.7), 43.0)
