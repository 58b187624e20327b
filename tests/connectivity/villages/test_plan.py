"""A whole made plan: tables agree with totals, targets are met, nothing depends on chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from qamtu.connectivity.villages import Inputs, Results, run
from qamtu.core.errors import Infeasible, InputError

from .made import made_inputs


def test_every_settlement_is_served_once(inputs: Inputs, plan: Results) -> None:
    table = plan.settlements
    assert table["settlement_id"].tolist() == inputs.settlements["settlement_id"].tolist()
    assert (table["option"] == "served").sum() == inputs.settlements["has_fibre"].sum()
    assert table["option"].notna().all()


def test_the_tables_add_up_to_the_totals(plan: Results) -> None:
    routes = plan.routes[~plan.routes["is_ring"]]
    assert routes["capex"].sum() + plan.settlements["capex"].sum() == pytest.approx(
        plan.totals.capex
    )
    annuity = plan.prepared.economy.annuity
    npv = (
        plan.settlements["npv"].sum() + (routes["capex"] + annuity * routes["opex_per_year"]).sum()
    )
    assert npv == pytest.approx(plan.totals.npv)
    assert 0 <= plan.totals.gap < 0.1
    assert plan.totals.bound <= plan.totals.npv


def test_routes_hang_together_from_the_network_of_today(plan: Results) -> None:
    routes = plan.routes[~plan.routes["is_ring"]].set_index("route_id")
    lit = set(plan.prepared.roots.tolist())
    left = routes
    while len(left):
        now = left[left["node_near"].isin(lit)]
        assert len(now), "some routes hang on nothing"
        lit |= set(now["node_far"])
        left = left.drop(now.index)
    fibre = plan.settlements[plan.settlements["option"] == "fibre"]
    assert set(fibre["node"]) <= lit
    for route, row in routes.iterrows():
        if pd.notna(row["parent_route"]):
            assert routes.loc[row["parent_route"], "node_far"] == row["node_near"], route


def test_a_route_is_built_no_later_than_what_hangs_on_it(plan: Results) -> None:
    routes = plan.routes[~plan.routes["is_ring"]].set_index("route_id")
    for _, row in routes.iterrows():
        if pd.notna(row["parent_route"]):
            assert routes.loc[row["parent_route"], "year"] <= row["year"]
    built = routes.reset_index().set_index("node_far")["year"]
    fibre = plan.settlements[plan.settlements["option"] == "fibre"]
    on_route = fibre[fibre["node"].isin(built.index)]
    assert (on_route["year"].to_numpy() >= built[on_route["node"]].to_numpy()).all()


def test_years_keep_to_their_money(plan: Results) -> None:
    years = plan.years
    assert (years["capex"].cumsum() <= years["budget"].cumsum() * (1 + 1e-9)).all()
    assert years["capex"].sum() == pytest.approx(plan.totals.capex)
    assert years["km"].sum() == pytest.approx(plan.totals.new_km)


def test_the_curve_lies_above_its_bound_and_below_no_cheaper_plan(plan: Results) -> None:
    curve = plan.curve
    assert (curve["bound"] <= curve["npv"] * (1 + 1e-9)).all()
    assert curve["chosen"].sum() == 1
    assert curve["npv"].min() >= plan.totals.bound * (1 - 1e-9)


def test_a_target_for_villages_is_met_and_costs(plan: Results) -> None:
    customers = int((plan.settlements["option"] != "served").sum())
    wanted = min(plan.totals.villages_fibre + 8, customers)
    more = run(made_inputs(villages_target=wanted))
    assert more.totals.villages_fibre >= wanted
    assert more.binding == ("village",)
    assert more.totals.npv >= plan.totals.bound
    assert more.totals.bound <= more.totals.npv
    assert more.totals.bound >= plan.totals.bound * (1 - 1e-9)


def test_a_target_below_the_least_cost_plan_does_not_bind(plan: Results) -> None:
    easy = run(made_inputs(villages_target=1, people_share_target=0.5))
    assert easy.binding == ()
    assert easy.totals.npv == pytest.approx(plan.totals.npv)


def test_a_budget_lowers_the_capital(plan: Results) -> None:
    limit = 0.97 * plan.totals.capex
    lean = run(made_inputs(capex_limit=limit))
    assert lean.totals.capex <= limit
    assert lean.binding == ("capital",)


def test_a_share_of_people_at_a_speed_that_satellites_lack() -> None:
    inputs = made_inputs(speed_down_mbps_min=300.0, people_share_target=1.0)
    made = run(inputs)
    assert made.totals.people_adequate == made.totals.people
    assert "person" in made.binding


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"villages_target": 10_000}, "villages_target"),
        ({"capex_limit": 1000.0}, "capex"),
        ({"villages_target": 57, "capex_limit": 1e8}, "villages_target"),
    ],
)
def test_what_cannot_be_met_says_the_nearest_that_can(settings: dict, field: str) -> None:
    with pytest.raises(Infeasible) as caught:
        run(made_inputs(**settings))
    assert field in {f.field for f in caught.value.findings}
    assert all(f.mend for f in caught.value.findings)


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({"budget_per_year": 0.0}, "budget-zero"),
        ({"capex_limit": 0.0}, "budget-zero"),
        ({"years": 0}, "setting-out-of-range"),
        ({"people_share_target": 99.0}, "setting-out-of-range"),
        ({"speed_down_mbps_min": float("nan")}, "setting-out-of-range"),
        ({"speed_down_mbps_min": 2000.0}, "service-level-out-of-reach"),
        ({"latency_ms_max": 1.0}, "service-level-out-of-reach"),
    ],
)
def test_a_setting_out_of_range_is_found(settings: dict, rule: str) -> None:
    with pytest.raises(InputError) as caught:
        run(made_inputs(**settings))
    assert rule in {f.id for f in caught.value.findings}


def test_bad_tables_are_found_all_at_once(inputs: Inputs) -> None:
    table = inputs.settlements.astype({"population": object})
    table.loc[4, "settlement_id"] = table.loc[5, "settlement_id"]
    table.loc[6, "population"] = "many"
    table.loc[7, "lat_deg"] = np.nan
    with pytest.raises(InputError) as caught:
        run(replace(inputs, settlements=table))
    found = {(f.id, f.row) for f in caught.value.findings}
    assert {("id-duplicate", 7), ("value-unreadable", 8), ("value-missing", 9)} <= found


def test_nowhere_to_begin_and_nobody_to_serve(inputs: Inputs) -> None:
    none = inputs.settlements.assign(has_fibre=False)
    with pytest.raises(InputError, match="no-fibre-today"):
        run(replace(inputs, settlements=none))
    with pytest.raises(InputError, match="nobody-to-serve"):
        run(replace(inputs, settlements=inputs.settlements.assign(has_fibre=True)))


def test_the_same_seed_gives_the_same_plan(plan: Results) -> None:
    again = run(made_inputs())
    pd.testing.assert_frame_equal(
        pd.DataFrame(again.settlements.drop(columns="geometry")),
        pd.DataFrame(plan.settlements.drop(columns="geometry")),
    )
    assert again.totals == plan.totals


def test_measures_name_country_and_regions(plan: Results) -> None:
    made = plan.measures("2026-01-01", ("test",))
    villages = {m.scope: m.value for m in made if m.metric == "villages_with_fibre"}
    assert villages["country"] == plan.totals.villages_fibre
    assert villages["country"] == sum(v for s, v in villages.items() if s != "country")


def test_comparison_prices_contain_the_choice(plan: Results) -> None:
    table = plan.settlements[plan.settlements["option"] != "served"]
    for option, part in table.groupby("option"):
        if option == "fibre":
            assert (part["npv_fibre"] >= part["npv"] - 1e-6).all()
        else:
            assert part[f"npv_{option}"].to_numpy() == pytest.approx(part["npv"].to_numpy())
        assert (part["next_best"] != option).all()


def test_a_ring_protects_whom_it_says(plan: Results) -> None:
    if plan.rings.empty:
        pytest.skip("the made country has no ring to close")
    assert (plan.rings["people_protected"] >= 0).all()
    before, after = plan.edge_disjoint_share
    assert after >= before
    assert plan.routes["is_ring"].sum() == sum(len(r) for r in plan.rings["route_ids"])


def test_a_plan_that_begins_in_its_regions_has_a_bound_below_the_plan(plan: Results) -> None:
    begun = run(made_inputs(region_time_limit_s=1.0))
    assert "trees of the regions" in [name for name, _ in begun.stages]
    assert begun.totals.bound <= min(begun.totals.npv, plan.totals.npv) * (1 + 1e-9)
    assert begun.totals.gap < 0.01


def test_crews_are_not_saved_up(plan: Results) -> None:
    yearly = 0.3 * plan.totals.new_km
    made = run(made_inputs(capacity_km_per_year=yearly))
    assert (made.years["km"] <= yearly * (1 + 1e-9)).all()
    assert np.isinf(made.years["budget"]).all()
    late = made.settlements["year"].isna() & (made.settlements["option"] == "fibre")
    assert made.years["km"].sum() + 1e-6 >= plan.totals.new_km or late.any()


def test_what_targets_cost_is_bounded(plan: Results) -> None:
    more = run(made_inputs(villages_target=plan.totals.villages_fibre + 8))
    assert 0 <= more.binding_cost <= more.binding_cost_most
