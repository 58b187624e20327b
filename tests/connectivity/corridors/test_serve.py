"""Pairs of mast and point: the profile's points lie as far apart as stated, whatever the cells."""

from __future__ import annotations

import numpy as np
import pytest

from qamtu.connectivity.corridors.checks import check_inputs
from qamtu.connectivity.corridors.serve import serve_pairs
from qamtu.kernels.propagation.p1812 import Settings, make_constants
from qamtu.kernels.terrain import Surface, great_circle_m, make_surface

from .made import made_inputs, made_params

CELL = 0.01
MAST, POINT = (50.2, 60.1), (50.21, 60.18)


def town(parts: int) -> Surface:
    """Lay a town of blocks on a plain, each cell cut into ``parts`` by ``parts`` alike ones."""
    rows, cols = 60, 60
    clutter = 5.0 + 10.0 * ((np.arange(rows)[:, None] + np.arange(cols)) % 2)
    clutter = np.repeat(np.repeat(clutter, parts, axis=0), parts, axis=1)
    step, edge = CELL / parts, (CELL - CELL / parts) / 2.0
    return make_surface(
        50.5 + edge, 59.8 - edge, step, step, np.full(clutter.shape, 300.0), clutter_m=clutter
    )


def loss_db(surface: Surface, step_m: float, point: tuple[float, float] = POINT) -> float:
    """Find the least budget, to a tenth of a decibel, with which a mast of 48 m serves."""
    low, high = 60.0, 220.0
    while high - low > 0.1:
        middle = 0.5 * (low + high)
        served = serve_pairs(
            *surface.grid, step_m, np.array([MAST[0]]), np.array([MAST[1]]), np.zeros((1, 2)),
            np.array([point[0]]), np.array([point[1]]), np.array([0, 1]), np.array([0]),
            np.array([48.0]), 1.5, make_constants(Settings(0.8)), middle, 0.0, 0.0,
        )[0]  # fmt: skip
        low, high = (low, middle) if served else (middle, high)
    return high


def test_finer_cells_alone_change_no_loss() -> None:
    assert loss_db(town(3), 100.0) == pytest.approx(loss_db(town(1), 100.0), abs=0.11)
    assert loss_db(town(9), 100.0) == pytest.approx(loss_db(town(1), 100.0), abs=0.11)


def test_wider_profiles_see_less_of_a_town() -> None:
    losses = [loss_db(town(1), step) for step in (30.0, 100.0, 460.0)]
    assert losses[0] > losses[1] + 2.0
    assert losses[1] > losses[2] + 2.0


def test_a_short_path_has_points_as_far_apart_as_a_long_one() -> None:
    near = (MAST[0], MAST[1] + 0.006)
    length = great_circle_m(*MAST, *near)
    assert 400.0 < length < 450.0
    # five points a hundred metres apart, as many as the step gives
    assert loss_db(town(1), 100.0, near) == loss_db(town(1), length / 4.4, near)


@pytest.mark.parametrize("step", [0.0, 5.0, 30_000.0])
def test_a_step_out_of_range_is_told(step: float) -> None:
    found = check_inputs(made_inputs(params=made_params(profile_step=step)))
    assert [f.field for f in found] == ["profile_step"]
