"""`qamtu corridors` from words to files, on a made country."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from rasterio import Affine

FILES = {
    "sites.parquet", "sites.csv", "stretches.parquet", "hops.parquet", "roads.parquet",
    "by_region.parquet", "by_year.csv", "corridors.gpkg", "sites.kml", "summary.json", "report.html",
}  # fmt: skip


@pytest.fixture(scope="module")
def terrain(tmp_path_factory) -> Path:
    """Write rolling heights for Madeland and its surroundings, 30 seconds of arc."""
    path = tmp_path_factory.mktemp("terrain") / "made.tif"
    step = 1.0 / 120.0
    west, north, cols, rows = 58.0, 53.0, 720, 600
    x, y = np.meshgrid(west + step * np.arange(cols), north - step * np.arange(rows))
    height = (250.0 + 25.0 * np.sin(9.0 * x) * np.cos(11.0 * y)).astype(np.float32)
    shape = {"width": cols, "height": rows, "count": 1, "dtype": "float32"}
    with rasterio.open(
        path, "w", driver="GTiff", crs="EPSG:4326",
        transform=Affine(step, 0.0, west, 0.0, -step, north), **shape,
    ) as made:  # fmt: skip
        made.write(height, 1)
    return path


@pytest.fixture
def quick(terrain) -> tuple[object, ...]:
    return (
        "--terrain", terrain, "--scheduler", "serial", "--time-limit", 5, "--join-time", 3,
        "--share", 0.9,
    )  # fmt: skip


def test_a_study_is_made_whole(qamtu, madeland, quick, tmp_path) -> None:
    out = tmp_path / "results" / "roads"
    said = qamtu("corridors", madeland, "--out", out, *quick)
    assert said.code == 0, said.text
    assert {path.name for path in out.iterdir()} >= FILES
    assert [path.name for path in out.parent.iterdir()] == ["roads"]
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    totals = summary["totals"]
    assert summary["kind"] == "corridors"
    assert (summary["currency"], summary["price_year"]) == ("MLD", 2024)
    assert totals["share"] >= 0.9 - 1e-9
    assert totals["bound"] <= totals["npv"]
    stretches = gpd.read_parquet(out / "stretches.parquet")
    assert stretches["length_m"].sum() / 1000 == pytest.approx(totals["length_km"], rel=1e-3)
    sites = pd.read_csv(out / "sites.csv")
    assert len(sites) == totals["sites_new"]
    assert len(gpd.read_file(out / "sites.kml", layer="sites")) == len(sites)
    with closing(sqlite3.connect(out / "corridors.gpkg")) as package:
        layers = {row[0] for row in package.execute("SELECT table_name FROM gpkg_contents")}
    assert {"sites", "hops", "served", "unserved", "roads", "layer_styles"} <= layers
    assert summary["by_year"][0]["year"] == 2031
    assert sum(summary["terrain"]["resolution_arcsec"].values()) == pytest.approx(1.0)
    assert summary["terrain"]["coarse"] is True
    assert any("profile step (100 m)" in text for text in summary["assumptions"])
    assert any("square of 500 m" in text for text in summary["assumptions"])
    # the terminal shows what the file says
    assert "report.html" in said.text
    assert f"{totals['sites_new']:,} new sites" in said.text
    assert f"within {totals['gap']:.2%}" in said.text


def test_own_roads_sites_and_fibre_for_one_region(qamtu, madeland, quick, tmp_path) -> None:
    line = shapely.LineString([(61.1, 50.3), (61.4, 50.5), (61.9, 50.5)])
    roads = gpd.GeoDataFrame(
        {"road_id": ["a", "b"], "road_class": ["trunk", "track"], "length_m": [70_000.0, 10.0]},
        geometry=[line, shapely.LineString([(61.1, 50.3), (61.1001, 50.3)])],
        crs=4326,
    )
    roads.to_file(tmp_path / "roads.gpkg")
    (tmp_path / "sites.csv").write_text("site_id,lat,lon,height_m\nold,50.5,61.6,55\n")
    (tmp_path / "fibre.csv").write_text("node_id,lat,lon\nf1,50.32,61.12\n")
    out = tmp_path / "east"
    said = qamtu(
        "corridors", madeland, "--out", out, *quick, "--region", "Made East", "--roads",
        tmp_path / "roads.gpkg", "--classes", "trunk", "--sites", tmp_path / "sites.csv",
        "--existing", tmp_path / "fibre.csv", "--service", "data5", "--max-gap-km", -1,
    )  # fmt: skip
    assert said.code == 0, said.text
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert [row["region_id"] for row in summary["by_region"]] == ["EAST"]
    assert summary["totals"]["sites_existing"] == 1
    assert summary["totals"]["served_today_km"] > 0.0
    assert summary["requirement"]["gap_km_max"] is None
    assert {"roads.gpkg", "sites.csv", "fibre.csv"} <= set(summary["checksums"])


def test_a_plan_gives_served_points(qamtu, madeland, madeland_plan, quick, tmp_path) -> None:
    out = tmp_path / "roads"
    said = qamtu("corridors", madeland, "--out", out, *quick, "--plan", madeland_plan.folder)
    assert said.code == 0, said.text
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    told = [f for f in summary["findings"] if f["id"] == "plan-served-points"]
    assert told
    assert int(told[0]["what"].split()[0]) > 0


@pytest.mark.parametrize(
    ("words", "rule", "hint"),
    [
        (("--step-m", 0), "setting-out-of-range", "more than 0"),
        (("--max-gap-km", 0.2), "setting-out-of-range", "finer step"),
        (("--max-gap-km", 0), "setting-out-of-range", "no limit"),
        (("--tower-heights", ""), "heights-unusable", "30,50,70"),
        (("--tower-heights", "30,tall"), "heights-unusable", "no number"),
        (("--heights", "4000"), "heights-unusable", "metres above ground"),
        (("--share", 95), "setting-out-of-range", "give 0.95"),
        (("--frequency", 0.8), "setting-out-of-range", "give 800"),
        (("--frequency-mhz", 0.8), "setting-out-of-range", "give 800"),
        (("--service", "video"), "setting-out-of-range", "voice or data5"),
        (("--antenna", "dish"), "setting-out-of-range", "road or omni"),
        (("--region", "Atlantis"), "region-unknown", "EAST"),
        (("--region", "Mad East"), "region-unknown", "did you mean"),
        (("--classes", "canal"), "road-class-unknown", "primary"),
        (("--place-step-km", 2000), "setting-out-of-range", "kilometres"),
        (("--budget-per-year", 0), "setting-out-of-range", "more than 0"),
    ],
)
def test_bad_settings_are_findings(qamtu, madeland, quick, tmp_path, words, rule, hint) -> None:
    said = qamtu("corridors", madeland, "--out", tmp_path / "x", *quick, *words)
    assert said.code == 2, said.text
    assert rule in said.text
    assert hint in said.text
    assert not (tmp_path / "x").exists()


def test_all_wrong_settings_are_told_at_once(qamtu, madeland, quick, tmp_path) -> None:
    said = qamtu(
        "corridors", madeland, "--out", tmp_path / "x", *quick, "--region", "Made", "--heights",
        900, "--share", 90, "--frequency", 0.8,
    )  # fmt: skip
    assert said.code == 2
    flat = " ".join(said.text.split())
    for told in ("region-unknown", "did you mean", "heights-unusable", "give 0.9", "give 800"):
        assert told in flat, said.text


def test_a_plan_that_is_none_is_told(qamtu, madeland, madeland_plan, quick, tmp_path) -> None:
    name = "plan_settlements.parquet"
    whole = (madeland_plan.folder / name).read_bytes()
    foreign = pd.DataFrame({"settlement_id": ["far"], "option": ["fibre"]})
    foreign.to_parquet(tmp_path / "foreign.parquet")
    pd.DataFrame({"city": ["x"]}).to_parquet(tmp_path / "other.parquet")
    files = {
        "plan-unreadable": whole[: len(whole) // 2],
        "column-missing": (tmp_path / "other.parquet").read_bytes(),
        "plan-foreign": (tmp_path / "foreign.parquet").read_bytes(),
    }
    for rule, content in files.items():
        (tmp_path / rule).mkdir()
        (tmp_path / rule / name).write_bytes(content)
        said = qamtu("corridors", madeland, "--out", tmp_path / "x", *quick, "--plan",
                     tmp_path / rule)  # fmt: skip
        assert said.code == 2, said.text
        assert rule in said.text
        assert "plan" in said.text
        assert "Traceback" not in said.text


def test_swapped_sites_are_told(qamtu, madeland, quick, tmp_path) -> None:
    (tmp_path / "sites.csv").write_text("site_id,lat,lon,height_m\nold,61.6,50.5,55\n")
    said = qamtu("corridors", madeland, "--out", tmp_path / "x", *quick, "--sites",
                 tmp_path / "sites.csv")  # fmt: skip
    assert said.code == 2
    assert "coordinate-swapped" in said.text


def test_a_missing_file_is_named(qamtu, madeland, tmp_path) -> None:
    said = qamtu(
        "corridors", madeland, "--out", tmp_path / "x", "--roads", tmp_path / "no.gpkg",
        "--plan", tmp_path,
    )  # fmt: skip
    assert said.code == 3
    assert "no.gpkg" in said.text
    assert "plan_settlements.parquet" in said.text


def test_without_terrain_nothing_can_be_said(qamtu, madeland, tmp_path) -> None:
    said = qamtu("corridors", madeland, "--out", tmp_path / "x", "--scheduler", "serial")
    assert said.code in {2, 5}, said.text
    assert "terrain" in said.text


def test_a_folder_with_something_in_it_is_left_alone(qamtu, madeland, tmp_path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine.txt").write_text("mine", encoding="utf-8")
    said = qamtu("corridors", madeland, "--out", tmp_path / "there")
    assert said.code == 4
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["mine.txt"]
