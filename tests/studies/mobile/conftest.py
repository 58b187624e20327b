"""A made small city on the ground of the pack that ships, and a file of sites in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from qamtu.studies.mobile import MobileRequest

WEST, SOUTH, EAST, NORTH = 77.04, 43.85, 77.07, 43.87


@pytest.fixture
def request_of(tmp_path: Path):
    """Give a request for a made city of some five square kilometres, quick to plan."""
    outline = shapely.box(WEST, SOUTH, EAST, NORTH)
    own = gpd.GeoDataFrame({"city_id": ["made"]}, geometry=[outline], crs=4326)
    own.to_file(tmp_path / "own.geojson", driver="GeoJSON")
    base = MobileRequest(
        pack="kz", out=tmp_path / "out", cities=("made",), territory=tmp_path / "own.geojson",
        band_mhz=700.0, cell_m=250.0, rotations=1, max_rounds=1, gap_limit=0.2,
        time_limit_s=60.0, point_time_limit_s=60.0, scheduler="serial",
    )  # fmt: skip

    def make(**other) -> MobileRequest:
        return replace(base, **other)

    return make
