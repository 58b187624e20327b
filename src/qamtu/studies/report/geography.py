"""The country under a map in a form that the page's script can read: areas, roads, waters."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qamtu.studies.report.encode import encode_column, encode_lines, encode_polygons, encode_steps

__all__ = ["NAMES", "encode_regions", "encode_roads", "encode_table", "encode_water", "few_lines"]

NAMES: Final = ("name_kk", "name_ru", "name_en")
"""Columns with the name of a place by language."""

_MAIN_ROADS: Final = ("motorway", "trunk", "primary", "secondary")
_LINE_TYPES: Final = (1, 5)  # of shapely: LineString, MultiLineString
_VERTICES_AT_MOST: Final = 150_000
_REGION_TOLERANCE_DEG: Final = 0.004
_COARSE_TOLERANCE_DEG: Final = 0.002


def encode_table(table: pd.DataFrame, names: tuple[str, ...]) -> dict[str, Any]:
    """Encode those of the named columns that a table has: ``{"n": rows, name: column}``."""
    return {"n": len(table)} | {
        name: encode_column(table[name]) for name in names if name in table.columns
    }


def encode_regions(regions: gpd.GeoDataFrame, key: str = "region_id") -> dict[str, Any]:
    """Encode regions with, for each, the point where its label has the most room.

    Parameters
    ----------
    regions
        Polygons in degrees with names, area and people.
    key
        Column of their ids.
    """
    circles = shapely.maximum_inscribed_circle(regions.geometry.to_numpy(), tolerance=0.05)
    centres = shapely.get_coordinates(shapely.get_point(circles, 0))
    return encode_table(regions, (key, *NAMES, "area_km2", "population")) | {
        "area": encode_polygons(regions.geometry, _REGION_TOLERANCE_DEG),
        "label_x": encode_steps(centres[:, 0]),
        "label_y": encode_steps(centres[:, 1]),
    }


def encode_roads(
    roads: gpd.GeoDataFrame | None, regions: gpd.GeoDataFrame
) -> dict[str, Any] | None:
    """Encode the roads inside regions: the main ones where all are more than a map can show."""
    return None if roads is None else few_lines(_inside(_main_roads(roads), regions))


def encode_water(water: gpd.GeoDataFrame | None) -> dict[str, Any] | None:
    """Encode waters for a map of a country."""
    if water is None:
        return None
    return encode_polygons(water.geometry.reset_index(drop=True), _COARSE_TOLERANCE_DEG)


def few_lines(table: gpd.GeoDataFrame) -> dict[str, Any]:
    """Encode lines, simplified only where there are very many points."""
    points = int(shapely.get_num_coordinates(table.geometry.to_numpy()).sum())
    tolerance = _COARSE_TOLERANCE_DEG if points > _VERTICES_AT_MOST else 0.0
    return encode_lines(table.geometry, tolerance)


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
