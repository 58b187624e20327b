"""Roads, railways, stations and power plants from their raw tables."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qamtu.country.admin import Admin
from qamtu.country.catalogue import SourceCatalogue
from qamtu.country.names import romanised
from qamtu.country.settings import Network, PackSettings
from qamtu.country.sources import read_csv

__all__ = ["build_network", "build_plants", "build_stations"]


def build_network(
    network: Network, id_column: str, catalogue: SourceCatalogue, admin: Admin, buffer_deg: float
) -> gpd.GeoDataFrame:
    """Build the edges of a road or railway skeleton inside the country and a buffer.

    The geometry is the straight line between the two nodes; ``length_m`` is what the source
    states for the real road.
    """
    nodes = read_csv(catalogue.path(network.nodes), ("node_id", "lat", "lon"), ("node_id",))
    edges = read_csv(catalogue.path(network.edges), ("u", "v", "length_km"), ("u", "v"))
    at = nodes.set_index("node_id")[["lon", "lat"]]
    edges = edges[edges["u"].isin(at.index) & edges["v"].isin(at.index)]
    ends = np.stack([at.loc[edges["u"]].to_numpy(), at.loc[edges["v"]].to_numpy()], axis=1)
    lines: Any = shapely.linestrings(ends)
    land = shapely.union_all(np.asarray(admin.regions.geometry.array)).buffer(buffer_deg)
    shapely.prepare(land)
    rows = {
        id_column: network.id_prefix + edges["u"] + "-" + edges["v"],
        "length_m": (edges["length_km"].to_numpy(dtype=np.float64) * 1000.0).round(1),
        "node_from": network.id_prefix + edges["u"],
        "node_to": network.id_prefix + edges["v"],
        "length_source": "stated",
    }
    made = gpd.GeoDataFrame(rows, geometry=lines, crs=4326)
    if id_column == "road_id":
        made.insert(1, "road_class", network.road_class)
    made = made[shapely.intersects(land, np.asarray(made.geometry.array))]
    made = made.drop_duplicates(id_column)
    return made.sort_values(id_column, ignore_index=True)


def build_stations(
    settings: PackSettings, catalogue: SourceCatalogue, admin: Admin
) -> gpd.GeoDataFrame:
    """Build the railway stations of the country."""
    have = settings.stations
    columns = ("id", "lat", "lon", "name", "type", "nameLocal", "region_2022", have.keep_column)
    raw = read_csv(catalogue.path(have.source), columns, ("id",))
    raw = raw[raw[have.keep_column] == have.keep_value]
    keys = dict(zip(admin.regions_full["key"], admin.regions_full["region_id"], strict=True))
    local = raw["nameLocal"].where(raw["nameLocal"].notna(), raw["name"])
    rows = {
        "station_id": "osm:" + raw["id"],
        "name_kk": local,
        "name_ru": raw["name"],
        "name_en": [
            romanised(n, settings.romanisation) if isinstance(n, str) else None for n in raw["name"]
        ],
        "station_kind": raw["type"].where(raw["type"] == "halt", "station"),
        "lat_deg": raw["lat"].astype("float64").round(6),
        "lon_deg": raw["lon"].astype("float64").round(6),
        "region_id": raw["region_2022"].map(keys),
    }
    return _with_points(pd.DataFrame(rows), "station_id")


def build_plants(settings: PackSettings, catalogue: SourceCatalogue) -> gpd.GeoDataFrame:
    """Build the power plants."""
    have = settings.power_plants
    columns = (have.name_column, have.fuel_column, have.capacity_column, "lat", "lon")
    raw = read_csv(catalogue.path(have.source), columns)
    rows = {
        "plant_id": [f"{have.id_prefix}{i:04d}" for i in range(len(raw))],
        "name": raw[have.name_column].str.strip(),
        "fuel": raw[have.fuel_column].str.strip(),
        "capacity_mw": raw[have.capacity_column].astype("float64").round(3),
        "lat_deg": raw["lat"].astype("float64").round(6),
        "lon_deg": raw["lon"].astype("float64").round(6),
    }
    return _with_points(pd.DataFrame(rows), "plant_id")


def _with_points(table: pd.DataFrame, id_column: str) -> gpd.GeoDataFrame:
    made = table.drop_duplicates(id_column).sort_values(id_column, ignore_index=True)
    points: Any = gpd.points_from_xy(made["lon_deg"], made["lat_deg"], crs=4326)
    return gpd.GeoDataFrame(made, geometry=points)
