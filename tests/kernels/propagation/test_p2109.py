"""Building entry loss: medians worked by hand, order of shares, sum with location variability."""

from __future__ import annotations

import numpy as np
import pytest

from qamtu.kernels.propagation.p2109 import building_entry_loss_db, indoor_loss_db


def test_medians_at_one_gigahertz() -> None:
    # log f is 0, so A = r, B = w and C = -3 dB add in power
    by_hand = 10.0 * np.log10(10.0**1.264 + 10.0**0.91 + 10.0**-0.3)
    assert building_entry_loss_db(1.0) == pytest.approx(by_hand)
    by_hand = 10.0 * np.log10(10.0**2.819 + 10.0**2.78 + 10.0**-0.3)
    assert building_entry_loss_db(1.0, 50.0, "thermally_efficient") == pytest.approx(by_hand)


def test_elevation_and_frequency() -> None:
    flat, steep = building_entry_loss_db(3.5, 50.0, "traditional", [0.0, -30.0])
    assert steep > flat
    assert steep == building_entry_loss_db(3.5, 50.0, "traditional", 30.0)


@pytest.mark.parametrize("building", ["traditional", "thermally_efficient"])
def test_more_places_more_loss(building) -> None:
    losses = building_entry_loss_db(2.6, np.linspace(1.0, 99.0, 99), building)
    assert (np.diff(losses) > 0.0).all()


@pytest.mark.parametrize("percent", [5.0, 50.0, 95.0])
@pytest.mark.parametrize("sigma", [0.5, 5.5])
def test_the_sum_is_that_of_many_draws(percent: float, sigma: float) -> None:
    rng = np.random.default_rng(1)
    entry = building_entry_loss_db(0.7, 100.0 * rng.random(400_000))
    drawn = np.percentile(entry + rng.normal(0.0, sigma, entry.size), percent)
    assert indoor_loss_db(0.7, percent, sigma) == pytest.approx(drawn, abs=0.15)


def test_without_variability_it_is_the_entry_loss() -> None:
    alone = float(building_entry_loss_db(0.7, 95.0))
    assert indoor_loss_db(0.7, 95.0, 0.0) == alone
    assert indoor_loss_db(0.7, 95.0, 0.8) == pytest.approx(alone, abs=0.2)
