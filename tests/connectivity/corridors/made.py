"""A made country with one road and a branch: nothing in it is real."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qamtu.connectivity.corridors import Inputs
from qamtu.connectivity.corridors.inputs import SurfaceTile
from qamtu.core.params import Parameter, Params, load_params
from qamtu.kernels.terrain import make_surface

WEST, SOUTH, EAST, NORTH = 60.0, 50.0, 61.6, 51.0
EXCHANGE = Parameter(
    "exchange_rate", 500.0, "KZT/USD", "2025-01-01", "made for tests", False, "made", 500.0, 500.0
)


def made_params(**values: float) -> Params:
    folder = files("qamtu.connectivity.corridors").joinpath("params")
    params = load_params(folder.joinpath("corridors.toml")).merged(
        load_params(folder.joinpath("service.toml")), Params({"exchange_rate": EXCHANGE})
    )
    return params.with_values(values, "made for tests")


def made_surface(*, ridge_m: float = 0.0) -> SurfaceTile:
    """Make rolling land with a ridge across the road at 60.8° E; one cell is about 1 km."""
    step = 0.01
    lat = np.arange(NORTH + 0.6, SOUTH - 0.6, -step)
    lon = np.arange(WEST - 0.9, EAST + 0.9, step)
    x, y = np.meshgrid(lon, lat)
    height = 300.0 + 15.0 * np.sin(x * 20.0) * np.cos(y * 25.0)
    height += ridge_m * np.exp(-(((x - 60.8) / 0.03) ** 2))
    surface = make_surface(lat[0], lon[0], step, step, height, resolution_arcsec=36.0)
    return SurfaceTile((WEST - 0.3, SOUTH - 0.1, EAST + 0.3, NORTH + 0.1), surface)


def made_roads() -> gpd.GeoDataFrame:
    """Draw a main road of three edges through two junctions, and a branch to the north."""
    lines = [
        shapely.LineString([(60.1, 50.4), (60.45, 50.42)]),
        shapely.LineString([(60.45, 50.42), (60.8, 50.4), (61.1, 50.42)]),
        shapely.LineString([(61.5, 50.4), (61.1, 50.42)]),  # drawn against the others
        shapely.LineString([(60.45, 50.42), (60.47, 50.7)]),
    ]
    made = gpd.GeoDataFrame(
        {
            "road_id": [f"e{i}" for i in range(4)],
            "road_class": ["trunk", "trunk", "primary", "primary"],
            "node_from": ["a", "b", "d", "b"],
            "node_to": ["b", "c", "c", "e"],
        },
        geometry=lines,
        crs="EPSG:4326",
    )
    made["length_m"] = made.geometry.to_crs("+proj=aeqd +lat_0=50.4 +lon_0=60.8").length * 1.02
    return made


def made_settlements() -> pd.DataFrame:
    lat, lon = [50.402, 50.43, 50.69, 50.9], [60.1, 61.1, 60.47, 61.4]
    return pd.DataFrame(
        {
            "settlement_id": [f"p{i}" for i in range(4)],
            "name_en": ["Made Town", "Made Village", "Made Hamlet", "Far Off"],
            "name_ru": None,
            "name_kk": None,
            "kind": ["town", "village", "hamlet", "village"],
            "lat_deg": lat,
            "lon_deg": lon,
            "has_fibre": [True, False, False, True],
        }
    )


def made_regions() -> gpd.GeoDataFrame:
    west, east = shapely.box(WEST, SOUTH, 60.8, NORTH), shapely.box(60.8, SOUTH, EAST, NORTH)
    return gpd.GeoDataFrame(
        {
            "region_id": ["WEST", "EAST"],
            "name_en": ["Made West", "Made East"],
            "name_ru": ["Запад", "Восток"],
            "name_kk": ["Батыс", "Шығыс"],
        },
        geometry=[west, east],
        crs="EPSG:4326",
    )


def made_inputs(ridge_m: float = 0.0, **changes: Any) -> Inputs:
    inputs = Inputs(
        roads=made_roads(),
        settlements=made_settlements(),
        regions=made_regions(),
        surfaces=(made_surface(ridge_m=ridge_m),),
        params=made_params(),
        service="voice",
        antenna="road",
        heights_m=(30.0, 50.0, 70.0),
        share=0.9,
        time_limit_s=10.0,
        join_time_limit_s=5.0,
        max_rounds=5,
    )
    return replace(inputs, **changes)
