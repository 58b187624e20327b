"""The mobile plan from inputs to results: pure, seeded, no files; one task a city."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.connectivity.mobile.answers import (
    answer_city,
    city_findings,
    city_levels,
    city_table,
    curve_table,
    sector_table,
    site_table,
)
from qamtu.connectivity.mobile.checks import check_inputs, check_plan
from qamtu.connectivity.mobile.inputs import Inputs
from qamtu.connectivity.mobile.overall import least_overall
from qamtu.connectivity.mobile.phasing import build_years
from qamtu.connectivity.mobile.results import Results, Totals
from qamtu.connectivity.mobile.tasks import city_tasks, make_wanted
from qamtu.core.errors import Infeasible, raise_errors
from qamtu.core.findings import Finding, Severity
from qamtu.core.progress import Report, Stage, silent

__all__ = ["city_stage", "run"]

Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


def run(
    inputs: Inputs, *, progress: Report = silent, mapper: Mapper = map, strict: bool = False
) -> Results:
    """Choose the sites of every city at least cost.

    Parameters
    ----------
    inputs
        Cities, ground, parameters and settings.
    progress
        Is told each city.
    mapper
        Applies a function to tasks, in order, as `map` does; processes or a cluster stand behind
        another one. The answer is the same, as long as no time limit binds.
    strict
        Whether a warning stops the run.

    Raises
    ------
    InputError
        With all findings about the inputs; or when a territory has no land, or no place for a
        site.
    Infeasible
        If the candidates of no city cover anything.
    """
    found = check_inputs(inputs)
    raise_errors(found, "the inputs of the mobile plan cannot be used", strict=strict)
    tasks = city_tasks(inputs)
    answers = []
    for answer in mapper(answer_city, tasks):
        answers.append(answer)
        progress(city_stage(answer, len(answers), len(tasks)))
    _refuse_nothing(answers)
    cities = city_table(inputs.cities, answers)
    years = _years(answers, inputs)
    sites = site_table(answers, years)
    radio = make_wanted(inputs).radio(inputs.params)
    curve = curve_table(answers)
    found += tuple(city_findings(answers))
    found += check_plan(cities, sites, inputs)
    return Results(
        cities=cities,
        sites=sites,
        sectors=sector_table(answers, radio),
        curve=curve,
        levels=city_levels(answers),
        years=_year_table(sites),
        totals=_totals(cities, curve, inputs),
        radio=radio,
        findings=found,
        stages=tuple((a["city"]["city_id"], float(a["seconds"])) for a in answers),
    )


def city_stage(answer: dict[str, Any], number: int, count: int) -> Stage:
    """Tell of a city that is done."""
    city = answer["city"]
    detail = (
        f"{city['sites_needed']:,} sites (at least {city['sites_bound']:,.0f}), "
        f"{city['territory_share']:.1%} of {city['area_km2']:,.0f} km2, {number} of {count}"
    )
    return Stage(city["city_id"], 1.0, detail)


def _refuse_nothing(answers: Sequence[dict[str, Any]]) -> None:
    """Stop where the candidates of no city cover anything: there is no plan to show."""
    if any(answer["factor"] > 0.0 for answer in answers):
        return
    msg = "no place for a site covers anything in any city"
    raise Infeasible(
        msg,
        [
            Finding("nothing-covered", Severity.ERROR,
                    f"no cell of {answer['city']['city_id']} gets what is asked from any candidate",
                    "ask for a lower level (--level) or throughput, or take a lower band",
                    answer["city"]["city_id"])
            for answer in answers
        ],
    )  # fmt: skip


def _years(answers: Sequence[dict[str, Any]], inputs: Inputs) -> NDArray[np.int64]:
    """Year of every new site, in the order of the answers; one order for all cities."""
    gains, capex = [], []
    for answer in answers:
        new = ~np.asarray(answer["sites"]["existing"], bool)
        gains.append(np.asarray(answer["sites"]["gain_km2"], np.float64)[new])
        capex.append(np.asarray(answer["sites"]["capex"], np.float64)[new])
    return build_years(
        np.concatenate(gains), np.concatenate(capex), inputs.first_year, inputs.years
    )


def _year_table(sites: pd.DataFrame) -> pd.DataFrame:
    new = sites[~sites["existing"].astype(bool)]
    grouped = new.groupby("year", sort=True)
    table = grouped.agg(sites_new=("site_id", "size"), capex=("capex", "sum"),
                        gain_km2=("gain_km2", "sum"))  # fmt: skip
    return table.reset_index()


def _totals(cities: pd.DataFrame, curve: pd.DataFrame, inputs: Inputs) -> Totals:
    area = cities["area_km2"].to_numpy(dtype=np.float64)
    covered = float((area * cities["territory_share"]).sum())
    people = (
        cities["population"].astype("float64").fillna(0.0).to_numpy()
        if "population" in cities
        else np.zeros(len(cities))
    )
    reached = float((people * cities["people_share"]).sum())
    npv, bound = float(cities["npv"].sum()), float(cities["cost_bound"].sum())
    overall = least_overall(
        curve, dict(zip(cities["city_id"], area, strict=True)), inputs.territory_share_target
    )
    return Totals(
        cities=len(cities),
        cities_met=int(cities["target_met"].sum()),
        area_km2=float(area.sum()),
        covered_km2=covered,
        territory_share=covered / float(area.sum()),
        people_share=reached / float(people.sum()) if people.sum() > 0.0 else 0.0,
        sites_needed=int(cities["sites_needed"].sum()),
        sites_existing=int(cities["sites_existing"].sum()),
        sites_bound=float(cities["sites_bound"].sum()),
        capex=float(cities["capex"].sum()),
        opex_per_year=float(cities["opex_per_year"].sum()),
        npv=npv,
        cost_bound=bound,
        gap=(npv - bound) / npv if npv > 0.0 else 0.0,
        overall_sites=None if overall is None else overall[0],
        overall_npv=None if overall is None else overall[1],
    )
