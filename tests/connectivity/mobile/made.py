"""A made city: a square of four by four kilometres on a plain with a ridge, a built-up middle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import qamtu.connectivity.mobile as line
from qamtu.connectivity.mobile import Inputs
from qamtu.core.params import Params, load_params
from qamtu.kernels.terrain import ClutterClass, Surface, make_surface

LAT, LON = 10.0, 20.0
STEP = 0.001
SIDE = 0.036  # of the territory [deg], four kilometres
HALF = 60  # cells of the surface to each side of the middle


def made_params(**values: float) -> Params:
    folder = Path(line.__file__).parent / "params"
    params = load_params(folder / "mobile.toml").merged(load_params(folder / "bands.toml"))
    rate = replace(params["rsrp_min"], name="exchange_rate", value=1.0, low=1.0, high=1.0,
                   unit="1")  # fmt: skip
    params = params.merged(Params({"exchange_rate": rate}))
    return params.with_values(
        {"fibre_near": 2.0, "band_3500_reach": 2.5, "band_700_reach": 2.5, **values}, "made"
    )


def made_surface(ridge_m: float = 0.0, *, sea: bool = False) -> Surface:
    count = 2 * HALF + 1
    at = (np.arange(count) - HALF) * STEP
    north, east = np.meshgrid(-at, at, indexing="ij")
    height = 200.0 + ridge_m * np.exp(-((east - 0.01) ** 2) / (2 * 0.0015**2))
    middle = np.maximum(np.abs(north), np.abs(east)) < 0.008
    kind = np.where(middle, int(ClutterClass.DENSE_URBAN), int(ClutterClass.OPEN))
    zone = np.where(sea & (north < -0.009), 1, 4)
    return make_surface(
        LAT + HALF * STEP, LON - HALF * STEP, STEP, STEP, height,
        clutter_m=np.where(middle, 20.0, 0.0), clutter_class=kind, zone=zone,
        resolution_arcsec=15.0,
    )  # fmt: skip


def made_cities() -> gpd.GeoDataFrame:
    half = SIDE / 2
    return gpd.GeoDataFrame(
        {
            "city_id": ["made"], "name_en": ["Made"], "lat_deg": [LAT], "lon_deg": [LON],
            "population": pd.Series([30_000], dtype="Int64"), "territory_source": ["polygon"],
        },
        geometry=[shapely.box(LON - half, LAT - half, LON + half, LAT + half)],
        crs=4326,
    )  # fmt: skip


def made_settlements() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "settlement_id": ["s"], "lat_deg": [LAT], "lon_deg": [LON], "population": [30_000],
            "has_fibre": [True],
        }
    )  # fmt: skip


def made_inputs(**other: Any) -> Inputs:
    given: dict[str, Any] = {
        "cities": made_cities(), "surfaces": {"made": made_surface()}, "params": made_params(),
        "settlements": made_settlements(), "people_share_target": 0.75, "rotations": 1,
        "max_rounds": 1, "cell_m": 250.0, "spacing_m": 700.0, "time_limit_s": 60.0, "point_time_limit_s": 60.0, "gap_limit": 0.25,
    }  # fmt: skip
    return Inputs(**(given | other))
