"""A raster keeps its place, values, unit and tags, and is laid out for reading in parts."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio

from qamtu.core.errors import StorageFailure
from qamtu.kernels.propagation.area import Frame
from qamtu.studies.output.cog import cog_writer, write_cog

FRAME = Frame(43.5, 76.5, 0.001, 0.0013, 700, 600)


def values() -> np.ndarray:
    made = np.random.default_rng(1).normal(-95, 10, FRAME.shape).astype(np.float32)
    made[:50, :70] = np.nan
    return made


def test_what_is_written_is_read(tmp_path) -> None:
    path = tmp_path / "best.tif"
    write_cog(
        path, values(), FRAME, description="level", unit="dBm", tags={"MODEL": "ITU-R P.1812-8"}
    )
    with rasterio.open(path) as made:
        np.testing.assert_array_equal(made.read(1), values())
        assert np.isnan(made.nodata)
        assert made.crs.to_epsg() == 4326
        assert made.units == ("dBm",)
        assert made.descriptions == ("level",)
        assert made.tags()["MODEL"] == "ITU-R P.1812-8"
        assert made.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert made.overviews(1)
        lon, lat = made.xy(0, 0)
        assert (lat, lon) == pytest.approx((43.5, 76.5))
        lon, lat = made.xy(699, 599)
        assert (lat, lon) == pytest.approx((43.5 - 0.699, 76.5 + 0.0013 * 599))
    assert [p.name for p in tmp_path.iterdir()] == ["best.tif"]


def test_rows_may_come_one_after_another(tmp_path) -> None:
    path, whole = tmp_path / "server.tif", np.arange(700 * 600, dtype=np.int32).reshape(700, 600)
    with cog_writer(
        path, FRAME, "int32", description="server", unit="", tags={}, nodata=-1
    ) as write:
        for row in range(0, 700, 150):
            write(row, whole[row : row + 150])
    with rasterio.open(path) as made:
        np.testing.assert_array_equal(made.read(1), whole)
        assert made.nodata == -1


def test_nothing_half_written_is_left(tmp_path) -> None:
    path = tmp_path / "best.tif"
    with pytest.raises(RuntimeError), cog_writer(
        path, FRAME, "float32", description="", unit="", tags={}
    ) as write:  # fmt: skip
        write(0, values()[:10])
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StorageFailure):
        write_cog(tmp_path / "none" / "x.tif", values(), FRAME, description="", unit="", tags={})
