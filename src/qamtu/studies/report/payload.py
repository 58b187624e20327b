"""All that the page's script reads, gathered from the plan's tables and the country's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qamtu.studies.output.palette import OPTION_COLOURS, ROUTE_KIND_COLOURS, year_colours
from qamtu.studies.output.summary import plain
from qamtu.studies.report.catalogue import (
    LANGUAGES,
    country_names,
    currency_symbols,
    load_catalogue,
    made_on,
)
from qamtu.studies.report.encode import encode_column, encode_lines, encode_polygons, encode_steps
from qamtu.studies.report.terms import TERMS

__all__ = ["make_payload"]

_NAMES: Final = ("name_kk", "name_ru", "name_en")
_SETTLEMENT_COLUMNS: Final = (
    "settlement_id", *_NAMES, "kind", "region_id", "district_id", "population",
    "population_source", "households", "option", "adequate", "year", "capex", "opex_per_year",
    "npv", "route_own_npv", "speed_down_mbps", "latency_ms", "served_from", "link_km",
    "link_clearance", "link_resolution_arcsec", "next_best", "next_best_npv", "route_km", "node",
)  # fmt: skip
_ROUTE_COLUMNS: Final = (
    "route_id", "route_kind", "terrain_class", "method", "length_m", "capex", "opex_per_year",
    "year", "people_downstream", "settlements_downstream", "is_ring", "node_near", "node_far",
    "parent_route",
)  # fmt: skip
_MAIN_ROADS: Final = ("motorway", "trunk", "primary", "secondary")
_LINE_TYPES: Final = (1, 5)  # of shapely: LineString, MultiLineString
_VERTICES_AT_MOST: Final = 150_000
_REGION_TOLERANCE_DEG: Final = 0.004
_COARSE_TOLERANCE_DEG: Final = 0.002


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
        "routes": _columns(routes, _ROUTE_COLUMNS) | {"line": _lines(routes)},
        "regions": _areas(regions, "region_id"),
        "districts": None
        if districts is None
        else _columns(districts, ("district_id", "region_id", *_NAMES)),
        "roads": None if roads is None else _lines(_inside(_main_roads(roads), regions)),
        "water": None
        if water is None
        else encode_polygons(water.geometry.reset_index(drop=True), _COARSE_TOLERANCE_DEG),
    }


def _columns(table: pd.DataFrame, names: tuple[str, ...]) -> dict[str, Any]:
    return {"n": len(table)} | {
        name: encode_column(table[name]) for name in names if name in table.columns
    }


def _settlements(table: pd.DataFrame) -> dict[str, Any]:
    costs = tuple(f"npv_{option}" for option in OPTION_COLOURS if option != "served")
    return _columns(table, _SETTLEMENT_COLUMNS + costs) | {
        "x": encode_steps(table["lon_deg"].to_numpy(dtype=np.float64)),
        "y": encode_steps(table["lat_deg"].to_numpy(dtype=np.float64)),
    }


def _lines(table: gpd.GeoDataFrame) -> dict[str, Any]:
    """Encode lines, simplified only where there are very many points."""
    points = int(shapely.get_num_coordinates(table.geometry.to_numpy()).sum())
    tolerance = _COARSE_TOLERANCE_DEG if points > _VERTICES_AT_MOST else 0.0
    return encode_lines(table.geometry, tolerance)


def _areas(regions: gpd.GeoDataFrame, key: str) -> dict[str, Any]:
    """Encode the regions with, for each, the point where its label has the most room."""
    circles = shapely.maximum_inscribed_circle(regions.geometry.to_numpy(), tolerance=0.05)
    centres = shapely.get_coordinates(shapely.get_point(circles, 0))
    return _columns(regions, (key, *_NAMES, "area_km2", "population")) | {
        "area": encode_polygons(regions.geometry, _REGION_TOLERANCE_DEG),
        "label_x": encode_steps(centres[:, 0]),
        "label_y": encode_steps(centres[:, 1]),
    }


def _main_roads(roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the main classes where the roads are more than a map of the country can show."""
    points = int(shapely.get_num_coordinates(roads.geometry.to_numpy()).sum())
    if points <= _VERTICES_AT_MOST or "road_class" not in roads:
        return roads
    return roads[roads["road_class"].isin(_MAIN_ROADS)]


def _inside(roads: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cut off what leaves the country: beyond it a coarse road is no help to the reader."""
    land = shapely.union_all(regions.geometry.to_numpy())
    shapely.prepare(land)
    lines = roads.geometry.to_numpy()
    cut = np.where(shapely.covered_by(lines, land), lines, shapely.intersection(lines, land))
    kept = np.isin(shapely.get_type_id(cut), _LINE_TYPES) & ~shapely.is_empty(cut)
    return roads.set_geometry(gpd.GeoSeries(cut, index=roads.index, crs=roads.crs))[kept]


def _years(table: pd.DataFrame) -> list[int]:
    years = table["year"].dropna().astype(int)
    return [int(year) for year in years.unique() if year > 0]
