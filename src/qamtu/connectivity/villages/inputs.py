"""What enters the villages line."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from qamtu.core.params import Params

__all__ = ["Inputs"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Tables, parameters and settings of one plan; ``fields.csv`` says what each one is."""

    settlements: pd.DataFrame
    roads: gpd.GeoDataFrame
    regions: gpd.GeoDataFrame
    params: Params
    terrain: pd.DataFrame | None = None
    water: gpd.GeoDataFrame | None = None
    fibre_nodes: gpd.GeoDataFrame | None = None
    fibre_lines: gpd.GeoDataFrame | None = None
    railways: gpd.GeoDataFrame | None = None
    hops: pd.DataFrame | None = None
    speed_down_mbps_min: float = 100.0
    latency_ms_max: float = 1000.0
    villages_target: int | None = None
    people_share_target: float | None = None
    capex_limit: float | None = None
    first_year: int = 2026
    years: int = 5
    budget_per_year: float | None = None
    capacity_km_per_year: float | None = None
    rings: int = 10
    curve_points: int = 7
    time_limit_s: float = 20.0
    point_time_limit_s: float = 3.0
    region_time_limit_s: float | None = None
    gap_limit: float = 0.001
    max_rounds: int | None = None
    seed: int = 1
