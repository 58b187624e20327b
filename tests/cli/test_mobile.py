"""`qamtu mobile` from words to files, on one small city of the pack that ships."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
import rasterio
import shapely

QUICK = ("--frequency-mhz", 700, "--cell", 500, "--rotations", 1, "--max-rounds", 1, "--scheduler", "serial",
         "--time-limit", 60, "--point-time", 60, "--gap", 0.2)  # fmt: skip
FILES = {
    "cities.csv", "cities.parquet", "sites.csv", "sites.parquet", "sectors.csv", "sectors.parquet",
    "curve.csv", "curve.parquet", "years.csv", "years.parquet", "mobile.gpkg", "sites.kml",
    "summary.json", "coverage", "report.html",
}  # fmt: skip


def test_a_city_is_planned_whole(qamtu, tmp_path) -> None:
    out = tmp_path / "city"
    said = qamtu("mobile", "kz", "--city", "Qonaev", "--out", out, *QUICK)
    assert said.code == 0, said.text
    assert {path.name for path in out.iterdir()} == FILES
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    sites = gpd.read_parquet(out / "sites.parquet")
    sectors = pd.read_csv(out / "sectors.csv")
    assert summary["kind"] == "mobile"
    assert summary["totals"]["sites_needed"] == len(sites)
    assert summary["totals"]["capex"] == pytest.approx(sites["capex"].sum())
    assert summary["target"]["territory_share"] == 0.75
    assert summary["terrain"] == {"coarse": True, "resolution_arcsec": {"15": 1.0}}
    assert {p["name"] for p in summary["parameters"]} >= {"rsrp_min", "band_700_power"}
    assert set(sectors["site_id"]) == set(sites["site_id"])
    with rasterio.open(out / "coverage" / "qonaev.tif") as raster:
        assert raster.crs.to_epsg() == 4326
        assert raster.tags()["MODEL"] == "ITU-R P.1812-8"
        assert raster.tags()["TERRAIN_RESOLUTION_ARCSEC"] == "15"
    assert set(gpd.list_layers(out / "mobile.gpkg")["name"]) >= {"cities", "sites", "sectors"}
    assert "Qonaev" in (out / "sites.kml").read_text(encoding="utf-8")
    words = " ".join(said.text.split())
    assert "1 of 1 cities" in words
    assert "report.html, mobile.gpkg, sites.kml" in words


def test_outlines_and_sites_of_the_user(qamtu, tmp_path) -> None:
    outline = shapely.box(77.04, 43.85, 77.08, 43.88)
    own = gpd.GeoDataFrame({"city_id": ["Конаев"]}, geometry=[outline], crs=4326)
    own.to_file(tmp_path / "own.geojson", driver="GeoJSON")
    (tmp_path / "sites.csv").write_text(
        "site_id,lat,lon,height_m,technology,frequency_mhz,azimuth_deg\n"
        "x1,43.865,77.06,40,5G,700,0\nx1,43.865,77.06,40,5G,700,180\n"
    )
    out = tmp_path / "own"
    said = qamtu("mobile", "kz", "--city", "qonaev", "--territory", tmp_path / "own.geojson",
                 "--sites", tmp_path / "sites.csv", "--out", out, *QUICK)  # fmt: skip
    assert said.code == 0, said.text
    city = gpd.read_parquet(out / "cities.parquet").iloc[0]
    assert city["territory_source"] == "user"
    assert city["area_km2"] == pytest.approx(10.7, rel=0.02)
    assert city["sites_existing"] == 1
    sites = gpd.read_parquet(out / "sites.parquet").set_index("site_id")
    assert sites.loc["x1", "site_kind"] == "existing"
    sources = json.loads((out / "summary.json").read_text(encoding="utf-8"))["sources"]
    assert {"own.geojson", "sites.csv"} <= {s["id"] for s in sources}


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--city", "Atlantis"), 2, "there is no city 'Atlantis'"),
        (("--city", "qonaev", "--share", 75), 2, "give a share, not a percentage: 0.75"),
        (("--city", "qonaev", "--band", 3.5), 2, "looks like GHz"),
        (("--city", "qonaev", "--frequency-mhz", 3.5), 2, "looks like GHz"),
        (("--city", "qonaev", "--locations", 0.9), 2, "give it in per cent: 90"),
        (("--city", "qonaev", "--level", 105), 2, "give -105"),
        (("--city", "qonaev", "--territory", "nowhere.gpkg"), 3, "the file is not there"),
        (("--in-vehicle", "--indoor"), 2, "exclude each other"),
    ],
)
def test_mistakes_are_told(qamtu, tmp_path, options, code, words) -> None:
    said = qamtu("mobile", "kz", "--out", tmp_path / "out", *options)
    assert said.code == code, said.text
    assert words in " ".join(said.text.split())
    assert not (tmp_path / "out").exists()


def test_help_shows_examples(qamtu) -> None:
    said = qamtu("mobile", "--help")
    assert said.code == 0
    assert "qamtu mobile kz --out out/mobile" in " ".join(said.text.split())
