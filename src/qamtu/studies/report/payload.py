"""All that the page's script reads, gathered from the plan's tables and the country's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from qamtu.studies.output.palette import OPTION_COLOURS, ROUTE_KIND_COLOURS, year_colours
from qamtu.studies.output.summary import plain
from qamtu.studies.report.catalogue import (
    LANGUAGES,
    country_names,
    currency_symbols,
    load_catalogue,
    made_on,
)
from qamtu.studies.report.encode import encode_steps
from qamtu.studies.report.geography import (
    NAMES,
    encode_regions,
    encode_roads,
    encode_table,
    encode_water,
    few_lines,
)
from qamtu.studies.report.terms import TERMS

__all__ = ["make_payload"]

_SETTLEMENT_COLUMNS: Final = (
    "settlement_id", *NAMES, "kind", "region_id", "district_id", "population",
    "population_source", "households", "option", "adequate", "year", "capex", "opex_per_year",
    "npv", "route_own_npv", "speed_down_mbps", "latency_ms", "served_from", "link_km",
    "link_clearance", "link_resolution_arcsec", "next_best", "next_best_npv", "route_km", "node",
)  # fmt: skip
_ROUTE_COLUMNS: Final = (
    "route_id", "route_kind", "terrain_class", "method", "length_m", "capex", "opex_per_year",
    "year", "people_downstream", "settlements_downstream", "is_ring", "node_near", "node_far",
    "parent_route",
)  # fmt: skip


def make_payload(
    tables: Mapping[str, pd.DataFrame],
    summary: Mapping[str, Any],
    regions: gpd.GeoDataFrame,
    *,
    districts: pd.DataFrame | None = None,
    roads: gpd.GeoDataFrame | None = None,
    water: gpd.GeoDataFrame | None = None,
) -> dict[str, Any]:
    """Gather what the page shows; see `qamtu.studies.report.page.write_report`."""
    settlements = tables["settlements"]
    routes = gpd.GeoDataFrame(tables["routes"])
    years = [*_years(settlements), *_years(routes)]
    currency = str(summary.get("currency") or "")
    return {
        "summary": plain(summary),
        "made_on": made_on(str(summary.get("made_at") or "")),
        "country": country_names(str(summary.get("pack") or "")),
        "currency": currency_symbols(currency) if currency else {},
        "colours": {
            "option": OPTION_COLOURS,
            "kind": ROUTE_KIND_COLOURS,
            "year": {str(year): colour for year, colour in year_colours(years).items()},
        },
        "terms": TERMS,
        "text": {language: load_catalogue(language) for language in LANGUAGES},
        "settlements": _settlements(settlements),
        "routes": encode_table(routes, _ROUTE_COLUMNS) | {"line": few_lines(routes)},
        "regions": encode_regions(regions),
        "districts": None
        if districts is None
        else encode_table(districts, ("district_id", "region_id", *NAMES)),
        "roads": encode_roads(roads, regions),
        "water": encode_water(water),
    }


def _settlements(table: pd.DataFrame) -> dict[str, Any]:
    costs = tuple(f"npv_{option}" for option in OPTION_COLOURS if option != "served")
    return encode_table(table, _SETTLEMENT_COLUMNS + costs) | {
        "x": encode_steps(table["lon_deg"].to_numpy(dtype=np.float64)),
        "y": encode_steps(table["lat_deg"].to_numpy(dtype=np.float64)),
    }


def _years(table: pd.DataFrame) -> list[int]:
    years = table["year"].dropna().astype(int)
    return [int(year) for year in years.unique() if year > 0]
