"""TR 38.901 against published vectors and its own continuity."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from qamtu.kernels.propagation.p525 import free_space_loss_db
from qamtu.kernels.propagation.tr38901 import (
    BuildingLoss,
    Scenario,
    breakpoint_distance_m,
    building_loss_db,
    building_sigma_db,
    car_loss_db,
    check_range,
    expected_loss_db,
    line_of_sight_probability,
    path_loss_db,
    shadow_sigma_db,
)

CASES = Path(__file__).resolve().parents[2] / "reference" / "tr38901"
HEIGHTS = {Scenario.RMA: (35.0, 1.5), Scenario.UMA: (25.0, 1.5), Scenario.UMI: (10.0, 1.5)}


def _cases():
    with (CASES / "ns3_38901_vectors.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return [row for row in rows if row["scenario"].lower() in set(Scenario)]


@pytest.mark.parametrize(
    "row", _cases(), ids=lambda r: f"{r['scenario']}-{r['distance']}-{r['isLos']}"
)
def test_published_vectors_within_a_hundredth_of_a_decibel(row):
    loss = path_loss_db(
        Scenario(row["scenario"].lower()), float(row["distance"]), float(row["frequency"]) / 1e9,
        float(row["h_Bs"]), float(row["h_Ut"]), row["isLos"] == "true",
    )  # fmt: skip
    assert loss == pytest.approx(float(row["pt"]) - float(row["pr"]), abs=0.01)


@pytest.mark.parametrize("scenario", Scenario)
def test_the_loss_is_continuous_at_the_breakpoint(scenario):
    base, user = HEIGHTS[scenario]
    limit = float(breakpoint_distance_m(scenario, 3.5, base, user))
    beside = path_loss_db(scenario, limit * np.array([1 - 1e-9, 1 + 1e-9]), 3.5, base, user, True)
    # RMa measures its breakpoint along the ground and the loss along the slant
    assert beside[1] == pytest.approx(beside[0], abs=0.01)


@pytest.mark.parametrize("scenario", Scenario)
def test_more_distance_more_loss_and_beyond_a_street_never_less_than_free_space(scenario):
    base, user = HEIGHTS[scenario]
    d = np.geomspace(150, 5000, 200)
    slant = np.hypot(d, base - user)
    for seen in (True, False):
        loss = path_loss_db(scenario, d, 2.6, base, user, seen)
        assert (np.diff(loss) > 0).all()
        assert (loss > free_space_loss_db(slant, 2.6) - 1.0).all()
    hidden = path_loss_db(scenario, d, 2.6, base, user, False)
    assert (hidden >= path_loss_db(scenario, d, 2.6, base, user, True)).all()


def test_the_chance_of_a_line_of_sight():
    assert line_of_sight_probability(Scenario.RMA, [5.0, 10.0, 1010.0]) == pytest.approx(
        [1.0, 1.0, np.exp(-1.0)]
    )
    assert line_of_sight_probability(Scenario.UMI, [0.0, 18.0, 36.0]) == pytest.approx(
        [1.0, 1.0, 0.5 + 0.5 * np.exp(-1.0)]
    )
    assert line_of_sight_probability(Scenario.UMA, 63.0) == pytest.approx(
        18 / 63 + np.exp(-1.0) * (1 - 18 / 63)
    )
    d = np.linspace(1, 3000, 500)
    for high in (1.5, 15.0, 23.0):
        chance = line_of_sight_probability(Scenario.UMA, d, high)
        assert ((chance > 0) & (chance <= 1 + 1e-12)).all()
    assert line_of_sight_probability(Scenario.UMA, 300.0, 20.0) > line_of_sight_probability(
        Scenario.UMA, 300.0, 1.5
    )


def test_the_expected_loss_lies_between_both():
    ends = (Scenario.UMA, np.array([50.0, 500.0, 2000.0]), 3.5, 25.0, 1.5)
    middle = expected_loss_db(*ends)
    assert (middle >= path_loss_db(*ends, True)).all()
    assert (middle <= path_loss_db(*ends, False)).all()


def test_shadow_fading_of_the_table():
    assert shadow_sigma_db(Scenario.RMA, [100.0, 9999.0], 3.5, 35.0, 1.5, True).tolist() == [4, 6]
    assert shadow_sigma_db(Scenario.RMA, 100.0, 3.5, 35.0, 1.5, False) == 8.0
    assert shadow_sigma_db(Scenario.UMA, 100.0, 3.5, 25.0, 1.5, [True, False]).tolist() == [4, 6]
    assert shadow_sigma_db(Scenario.UMI, 100.0, 3.5, 10.0, 1.5, False) == 7.82


def test_buildings_and_cars():
    """Equation (7.4-2) worked by hand at 3.5 GHz."""
    glass, coated, concrete = 10**-0.27, 10**-2.405, 10**-1.9
    assert building_loss_db(3.5, BuildingLoss.LOW) == pytest.approx(
        5 - 10 * np.log10(0.3 * glass + 0.7 * concrete)
    )
    assert building_loss_db(3.5, BuildingLoss.HIGH, 8.0) == pytest.approx(
        9 - 10 * np.log10(0.7 * coated + 0.3 * concrete)
    )
    assert (building_sigma_db(BuildingLoss.LOW), building_sigma_db(BuildingLoss.HIGH)) == (4.4, 6.5)
    assert car_loss_db() == (9.0, 5.0)
    assert car_loss_db(metallised=True) == (20.0, 5.0)


def test_ranges_are_told():
    assert not check_range(Scenario.RMA, 9000.0, 0.7, 70.0, 1.5)
    found = check_range(Scenario.RMA, [9000.0, 100.0], 700.0, 900.0, 1.5, line_of_sight=False)
    assert [f.field for f in found] == ["distance_2d_m", "frequency_ghz", "base_m"]
    assert "1 of 2" in found[0].what
