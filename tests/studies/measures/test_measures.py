"""Measures of the studies: by year they only grow, regions add up, today is marked estimated."""

from __future__ import annotations

import json
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio import Affine

from qamtu.studies.corridors import CorridorsRequest, make_corridors
from qamtu.studies.measures.mobile import mobile_measures
from qamtu.studies.mobile.summary import partial_scopes

COUNTS = {"villages_with_fibre", "villages_households_fibre", "villages_people_high_speed"}


def series(rows, metric, basis="planned"):
    found = defaultdict(dict)
    for row in rows:
        if row["metric"] == metric and row["basis"] == basis:
            found[row["scope"]][row["date"]] = row["value"]
    return found


@pytest.fixture(scope="module")
def rows(madeland_plan):
    path = madeland_plan.folder / "summary.json"
    return json.loads(path.read_text(encoding="utf-8"))["measures"]


def test_the_plan_tells_every_year_and_region(rows, madeland_plan) -> None:
    villages = series(rows, "villages_with_fibre")
    years = {int(row["year"]) for row in madeland_plan.summary["by_year"]}
    assert {int(day[:4]) for day in villages["country"]} == years
    assert all(day.endswith("-12-31") for day in villages["country"])
    regions = {row["region_id"] for row in madeland_plan.summary["by_region"]}
    assert set(villages) == {"country", *(f"region:{code}" for code in regions)}
    totals = madeland_plan.summary["totals"]
    assert max(villages["country"].values()) == totals["villages_fibre"]
    share = series(rows, "population_share_high_speed")
    assert max(share["country"].values()) == pytest.approx(totals["people_high_speed_share"])


@pytest.mark.parametrize("metric", sorted(COUNTS))
def test_regions_add_up_to_the_country_and_nothing_shrinks(rows, metric) -> None:
    found = series(rows, metric)
    country = found.pop("country")
    for day, value in country.items():
        assert sum(part[day] for part in found.values()) == pytest.approx(value)
    ordered = [country[day] for day in sorted(country)]
    assert ordered == sorted(ordered)


def test_today_is_estimated_and_below_the_plan(rows, madeland_plan) -> None:
    today = series(rows, "population_share_high_speed", "estimated")["country"]
    ((day, value),) = today.items()
    assert day == madeland_plan.summary["made_at"][:10]
    assert 0.0 < value <= max(series(rows, "population_share_high_speed")["country"].values())
    assert all(row["estimated"] for row in rows)
    assert not series(rows, "villages_with_fibre", "estimated")  # how many are new is not known


@pytest.fixture(scope="module")
def corridors(madeland, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corridors")
    shape = {"width": 360, "height": 300, "count": 1, "dtype": "float32"}
    place = Affine(1.0 / 60.0, 0.0, 58.0, 0.0, -1.0 / 60.0, 53.0)
    path = folder / "made.tif"
    with rasterio.open(
        path, "w", driver="GTiff", crs="EPSG:4326", transform=place, **shape
    ) as made:
        made.write(np.full((300, 360), 200.0, dtype=np.float32), 1)
    return make_corridors(
        CorridorsRequest(
            pack=str(madeland), out=folder / "out", terrain=(path,), scheduler="serial",
            step_m=2000.0, time_limit_s=600.0, join_time_limit_s=600.0, max_rounds=1,
            gap_limit=0.5,
        )
    )  # fmt: skip


def test_the_corridors_tell_every_year_and_region(corridors) -> None:
    rows = json.loads((corridors.folder / "summary.json").read_text(encoding="utf-8"))["measures"]
    found = series(rows, "road_length_covered")
    country = found.pop("country")
    totals = corridors.summary["totals"]
    assert max(country.values()) == pytest.approx(totals["served_km"])
    for day, value in country.items():
        assert sum(part[day] for part in found.values()) == pytest.approx(value, rel=1e-6)
    assert not series(rows, "road_length_covered", "estimated")  # no site was given
    assert {"corridors_npv", "corridor_sites_new"} <= {row["metric"] for row in rows}


class Made:
    """Results of two cities as the mobile line gives them, as far as measures read them."""

    def __init__(self, existing: int) -> None:
        self.cities = pd.DataFrame(
            {
                "city_id": ["a", "b"], "region_id": ["R1", "R2"], "area_km2": [100.0, 300.0],
                "territory_share": [0.8, 0.76], "territory_share_today": [0.1, 0.0],
                "target_met": [True, True],
            }
        )  # fmt: skip
        self.sites = pd.DataFrame(
            {
                "city_id": ["a", "a", "b", "b"], "existing": [True, False, False, False],
                "year": pd.array([None, 2026, 2026, 2027], dtype="Int64"),
                "gain_km2": [0.0, 70.0, 120.0, 108.0],
            }
        )  # fmt: skip
        self.totals = type(
            "Totals", (), {"sites_existing": existing, "cities_met": 2, "territory_share": 0.77}
        )()

    def measures(self, date, provenance):
        return ()


@pytest.mark.parametrize("existing", [0, 1])
def test_cities_count_when_their_territory_reaches_the_share(existing) -> None:
    inputs = type("Inputs", (), {"first_year": 2026, "years": 2, "territory_share_target": 0.75})()
    rows = mobile_measures(inputs, Made(existing), "2026-11-23", ("run",))
    cities = series(rows, "cities_with_5g")["country"]
    assert cities == {"2026-12-31": 1.0, "2027-12-31": 2.0}
    share = series(rows, "city_territory_share_5g")
    assert share["region:R1"] == pytest.approx({"2026-12-31": 0.8, "2027-12-31": 0.8})
    assert share["country"]["2026-12-31"] == pytest.approx((80.0 + 120.0) / 400.0)
    assert share["country"]["2027-12-31"] == pytest.approx(0.77)
    today = series(rows, "city_territory_share_5g", "estimated")
    assert bool(today) == bool(existing)


def test_a_study_of_some_cities_says_nothing_of_what_it_left_out() -> None:
    inputs = type("Inputs", (), {"first_year": 2026, "years": 2, "territory_share_target": 0.75})()
    planned = Made(0)
    own = pd.DataFrame({"city_id": ["a", "b", "c"], "region_id": ["R1", "R2", "R2"]})
    partial = partial_scopes(own, planned.cities)
    assert partial == {"country", "region:R2"}
    rows = mobile_measures(inputs, planned, "2026-11-23", ("run",), partial)
    assert {row["scope"] for row in rows} == {"region:R1", "city:a", "city:b"}
    assert partial_scopes(own.iloc[:2], planned.cities) == frozenset()
    assert partial_scopes(None, planned.cities) == frozenset()
