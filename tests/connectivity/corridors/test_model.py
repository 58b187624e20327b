"""The line from inputs to results on a made country."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from qamtu.connectivity.corridors import Results, run
from qamtu.core.errors import Infeasible
from qamtu.core.fields import Intent, load_contract

from .made import made_inputs


@pytest.fixture(scope="module")
def results() -> Results:
    return run(made_inputs())


def test_the_share_is_served_and_no_gap_is_too_long(results: Results) -> None:
    totals = results.totals
    assert totals.share >= 0.9 - 1e-9
    assert totals.gap_km <= 5.0 + 1e-9
    served = results.stretches["served"]
    length = results.stretches["length_m"]
    assert length.sum() / 1000.0 == pytest.approx(totals.length_km, rel=1e-4)
    assert length[served].sum() / 1000.0 == pytest.approx(totals.served_km, rel=1e-4)
    assert results.roads["gap_m"].max() / 1000.0 == pytest.approx(totals.gap_km, abs=1e-3)


def test_bounds_are_below_costs_and_money_adds_up(results: Results) -> None:
    totals = results.totals
    new = results.sites[~results.sites["existing"]]
    assert totals.npv == pytest.approx(new["npv"].sum() + results.hops["npv"].sum())
    assert totals.capex == pytest.approx(new["capex"].sum() + results.hops["capex"].sum())
    assert 0.0 < totals.bound <= totals.npv
    assert totals.bound <= totals.sites_npv <= totals.npv * (1.0 + 1e-9)
    assert totals.backhaul_bound <= totals.backhaul_npv * (1.0 + 1e-9)
    assert results.by_region["npv"].sum() == pytest.approx(totals.npv)
    assert results.years["capex"].sum() == pytest.approx(totals.capex)
    assert results.years["served_km"].sum() == pytest.approx(totals.served_km)


def test_every_site_hangs_on_a_served_point(results: Results) -> None:
    parent = dict(zip(results.hops["site_from"], results.hops["site_to"], strict=True))
    served = {"p0", "p3"}
    for row in results.sites.itertuples():
        post, steps = row.site_id, 0
        while post not in served:
            post, steps = parent[post], steps + 1
        assert (steps, post) == (row.hop_count, row.served_from)
    radio = results.hops[results.hops["hop_kind"] == "microwave"]
    assert (radio["clearance"] >= 1.0).all()
    assert (radio["clearance_low"] >= 0.6).all()
    assert (radio["length_m"] <= 45_000.0).all()
    tall = results.sites.set_index("site_id")["height_m"]
    for row in radio.itertuples():
        assert row.height_from_m <= tall[row.site_from]


def test_a_site_is_built_after_what_it_hangs_on(results: Results) -> None:
    year = results.sites.set_index("site_id")["year"]
    for row in results.hops.itertuples():
        if row.site_to in year:
            assert year[row.site_to] <= year[row.site_from]
        assert row.year == year[row.site_from]


def test_the_same_inputs_give_the_same_answer(results: Results) -> None:
    again = run(made_inputs())
    assert again.sites.equals(results.sites)
    assert again.stretches.drop(columns="geometry").equals(
        results.stretches.drop(columns="geometry")
    )


def test_a_ridge_makes_it_dearer(results: Results) -> None:
    behind = run(made_inputs(ridge_m=250.0))
    assert behind.totals.npv > results.totals.npv
    assert behind.totals.gap_km <= 5.0 + 1e-9


def test_sites_of_today_are_free_and_serve(results: Results) -> None:

    sites = pd.DataFrame(
        {"site_id": ["old"], "lat_deg": [50.41], "lon_deg": [60.62], "height_m": [60.0]}
    )
    with_old = run(made_inputs(sites=sites))
    assert with_old.totals.sites_existing == 1
    assert with_old.totals.served_today_km > 10.0
    assert with_old.totals.npv < results.totals.npv
    old = with_old.sites[with_old.sites["existing"]].iloc[0]
    assert (old["capex"], old["role"], old["backhaul"]) == (0.0, "existing", "own")
    assert old["served_km"] > 5.0


def test_data_needs_more_than_voice(results: Results) -> None:
    data = run(made_inputs(service="data5"))
    assert data.totals.npv >= results.totals.bound
    loss = {r.name: r.value for r in data.budget.itertuples(index=False)}
    assert loss["loss_db"] < dict(results.budget[["name", "value"]].to_numpy())["loss_db"]


def test_without_a_limit_gaps_may_be_longer(results: Results) -> None:
    free = run(made_inputs(gap_km_max=None, share=0.5))
    assert free.totals.npv < results.totals.npv
    assert free.totals.share >= 0.5


def test_a_share_out_of_reach_says_the_nearest() -> None:
    with pytest.raises(Infeasible) as caught:
        run(made_inputs(share=1.0, radius_km=0.6, place_step_km=10.0))
    assert "serve" in caught.value.findings[0].what


def test_measures(results: Results) -> None:
    measures = results.measures("2026-01-01", ("made",))
    whole = {m.metric: m for m in measures if m.scope == "country"}
    assert whole["road_length_covered"].value == results.totals.served_km
    assert whole["road_length_covered"].unit == "km"
    parts = [m.value for m in measures if m.metric == "road_length_covered" and ":" in m.scope]
    assert np.sum(parts) == pytest.approx(results.totals.served_km)


def test_a_budget_too_small_leaves_sites_for_later() -> None:
    short = run(made_inputs(budget_per_year=30e6, years=2))
    assert short.sites["year"].isna().any()
    assert short.years["served_km_cumulative"].iloc[-1] < short.totals.served_km


def test_tables_hold_what_the_contract_says(results: Results) -> None:
    contract = load_contract("qamtu.connectivity.corridors")
    tables = {
        "site": results.sites,
        "hop": results.hops,
        "stretch": results.stretches,
        "whole_road": results.roads,
    }
    for shape, table in tables.items():
        told = {f.name for f in contract.of_shape(shape, Intent.OUTPUT)}
        assert set(table.columns) == told | {"geometry"}, shape
        for field in contract.of_shape(shape, Intent.OUTPUT):
            if field.categories:
                assert set(table[field.name].dropna()) <= set(field.categories), field.name
