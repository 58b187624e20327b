"""Pieces of the mobile line by themselves: cells, candidates, choices, backhaul, years."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.connectivity.mobile.backhaul import Ducts, HopLimits, fibre_km, find_backhaul
from qamtu.connectivity.mobile.both import Shares, meet_shares
from qamtu.connectivity.mobile.candidates import Heights, hexagonal_points, make_places
from qamtu.connectivity.mobile.choose import Limits
from qamtu.connectivity.mobile.options import tilt_to
from qamtu.connectivity.mobile.overall import least_overall
from qamtu.connectivity.mobile.phasing import build_gains, build_years
from qamtu.connectivity.mobile.radio import make_radio
from qamtu.connectivity.mobile.reach import Reach
from qamtu.connectivity.mobile.territory import spread_people
from qamtu.kernels.geodesy import haversine_m
from qamtu.optimise.cover import CoverProblem

from .made import LAT, LON, SIDE, made_params, made_surface

BOX = shapely.box(LON - SIDE / 2, LAT - SIDE / 2, LON + SIDE / 2, LAT + SIDE / 2)
LIMITS = Limits(30.0, 0.0, 3, 1)


@given(st.floats(1.0, 5e6), st.floats(500.0, 20_000.0))
def test_people_are_conserved_and_thin_out(people: float, density: float) -> None:
    lat = np.full(40, LAT)
    lon = LON + 0.004 * np.arange(40)
    spread = spread_people(lat, lon, np.full(40, 0.04), (LAT, LON), people, density)
    assert spread.sum() == pytest.approx(people)
    assert (np.diff(spread) <= 1e-9).all()


@pytest.mark.parametrize("spacing", [250.0, 400.0, 900.0])
def test_candidates_stand_on_a_hexagonal_grid(spacing: float) -> None:
    lat, lon = hexagonal_points(BOX, spacing)
    assert len(lat) == pytest.approx(15.8e6 / (0.866 * spacing**2), rel=0.25)
    apart = haversine_m(lat[:, None], lon[:, None], lat[None, :], lon[None, :])
    nearest = np.partition(np.where(apart > 1.0, apart, np.inf), 0, axis=1)[:, 0]
    assert nearest == pytest.approx(spacing, rel=0.01)


def test_a_small_territory_has_one_candidate() -> None:
    lat, lon = hexagonal_points(BOX, 50_000.0)
    assert (len(lat), len(lon)) == (1, 1)


def test_antennas_stand_above_roofs() -> None:
    surface = made_surface()
    lat, lon = np.array([LAT, LAT + 0.017]), np.array([LON, LON])
    places, usable = make_places(surface, lat, lon, Heights(22.0, 5.0, 35.0))
    assert usable.all()
    assert places.height_m.tolist() == [25.0, 35.0]
    assert places.built.tolist() == [True, False]


def test_tilt_points_at_the_edge() -> None:
    assert tilt_to(30.0, 570.0) == 3.0
    assert tilt_to(30.0, 10.0) == 12.0


def test_the_level_that_must_hold_adds_up() -> None:
    def radio(**other):
        given = {
            "frequency_mhz": 3500.0,
            "level_dbm": None,
            "throughput": None,
            "situation": "outdoor",
            "location_share": 0.5,
            "cell_m": 200.0,
            "load": 0.5,
        }
        return make_radio(made_params(), **(given | other))  # fmt: skip

    assert radio().needed_dbm == pytest.approx(-105.0)
    assert radio(level_dbm=-110.0).needed_dbm == pytest.approx(-110.0)
    # P.1812-8 section 4.8: (0.52 + 0.024 * 3.5) * 200**0.28 = 2.66 dB, 1.2816 of it at 90 %
    assert radio(location_share=0.9).location_db == pytest.approx(1.2816 * 2.6628, abs=2e-3)
    # TR 38.901 section 7.4.3.2: 9 dB and 5 dB
    car = radio(situation="vehicle", location_share=0.9)
    assert car.needed_dbm == pytest.approx(-105 + 9 + 1.2816 * np.hypot(2.6628, 5.0), abs=5e-3)
    fast, slow = radio(throughput=100.0), radio(throughput=20.0)
    assert fast.sinr_min_db > slow.sinr_min_db
    assert slow.level_dbm == pytest.approx(slow.noise_dbm + slow.sinr_min_db)
    assert slow.interference_db == 3.0


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.2, 0.9), st.floats(0.2, 0.9))
def test_both_shares_are_met_with_a_bound(seed: int, area_share: float, people_share: float):
    rng = np.random.default_rng(seed)
    d, c = 12, 8
    cells = [np.flatnonzero(rng.random(d) < 0.35).astype(np.int32) for _ in range(c)]
    offset = np.concatenate([[0], np.cumsum([x.size for x in cells])]).astype(np.int64)
    area, people = rng.random(d) + 0.1, rng.random(d) ** 3
    problem = CoverProblem(
        offset=offset, demand=np.concatenate(cells), weight=area, cost=rng.random(c) + 0.5,
        share=0.0, group=np.full(c, -1, np.int64),
    )  # fmt: skip
    shares = Shares(area, people, area_share, people_share)

    def met(chosen) -> bool:
        seen = np.zeros(d, bool)
        for j in chosen:
            seen[cells[j]] = True
        return shares.met(seen)

    best = min(
        (float(problem.cost[list(s)].sum()) for n in range(c + 1)
         for s in itertools.combinations(range(c), n) if met(s)),
        default=None,
    )  # fmt: skip
    point = meet_shares(problem, shares, LIMITS, LIMITS, least_sites=False)
    if best is None:
        assert point is None
    elif point is not None:
        assert met(point.cheapest.chosen)
        assert point.cheapest.bound <= best + 1e-9
        assert best <= point.cheapest.cost + 1e-9


def places_at(points, surface, height=30.0):
    lat, lon = np.array(points).T
    made, _ = make_places(surface, lat, lon, Heights(25, 5, 35), height_m=np.full(len(lat), height))
    return made


def test_fibre_is_measured_from_the_edge_of_what_ducts_reach() -> None:
    surface = made_surface()
    places = places_at([(LAT, LON), (LAT, LON + 0.02), (LAT, LON + 0.05)], surface)
    ducts = Ducts(np.array([LAT]), np.array([LON]), np.array([1000.0]))
    km = fibre_km(places, ducts, 0.3, 3.0)
    assert km[0] == pytest.approx(0.3)
    assert km[1] == pytest.approx(2.19 - 1.0 + 0.3, abs=0.01)
    assert np.isnan(km[2])
    line = Ducts(*(np.empty(0) for _ in range(3)),
                 shapely.LineString([(LON + 0.05, LAT - 1), (LON + 0.05, LAT + 1)]))  # fmt: skip
    assert fibre_km(places, line, 0.3, 3.0)[2] == pytest.approx(0.3, abs=0.01)


def test_a_ridge_cuts_the_hop() -> None:
    limits = HopLimits(15_000.0, 18.0)
    points = [(LAT, LON - 0.01), (LAT, LON + 0.03)]
    fibre = np.array([0.3, np.nan])
    flat = find_backhaul(places_at(points, made_surface()), fibre, made_surface(), limits)
    assert flat.kind.tolist() == [0, 1]
    assert flat.to.tolist() == [-1, 0]
    assert flat.length_km[1] == pytest.approx(4.38, abs=0.02)
    assert flat.clearance[1] > 1.0
    ridge = made_surface(300.0)
    cut = find_backhaul(places_at(points, ridge), fibre, ridge, limits)
    assert cut.kind.tolist() == [0, 2]
    assert np.isnan(cut.length_km[1])


def test_gains_add_up_and_years_share_the_capital() -> None:
    rng = np.random.default_rng(3)
    area = rng.random(30)
    reaches = [
        Reach(rng.choice(30, 9, replace=False).astype(np.int32), np.full(9, -90.0, np.float32))
        for _ in range(6)
    ]
    gains = build_gains(reaches, -100.0, area, np.ones(6), [])
    seen = np.unique(np.concatenate([r.number for r in reaches]))
    assert gains.sum() == pytest.approx(area[seen].sum())
    years = build_years(gains, np.ones(6), 2030, 3)
    assert sorted(years) == [2030, 2030, 2031, 2031, 2032, 2032]
    assert gains[years == 2030].min() >= gains[years == 2032].max()
    assert build_years(np.empty(0), np.empty(0), 2030, 3).size == 0


def test_the_best_mix_of_points_over_all_cities() -> None:
    rows = [("a", 0.5, 10.0, 1), ("a", 0.9, 30.0, 3), ("b", 0.5, 1.0, 1), ("b", 1.0, 3.0, 2)]
    curve = pd.DataFrame(rows, columns=["city_id", "share", "cost", "cost_sites"])
    weight = {"a": 50.0, "b": 50.0}
    assert least_overall(curve, weight, 0.75) == (3, 13.0)
    assert least_overall(curve, weight, 0.5) == (2, 3.0)
    assert least_overall(curve, weight, 0.99) is None
    assert least_overall(curve, {"a": 0.0, "b": 0.0}, 0.5) is None
