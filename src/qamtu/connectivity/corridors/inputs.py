"""What enters the corridors line."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from qamtu.core.params import Params
from qamtu.kernels.terrain import Surface

__all__ = ["Inputs", "SurfaceTile"]


@dataclass(frozen=True, slots=True)
class SurfaceTile:
    """A part of the country with its ground.

    Parameters
    ----------
    box
        West, south, east and north of what is the tile's own [deg]; a place on the west or south
        edge belongs to it. The boxes of a study do not overlap.
    surface
        Ground and clutter of the box and of a margin as wide as the radius and the longest hop.
    """

    box: tuple[float, float, float, float]
    surface: Surface


@dataclass(frozen=True, slots=True)
class Inputs:
    """Tables, parameters and settings of one study; ``fields.csv`` says what each one is."""

    roads: gpd.GeoDataFrame
    settlements: pd.DataFrame
    regions: gpd.GeoDataFrame
    surfaces: tuple[SurfaceTile, ...]
    params: Params
    service: str
    antenna: str
    heights_m: tuple[float, ...]
    water: gpd.GeoDataFrame | None = None
    sites: pd.DataFrame | None = None
    fibre_nodes: pd.DataFrame | None = None
    step_m: float = 500.0
    share: float = 0.95
    gap_km_max: float | None = 5.0
    frequency_mhz: float = 800.0
    place_step_km: float = 2.0
    settlement_distance_km: float = 3.0
    radius_km: float = 30.0
    hop_km_max: float = 45.0
    first_year: int = 2026
    years: int = 5
    budget_per_year: float | None = None
    time_limit_s: float = 240.0
    join_time_limit_s: float = 20.0
    gap_limit: float = 0.005
    max_rounds: int | None = None
    seed: int = 1
