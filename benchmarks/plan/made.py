"""Made countries of any size: nothing in them is real."""

from __future__ import annotations

from importlib.resources import files

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import Delaunay

from qamtu.connectivity.villages import Inputs
from qamtu.core.params import Parameter, Params, load_params

_EXCHANGE = Parameter(
    "exchange_rate", 500.0, "KZT/USD", "2025-01-01", "made", False, "made", 500.0, 500.0
)
_PER_DEGREE2 = 24.0  # settlements a square degree, about Kazakhstan's density


def made_country(settlements: int, seed: int = 1, **settings: object) -> Inputs:
    """Make a country: clustered settlements, towns with fibre, roads between towns, regions.

    One settlement in thirty is a town with fibre; towns are joined by the edges of their
    Delaunay triangulation shorter than 2°, as roads; regions are boxes of about 400
    settlements. People follow a log-normal distribution as villages do.
    """
    random = np.random.default_rng(seed)
    side = np.sqrt(settlements / _PER_DEGREE2)
    towns = max(settlements // 30, 3)
    centres = random.random((towns, 2)) * side
    parent = random.integers(0, towns, settlements - towns)
    near = centres[parent] + random.normal(0.0, 0.35, (settlements - towns, 2))
    far = random.random((settlements - towns, 2)) * side
    spread = np.where(random.random((settlements - towns, 1)) < 0.7, near, far)
    places = np.vstack((centres, np.clip(spread, 0.001, side - 0.001)))
    lon, lat = 50.0 + places[:, 0], 35.0 + places[:, 1] * 0.5  # keep within usual latitudes
    people = np.exp(random.normal(5.8, 1.1, settlements)).astype(np.int64) + 5
    people[:towns] += 15_000
    boxes = max(int(np.sqrt(settlements / 400)), 1)
    cell = np.minimum((places / side * boxes).astype(int), boxes - 1)
    region = [f"R{x:02d}{y:02d}" for x, y in cell]
    table = pd.DataFrame(
        {
            "settlement_id": [f"made:{i}" for i in range(settlements)],
            "name_en": [f"Made {i}" for i in range(settlements)],
            "name_ru": [f"Made {i}" for i in range(settlements)],
            "name_kk": [f"Made {i}" for i in range(settlements)],
            "kind": np.where(np.arange(settlements) < towns, "town", "village"),
            "region_id": region,
            "district_id": None,
            "lat_deg": lat,
            "lon_deg": lon,
            "population": people,
            "population_source": "user",
            "households": np.ceil(people / 3.8).astype(np.int64),
            "has_fibre": np.arange(settlements) < towns,
            "fibre_source": "made",
            "in_plan": True,
        }
    )
    return Inputs(
        settlements=table,
        roads=_roads(lon[:towns], lat[:towns]),
        regions=_regions(side, boxes),
        params=_params(),
        **settings,  # type: ignore[arg-type]
    )


def _roads(lon: np.ndarray, lat: np.ndarray) -> gpd.GeoDataFrame:
    triangles = Delaunay(np.column_stack((lon, lat))).simplices
    pairs = np.sort(np.vstack((triangles[:, :2], triangles[:, 1:], triangles[:, ::2])), axis=1)
    pairs = np.unique(pairs, axis=0)
    length = np.hypot(np.diff(lon[pairs], axis=1), np.diff(lat[pairs], axis=1)).ravel()
    pairs = pairs[length < 2.0]
    ends = np.stack((lon[pairs], lat[pairs]), axis=-1)
    lines = shapely.linestrings(ends)
    metres = (
        1.25
        * 111_000.0
        * np.hypot(
            np.diff(lon[pairs], axis=1) * np.cos(np.radians(lat[pairs].mean(axis=1)))[:, None],
            np.diff(lat[pairs], axis=1),
        ).ravel()
    )
    return gpd.GeoDataFrame(
        {
            "road_id": [f"made:{i}" for i in range(len(lines))],
            "road_class": "primary",
            "length_m": metres,
        },
        geometry=lines,
        crs="EPSG:4326",
    )


def _regions(side: float, boxes: int) -> gpd.GeoDataFrame:
    edge = side / boxes
    ids, shapes = [], []
    for x in range(boxes):
        for y in range(boxes):
            ids.append(f"R{x:02d}{y:02d}")
            shapes.append(
                shapely.box(
                    50 + x * edge,
                    35 + 0.5 * y * edge,
                    50 + (x + 1) * edge,
                    35 + 0.5 * (y + 1) * edge,
                )
            )
    names = {"name_en": ids, "name_ru": ids, "name_kk": ids}
    return gpd.GeoDataFrame({"region_id": ids, **names}, geometry=shapes, crs="EPSG:4326")


def _params() -> Params:
    folder = files("qamtu.connectivity.villages").joinpath("params")
    return load_params(folder.joinpath("trench.toml")).merged(
        load_params(folder.joinpath("villages.toml")), Params({"exchange_rate": _EXCHANGE})
    )
