"""The page of a mobile study: cities with their territory, levels, sites, curve and proof."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from qamtu.core.files import write_text
from qamtu.studies.radio_report.ground import Box, around, box_of, encode_points, ground_payload
from qamtu.studies.radio_report.page import render_radio, shared_payload
from qamtu.studies.radio_report.raster import encode_raster
from qamtu.studies.report.encode import encode_polygons
from qamtu.studies.report.geography import NAMES, encode_table

__all__ = ["render_mobile", "write_mobile_report"]

_CITY_COLUMNS: Final = (
    "city_id", *NAMES, "status", "region_id", "population", "area_official_km2", "area_date",
    "area_source", "area_verify", "territory_source", "note", "area_km2", "sites_needed",
    "sites_existing", "sites_bound", "gap", "cost_bound", "npv", "territory_share",
    "territory_share_today", "people_share", "sinr_share", "speed_down_mbps", "target_met",
    "interference_margin_db", "spacing_least_m", "spacing_most_m", "candidates", "capex",
    "opex_per_year", "resolution_arcsec", "lat_deg", "lon_deg",
)  # fmt: skip
_SITE_COLUMNS: Final = (
    "site_id", "city_id", "ground_m", "height_m", "site_kind", "existing", "capex",
    "opex_per_year", "npv", "gain_km2", "backhaul", "backhaul_km", "backhaul_to",
    "backhaul_clearance", "year", "resolution_arcsec",
)  # fmt: skip
_SECTOR_COLUMNS: Final = (
    "site_id", "azimuth_deg", "tilt_deg", "electrical_tilt_deg", "beamwidth_deg", "band",
    "eirp_dbm",
)  # fmt: skip
_TOLERANCE_DEG: Final = 0.0003
_MARGIN_DEG: Final = 0.05


def write_mobile_report(
    path: Path,
    tables: Mapping[str, pd.DataFrame],
    rasters: Path,
    summary: Mapping[str, Any],
    country: Mapping[str, pd.DataFrame],
) -> Path:
    """Write the page of a mobile study.

    Parameters
    ----------
    path
        File to make.
    tables
        ``cities``, ``sites`` and ``sectors`` of the study (EPSG:4326).
    rasters
        Folder with the levels of each city, ``<city_id>.tif``; one that is not there is not shown.
    summary
        The study's figures, as in its ``summary.json``.
    country
        The pack's tables: ``regions``, ``settlements``, ``roads`` and ``water`` if it has them.

    Raises
    ------
    StorageFailure
        If the file cannot be written, or a raster cannot be read.
    """
    write_text(path, render_mobile(tables, rasters, summary, country))
    return path


def render_mobile(
    tables: Mapping[str, pd.DataFrame],
    rasters: Path,
    summary: Mapping[str, Any],
    country: Mapping[str, pd.DataFrame],
) -> str:
    """Render the page as text; see `write_mobile_report`."""
    cities, sites = gpd.GeoDataFrame(tables["cities"]), tables["sites"]
    boxes: list[Box] = [
        around((float(w), float(s), float(e), float(n)), _MARGIN_DEG)
        for w, s, e, n in cities.geometry.bounds.to_numpy()
    ]
    ground = ground_payload(
        country, boxes=boxes, wanted=set(cities.get("settlement_id", pd.Series()).dropna())
    )
    regions = gpd.GeoDataFrame(country["regions"])
    bounds = boxes[0] if len(boxes) == 1 else box_of(regions)
    years = sorted({int(year) for year in sites["year"].dropna() if year > 0})
    found = {str(city): rasters / f"{city}.tif" for city in cities["city_id"]}
    payload = shared_payload(summary, years, bounds, ground) | {
        "tables": {
            "cities": encode_table(cities, _CITY_COLUMNS)
            | {"area": encode_polygons(cities.geometry.reset_index(drop=True), _TOLERANCE_DEG)},
            "sites": encode_points(sites, _SITE_COLUMNS),
            "sectors": encode_table(tables["sectors"], _SECTOR_COLUMNS),
        },
        "rasters": {city: encode_raster(path) for city, path in found.items() if path.is_file()},
    }
    return render_radio("mobile", payload)
