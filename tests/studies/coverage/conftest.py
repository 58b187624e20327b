"""A made ridge in Madeland, and sites on both sides of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from qamtu.studies.coverage import CoverageRequest

WEST, NORTH, STEP = 60.80, 50.90, 1 / 1200  # 3 arc seconds

SITES = """site_id,lat,lon,height,azimuth,tilt,technology,frequency,bandwidth,eirp
A,50.80,60.95,30,0,2,lte,1800,20,61
A,50.80,60.95,30,120,2,lte,1800,20,61
A,50.80,60.95,30,240,2,lte,1800,20,61
B,50.80,61.08,25,270,2,lte,1800,20,61
B,50.80,61.08,25,90,2,nr,3500,100,73
C,50.78,61.30,40,,,gsm,900,0.2,58
"""


@pytest.fixture(scope="session")
def ridge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give heights: a plain of 300 m with a ridge of 250 m along 61.02° E."""
    path = tmp_path_factory.mktemp("terrain") / "ridge.tif"
    lon = WEST + STEP * (np.arange(1000) + 0.5)
    height = 300.0 + 250.0 * np.exp(-(((lon - 61.02) / 0.01) ** 2))
    values = np.tile(height.astype(np.float32), (300, 1))
    with rasterio.open(
        path, "w", driver="GTiff", height=300, width=1000, count=1, dtype="float32",
        crs="EPSG:4326", transform=Affine(STEP, 0, WEST, 0, -STEP, NORTH),
    ) as made:  # fmt: skip
        made.write(values, 1)
        made.set_band_unit(1, "m")
    return path


@pytest.fixture
def asked(madeland: Path, ridge: Path, tmp_path: Path) -> CoverageRequest:
    """Give a small study: six sectors, 4 km, cells of 250 m."""
    sites = tmp_path / "sites.csv"
    sites.write_text(SITES, encoding="utf-8")
    return CoverageRequest(
        sites=sites, out=tmp_path / "cov", pack=str(madeland), radius_m=4000.0, cell_m=250.0,
        terrain=(ridge,), scheduler="serial",
    )  # fmt: skip
