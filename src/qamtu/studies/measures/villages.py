"""Measures of the access plan: villages, households and people by the end of each year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from qamtu.connectivity.villages import Inputs, Results
from qamtu.studies.measures.rows import Rows, completed, end_of

__all__ = ["villages_measures"]

_VILLAGES = ("village", "hamlet")


def villages_measures(
    inputs: Inputs,
    results: Results,
    today: str,
    provenance: tuple[str, ...],
    *,
    region: str | None,
) -> list[dict[str, Any]]:
    """Give what stands by the end of each year of construction, and what is held to stand today.

    Metrics: ``villages_with_fibre`` (villages newly on fibre), ``villages_households_fibre``
    (households in settlements newly on fibre), ``population_share_high_speed`` (share of all
    people with adequate service), ``villages_people_high_speed``; today also
    ``settlements_on_fibre_today`` and ``villages_on_fibre_today``, which the pack assumes unless
    the user's own table says it.

    Parameters
    ----------
    inputs, results
        The plan.
    today
        Day on which it was made (ISO 8601).
    provenance
        Ids of pack, program and run.
    region
        The region that was asked for; then nothing is said of the country.
    """
    rows = Rows(today, provenance)
    table = results.settlements
    last = inputs.first_year + inputs.years - 1
    made: list[dict[str, Any]] = []
    for scope, part in _scopes(table, region):
        made += _today(rows, part, scope)
        for year in range(inputs.first_year, last + 1):
            made += _by(rows, part, scope, year)
    whole = results.measures(end_of(last), provenance)
    return completed(made, (m for m in whole if region is None or m.scope != "country"))


def _scopes(table: pd.DataFrame, region: str | None) -> Iterator[tuple[str, pd.DataFrame]]:
    if region is None:
        yield "country", table
    for code, part in table.groupby("region_id", sort=True):
        yield f"region:{code}", part


def _today(rows: Rows, part: pd.DataFrame, scope: str) -> list[dict[str, Any]]:
    served = part["option"].eq("served").to_numpy(dtype=bool)
    adequate = served & part["adequate"].to_numpy(dtype=bool)
    villages = served & part["kind"].isin(_VILLAGES).to_numpy(dtype=bool)
    return [
        rows.standing("settlements_on_fibre_today", served.sum(), "settlements", scope),
        rows.standing("villages_on_fibre_today", villages.sum(), "settlements", scope),
        rows.standing("population_share_high_speed", _share(part, adequate), "1", scope),
        rows.standing("villages_people_high_speed", _people(part, adequate), "people", scope),
    ]


def _by(rows: Rows, part: pd.DataFrame, scope: str, year: int) -> list[dict[str, Any]]:
    built = part["year"].astype("float64").le(year).to_numpy(dtype=bool)
    served = part["option"].eq("served").to_numpy(dtype=bool)
    fibre = built & part["option"].eq("fibre").to_numpy(dtype=bool)
    villages = fibre & part["kind"].isin(_VILLAGES).to_numpy(dtype=bool)
    adequate = (built | served) & part["adequate"].to_numpy(dtype=bool)
    households = float(part.loc[fibre, "households"].sum())
    return [
        rows.planned("villages_with_fibre", villages.sum(), "settlements", scope, year),
        rows.planned("villages_households_fibre", households, "households", scope, year),
        rows.planned("population_share_high_speed", _share(part, adequate), "1", scope, year),
        rows.planned("villages_people_high_speed", _people(part, adequate), "people", scope, year),
    ]


def _people(part: pd.DataFrame, chosen: np.ndarray) -> float:
    return float(part.loc[chosen, "population"].sum())


def _share(part: pd.DataFrame, chosen: np.ndarray) -> float:
    people = float(part["population"].sum())
    return _people(part, chosen) / people if people else 0.0
