"""What lies under a radio map: regions, roads, waters and the names of places."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qamtu.studies.report.encode import encode_steps
from qamtu.studies.report.geography import (
    NAMES,
    encode_regions,
    encode_roads,
    encode_table,
    encode_water,
)

__all__ = ["Box", "around", "box_of", "encode_points", "ground_payload"]

Box = tuple[float, float, float, float]
"""West, south, east, north [deg]."""

_TOWNS: Final = ("city", "town")
_PLACE_COLUMNS: Final = ("settlement_id", *NAMES, "kind", "population", "region_id")


def box_of(areas: gpd.GeoDataFrame) -> Box:
    """Give the box around areas."""
    west, south, east, north = (float(side) for side in areas.total_bounds)
    return west, south, east, north


def around(box: Box, margin_deg: float) -> Box:
    """Widen a box on all sides [deg]."""
    west, south, east, north = box
    return (west - margin_deg, south - margin_deg, east + margin_deg, north + margin_deg)


def encode_points(table: pd.DataFrame, names: tuple[str, ...]) -> dict[str, Any]:
    """Encode columns of a table and the places of its rows (``lat_deg``, ``lon_deg``)."""
    return encode_table(table, names) | {
        "x": encode_steps(table["lon_deg"].to_numpy(dtype=np.float64)),
        "y": encode_steps(table["lat_deg"].to_numpy(dtype=np.float64)),
    }


def ground_payload(
    tables: Mapping[str, pd.DataFrame],
    *,
    boxes: Collection[Box],
    region_ids: Collection[str] | None = None,
    wanted: Collection[str] = (),
    with_roads: bool = True,
) -> dict[str, Any]:
    """Gather the country under a map.

    Parameters
    ----------
    tables
        The pack's tables: ``regions`` and ``settlements``, ``roads`` and ``water`` if it has them.
    boxes
        Where roads and small places are shown.
    region_ids
        The regions to show; all where None.
    wanted
        Ids of settlements whose names the page needs wherever they lie.
    with_roads
        Whether roads are shown at all.
    """
    regions = gpd.GeoDataFrame(tables["regions"])
    if region_ids is not None:
        own = regions[regions["region_id"].isin(set(region_ids))]
        regions = own if len(own) else regions
    regions = regions.reset_index(drop=True)
    roads = _near(tables.get("roads"), boxes) if with_roads else None
    water = tables.get("water")
    return {
        "regions": encode_regions(regions),
        "roads": encode_roads(roads, regions),
        "water": encode_water(None if water is None else gpd.GeoDataFrame(water)),
        "places": encode_points(_places(tables["settlements"], boxes, wanted), _PLACE_COLUMNS),
    }


def _near(table: pd.DataFrame | None, boxes: Collection[Box]) -> gpd.GeoDataFrame | None:
    """Keep the lines that touch one of the boxes."""
    if table is None:
        return None
    lines = gpd.GeoDataFrame(table)
    tree = shapely.STRtree(lines.geometry.to_numpy())
    hits = tree.query(np.array([shapely.box(*box) for box in boxes], dtype=object))[1]
    return lines.iloc[np.unique(hits)].reset_index(drop=True)


def _places(
    settlements: pd.DataFrame, boxes: Collection[Box], wanted: Collection[str]
) -> pd.DataFrame:
    """Keep towns, what lies in small boxes, and what is asked for by id."""
    lat = settlements["lat_deg"].to_numpy(dtype=np.float64)
    lon = settlements["lon_deg"].to_numpy(dtype=np.float64)
    keep = settlements["settlement_id"].isin(set(wanted)).to_numpy(dtype=bool, copy=True)
    towns = settlements["kind"].isin(_TOWNS).to_numpy(dtype=bool)
    for west, south, east, north in boxes:
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        keep |= inside & (towns | ((east - west) * (north - south) < 2.0))
    return settlements[keep].reset_index(drop=True)
