"""`qamtu coverage` and `qamtu calibrate` from words to files, and every kind of bad input."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from tests.connectivity.villages.made import made_settlements

QUICK = ("--radius", "3km", "--cell", "250m", "--scheduler", "serial")
HEAD = "site_id,lat_deg,lon_deg,height_m,frequency_mhz,azimuth_deg,pattern\n"


@pytest.fixture(scope="module")
def town() -> tuple[float, float]:
    """Give the place of Madeland's first town."""
    first = made_settlements(48, seed=5).iloc[0]
    return float(first["lat_deg"]), float(first["lon_deg"])


@pytest.fixture(scope="module")
def heights(town, tmp_path_factory):
    """Give coarse heights around the town, 30 arc seconds, with a hole in the north-east."""
    lat, lon = town
    values = np.full((60, 60), 400.0, np.float32) + np.arange(60, dtype=np.float32)
    values[:8, 52:] = np.nan
    path = tmp_path_factory.mktemp("heights") / "dem.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=60, width=60, count=1, dtype="float32",
        crs="EPSG:4326", transform=Affine(1 / 120, 0, lon - 0.25, 0, -1 / 120, lat + 0.25),
        nodata=np.nan,
    ) as made:  # fmt: skip
        made.write(values, 1)
        made.set_band_unit(1, "m")
    return path


@pytest.fixture
def asked(qamtu, madeland, heights, town, tmp_path):
    lat, lon = town

    def run(rows: str, *words: object, verb: str = "coverage"):
        sites = tmp_path / "sites.csv"
        sites.write_text(HEAD + rows.format(lat=lat, lon=lon), encoding="utf-8")
        return qamtu(verb, sites, "--pack", madeland, "--terrain", heights, *QUICK, *words)

    return run


def test_a_coverage_is_made_whole(asked, tmp_path) -> None:
    out = tmp_path / "results" / "cov"
    said = asked("A,{lat},{lon},30,1800,0,3gpp\nA,{lat},{lon},30,1800,180,3gpp\n", "--out", out)
    assert said.code == 0, said.text
    assert [path.name for path in out.parent.iterdir()] == ["cov"]
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    totals = summary["totals"]
    assert totals["settlements_reached"] >= 1
    assert 10_000 < totals["people_covered"] <= totals["people_reached"]
    # the terminal shows what the file says, and warns of the coarse terrain
    assert f"{totals['people_covered']:,} people" in said.text
    assert f"{totals['area_covered_share']:.1%}" in said.text
    assert "terrain-coarse" in said.text
    assert "not calibrated" in said.text
    assert "report.html, best.tif" in said.text
    assert (out / "report.html").is_file()
    assert "30 arcsec" in said.text
    assert summary["terrain"]["coarse"] is True
    found = {f["id"]: f for f in summary["findings"]}
    assert found["terrain-coarse"]["severity"] == "warning"
    again = asked("A,{lat},{lon},30,1800,0,3gpp\n", "--out", out)
    assert again.code == 4
    strict = asked("A,{lat},{lon},30,1800,0,3gpp\n", "--out", tmp_path / "strict", "--strict")
    assert strict.code == 2
    assert "terrain-coarse" in strict.text
    assert not (tmp_path / "strict").exists()
    assert not (tmp_path / ".strict.resume").exists()


def test_all_that_is_wrong_is_told_at_once(asked, tmp_path) -> None:
    said = asked(
        "A,{lat},{lon},900,1800,0,3gpp\n"
        "B,{lat},{lon},-5,1800,0,3gpp\n"
        "C,{lat},{lon},30,3.5,0,3gpp\n"
        "D,{lon},{lat},30,1800,0,3gpp\n"
        "E,10,10,30,1800,0,3gpp\n"
        "F,{lat},{lon},30,26000,0,3gpp\n"
        "G,{lat},{lon},30,1800,0,panel.msi\n",
        "--out", tmp_path / "cov",
    )  # fmt: skip
    assert said.code == 2
    for row, rule in (
        (2, "site-too-tall"), (3, "site-underground"), (4, "frequency-unit"),
        (5, "coordinate-swapped"), (6, "place-outside"), (7, "model-frequency"),
        (8, "antenna-unknown"),
    ):  # fmt: skip
        assert re.search(rf"sites.csv, row {row}, \w+ [^\[]*\[{rule}\]", said.text), rule
    assert "3,500 was meant if it is in GHz" in said.text
    assert not (tmp_path / "cov").exists()


def test_a_site_without_ground_is_told(asked, town, tmp_path) -> None:
    hole = f"{town[0] + 0.22},{town[1] + 0.22}"
    said = asked("A,51.49,60.01,30,1800,0,3gpp\n", "--out", tmp_path / "cov")
    assert said.code == 2
    assert "site-outside-terrain" in said.text
    assert "row 2" in said.text
    rows = "A,{lat},{lon},30,1800,0,3gpp\nB," + hole + ",30,1800,0,3gpp\n"
    in_hole = asked(rows, "--out", tmp_path / "cov")
    assert in_hole.code == 2
    assert "row 3" in in_hole.text


