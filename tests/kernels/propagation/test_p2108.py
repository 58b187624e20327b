"""Clutter loss of P.2108 against the published cases and its own limits."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from qamtu.kernels.propagation.p2108 import (
    check_height_gain,
    check_statistical,
    height_gain_loss_db,
    statistical_clutter_loss_db,
)

CASES = Path(__file__).resolve().parents[2] / "reference" / "p2108"


def _cases():
    with (CASES / "TerrestrialStatisticalModelTestData.csv").open(encoding="utf-8") as stream:
        return [[float(v) for v in row] for row in list(csv.reader(stream))[1:]]


@pytest.mark.parametrize(("ghz", "km", "percent", "code", "loss"), _cases())
def test_published_cases_to_their_rounding(ghz, km, percent, code, loss):
    if code == 0:
        assert not check_statistical(ghz, km, percent)
        assert round(float(statistical_clutter_loss_db(ghz, km, percent)), 1) == loss
    else:
        field = {48: "frequency_ghz", 49: "distance_km", 50: "location_percent"}[int(code)]
        assert [f.field for f in check_statistical(ghz, km, percent)] == [field]


def test_the_loss_grows_with_distance_up_to_two_kilometres_at_the_median():
    km = np.array([0.25, 0.5, 1.0, 2.0, 5.0, 50.0])
    loss = statistical_clutter_loss_db(3.5, km, 50.0)
    assert (np.diff(loss[:4]) > 0).all()
    assert loss[3] == loss[4] == loss[5]


def test_an_antenna_in_its_clutter_loses_nothing_at_the_top():
    for open_land in (True, False):
        assert height_gain_loss_db(0.9, 15.0, 15.0, open_land=open_land) == 0.0
        assert height_gain_loss_db(0.9, 30.0, 15.0, open_land=open_land) == 0.0
        near = height_gain_loss_db(0.9, 14.999, 15.0, open_land=open_land)
        assert abs(near) < 0.05


def test_the_height_gain_of_open_land_is_that_of_its_equation():
    expected = (21.8 + 6.2 * np.log10(0.7)) * np.log10(10.0 / 1.5)
    assert height_gain_loss_db(0.7, 1.5, 10.0, open_land=True) == pytest.approx(expected)


def test_streets_take_more_the_lower_the_antenna_and_the_higher_the_frequency():
    low = height_gain_loss_db(np.array([0.45, 0.9, 1.8, 2.6]), 1.5, 20.0)
    assert (np.diff(low) > 0).all()
    high = height_gain_loss_db(1.8, np.array([1.5, 5.0, 10.0, 19.0]), 20.0)
    assert (np.diff(high) < 0).all()
    assert 15 < low[2] < 30


def test_what_is_out_of_range_is_found():
    assert {f.field for f in check_height_gain(3500.0, 0.0, -1.0)} == {
        "frequency_ghz", "antenna_m", "clutter_m",
    }  # fmt: skip
    assert not check_height_gain(0.9, 1.5, 10.0)
