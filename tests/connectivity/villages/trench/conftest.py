"""Small made countries for the trench graph."""

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from qamtu.connectivity.villages.trench import build_trench_graph, load_trench_params
from qamtu.core.params import Parameter, Params


def made_params(**values):
    own = load_trench_params()
    rate = Parameter(
        "exchange_rate", 500.0, "KZT/USD", "2025-01-01", "made", False, "made", 500, 500
    )
    both = Params({**own.items_by_name, "exchange_rate": rate})
    return both.with_values(values, "test") if values else both


def made_settlements(lat, lon, in_plan=None):
    n = len(lat)
    return pd.DataFrame(
        {
            "settlement_id": [f"s:{i}" for i in range(n)],
            "name_en": [f"Village {i}" for i in range(n)],
            "lat_deg": np.asarray(lat, dtype=float),
            "lon_deg": np.asarray(lon, dtype=float),
            "in_plan": np.ones(n, bool) if in_plan is None else in_plan,
        }
    )


def made_roads(lines, lengths_m=None, nodes=None):
    """Roads from lists of (lat, lon); nodes as pairs of ids."""
    table = {"road_id": [str(i) for i in range(len(lines))]}
    if lengths_m is not None:
        table["length_m"] = lengths_m
    if nodes is not None:
        table["node_from"] = [a for a, _ in nodes]
        table["node_to"] = [b for _, b in nodes]
    shapes = [shapely.LineString([(lon, lat) for lat, lon in line]) for line in lines]
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")


def made_terrain(south=49.0, west=69.0, rows=40, columns=40, step=0.05, slope=0.0, cover=10):
    """A regular grid; slope and cover are numbers or functions of (lat, lon)."""
    lat, lon = np.meshgrid(south + step * np.arange(rows), west + step * np.arange(columns))
    lat, lon = lat.ravel(), lon.ravel()
    return pd.DataFrame(
        {
            "lat_deg": lat,
            "lon_deg": lon,
            "slope_deg": slope(lat, lon) if callable(slope) else np.full(len(lat), slope),
            "land_cover": cover(lat, lon) if callable(cover) else np.full(len(lat), cover),
            "resolution_arcsec": np.full(len(lat), round(step * 3600)),
        }
    )


def made_water(west, south, east, north, resolution=180):
    return gpd.GeoDataFrame(
        {"water_id": ["w"], "resolution_arcsec": [resolution]},
        geometry=[shapely.box(west, south, east, north)],
        crs="EPSG:4326",
    )


def build(settlements, roads=None, **given):
    values = given.pop("values", {})
    tables = {
        "terrain": None,
        "water": None,
        "territory": None,
        "fibre_nodes": None,
        "fibre_lines": None,
    }
    tables |= {k: given.pop(k) for k in list(given) if k in tables}
    return build_trench_graph(settlements, roads, *tables.values(), made_params(**values), **given)


@pytest.fixture(scope="session")
def made():
    """Makers of small tables, and ``build`` with everything but settlements left out."""
    return SimpleNamespace(
        params=made_params,
        settlements=made_settlements,
        roads=made_roads,
        terrain=made_terrain,
        water=made_water,
        build=build,
    )


@pytest.fixture(scope="session")
def steppe():
    """Three hundred villages, a road net on a grid, real-looking stated lengths."""
    rng = np.random.default_rng(7)
    settlements = made_settlements(rng.uniform(49, 51, 300), rng.uniform(69, 72, 300))
    lines, nodes = [], []
    for i in range(5):
        for j in range(5):
            here = (49 + 0.5 * i, 69 + 0.75 * j)
            for other in ((i + 1, j), (i, j + 1)):
                if max(other) < 5:
                    lines.append([here, (49 + 0.5 * other[0], 69 + 0.75 * other[1])])
                    nodes.append((f"{i}-{j}", f"{other[0]}-{other[1]}"))
    return settlements, made_roads(lines, nodes=nodes)