def test_voids_leave_holes_and_are_told(asked, town, tmp_path) -> None:
    lat, lon = town
    row = f"A,{lat + 0.15},{lon + 0.15},30,1800,0,3gpp\n"
    said = asked(row, "--out", tmp_path / "cov", "--radius", "8km")
    assert said.code == 0, said.text
    with rasterio.open(tmp_path / "cov" / "resolution.tif") as raster:
        assert np.isnan(raster.read(1)).any()
    assert "void" in said.text


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("--radius", "far"), "length-unreadable"),
        (("--model", "okumura"), "model-unknown"),
        (("--cell", "0m"), "cell-size"),
        (("--locations", "0.95"), "location-percent"),
        (("--workers", "0"), "workers"),
        (("--scheduler", "cloud"), "scheduler"),
    ],
)
def test_settings_without_sense_are_told(asked, tmp_path, words, rule) -> None:
    row = "A,{lat},{lon},30,1800,0,3gpp\n"
    said = asked(row, "--out", tmp_path / "cov", *words)
    assert said.code == 2
    assert rule in said.text


def test_missing_files_are_named_together(qamtu, tmp_path) -> None:
    said = qamtu("coverage", tmp_path / "none.csv", "--out", tmp_path / "cov",
                 "--antenna", tmp_path / "msi", "--calibration", tmp_path / "cal.json")  # fmt: skip
    assert said.code == 3
    for name in ("none.csv", "msi", "cal.json"):
        assert name in said.text


def test_a_calibration_from_words_to_file(asked, town, tmp_path) -> None:
    rows = "A,{lat},{lon},30,1800,0,3gpp\nA,{lat},{lon},30,1800,180,3gpp\n"
    assert asked(rows, "--out", tmp_path / "cov").code == 0
    with rasterio.open(tmp_path / "cov" / "best.tif") as raster:
        best, t = raster.read(1), raster.transform
    row, col = np.nonzero(np.isfinite(best))
    lines = ["lat,lon,rsrp,site"]
    lines += [
        f"{t.f + t.e * (r + 0.5):.6f},{t.c + t.a * (c + 0.5):.6f},{best[r, c] - 4:.2f},A"
        for r, c in zip(row, col, strict=True)
    ]
    drive = tmp_path / "drive.csv"
    drive.write_text("\n".join(lines))
    out = tmp_path / "cal.json"
    said = asked(rows, drive, "--out", out, "--method", "ls", "--block", "500m", verb="calibrate")
    assert said.code == 0, said.text
    assert "on land held out" in said.text
    made = json.loads(out.read_text(encoding="utf-8"))
    assert made["calibration"]["before"]["mean_db"] == pytest.approx(-4.0, abs=0.3)
    assert made["calibration"]["held_out"]["rmse_db"] < 1.0
    again = asked(rows, drive, "--out", out, verb="calibrate")
    assert again.code == 4
    wrong = asked(rows, drive, "--out", out, "--method", "magic", verb="calibrate")
    assert wrong.code == 2
    used = asked(rows, "--out", tmp_path / "cal", "--calibration", out)
    assert used.code == 0
    assert "calibrated by cal.json" in used.text


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_keeps_finished_tiles(asked, madeland, heights, town, tmp_path) -> None:
    """Six tiles of a fine map; stopped after the first, the rest is done by the same command."""
    lat, lon = town
    rows = "".join(
        f"S{i},{lat + 0.095 * (i % 3):.4f},{lon - 0.19 * (i // 3):.4f},30,1800,0,3gpp\n"
        for i in range(6)
    )
    sites, out = tmp_path / "sites.csv", tmp_path / "cov"
    sites.write_text(HEAD + rows, encoding="utf-8")
    fine = ("--radius", "6km", "--cell", "20m", "--scheduler", "serial")
    command = [
        sys.executable, "-c", "from qamtu.cli.main import main; main()", "coverage", str(sites),
        "--pack", str(madeland), "--terrain", str(heights), "--out", str(out), *fine,
    ]  # fmt: skip
    keep = tmp_path / ".cov.resume"
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 120.0
        while not list(keep.glob("*.npz")) and time.monotonic() < until:
            if process.poll() is not None:
                pytest.fail(f"it ended before it was stopped: {process.communicate()[1]}")
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60.0)
    assert process.returncode == 130, said
    assert "stopped by Ctrl-C" in said
    assert "Traceback" not in said
    assert not out.exists()
    kept = len(list(keep.glob("*.npz")))
    assert 1 <= kept < 6
    again = asked(rows, "--out", out, *fine)
    assert again.code == 0, again.text
    assert f"{kept} tiles of 6" in again.text
    assert not keep.exists()
