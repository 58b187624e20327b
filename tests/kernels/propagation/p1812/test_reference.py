"""Every published log of P.1812-8, intermediate values too, to the digits that are printed."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qamtu.kernels.propagation.p1812 import (
    Profile,
    Result,
    Settings,
    basic_transmission_loss,
    basic_transmission_losses,
    middle_latitude_deg,
)

FOLDER = Path(__file__).parents[3] / "reference" / "p1812"
CASES = sorted(path.name.removesuffix("_log.csv") for path in FOLDER.glob("*_log.csv"))

NAMES = {
    "dlt (km)": "horizon_t_km",
    "dlr (km)": "horizon_r_km",
    "th_t (mrad)": "horizon_t_mrad",
    "th_r (mrad)": "horizon_r_mrad",
    "th (mrad)": "angle_mrad",
    "hts (m)": "antenna_t_m",
    "hrs (m)": "antenna_r_m",
    "w": "sea_share",
    "dtm (km)": "land_km",
    "dlm (km)": "inland_km",
    "b0 (%)": "beta0_percent",
    "ae (km)": "radius_50_km",
    "hst (m) Eq (85)": "fit_t_m",
    "hsr (m) Eq (86)": "fit_r_m",
    "hst (m) Eq (90a)": "duct_t_m",
    "hsr (m) Eq (90b)": "duct_r_m",
    "hstd (m)": "smooth_t_m",
    "hsrd (m)": "smooth_r_m",
    "hm (m)": "roughness_m",
    "Fi": "factor_time",
    "Fj": "factor_angle",
    "Fk": "factor_distance",
    "Lbfs": "loss_free_space_db",
    "Lb0p": "loss_los_p_db",
    "Lb0b": "loss_los_b0_db",
    # the logs print these three as they are after the pass for β0 % of time
    "Lbulla (dB)": "bullington_b0_db",
    "Lbulls (dB)": "bullington_smooth_b0_db",
    "Ldsph (dB)": "sphere_b0_db",
    "Ld50 (dB)": "diffraction_50_db",
    "Ldb (dB)": "diffraction_b0_db",
    "Ldp (dB)": "diffraction_p_db",
    "Lbd50 (dB)": "loss_diffraction_50_db",
    "Lminb0p (dB)": "loss_min_los_db",
    "Lba (dB)": "loss_ducting_db",
    "Lminbap (dB)": "loss_min_ducting_db",
    "Lbda (dB)": "loss_diffraction_ducting_db",
    "Lbam (dB)": "loss_modified_db",
    "Lbs (dB)": "loss_troposcatter_db",
    "Lbc (dB)": "loss_median_db",
    "Lb (dB)": "loss_db",
    "Ep (dBuV/m)": "field_strength_dbuv_m",
}


def read_profile(name: str) -> np.ndarray:
    rows, begun = [], False
    for line in (FOLDER / f"profile_{name}.csv").read_text("latin-1").splitlines():
        if line.startswith("{Begin of Profile"):
            begun = True
        elif line.startswith("{End of Profile"):
            break
        elif begun and not line.startswith("Number of Points"):
            rows.append([float(cell) for cell in line.split(",")[:5]])
    return np.array(rows)


def read_terminals(name: str) -> list[float]:
    """Latitude and longitude of both ends, with more digits than the logs print."""
    lines = (FOLDER / f"profile_{name}.csv").read_text("latin-1").splitlines()[1:5]
    return [float(line.split(",")[1]) for line in lines]


def read_log(case: str) -> dict[str, float]:
    out: dict[str, float] = {}
    with (FOLDER / f"{case}_log.csv").open(encoding="latin-1") as file:
        for row in csv.reader(file):
            if len(row) < 4 or row[0].startswith("#") or not row[3]:
                continue
            key, value = row[0].strip(), float(row[3])
            out.setdefault(key, value)
            out[f"{key} {row[1]}".strip()] = value
    return out


def read_case(case: str) -> tuple[Profile, Settings, dict[str, float]]:
    log = read_log(case)
    name = re.sub(r"_\d+$", "", case)
    points = read_profile(name)
    profile = Profile(
        distance_km=points[:, 0].copy(),
        height_m=points[:, 1].copy(),
        tx_height_m=log["htg (m)"],
        rx_height_m=log["hrg (m)"],
        clutter_m=points[:, 3].copy(),
        zone=points[:, 4].astype(np.uint8),
        latitude_deg=middle_latitude_deg(*read_terminals(name), points[-1, 0]),
        coast_t_km=log["dct (km)"],
        coast_r_km=log["dcr (km)"],
    )
    settings = Settings(
        frequency_ghz=log["f (GHz)"],
        time_percent=log["p (%)"],
        location_percent=log["pL (%)"],
        location_sigma_db=log["sigmaL (dB)"],
        polarisation="horizontal" if log["pol"] == 1 else "vertical",
        delta_n=log["DN"],
        n0=log["N0"],
    )
    return profile, settings, log


def printed(value: float) -> float:
    """Half a unit of the tenth significant digit, as the logs round, and a little."""
    return 0.6 * 10.0 ** (np.floor(np.log10(abs(value))) - 9.0) if value else 0.0


def test_all_logs_are_there() -> None:
    assert len(CASES) == 30


@pytest.mark.parametrize("case", CASES)
def test_log(case: str) -> None:
    profile, settings, log = read_case(case)
    result = basic_transmission_loss(profile, settings)
    assert abs(result.loss_db - log["Lb (dB)"]) < 1e-6
    for name, field in NAMES.items():
        # a value near 0 is what remains of terms far larger, in the logs as here
        slack = max(1e-12, printed(log[name]))
        assert abs(getattr(result, field) - log[name]) <= slack, (name, getattr(result, field))
    assert abs(profile.latitude_deg - log["phi (deg)"]) < 1e-7
    check_differences(result, log)


def check_differences(result: Result, log: dict[str, float]) -> None:
    """Values that a log prints as differences of others, and its one line that means another."""
    assert abs(result.antenna_t_m - result.smooth_t_m - log["htc (m) Eq (37a)"]) < 1e-7
    assert abs(result.antenna_r_m - result.smooth_r_m - log["hrc (m) Eq (37b)"]) < 1e-7
    assert abs(result.antenna_t_m - result.duct_t_m - log["hte (m)"]) < 1e-7
    assert abs(result.antenna_r_m - result.duct_r_m - log["hre (m)"]) < 1e-7
    # equation (43); where ducting decides, the logs repeat Lbda on the line of Lbd
    lbd = log["Lb0p"] + log["Ldp (dB)"]
    assert abs(result.loss_diffraction_p_db - lbd) < 2e-7
    assert abs(log["Lbd (dB)"] - lbd) < 2e-7 or log["Lbd (dB)"] == log["Lbda (dB)"]


@pytest.mark.parametrize("case", CASES)
def test_log_without_intermediates(case: str) -> None:
    profile, settings, log = read_case(case)
    assert profile.clutter_m is not None
    assert profile.zone is not None
    losses = basic_transmission_losses(
        settings,
        profile.distance_km,
        profile.height_m[None],
        profile.tx_height_m,
        profile.rx_height_m,
        clutter_m=profile.clutter_m[None],
        zone=profile.zone[None],
        latitude_deg=profile.latitude_deg,
        coast_t_km=log["dct (km)"],
        coast_r_km=log["dcr (km)"],
    )
    assert abs(losses[0] - log["Lb (dB)"]) < 1e-6


VERTICAL = {
    "b2iseac_1": (14.04702621, 40.52544351, 138.5360526),
    "rburg_urban_with_clutter_0": (44.08139918, 78.62648532, 151.3208407),
    "rburg_urban_with_clutter_5": (40.48088748, 123.1457409, 225.9555105),
}
"""Ldsph, Ld50 and Lb of the same paths with vertical polarisation, from the same publication."""


@pytest.mark.parametrize("case", VERTICAL)
def test_vertical_polarisation(case: str) -> None:
    profile, settings, _ = read_case(case)
    result = basic_transmission_loss(profile, replace(settings, polarisation="vertical"))
    values = (result.sphere_b0_db, result.diffraction_50_db, result.loss_db)
    assert values == pytest.approx(VERTICAL[case], abs=6e-8, rel=0)


def test_diffraction_below_the_line_of_sight() -> None:
    """A published path that is clear, though not by the first Fresnel ellipsoid."""
    profile, settings, _ = read_case("rburg_rural_noclutter_los_1")
    result = basic_transmission_loss(
        replace(profile, tx_height_m=200.0, rx_height_m=200.0), settings
    )
    published = {
        "horizon_t_km": 44.5,
        "horizon_t_mrad": -4.335946468,
        "horizon_r_mrad": -6.435676888,
        "factor_angle": 0.9918223858,
        "bullington_b0_db": 6.964682673,
        "bullington_smooth_b0_db": 1.019665977,
        "sphere_b0_db": 1.070248895,
        "diffraction_50_db": 13.64139205,
        "diffraction_p_db": 9.756351165,
        "loss_min_los_db": 120.9218612,
        "loss_ducting_db": 182.0316918,
        "loss_db": 120.9129969,
    }
    for name, value in published.items():
        assert abs(getattr(result, name) - value) <= printed(value), name
