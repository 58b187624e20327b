"""A calibration is fitted on a drive test, kept in a file, and used only where it is named."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import rasterio

from qamtu.core.errors import InputError
from qamtu.studies.coverage import make_coverage
from qamtu.studies.coverage.calibrate import CalibrationRequest, make_calibration
from qamtu.studies.coverage.calibration_file import read_calibration

SHIFT = 6.0


@pytest.fixture
def drive(asked, tmp_path):
    """Make the drive test of a world where all levels are 6 dB higher than predicted."""
    make_coverage(asked)
    with rasterio.open(asked.out / "best.tif") as raster:
        best, transform = raster.read(1), raster.transform
    row, col = np.nonzero(np.isfinite(best))
    rng = np.random.default_rng(6)
    pick = rng.choice(row.size, 700)
    t = transform
    lon, lat = t.c + t.a * (col[pick] + 0.5), t.f + t.e * (row[pick] + 0.5)
    level = best[row[pick], col[pick]] + SHIFT + rng.normal(0, 2, 700)
    path = tmp_path / "drive.csv"
    pd.DataFrame({"lat": lat, "lon": lon, "level": level.round(2)}).to_csv(path, index=False)
    return path


def test_a_shift_is_found_and_applied_only_when_named(asked, drive, tmp_path) -> None:
    out = tmp_path / "cal.json"
    request = CalibrationRequest(replace(asked, out=out), drive, block_m=500.0)
    result = make_calibration(request)
    fitted = result.calibration
    assert fitted.before.mean_db == pytest.approx(SHIFT, abs=0.5)
    assert abs(fitted.after.mean_db) < 0.5
    assert fitted.held_out.rmse_db < 3.0 < fitted.before.rmse_db
    used = [c for c in fitted.by_class if c not in fitted.pooled]
    assert fitted.offset_db[used] == pytest.approx(SHIFT, abs=1.0)
    again, about = read_calibration(out)
    assert again.offset_db == pytest.approx(fitted.offset_db)
    assert again.held_out == fitted.held_out
    assert about["model"] == "p1812"
    assert about["samples"] == 700
    assert "cells_by_class" in about

    plain = make_coverage(replace(asked, overwrite=True))
    assert plain.summary["calibration"] is None
    named = make_coverage(replace(asked, calibration=out, out=tmp_path / "named"))
    told = named.summary["calibration"]
    assert told["file"] == "cal.json"
    assert told["held_out"]["rmse_db"] == pytest.approx(fitted.held_out.rmse_db)
    with (
        rasterio.open(asked.out / "best.tif") as one,
        rasterio.open(tmp_path / "named" / "best.tif") as two,
    ):
        assert two.tags()["CALIBRATION"] == "cal.json"
        rise = two.read(1) - one.read(1)
    assert np.nanmedian(rise) == pytest.approx(SHIFT, abs=1.0)


def test_a_calibration_of_something_else_is_told(asked, drive, tmp_path) -> None:
    out = tmp_path / "cal.json"
    make_calibration(CalibrationRequest(replace(asked, out=out), drive))
    with pytest.raises(InputError) as caught:
        make_coverage(replace(asked, overwrite=True, calibration=out, model="free_space"))
    assert {f.id for f in caught.value.findings} == {"calibration-other-model"}
    result = make_coverage(replace(asked, overwrite=True, calibration=out, rx_height_m=10.0))
    assert "calibration-other-height" in {f.id for f in result.findings}
    (tmp_path / "not.json").write_text(json.dumps({"kind": "other", "calibration": {}}))
    with pytest.raises(InputError) as caught:
        make_coverage(replace(asked, overwrite=True, calibration=tmp_path / "not.json"))
    assert {f.id for f in caught.value.findings} == {"calibration-unreadable"}


def test_what_a_calibration_cannot_be_fitted_on(asked, tmp_path) -> None:
    drive = tmp_path / "drive.csv"
    drive.write_text("lat,lon,level,site\n50.8,60.96,-90,A\n50.8,60.97,-95,Z\n40.0,60.97,-95,A\n")
    request = CalibrationRequest(replace(asked, out=tmp_path / "cal.json"), drive)
    with pytest.raises(InputError) as caught:
        make_calibration(request)
    assert "place-outside" in {f.id for f in caught.value.findings}
    drive.write_text("lat,lon,level,site\n50.8,60.96,-90,A\n50.8,60.97,-95,Z\n")
    with pytest.raises(InputError) as caught:
        make_calibration(request)
    assert {f.id for f in caught.value.findings} == {
        "drive-test-site-unknown", "drive-test-left-out", "calibration-few",
    }  # fmt: skip
    with pytest.raises(InputError, match="settings"):
        make_calibration(replace(request, coverage=replace(request.coverage, indoor=True)))
