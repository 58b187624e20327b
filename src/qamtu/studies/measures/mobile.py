"""Measures of the mobile plan: cities and their territory by the end of each year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.connectivity.mobile import Inputs, Results
from qamtu.studies.measures.rows import Rows, completed, end_of

__all__ = ["mobile_measures"]

FloatArray: TypeAlias = NDArray[np.float64]
_SHARE: Final = "city_territory_share_5g"


def mobile_measures(
    inputs: Inputs, results: Results, today: str, provenance: tuple[str, ...],
    partial: frozenset[str] = frozenset(),
) -> list[dict[str, Any]]:  # fmt: skip
    """Give the share of territory covered by the end of each year, by city, region and country.

    Metrics: ``city_territory_share_5g`` (by area), ``cities_with_5g`` (cities whose territory
    reaches the share asked; the last year counts what the plan's own check reached). The state
    of today is told only where sites that stand were given: without them nothing is known of it.

    Parameters
    ----------
    inputs, results
        The plan.
    today
        Day on which it was made (ISO 8601).
    provenance
        Ids of pack, program and run.
    partial
        Scopes of which some cities were left out (``country``, ``region:<id>``): nothing is said
        of them.
    """
    rows = Rows(today, provenance)
    cities = results.cities
    last = inputs.first_year + inputs.years - 1
    made: list[dict[str, Any]] = []
    if results.totals.sites_existing:
        made += [
            rows.standing(_SHARE, share, "1", scope)
            for scope, share in _shares(cities, _today(cities))
        ]
    for year in range(inputs.first_year, last + 1):
        covered = _covered(results, year, last)
        made += [
            rows.planned(_SHARE, share, "1", scope, year)
            for scope, share in _shares(cities, covered)
        ]
        made.append(_cities(rows, inputs, results, covered, (year, last)))
    made = completed(made, results.measures(end_of(last), provenance))
    return [row for row in made if row["scope"] not in partial]


def _covered(results: Results, year: int, last: int) -> FloatArray:
    """Area covered in each city by the end of a year [km²], never above what the check reached."""
    cities, sites = results.cities, results.sites
    area = cities["area_km2"].to_numpy(dtype=np.float64)
    whole: FloatArray = cities["territory_share"].to_numpy(dtype=np.float64) * area
    done = sites["existing"].astype(bool) | sites["year"].astype("float64").le(year)
    if year == last and done.all():
        return whole
    gained = sites.loc[done].groupby("city_id")["gain_km2"].sum()
    added = cities["city_id"].map(gained).astype("float64").fillna(0.0).to_numpy()
    covered: FloatArray = np.minimum(_today(cities) + added, whole)
    return covered


def _today(cities: pd.DataFrame) -> FloatArray:
    """Area covered by the sites that stand [km²]."""
    share = cities["territory_share_today"].astype("float64").fillna(0.0).to_numpy()
    return np.asarray(share * cities["area_km2"].to_numpy(dtype=np.float64))


def _shares(cities: pd.DataFrame, covered: FloatArray) -> Iterator[tuple[str, float]]:
    """Share of the territory covered, of the country, each region and each city."""
    table = pd.DataFrame({"covered": covered, "area": cities["area_km2"].to_numpy(np.float64)})
    yield "country", float(table["covered"].sum() / table["area"].sum())
    for column, kind in (("region_id", "region"), ("city_id", "city")):
        if column not in cities:
            continue
        for code, part in table.groupby(cities[column].to_numpy(), sort=True):
            yield f"{kind}:{code}", float(part["covered"].sum() / part["area"].sum())


def _cities(
    rows: Rows, inputs: Inputs, results: Results, covered: FloatArray, at: tuple[int, int]
) -> dict[str, Any]:
    year, last = at
    cities = results.cities
    if (
        year == last
        and results.sites.loc[~results.sites["existing"].astype(bool), "year"].notna().all()
    ):
        count = results.totals.cities_met
    else:
        share = covered / cities["area_km2"].to_numpy(dtype=np.float64)
        met = (share >= inputs.territory_share_target) & cities["target_met"].to_numpy(bool)
        count = int(met.sum())
    return rows.planned("cities_with_5g", count, "cities", "country", year)
