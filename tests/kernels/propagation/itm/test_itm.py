"""The Irregular Terrain Model against NTIA's published cases, and by properties."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.core.errors import InputError
from qamtu.kernels.propagation.itm import (
    PropagationMode,
    Settings,
    Siting,
    area_loss,
    path_loss,
    path_losses,
)
from qamtu.kernels.propagation.itm.profile import ranked
from qamtu.kernels.propagation.itm.variability import normal_deviate

CASES = Path(__file__).parents[3] / "reference" / "itm"
PLAIN = Settings(900.0, 30.0, 2.0)


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def profiles() -> list[list[float]]:
    text = (CASES / "pfls.csv").read_text(encoding="utf-8")
    return [[float(v) for v in line.split(",")] for line in text.splitlines()]


def settings_of(row: dict[str, str]) -> Settings:
    return Settings(
        frequency_mhz=float(row["f__mhz"]),
        tx_height_m=float(row["h_tx__meter"]),
        rx_height_m=float(row["h_rx__meter"]),
        vertical=row["pol"] == "1",
        refractivity=float(row["N_0"]),
        permittivity=float(row["epsilon"]),
        conductivity_s_per_m=float(row["sigma"]),
        climate=int(row["climate"]),
        variability=int(row["mdvar"]),
        time_percent=float(row["time"]),
        location_percent=float(row["location"]),
        situation_percent=float(row["situation"]),
    )


def hills(seed: int, points: int, rough: float = 8.0) -> np.ndarray:
    return 500.0 + np.cumsum(np.random.default_rng(seed).normal(0.0, rough, points))


@pytest.mark.parametrize("case", range(5))
def test_published_paths(case: int) -> None:
    row, profile = rows("p2p.csv")[case], profiles()[case]
    assert len(profile) == profile[0] + 3
    result = path_loss(profile[2:], profile[1], settings_of(row))
    assert abs(result.loss_db - float(row["A__db"])) <= 0.005 + 1e-9  # two digits are printed


@pytest.mark.parametrize("case", range(5))
def test_published_areas(case: int) -> None:
    row = rows("area.csv")[case]
    siting = Siting(int(row["tx_siting_criteria"])), Siting(int(row["rx_siting_criteria"]))
    result = area_loss(float(row["d__km"]), float(row["delta_h__meter"]), settings_of(row), siting)
    assert abs(result.loss_db - float(row["A__db"])) <= 0.05 + 1e-9  # one digit is printed


def test_the_published_paths_take_all_three_modes() -> None:
    seen = {
        path_loss(p[2:], p[1], settings_of(r)).mode
        for r, p in zip(rows("p2p.csv"), profiles(), strict=True)
    }
    assert seen == set(PropagationMode)


@pytest.mark.parametrize("parallel", [False, True])
def test_many_paths_are_as_one(parallel: bool) -> None:
    height = np.array([hills(seed, 301) for seed in range(40)])
    step = np.linspace(30.0, 200.0, 40)
    many = path_losses(height, step, PLAIN, parallel=parallel)
    one = [path_loss(h, s, PLAIN).loss_db for h, s in zip(height, step, strict=True)]
    assert many == pytest.approx(one, abs=1e-12)


def test_a_profile_with_a_void_has_no_loss() -> None:
    height = np.array([hills(1, 101), hills(2, 101)])
    height[1, 40] = np.nan
    losses = path_losses(height, 100.0, PLAIN)
    assert np.isfinite(losses[0])
    assert np.isnan(losses[1])


@given(
    values=st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=245),
    share=st.floats(0.0, 0.999),
)
@settings(max_examples=200, deadline=None)
def test_the_value_of_a_rank_is_that_of_sorting(values: list[float], share: float) -> None:
    array = np.array(values)
    rank = int(share * len(array))
    found = ranked(array, len(array), rank, array.min(), array.max())
    assert found == np.sort(array)[::-1][rank]


@given(seed=st.integers(0, 10_000), rough=st.floats(0.1, 20.0), step=st.floats(20.0, 300.0))
@settings(max_examples=60, deadline=None)
def test_more_time_more_loss(seed: int, rough: float, step: float) -> None:
    height = hills(seed, 200, rough)
    losses = [
        path_loss(height, step, replace(PLAIN, time_percent=p)).loss_db for p in (1, 10, 50, 90, 99)
    ]
    assert (np.diff(losses) > -1e-9).all()


@given(seed=st.integers(0, 10_000), rough=st.floats(0.1, 20.0))
@settings(max_examples=60, deadline=None)
def test_a_path_walked_back_loses_the_same(seed: int, rough: float) -> None:
    """The model has this symmetry but for the rounding of indices in its fits."""
    height = hills(seed, 401, rough)
    there = path_loss(height, 100.0, PLAIN)
    back = path_loss(height[::-1], 100.0, replace(PLAIN, tx_height_m=2.0, rx_height_m=30.0))
    assert there.horizon_m == pytest.approx(back.horizon_m[::-1])
    assert there.horizon_angle_rad == pytest.approx(back.horizon_angle_rad[::-1], abs=1e-12)
    assert abs(there.loss_db - back.loss_db) < 3.0


@given(
    distance=st.floats(1.0, 1500.0), rough=st.floats(0.0, 400.0), frequency=st.floats(40.0, 9000.0)
)
@settings(max_examples=100, deadline=None)
def test_the_area_mode_is_continuous_in_distance(
    distance: float, rough: float, frequency: float
) -> None:
    given_settings = replace(PLAIN, frequency_mhz=frequency, variability=3)
    a = area_loss(distance, rough, given_settings).loss_db
    b = area_loss(distance * (1.0 + 1e-9), rough, given_settings).loss_db
    assert abs(a - b) < 1e-4


def test_the_deviate_is_that_of_the_normal_distribution() -> None:
    assert normal_deviate(0.1) == pytest.approx(1.28155, abs=4.5e-4)
    assert normal_deviate(0.9) == pytest.approx(-1.28155, abs=4.5e-4)
    assert normal_deviate(0.5) == pytest.approx(0.0, abs=4.5e-4)


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = replace(PLAIN, frequency_mhz=3.5, tx_height_m=-1.0, climate=9, variability=5)
    with pytest.raises(InputError) as caught:
        path_loss([1.0, np.nan], 0.0, wrong)
    fields = {f.field for f in caught.value.findings}
    assert {
        "frequency_mhz",
        "tx_height_m",
        "climate",
        "variability",
        "height_m",
        "step_m",
    } <= fields
    assert "3500" in str([f.mend for f in caught.value.findings])
    with pytest.raises(InputError, match="computed"):
        area_loss(-1.0, 5.0, PLAIN)
