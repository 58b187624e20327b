"""Places where a rounded number could take the other branch."""

import numpy as np
import pytest

from qamtu.kernels.propagation.p1812 import Settings, basic_transmission_losses
from qamtu.kernels.propagation.p1812.reduce import fill_lazy
from qamtu.kernels.propagation.p1812.settings import make_constants
from qamtu.kernels.propagation.p1812.terms import (
    DISTANCE_KM,
    DUCT_R_M,
    DUCT_T_M,
    HORIZON_R_KM,
    HORIZON_T_KM,
    ROUGHNESS_M,
    TERMS_SIZE,
)


def test_ground_that_touches_the_line_of_sight_is_no_obstruction() -> None:
    """Its angles are zero by zero; the loss must be that of ground a hair lower."""
    rng = np.random.default_rng(0)
    d = np.arange(41) * 0.3
    rows = []
    for _ in range(300):
        base, rise = rng.uniform(100.0, 900.0), rng.uniform(-3.0, 3.0)
        height = base + rise * d  # parallel to the line of sight, which the middle touches
        height[1:-1] += 2.0 - 1e-12 * rng.random(39)
        rows.append(height)
    ground = np.array(rows)
    lower = ground.copy()
    lower[:, 1:-1] -= 1e-6
    losses = [
        basic_transmission_losses(Settings(0.7, time_percent=5.0), d, h, 2.0, 2.0)
        for h in (ground, lower)
    ]
    assert np.isfinite(losses[0]).all()
    assert np.abs(losses[0] - losses[1]).max() < 1e-3


@pytest.mark.parametrize("step", [0.1, 0.3, 0.7])
def test_roughness_counts_the_points_between_the_horizons_only(step: float) -> None:
    """Distances come back as D - (D - d), which may round above d."""
    constants = make_constants(Settings(0.7))
    for last in range(3, 120):
        d = step * np.arange(last + 1)
        height = 10.0 * np.arange(last + 1.0)  # every point too many would show
        for first in range(1, last - 1):
            terms = np.full(TERMS_SIZE, np.nan)
            terms[DISTANCE_KM], terms[DUCT_T_M], terms[DUCT_R_M] = d[last], 0.0, 0.0
            terms[HORIZON_T_KM], terms[HORIZON_R_KM] = d[1], d[last] - d[first]
            fill_lazy(d, height, constants, terms)
            assert terms[ROUGHNESS_M] == 10.0 * first
