"""Calibration gets back what was put in, is robust, and is honest on land it has not seen."""

from __future__ import annotations

import numpy as np
import pytest

from qamtu.core.errors import InputError
from qamtu.kernels.coverage import (
    blocks_of,
    correct_loss,
    correction_db,
    fit_calibration,
    residuals_of,
)
from qamtu.kernels.geodesy import destination, geodesic_m

OFFSET = np.array([0.0, 3.0, -2.0, -6.0, -9.0, 0.0, 0.0])
SITE = (43.2, 76.9)


def made(n=3000, noise=6.0, wild=0.0, seed=3):
    rng = np.random.default_rng(seed)
    azimuth, distance = rng.uniform(0, 360, n), 10.0 ** rng.uniform(2.3, 4.0, n)
    lat, lon = destination(*SITE, azimuth, distance)
    kind = rng.choice([1, 2, 3, 4], n).astype(np.uint8)
    predicted = -70.0 - 35.0 * np.log10(distance / 1000.0)
    residual = OFFSET[kind] - 4.0 * np.log10(distance / 1000.0) + rng.normal(0, noise, n)
    residual[rng.random(n) < wild] -= 60.0
    return predicted + residual, predicted, kind, distance, blocks_of(lat, lon), lat, lon


@pytest.mark.parametrize(
    ("method", "wild", "within"),
    [("least_squares", 0.0, 0.6), ("huber", 0.0, 0.6), ("huber", 0.1, 1.6)],
)
def test_what_was_put_in_is_found(method, wild, within) -> None:
    *samples, _, _ = made(wild=wild)
    fitted = fit_calibration(*samples, method=method)
    assert fitted.slope_db == pytest.approx(-4.0, abs=within)
    shift = -4.0 * np.log10(fitted.reference_m / 1000.0)
    assert fitted.offset_db[1:5] - shift == pytest.approx(OFFSET[1:5], abs=within)
    assert fitted.before.rmse_db > fitted.after.rmse_db
    if not wild:
        assert fitted.after.sd_db == pytest.approx(6.0, abs=0.3)
        assert fitted.held_out.rmse_db == pytest.approx(6.0, abs=0.4)
        assert fitted.held_out.rmse_db >= fitted.after.rmse_db


def test_least_squares_is_that_of_numpy() -> None:
    measured, predicted, kind, distance, block, *_ = made(400)
    fitted = fit_calibration(measured, predicted, kind, distance, block, method="least_squares")
    design = np.column_stack(
        [*(kind == c for c in (1, 2, 3, 4)), np.log10(distance / fitted.reference_m)]
    ).astype(float)
    solution = np.linalg.lstsq(design, measured - predicted, rcond=None)[0]
    assert fitted.offset_db[1:5] == pytest.approx(solution[:4])
    assert fitted.slope_db == pytest.approx(solution[4])
    assert abs(fitted.after.mean_db) < 1e-9


def test_a_class_with_few_samples_has_what_all_have() -> None:
    measured, predicted, kind, distance, block, *_ = made(2000, noise=1.0)
    kind[:5] = 6
    fitted = fit_calibration(measured, predicted, kind, distance, block)
    assert 6 in fitted.pooled
    assert fitted.offset_db[6] == fitted.offset_db[0]
    assert min(fitted.offset_db[1:5]) < fitted.offset_db[6] < max(fitted.offset_db[1:5])


def test_noise_alone_does_not_pass_for_skill() -> None:
    rng = np.random.default_rng(5)
    block = np.repeat(np.arange(12), 20)
    local = rng.normal(0, 8, 12)[block]  # each block of land differs as a whole
    kind = (block % 6 + 1).astype(np.uint8)
    predicted = np.full(240, -90.0)
    fitted = fit_calibration(
        predicted + local, predicted, kind, np.full(240, 2000.0), block, class_samples_min=10
    )
    assert fitted.slope_db == 0.0
    assert fitted.after.rmse_db < fitted.before.rmse_db
    assert fitted.held_out.rmse_db > fitted.after.rmse_db + 1.0


def test_the_slope_is_not_carried_beyond_the_samples() -> None:
    *samples, _, _ = made()
    fitted = fit_calibration(*samples)
    kind = np.full(3, 2, np.uint8)
    far = correction_db(fitted, kind, np.array([fitted.furthest_m, 1e6, 1e7]))
    assert far == pytest.approx(far[0])


def test_a_corrected_raster_is_the_correction_at_every_cell() -> None:
    *samples, _, _ = made()
    fitted = fit_calibration(*samples)
    lat, lon = np.linspace(43.25, 43.15, 7), np.linspace(76.85, 76.95, 5)
    kind = np.random.default_rng(1).integers(0, 7, (7, 5)).astype(np.uint8)
    loss = np.full((7, 5), 130.0, np.float32)
    loss[0, 0] = np.nan
    made_loss = correct_loss(fitted, loss, lat, lon, kind, *SITE)
    distance = geodesic_m(lat[:, None], lon[None, :], *SITE)
    expected = loss - correction_db(fitted, kind, distance)
    np.testing.assert_allclose(made_loss, expected, atol=0.02)
    assert loss[1, 1] == 130.0


def test_too_few_samples_are_refused() -> None:
    *samples, _, _ = made(9)
    with pytest.raises(InputError, match="cannot be fitted"):
        fit_calibration(*samples)
    *samples, _, _ = made(50)
    samples[4] = np.zeros(50, np.int64)
    with pytest.raises(InputError):
        fit_calibration(*samples)
    assert residuals_of(np.empty(0)).samples == 0
