"""The page of a study of the corridors: roads served or not, sites, hops, years, proof."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qamtu.core.files import write_text
from qamtu.studies.radio_report.ground import around, box_of, encode_points, ground_payload
from qamtu.studies.radio_report.page import render_radio, shared_payload
from qamtu.studies.report.encode import encode_lines
from qamtu.studies.report.geography import NAMES, encode_table

__all__ = ["render_corridors", "write_corridors_report"]

_SITE_COLUMNS: Final = (
    "site_id", "role", "place_kind", "settlement_id", "settlement_km", "region_id", "road_id",
    "ground_m", "height_m", "existing", "azimuth_first_deg", "azimuth_second_deg",
    "frequency_mhz", "power", "backhaul", "backhaul_km", "backhaul_clearance", "hop_count",
    "served_from", "served_km", "capex", "opex_per_year", "npv", "year", "resolution_arcsec",
)  # fmt: skip
_STRETCH_COLUMNS: Final = (
    "stretch_id", "road_id", "region_id", "served", "length_m", "reason", "year",
)  # fmt: skip
_HOP_COLUMNS: Final = (
    "hop_id", "site_from", "site_to", "hop_kind", "length_m", "height_from_m", "height_to_m",
    "clearance", "clearance_low", "capex", "opex_per_year", "year",
)  # fmt: skip
_ROAD_COLUMNS: Final = (
    "road_id", "road_class", "place_from", "place_to", "place_from_id", "place_to_id", "edges",
    "length_m", "served_m", "gap_m", "sites_new",
)  # fmt: skip
_TOLERANCE_DEG: Final = 0.0003
_MARGIN_DEG: Final = 0.3


def write_corridors_report(
    path: Path,
    tables: Mapping[str, gpd.GeoDataFrame],
    summary: Mapping[str, Any],
    country: Mapping[str, pd.DataFrame],
) -> Path:
    """Write the page of a study of the corridors.

    Parameters
    ----------
    path
        File to make.
    tables
        ``sites``, ``stretches``, ``hops`` and ``roads`` of the study (EPSG:4326).
    summary
        The study's figures, as in its ``summary.json``.
    country
        The pack's tables: ``regions``, ``settlements``, and ``water`` if it has them.

    Raises
    ------
    StorageFailure
        If the file cannot be written.
    """
    write_text(path, render_corridors(tables, summary, country))
    return path


def render_corridors(
    tables: Mapping[str, gpd.GeoDataFrame],
    summary: Mapping[str, Any],
    country: Mapping[str, pd.DataFrame],
) -> str:
    """Render the page as text; see `write_corridors_report`."""
    sites, stretches, hops = tables["sites"], tables["stretches"], tables["hops"]
    settlements = country["settlements"]
    roads = _named_ends(tables["roads"], settlements)
    regions = gpd.GeoDataFrame(country["regions"])
    ids = set(stretches["region_id"].dropna()) if summary.get("region") else None
    shown = regions if ids is None else regions[regions["region_id"].isin(ids)]
    box = box_of(shown if len(shown) else regions)
    wanted = {
        *sites["settlement_id"].dropna(), *sites["served_from"].dropna(),
        *hops["site_to"].dropna(), *roads["place_from_id"].dropna(),
        *roads["place_to_id"].dropna(),
    }  # fmt: skip
    ground = ground_payload(
        country, boxes=[around(box, _MARGIN_DEG)], region_ids=ids, wanted=wanted, with_roads=False
    )  # fmt: skip
    years = sorted({int(y) for t in (sites, stretches) for y in t["year"].dropna() if y > 0})
    payload = shared_payload(summary, years, box, ground) | {
        "tables": {
            "sites": encode_points(sites, _SITE_COLUMNS),
            "stretches": _lines(stretches, _STRETCH_COLUMNS),
            "hops": _lines(hops, _HOP_COLUMNS),
            "roads": encode_table(roads, _ROAD_COLUMNS),
        }
    }
    return render_radio("corridors", payload)


def _lines(table: gpd.GeoDataFrame, names: tuple[str, ...]) -> dict[str, Any]:
    return encode_table(table, names) | {"line": encode_lines(table.geometry, _TOLERANCE_DEG)}


def _named_ends(roads: gpd.GeoDataFrame, settlements: pd.DataFrame) -> gpd.GeoDataFrame:
    """Add the ids of the settlements at both ends, so that the page can name them as it speaks."""
    lines = roads.geometry.to_numpy()
    parts = [shapely.get_geometry(line, 0) if line is not None else None for line in lines]
    last = [shapely.get_geometry(line, -1) if line is not None else None for line in lines]
    ends = {
        "place_from": [None if p is None else shapely.get_point(p, 0) for p in parts],
        "place_to": [None if p is None else shapely.get_point(p, -1) for p in last],
    }
    named = _by_name(settlements)
    lat = settlements["lat_deg"].to_numpy(dtype=np.float64)
    lon = settlements["lon_deg"].to_numpy(dtype=np.float64)
    ids = settlements["settlement_id"].to_numpy(dtype=object)
    made = roads.copy()
    for column, points in ends.items():
        found: list[str | None] = []
        for name, point in zip(roads[column], points, strict=True):
            rows = named.get(str(name), np.empty(0, np.int64))
            if point is None or not rows.size:
                found.append(None)
                continue
            away = (lat[rows] - point.y) ** 2 + (lon[rows] - point.x) ** 2
            found.append(str(ids[rows[int(np.argmin(away))]]))
        made[f"{column}_id"] = pd.array(found, dtype="string")
    return made


def _by_name(settlements: pd.DataFrame) -> dict[str, np.ndarray[Any, np.dtype[np.int64]]]:
    """Rows of the settlements by each of their names."""
    made: dict[str, list[int]] = {}
    for column in (name for name in NAMES if name in settlements.columns):
        for row, name in enumerate(settlements[column]):
            if isinstance(name, str) and row not in made.get(name, ()):
                made.setdefault(name, []).append(row)
    return {name: np.array(rows, np.int64) for name, rows in made.items()}
