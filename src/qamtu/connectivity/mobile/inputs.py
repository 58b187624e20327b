"""What enters the mobile line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from qamtu.core.params import Params
from qamtu.kernels.terrain import Surface

__all__ = ["Inputs"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Cities, their ground, parameters and settings; ``fields.csv`` says what each one is."""

    cities: gpd.GeoDataFrame
    surfaces: Mapping[str, Surface]
    params: Params
    settlements: pd.DataFrame | None = None
    existing_sites: pd.DataFrame | None = None
    fibre_nodes: pd.DataFrame | None = None
    fibre_lines: gpd.GeoDataFrame | None = None
    frequency_mhz: float = 3500.0
    territory_share_target: float = 0.75
    people_share_target: float | None = None
    level_dbm_min: float | None = None
    speed_down_mbps_min: float | None = None
    situation: str | None = None
    location_share: float = 0.9
    cell_m: float = 200.0
    spacing_m: float | None = None
    rotations: int = 2
    load_share: float = 0.5
    least_sites: bool = False
    first_year: int = 2026
    years: int = 3
    time_limit_s: float = 5.0
    point_time_limit_s: float = 2.0
    gap_limit: float = 0.01
    max_rounds: int | None = None
    seed: int = 1
