"""Spreading people: sums are exact, known numbers stay where they fit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qamtu.country.population import allocate_population, apportion, capped_apportion
from qamtu.country.settings import PopulationModel

MODEL = PopulationModel(
    household_size=4.0, minimum=1, known_minimum=1, cap_quantile=1.0, growth_max=3.0, kinds_minimum=3,
    distrusted=(), implausible={},
)  # fmt: skip
WEIGHTS = st.lists(st.floats(0, 1e6), min_size=1, max_size=30).map(np.array)


@given(WEIGHTS, st.integers(0, 10**7), st.integers(0, 3))
def test_apportion_adds_up_and_keeps_the_least(weights, total, least) -> None:
    total += least * len(weights)
    shares = apportion(total, weights, least)
    assert shares.sum() == total
    assert (shares >= least).all()


@given(WEIGHTS, st.integers(0, 10**6))
def test_apportion_is_within_one_of_the_exact_share(weights, total) -> None:
    if weights.sum() > 0:
        exact = total * (weights / weights.sum())
        assert np.abs(apportion(total, weights) - exact).max() <= 1 + 1e-6


@given(WEIGHTS, st.integers(0, 10**6), st.integers(1, 10**5))
def test_capped_shares_and_rest_add_up(weights, total, cap) -> None:
    caps = np.full(len(weights), cap)
    shares, rest = capped_apportion(total, weights, caps, 0)
    assert shares.sum() + rest == total
    assert (shares <= caps).all()
    assert rest == max(0, total - cap * len(weights))


def table(*rows: tuple) -> pd.DataFrame:
    columns = ["region_id", "district_id", "kind", "urban", "population_known", "population_source"]
    made = pd.DataFrame(rows, columns=columns)
    made["population_known"] = made["population_known"].astype("float64")
    return made


def units(*rows: tuple) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["district_id", "population_urban", "population_rural"])
    return made.assign(region_id="r", unit_kind="district", name_kk=made["district_id"])


def region(urban: int, rural: int) -> pd.DataFrame:
    return pd.DataFrame(
        {"region_id": ["r"], "name_en": ["R"], "population_urban": [urban],
         "population_rural": [rural]}
    )  # fmt: skip


def test_known_numbers_stay_and_the_rest_fills_the_others() -> None:
    places = table(
        ("r", "d", "town", True, 5000, "official"),
        ("r", "d", "village", False, 700, "osm"),
        ("r", "d", "village", False, None, "estimated"),
        ("r", "d", "village", False, None, "estimated"),
    )
    got = allocate_population(places, units(("d", 5000, 1700)), region(5000, 1700), MODEL)
    assert got.population.tolist() == [5000, 700, 500, 500]
    assert got.source.tolist() == ["official", "osm", "estimated", "estimated"]
    assert got.findings == ()
    assert got.counts["people_estimated_in_district"] == 1000


def test_kinds_weigh_by_their_median() -> None:
    known = [("r", "d", "village", False, 900, "osm")] * 3
    known += [("r", "d", "hamlet", False, 100, "osm")] * 3
    places = table(*known, ("r", "d", "village", False, None, "estimated"),
                   ("r", "d", "hamlet", False, None, "estimated"))  # fmt: skip
    got = allocate_population(places, units(("d", 0, 4000)), region(0, 4000), MODEL)
    assert got.population[-2:].tolist() == [900, 100]


def test_too_large_known_numbers_are_scaled_but_not_the_official_one() -> None:
    places = table(
        ("r", "d", "village", False, 500, "official"),
        ("r", "d", "village", False, 900, "osm"),
        ("r", "d", "village", False, 300, "geonames"),
        ("r", "d", "village", False, None, "estimated"),
    )
    got = allocate_population(places, units(("d", 0, 901)), region(0, 901), MODEL)
    assert got.population.tolist() == [500, 300, 100, 1]
    assert got.source.tolist() == ["official", "estimated", "estimated", "estimated"]
    assert [f.id for f in got.findings] == ["known-exceeds"]


def test_a_shortage_scales_known_numbers_up() -> None:
    places = table(
        ("r", "d", "village", False, 100, "official"),
        ("r", "d", "village", False, 200, "osm"),
    )
    got = allocate_population(places, units(("d", 0, 1000)), region(0, 1000), MODEL)
    assert got.population.tolist() == [100, 900]
    assert [f.id for f in got.findings] == ["known-short"]


def test_a_unit_without_a_place_is_spread_over_its_region() -> None:
    places = table(("r", "d", "village", False, None, "estimated"))
    got = allocate_population(places, units(("d", 0, 400), ("e", 0, 60)), region(0, 460), MODEL)
    assert got.population.sum() == 460
    assert {"cell-without-place", "allocated-at-region"} <= {f.id for f in got.findings}
    assert got.counts["people_estimated_in_region"] == 60


def test_a_region_without_any_place_is_an_error() -> None:
    places = table(("r", "d", "town", True, 10, "official"))
    got = allocate_population(places, units(("d", 10, 50)), region(10, 50), MODEL)
    assert "region-without-place" in {f.id for f in got.findings}


def test_a_city_that_is_its_whole_unit_leaves_its_suburbs_without_people() -> None:
    places = table(
        ("r", "d", "city", True, 1000, "official"),
        ("r", "d", "village", True, 80, "osm"),
    )
    got = allocate_population(places, units(("d", 1000, 0)), region(1000, 0), MODEL)
    assert got.population.tolist() == [1000, 0]
    assert [f.id for f in got.findings] == ["no-people-left"]


SOURCES = st.sampled_from(["official", "osm", "geonames", None])
PLACE = st.tuples(
    st.sampled_from(["d", "e", None]), st.sampled_from(["village", "hamlet", "town"]),
    st.booleans(), SOURCES, st.integers(1, 5000),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(PLACE, min_size=1, max_size=25), st.lists(st.integers(0, 9000), min_size=4, max_size=4)
)
def test_official_sums_hold_whatever_the_sources_say(rows, totals) -> None:
    places = table(
        ("r", "d", "village", False, None, "estimated"),
        ("r", "d", "town", True, None, "estimated"),
        *(
            ("r", unit, kind, urban, people if source else None, source or "estimated")
            for unit, kind, urban, source, people in rows
        ),
    )
    urban, rural = totals[0] + totals[2], totals[1] + totals[3]
    got = allocate_population(
        places, units(("d", totals[0], totals[1]), ("e", totals[2], totals[3])),
        region(urban, rural), MODEL,
    )  # fmt: skip
    flags = places["urban"].to_numpy()
    assert got.population[flags].sum() == urban
    assert got.population[~flags].sum() == rural
    assert (got.population >= 0).all()
    same = got.source != "estimated"
    assert (got.population[same] == places["population_known"].to_numpy()[same]).all()


@pytest.mark.parametrize("total", [0, 1, 7])
def test_equal_weights_are_split_evenly(total: int) -> None:
    shares = apportion(total, np.zeros(3))
    assert shares.sum() == total
    assert shares.max() - shares.min() <= 1
