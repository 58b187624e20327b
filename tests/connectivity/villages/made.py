"""A made country for tests: nothing in it is real, and its names say so."""

from __future__ import annotations

from importlib.resources import files
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qamtu.connectivity.villages import Inputs
from qamtu.core.params import Parameter, Params, load_params

EXCHANGE = Parameter(
    "exchange_rate", 500.0, "KZT/USD", "2025-01-01", "made for tests", False, "made", 500.0, 500.0
)


def made_params(**values: float) -> Params:
    folder = files("qamtu.connectivity.villages").joinpath("params")
    params = load_params(folder.joinpath("trench.toml")).merged(
        load_params(folder.joinpath("villages.toml")), Params({"exchange_rate": EXCHANGE})
    )
    return params.with_values(values, "made for tests")


def made_settlements(count: int, seed: int, *, fibre: int = 3) -> pd.DataFrame:
    """Place settlements at random in a box of 2° × 1.5°; the first ``fibre`` are towns."""
    random = np.random.default_rng(seed)
    people = np.exp(random.normal(5.8, 1.1, count)).astype(np.int64) + 5
    people[:fibre] += 20_000
    return pd.DataFrame(
        {
            "settlement_id": [f"made:{i}" for i in range(count)],
            "name_en": [f"Made Place {i}" for i in range(count)],
            "name_kk": [f"Жасанды {i}" for i in range(count)],
            "name_ru": [f"Выдуманное {i}" for i in range(count)],
            "kind": ["town"] * fibre
            + [("village", "hamlet")[int(p < 150)] for p in people[fibre:]],
            "region_id": np.where(np.arange(count) % 2 == 0, "EAST", "WEST"),
            "district_id": None,
            "lat_deg": 50.0 + 1.5 * random.random(count),
            "lon_deg": 60.0 + 2.0 * random.random(count),
            "population": people,
            "population_source": "user",
            "households": np.ceil(people / 3.8).astype(np.int64),
            "has_fibre": np.arange(count) < fibre,
            "fibre_source": "made",
            "in_plan": True,
        }
    )


def made_roads(settlements: pd.DataFrame) -> gpd.GeoDataFrame:
    """Join the towns by straight roads."""
    towns = settlements[settlements["has_fibre"]]
    points = list(zip(towns["lon_deg"], towns["lat_deg"], strict=True))
    lines = [shapely.LineString(pair) for pair in pairwise(points)]
    return gpd.GeoDataFrame(
        {
            "road_id": [f"made-road:{i}" for i in range(len(lines))],
            "road_class": "primary",
            "length_m": [line.length * 90_000.0 + 20_000.0 for line in lines],
        },
        geometry=lines,
        crs="EPSG:4326",
    )


def made_regions() -> gpd.GeoDataFrame:
    west, east = shapely.box(59.9, 49.9, 61.0, 51.6), shapely.box(61.0, 49.9, 62.1, 51.6)
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


def made_inputs(count: int = 60, seed: int = 1, **settings: object) -> Inputs:
    settlements = made_settlements(count, seed)
    usual = {
        "max_rounds": 3,
        "time_limit_s": 60.0,
        "point_time_limit_s": 60.0,
        "curve_points": 3,
        "rings": 3,
    }
    return Inputs(
        settlements=settlements,
        roads=made_roads(settlements),
        regions=made_regions(),
        params=made_params(),
        **(usual | settings),  # type: ignore[arg-type]
    )
