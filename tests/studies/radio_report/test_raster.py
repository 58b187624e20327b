import base64
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qamtu.core.errors import StorageFailure
from qamtu.kernels.propagation.area import Frame
from qamtu.studies.output.cog import write_cog
from qamtu.studies.radio_report.raster import encode_raster, pack_raster


def unpack(raster):
    """Do what the page's script does."""
    planes = zlib.decompress(base64.b64decode(raster["data"]))
    shape = (2 if raster["wide"] else 1, raster["h"], raster["w"])
    moved = np.frombuffer(planes, np.uint8).reshape(shape)
    whole = np.cumsum(moved, axis=2, dtype=np.uint8).astype(np.int64)
    codes = whole[0] + (whole[1] << 8 if raster["wide"] else 0)
    return np.where(codes > 0, (codes - 1 + raster["low"]) * raster["step"], np.nan)


@given(
    st.integers(-200, 100), st.integers(1, 900), st.integers(2, 12), st.integers(2, 12),
    st.integers(0, 9),
)  # fmt: skip
def test_values_come_back_within_half_a_step(low, spread, rows, cols, seed):
    draw = np.random.default_rng(seed)
    values = low + spread * draw.random((rows, cols))
    values[draw.random((rows, cols)) < 0.2] = np.nan
    raster = pack_raster(values, (60.0, 0.0, 60.1, 0.001))  # so near the equator rows stay even
    np.testing.assert_allclose(unpack(raster), values, atol=0.5)


def test_rows_are_even_in_mercator_height():
    lat = 70.0 - (np.arange(2000) + 0.5) * 0.01  # 70 to 50 degrees north
    values = np.tile(lat[:, None], (1, 3))
    made = unpack(pack_raster(values, (0.0, 50.0, 1.0, 70.0), 0.001))
    height = np.arctanh(np.sin(np.radians(made[:, 0])))
    steps = -np.diff(height)
    assert steps.mean() == pytest.approx((height[0] - height[-1]) / 1999)
    middle = np.degrees(np.arcsin(np.tanh((height[0] + height[-1]) / 2)))
    assert made[1000, 0] == pytest.approx(middle, abs=0.02)
    assert abs(made[1000, 0] - 60.0) > 0.8


def test_a_file_is_thinned_out_and_its_gaps_stay_gaps(tmp_path):
    values = np.arange(1600, dtype=np.float32).reshape(40, 40)
    values[:20] = np.nan
    path = tmp_path / "level.tif"
    write_cog(
        path, values, Frame(50.0, 60.0, 0.001, 0.001, 40, 40), description="", unit="dBm", tags={}
    )
    raster = encode_raster(path, most=10)
    assert (raster["w"], raster["h"]) == (10, 10)
    assert raster["box"] == pytest.approx([59.9995, 49.9605, 60.0395, 50.0005])
    made = unpack(raster)
    assert np.isnan(made[:5]).all()
    assert np.isfinite(made[5:]).all()


def test_nothing_known_is_no_value_and_a_missing_file_is_named(tmp_path):
    assert np.isnan(unpack(pack_raster(np.full((3, 2), np.nan), (0.0, 0.0, 1.0, 1.0)))).all()
    with pytest.raises(StorageFailure, match=r"none\.tif"):
        encode_raster(tmp_path / "none.tif")
