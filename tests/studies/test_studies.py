"""Sensitivity, Monte Carlo, summary and explanation of a made plan: the numbers hang together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.connectivity.villages.made import made_params

from qamtu.studies.explain import explain, find_settlement, read_plan
from qamtu.studies.monte_carlo import cost_band
from qamtu.studies.summary import by_region, route_regions


@pytest.fixture(scope="module")
def results(madeland_plan):
    return madeland_plan.results


@pytest.fixture(scope="module")
def summary(madeland_plan):
    return madeland_plan.summary


def rows(summary, name: str) -> dict[str, dict]:
    return {row["change"]: row for row in summary["sensitivity"] if row["name"] == name}


def test_dearer_routes_or_satellites_never_make_the_plan_cheaper(summary) -> None:
    base = summary["totals"]["npv"]
    for name in ("fibre_cost_per_km", "satellite_price"):
        changed = rows(summary, name)
        assert changed["−30 %"]["npv"] <= base * (1 + 1e-3)
        assert changed["+30 %"]["npv"] >= base * (1 - 1e-3)
        for row in changed.values():
            assert row["difference"] == pytest.approx(row["npv"] - base)
    fibre = rows(summary, "fibre_cost_per_km")
    assert fibre["−30 %"]["villages_fibre"] >= fibre["+30 %"]["villages_fibre"]


def test_every_change_serves_every_settlement(summary) -> None:
    waiting = summary["totals"]["settlements_without_fibre_today"]
    options = ("fibre", "microwave", "fixed_wireless", "leo_gateway", "leo_terminal", "geo")
    assert summary["sensitivity"]
    for row in summary["sensitivity"]:
        assert sum(row[option] for option in options) == waiting
        assert row["gap"] >= -1e-9


def test_without_bands_every_draw_is_the_plan(results, madeland_plan) -> None:
    given = madeland_plan.summary["parameters"]
    params = made_params()
    known = {row["name"]: row["value"] for row in given if row["name"] in params}
    params = params.with_values(known, "made for tests")
    fixed = replace(
        params,
        items_by_name={
            name: replace(params[name], low=params.value(name), high=params.value(name))
            for name in params
        },
    )
    band = cost_band(results.prepared, results.choice, fixed, draws=3, seed=1)
    assert band.drawn == ()
    assert np.array(band.npv) == pytest.approx(results.totals.npv, rel=1e-9)
    assert np.array(band.capex) == pytest.approx(results.totals.capex, rel=1e-9)


def test_draws_are_seeded_and_their_quantiles_ordered(results) -> None:
    params = made_params()
    one, again, other = (
        cost_band(results.prepared, results.choice, params, draws=40, seed=seed)
        for seed in (7, 7, 8)
    )
    assert one == again
    assert one.npv != other.npv
    assert list(one.npv) == sorted(one.npv)
    assert list(one.capex) == sorted(one.capex)
    assert one.npv[0] < one.npv[-1]


def test_only_what_has_a_part_in_the_bill_is_drawn(results) -> None:
    drawn = set(cost_band(results.prepared, results.choice, made_params(), draws=2, seed=1).drawn)
    assert {"discount_rate", "take_up", "fibre_plough", "spur_detour_factor"} <= drawn
    shaping = {"road_join_distance_max", "slope_hilly", "wireless_range", "leo_cell_capacity"}
    assert not shaping & drawn
    assert not {name for name in drawn if name.startswith("press_") or name == "household_size"}


def test_regions_options_and_years_add_up(results, summary) -> None:
    totals = summary["totals"]
    for table in ("by_region", "by_option"):
        assert sum(row["capex"] for row in summary[table]) == pytest.approx(totals["capex"])
        assert sum(row["people"] for row in summary[table]) == totals["people"]
        assert sum(row["settlements"] for row in summary[table]) == totals["settlements"]
    years = pd.DataFrame(summary["by_year"])
    assert years["capex"].sum() == pytest.approx(totals["capex"])
    assert years["km"].sum() == pytest.approx(totals["new_km"])
    by_both = pd.DataFrame(summary["by_year_region"])
    assert by_both["capex"].sum() == pytest.approx(totals["capex"])
    assert by_both.groupby("year")["capex"].sum().to_numpy() == pytest.approx(
        years.set_index("year")["capex"].loc[sorted(by_both["year"].unique())].to_numpy()
    )
    assert sum(row["km"] for row in summary["by_region"]) == pytest.approx(totals["new_km"])


def test_every_route_belongs_to_a_region(results) -> None:
    owners = route_regions(results.settlements, results.routes)
    assert set(owners) <= {"EAST", "WEST"}
    assert len(by_region(results.settlements, results.routes, results.settlements)) >= 1


def test_the_plan_is_held_against_the_press(results, summary) -> None:
    compared = {row["name"]: row for row in summary["press_comparison"]}
    totals = summary["totals"]
    lasting = results.routes[~results.routes["is_ring"]]
    km = compared["press_capex_per_km_made"]
    assert km["plan"] == pytest.approx(lasting["capex"].sum() / totals["new_km"])
    assert (km["press"], km["press_repriced"]) == (1e6, 2e6)
    each = compared["press_km_per_village_made"]
    assert each["plan"] == pytest.approx(
        totals["new_km"] / (results.settlements["option"] == "fibre").sum()
    )
    assert each["press_repriced"] == each["press"] == 12.0


def test_the_explanation_is_made_of_the_tables_numbers(madeland_plan) -> None:
    places, routes, summary = read_plan(madeland_plan.folder)
    for _, place in places.iterrows():
        text = explain(find_settlement(places, place["settlement_id"]), places, routes, summary)
        assert f"{place['population']:,} people" in text
        if place["option"] == "served":
            assert "counts as served" in text
            continue
        for field in ("capex", "opex_per_year", "npv"):
            assert f"{place[field] / 1e6:,.1f} M MLD" in text
        for option in ("leo_terminal", "geo", "fibre"):
            if option != place["option"] and pd.notna(place[f"npv_{option}"]):
                assert f"{place[f'npv_{option}'] / 1e6:,.1f} M MLD" in text
        assert f"{summary['totals']['gap']:.2%}" in text
