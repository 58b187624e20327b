"""What leaves the villages line: tables, totals and the measures the programme may know."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from qamtu.connectivity.villages.formulation import Choice, Weights
from qamtu.connectivity.villages.phasing import Phasing
from qamtu.connectivity.villages.prepare import Prepared
from qamtu.connectivity.villages.targets import Point, Targets
from qamtu.core.findings import Findings
from qamtu.core.measures import Measure

__all__ = ["Results", "Totals"]


@dataclass(frozen=True, slots=True)
class Totals:
    """The plan in single figures.

    Parameters
    ----------
    npv, bound, gap
        Net present cost [currency], proven lower bound on it [currency], gap [1].
    tree_npv, tree_gap
        Net present cost of the routes alone [currency]; the same distance to the bound as a
        share of it [1].
    capex, opex_per_year
        Capital [currency] and running cost once all stands [currency/year].
    villages_fibre
        Villages newly on fibre [settlements].
    people, people_adequate, people_fibre
        People in the plan, with adequate service, on fibre (today's included) [people].
    route_km, new_km
        Length of all routes and of those that must be built [km].
    """

    npv: float
    bound: float
    gap: float
    tree_npv: float
    tree_gap: float
    capex: float
    opex_per_year: float
    villages_fibre: int
    people: float
    people_adequate: float
    people_fibre: float
    route_km: float
    new_km: float


@dataclass(frozen=True, slots=True)
class Results:
    """One plan.

    Parameters
    ----------
    settlements, routes
        Tables of ``fields.csv``.
    curve
        Trade-off: villages, people_share, npv, capex, bound, price, chosen; one row a tree.
    years
        year, capex, km, people, people_cumulative, settlements; one row a year.
    cuts, rings
        The worst single cuts and their cheapest closures.
    totals
        Single figures.
    targets, binding
        What was asked, and which of it changed the plan.
    binding_cost, binding_cost_most
        What the binding targets cost over the least-cost plan found, and at most over any
        plan without targets, by the bound [currency].
    findings
        What the planner should know.
    stages
        Seconds of each stage [s].
    edge_disjoint_share
        Share of the people on routes with two edge-disjoint ways to the network of today,
        before and after the rings [1].
    prepared, choice, weights, phasing, points
        The plan as the model holds it, for further studies; ``weights`` are the prices that
        the targets led to.
    """

    settlements: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    curve: pd.DataFrame
    years: pd.DataFrame
    cuts: pd.DataFrame
    rings: pd.DataFrame
    totals: Totals
    targets: Targets
    binding: tuple[str, ...]
    binding_cost: float
    binding_cost_most: float
    edge_disjoint_share: tuple[float, float]
    findings: Findings
    stages: tuple[tuple[str, float], ...]
    prepared: Prepared
    choice: Choice
    weights: Weights
    phasing: Phasing
    points: tuple[Point, ...]

    def measures(self, date: str, provenance: tuple[str, ...]) -> tuple[Measure, ...]:
        """Give what the programme may know, for the country and each region.

        Parameters
        ----------
        date
            Day on which the plan was made (ISO 8601).
        provenance
            Ids of pack, parameters and run.
        """
        made = list(_measures(self.settlements, "country", date, provenance))
        for region, part in self.settlements.groupby("region_id", sort=True):
            made.extend(_measures(part, f"region:{region}", date, provenance))
        cost = Measure(
            "villages_plan_npv",
            self.totals.npv,
            "currency",
            "country",
            date,
            provenance,
            estimated=True,
        )
        return (*made, cost)


def _measures(
    table: pd.DataFrame, scope: str, date: str, provenance: tuple[str, ...]
) -> tuple[Measure, ...]:
    """Planned values: each is an estimate, for people and costs are."""
    people = float(table["population"].sum())
    villages = table["kind"].isin(["village", "hamlet"]) & (table["option"] == "fibre")
    adequate = float(table.loc[table["adequate"].astype(bool), "population"].sum())
    share = adequate / people if people else 0.0
    return (
        Measure(
            "villages_with_fibre",
            float(villages.sum()),
            "settlements",
            scope,
            date,
            provenance,
            estimated=True,
        ),
        Measure("population_share_high_speed", share, "1", scope, date, provenance, estimated=True),
    )
