"""The plan of a made city from inputs to tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from qamtu.connectivity.mobile import run
from qamtu.core.fields import Intent, load_contract

from .made import LAT, LON, made_inputs, made_params, made_surface


@pytest.mark.parametrize(
    ("shape", "table"),
    [("city", "cities"), ("site", "sites"), ("sector", "sectors"), ("curve", "curve")],
)
def test_tables_hold_the_contract(plan, shape, table) -> None:
    made = getattr(plan, table)
    told = {f.name for f in load_contract("qamtu.connectivity.mobile").of_shape(
        shape, Intent.OUTPUT)}  # fmt: skip
    assert told <= set(made.columns)
    assert len(made)


def test_the_plan_meets_what_is_asked(plan, inputs) -> None:
    city = plan.cities.iloc[0]
    assert city["target_met"]
    assert city["territory_share"] >= inputs.territory_share_target
    assert city["people_share"] >= inputs.people_share_target
    assert city["area_km2"] == pytest.approx(15.78, rel=0.01)
    assert city["territory_share"] >= city["territory_share_cover"] - 1e-9
    assert plan.totals.territory_share == pytest.approx(city["territory_share"])


def test_bounds_are_below_costs(plan) -> None:
    city = plan.cities.iloc[0]
    assert city["sites_bound"] <= city["sites_needed"]
    assert 0 < city["cost_bound"] <= city["npv"] + 1e-6
    assert city["gap"] == pytest.approx(1 - city["cost_bound"] / city["npv"])
    curve = plan.curve
    assert (curve["bound"] <= curve["sites_new"]).all()
    assert (curve["cost_bound"] <= curve["cost"] + 1e-6).all()
    assert (curve["sites_new"] <= curve["cost_sites"]).all()
    free = curve[~curve["chosen"]]
    assert free["cost"].is_monotonic_increasing
    assert free["sites_new"].is_monotonic_increasing


def test_a_contractor_can_build_the_sites(plan, inputs) -> None:
    sites, sectors = plan.sites, plan.sectors
    outline = inputs.cities.geometry.iloc[0]
    assert shapely.covers(outline, np.asarray(sites.geometry.array)).all()
    assert sites["site_id"].is_unique
    assert sites["ground_m"].to_numpy() == pytest.approx(200.0)
    assert set(sites["height_m"]) <= {25.0, 35.0}
    assert (sites["year"] >= inputs.first_year).all()
    assert (sectors.groupby("site_id").size() == 3).all()
    turns = sectors.groupby("site_id")["azimuth_deg"].apply(lambda a: np.diff(sorted(a)).tolist())
    assert all(gaps == [120.0, 120.0] for gaps in turns)
    assert set(sectors["site_id"]) == set(sites["site_id"])
    assert sectors["eirp_dbm"].to_numpy() == pytest.approx(71.01, abs=0.01)
    assert (sectors["electrical_tilt_deg"] > 0).all()


def test_money_is_conserved(plan) -> None:
    for name in ("capex", "opex_per_year", "npv"):
        assert plan.sites[name].sum() == pytest.approx(plan.cities[name].sum())
    assert plan.years["capex"].sum() == pytest.approx(plan.totals.capex)
    assert plan.years["sites_new"].sum() == plan.totals.sites_needed


def test_the_raster_shows_what_is_covered(plan) -> None:
    levels = plan.levels["made"]
    assert levels.level_dbm.shape == levels.frame.shape
    share = np.mean(levels.level_dbm >= plan.radio.needed_dbm)
    assert share == pytest.approx(plan.cities["territory_share"].iloc[0], abs=0.02)


def test_the_same_inputs_give_the_same_plan(plan, inputs) -> None:
    again = run(inputs)
    pd.testing.assert_frame_equal(
        pd.DataFrame(plan.sites).drop(columns="geometry"),
        pd.DataFrame(again.sites).drop(columns="geometry"),
    )


def test_territory_alone_is_cheaper_and_says_whom_it_leaves_out(plan, inputs) -> None:
    alone = run(replace(inputs, people_share_target=None))
    assert alone.totals.npv <= plan.totals.npv
    assert alone.totals.people_share < plan.totals.people_share
    assert "people-left-out" in {f.id for f in alone.findings}


def test_sites_that_stand_are_free_and_spare_others(plan, inputs) -> None:
    rows = {"site_id": ["a", "a", "b"], "lat_deg": [LAT, LAT, LAT + 0.012],
            "lon_deg": [LON, LON, LON], "azimuth_deg": [0.0, 180.0, np.nan],
            "height_m": [40.0, 40.0, np.nan], "technology": ["nr", "nr", "lte"],
            "frequency_mhz": [3500.0, 3500.0, 1800.0]}  # fmt: skip
    made = run(replace(inputs, existing_sites=pd.DataFrame(rows)))
    sites = made.sites.set_index("site_id")
    assert sites.loc["a", "existing"]
    assert sites.loc["a", "npv"] == 0.0
    assert pd.isna(sites.loc["a", "year"])
    assert made.cities["sites_existing"].iloc[0] == 1
    assert made.cities["territory_share_today"].iloc[0] > 0.0
    assert made.totals.npv < plan.totals.npv
    assert sorted(made.sectors.loc[made.sectors["site_id"] == "a", "azimuth_deg"]) == [0.0, 180.0]
    if "b" in sites.index:  # 4G there: only the equipment is bought
        assert sites.loc["b", "site_kind"] == "upgrade"
        assert sites.loc["b", "capex"] == pytest.approx(48e3 + 15e3 + 10e3 + 300 * 30)


def test_more_share_needs_no_fewer_sites(plan, inputs) -> None:
    few = run(replace(inputs, territory_share_target=0.4, people_share_target=0.4))
    assert few.totals.sites_needed <= plan.totals.sites_needed


def test_a_throughput_is_checked_with_interference(inputs) -> None:
    made = run(replace(inputs, speed_down_mbps_min=30.0, load_share=0.7))
    city = made.cities.iloc[0]
    assert city["sinr_share"] == city["territory_share"]
    assert city["interference_margin_db"] >= 3.0
    if not city["target_met"]:
        assert "share-missed-in-check" in {f.id for f in made.findings}


def test_inside_a_building_needs_more(plan, inputs) -> None:
    made = run(replace(inputs, situation="indoor"))
    assert made.radio.needed_dbm > plan.radio.needed_dbm + 10.0
    assert made.totals.sites_needed > plan.totals.sites_needed


def test_what_cannot_be_reached_is_planned_as_far_as_it_goes(inputs) -> None:
    made = run(replace(inputs, spacing_m=3000.0, territory_share_target=0.97))
    assert "share-out-of-reach" in {f.id for f in made.findings}
    assert not made.cities["target_met"].iloc[0]
    assert made.totals.sites_needed > 0


def test_the_sea_is_no_territory(inputs) -> None:
    wet = made_inputs(surfaces={"made": made_surface(sea=True)})
    made = run(wet)
    assert made.cities["area_km2"].iloc[0] < 0.8 * 15.78
    assert "territory-over-water" in {f.id for f in made.findings}


def test_measures_are_estimates_of_the_plan(plan) -> None:
    measures = {(m.metric, m.scope): m for m in plan.measures("2026-11-23", ("run",))}
    assert measures["cities_with_5g", "country"].value == 1.0
    share = measures["city_territory_share_5g", "country"]
    assert share.value == plan.totals.territory_share
    assert ("city_territory_share_5g", "city:made") in measures
    assert all(m.estimated for m in measures.values())


def test_a_lower_band_needs_fewer_sites(plan, inputs) -> None:
    low = run(replace(inputs, frequency_mhz=700.0))
    assert low.totals.sites_needed < plan.totals.sites_needed


def test_prices_follow_the_parameters(inputs, plan) -> None:
    dear = run(replace(inputs, params=made_params(site_power=20_000.0)))
    assert dear.totals.capex > plan.totals.capex
