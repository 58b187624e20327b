"""Measures of the corridors: road with service by the end of each year."""

from __future__ import annotations

from typing import Any

from qamtu.connectivity.corridors import Inputs, Results
from qamtu.studies.measures.rows import Rows, completed, end_of

__all__ = ["corridors_measures"]

_METRIC = "road_length_covered"
_CLOSE = 1e-6


def corridors_measures(
    inputs: Inputs, results: Results, today: str, provenance: tuple[str, ...], *, region: str | None
) -> list[dict[str, Any]]:
    """Give the length of road served by the end of each year, of the country and each region.

    The state of today is told only where sites that stand were given: without them nothing is
    known of it. Years of a region are told where every stretch that no year serves is served
    today, so that the two cannot be confused.

    Parameters
    ----------
    inputs, results
        The study.
    today
        Day on which it was made (ISO 8601).
    provenance
        Ids of pack, program and run.
    region
        The region that was asked for; then nothing is said of the country.
    """
    rows = Rows(today, provenance)
    totals = results.totals
    made: list[dict[str, Any]] = []
    if totals.sites_existing and region is None:
        made.append(rows.standing(_METRIC, totals.served_today_km, "km", "country"))
    if region is None:
        made += [
            rows.planned(_METRIC, one["served_km_cumulative"], "km", "country", int(one["year"]))
            for one in results.years.to_dict("records")
        ]
    made += _by_region(rows, inputs, results)
    last = end_of(inputs.first_year + inputs.years - 1)
    whole = results.measures(last, provenance)
    return completed(made, (m for m in whole if region is None or m.scope != "country"))


def _by_region(rows: Rows, inputs: Inputs, results: Results) -> list[dict[str, Any]]:
    table = results.stretches
    served = table["served"].to_numpy(dtype=bool)
    length = table["length_m"].to_numpy(dtype="float64") / 1000.0
    year = table["year"].astype("float64").to_numpy()
    undated = served & (year != year)  # noqa: PLR0124 - not a number
    today = results.totals.served_today_km
    if abs(float(length[undated].sum()) - today) > _CLOSE * max(today, 1.0):
        return []
    made = []
    for region in sorted(set(table["region_id"].dropna())):
        own = served & table["region_id"].eq(region).to_numpy(dtype=bool)
        scope = f"region:{region}"
        if results.totals.sites_existing:
            made.append(rows.standing(_METRIC, length[own & undated].sum(), "km", scope))
        for one in range(inputs.first_year, inputs.first_year + inputs.years):
            stands = own & (undated | (year <= one))
            made.append(rows.planned(_METRIC, length[stands].sum(), "km", scope, one))
    return made
