"""A small study from sites to files: what is in them, and what of it holds whatever happens."""

from __future__ import annotations

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio

from qamtu.core.errors import InputError, OutputExists, StorageFailure
from qamtu.core.progress import silent
from qamtu.kernels.geodesy import haversine_m
from qamtu.studies.coverage import make_coverage
from qamtu.studies.coverage.prepare import prepare
from qamtu.studies.coverage.request import margins_of
from qamtu.studies.coverage.study import group_of, method_of, rules_of

RASTERS = ("best", "second", "server", "sinr", "throughput", "resolution")


def grids(folder):
    made = {}
    for name in RASTERS:
        with rasterio.open(folder / f"{name}.tif") as raster:
            made[name] = raster.read(1)
    return made


def cells(folder):
    with rasterio.open(folder / "best.tif") as raster:
        t = raster.transform
        lat = t.f + t.e * (np.arange(raster.height) + 0.5)
        lon = t.c + t.a * (np.arange(raster.width) + 0.5)
    return lat[:, None], lon[None, :]


@pytest.fixture(scope="module")
def made(madeland, ridge, tmp_path_factory):
    from tests.studies.coverage.conftest import SITES

    folder = tmp_path_factory.mktemp("study")
    (folder / "sites.csv").write_text(SITES, encoding="utf-8")
    from qamtu.studies.coverage import CoverageRequest

    request = CoverageRequest(
        sites=folder / "sites.csv", out=folder / "cov", pack=str(madeland), radius_m=4000.0,
        cell_m=250.0, terrain=(ridge,), scheduler="serial",
    )  # fmt: skip
    return request, make_coverage(request)


def test_the_folder_is_whole_and_its_figures_agree(made) -> None:
    request, result = made
    names = {path.name for path in request.out.iterdir()}
    assert names >= {f"{n}.tif" for n in RASTERS} | {
        "sites.csv", "sites.parquet", "sites.kml", "coverage.gpkg", "summary.json", "curve.csv",
        "by_region.csv", "by_carrier.csv", "report.html",
    }  # fmt: skip
    assert not request.out.with_name(".cov.resume").exists()
    summary = json.loads((request.out / "summary.json").read_text(encoding="utf-8"))
    totals = summary["totals"]
    assert (totals["sites"], totals["sectors"]) == (3, 6)
    reach = np.pi * 4.0**2
    assert reach < totals["area_reached_km2"] < 3.05 * reach
    assert 0 < totals["area_covered_km2"] <= totals["area_reached_km2"]
    sectors = pd.read_csv(request.out / "sites.csv")
    assert sectors["area_km2"].sum() == pytest.approx(totals["area_covered_km2"])
    levels = [row["area_km2"] for row in summary["levels"]]
    assert levels == sorted(levels)
    assert summary["curve"][0]["area_share"] <= 1.0
    assert summary["terrain"]["resolution_arcsec"] == {"3": pytest.approx(1.0)}
    assert not summary["terrain"]["coarse"]
    assert summary["resampling"]["median_db"] < 1.0
    assert summary["calibration"] is None
    assert {c["technology"] for c in summary["by_carrier"]} == {"gsm", "lte", "nr"}
    assert sum(r["area_reached_km2"] for r in summary["by_region"]) == pytest.approx(
        totals["area_reached_km2"], rel=0.02
    )
    polygons = gpd.read_file(request.out / "coverage.gpkg", layer="levels")
    assert polygons["area_km2"].sum() == pytest.approx(totals["area_covered_km2"])
    assert result.summary["totals"] == totals
    assert any("stated profile step (100 m)" in text for text in summary["assumptions"])


def test_rasters_say_what_they_are(made) -> None:
    request, _ = made
    with rasterio.open(request.out / "best.tif") as raster:
        tags = raster.tags()
        assert raster.units == ("dBm",)
    assert tags["MODEL"] == "ITU-R P.1812-8"
    assert tags["TERRAIN_SOURCES"] == "ridge.tif"
    assert tags["TERRAIN_ARCSEC_AT_SITES"] == "3 to 3"
    assert tags["CALIBRATION"] == "none"
    assert "shannon_attenuation = 0.6 1" in tags["PARAMETERS"]
    assert tags["RECEIVER"] == "1.5 m above ground, outdoors"


def test_the_ridge_throws_a_shadow(made) -> None:
    request, _ = made
    best, (lat, lon) = grids(request.out), cells(request.out)
    distance = haversine_m(50.80, 60.95, lat, lon)
    known = np.isfinite(best["best"])
    reach = np.minimum.reduce(
        [haversine_m(a, b, lat, lon) for a, b in ((50.80, 60.95), (50.80, 61.08), (50.78, 61.30))]
    )
    assert (known == (reach <= 4000.0)).all() or (known != (reach <= 4000.0)).mean() < 0.003
    west = known & (distance > 2500) & (distance < 3800) & (lon < 60.95) & (abs(lat - 50.8) < 0.01)
    assert np.nanmin(best["best"][west]) > -110.0
    # behind the ridge nothing of site A is the server
    behind = known & (lon > 61.05) & (lon < 61.2)
    assert set(np.unique(best["server"][behind])) <= {3, 4}
    assert (best["second"][known] <= best["best"][known])[np.isfinite(best["second"][known])].all()
    assert np.nanmin(best["throughput"]) >= 0.0
    assert ((best["server"] >= 0) == known).all()


def test_the_best_level_is_that_of_the_strongest_sector(made) -> None:
    """Every sector on its own, by the plain kernels, against the streamed map."""
    from qamtu.kernels.coverage import received_power
    from qamtu.kernels.terrain import ground_height
    from qamtu.studies.coverage.ground import surface_of
    from qamtu.studies.coverage.tile import TileTask, group_loss

    request, _ = made
    prepared = prepare(request)
    rules, method = rules_of(request, prepared), method_of(request, prepared)
    frame = prepared.layout.frame
    lat, lon = frame.lat_deg[:, None], frame.lon_deg[None, :]
    highest = np.full(frame.shape, -np.inf)
    for tile in prepared.layout.tiles:
        surface, _ = surface_of(request, prepared.pack, tile.bounds)
        ground = ground_height(surface, lat, lon).astype(np.float32)
        for members in tile.groups:
            group = group_of(request, prepared, rules, members)
            task = TileTask(method, (group,), surface, frame, tile.window, 0, 0)
            loss = group_loss(task, group, frame)
            for sector, offset, c in zip(
                group.sectors, group.offset_db, group.carriers, strict=True
            ):
                level = received_power(
                    loss, frame.lat_deg, frame.lon_deg, ground, sector,
                    rx_height_m=1.5, offset_db=offset,
                )  # fmt: skip
                highest = np.fmax(highest, level - rules[c].weakest_dbm)
    best = grids(request.out)
    weakest = np.array([rule.weakest_dbm for rule in rules])[prepared.layout.carrier_of]
    known = best["server"] >= 0
    above = best["best"][known] - weakest[best["server"][known]]
    assert np.quantile(np.abs(above - highest[known]), 0.99) < 0.05


def test_the_step_is_the_stated_one_unless_houses_are_known(made) -> None:
    from qamtu.kernels.propagation.area import terrain_step_m
    from qamtu.studies.coverage.ground import surface_of
    from qamtu.studies.coverage.tile import TileTask, step_of

    request, _ = made
    prepared = prepare(request)
    tile = prepared.layout.tiles[0]
    surface, _ = surface_of(request, prepared.pack, tile.bounds)
    plain = method_of(request, prepared)
    assert (plain.step_m, plain.houses_known) == (100.0, False)
    fine = terrain_step_m(surface, 50.8)
    assert fine < 100.0
    for method, step in ((plain, 100.0), (replace(plain, houses_known=True), fine)):
        task = TileTask(method, (), surface, prepared.layout.frame, tile.window, 0, 0)
        assert step_of(task, 50.8) == step


def test_processes_give_the_same_map(made, tmp_path) -> None:
    request, _ = made
    other = replace(request, out=tmp_path / "cov", scheduler="processes", workers=2)
    make_coverage(other)
    one, two = grids(request.out), grids(other.out)
    for name in RASTERS:
        np.testing.assert_array_equal(one[name], two[name])


@pytest.mark.filterwarnings("ignore")  # what a cluster warns of is not ours
def test_a_cluster_gives_the_same_map(made, tmp_path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is missing")
    request, _ = made
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None,
        protocol="tcp://", host="127.0.0.1",
    ) as cluster:  # fmt: skip
        other = replace(request, out=tmp_path / "cov", scheduler=cluster.scheduler_address)
        make_coverage(other)
    one, two = grids(request.out), grids(other.out)
    for name in RASTERS:
        np.testing.assert_array_equal(one[name], two[name])


def test_a_stopped_study_goes_on_from_its_tiles(made, asked) -> None:
    request, _ = made

    class Enough(Exception):
        pass

    def stop(stage) -> None:
        if stage.name == "computing tiles":
            raise Enough

    with pytest.raises(Enough):
        make_coverage(asked, stop)
    keep = asked.out.with_name(".cov.resume")
    assert len(list(keep.glob("*.npz"))) == 1
    assert not asked.out.exists()
    (kept,) = keep.glob("*.npz")
    stamp = kept.stat().st_mtime_ns
    told = []
    make_coverage(asked, told.append)
    assert "taking up a stopped run" in {stage.name for stage in told}
    assert not keep.exists()
    one, two = grids(request.out), grids(asked.out)
    for name in RASTERS:
        np.testing.assert_array_equal(one[name], two[name])
    assert stamp > 0


def test_a_tile_of_another_question_or_a_spoilt_one_is_not_taken_up(asked) -> None:
    class Enough(Exception):
        pass

    def stop(stage) -> None:
        if stage.name == "computing tiles":
            raise Enough

    with pytest.raises(Enough):
        make_coverage(asked, stop)
    told = []
    with pytest.raises(Enough):
        make_coverage(
            replace(asked, rx_height_m=2.0),
            lambda stage: (told.append(stage), stop(stage)),
        )
    assert "taking up a stopped run" not in {stage.name for stage in told}
    keep = asked.out.with_name(".cov.resume")
    assert len(list(keep.glob("*.npz"))) == 2
    for path in keep.glob("*.npz"):
        path.write_bytes(b"spoilt")
    assert make_coverage(asked).summary["totals"]["sectors"] == 6


def test_layers_on_disk_are_those_in_memory(made, asked, monkeypatch) -> None:
    request, _ = made
    monkeypatch.setattr("qamtu.studies.coverage.layers._IN_MEMORY_BYTES", 0)
    monkeypatch.setattr("qamtu.studies.coverage.layers._ROWS", 7)
    make_coverage(asked)
    one, two = grids(request.out), grids(asked.out)
    for name in RASTERS:
        np.testing.assert_array_equal(one[name], two[name])
    assert not asked.out.with_name(".cov.resume").exists()


def test_a_map_larger_than_the_disk_is_refused(asked, monkeypatch) -> None:
    monkeypatch.setattr("qamtu.studies.coverage.layers._IN_MEMORY_BYTES", 0)
    monkeypatch.setattr("qamtu.studies.coverage.layers._DISK_SHARE", 0.0)
    with pytest.raises(StorageFailure, match="larger cells"):
        make_coverage(asked)


def test_the_table_that_leaves_may_enter_again(made, tmp_path) -> None:
    request, _ = made
    other = replace(request, sites=request.out / "sites.parquet", out=tmp_path / "again")
    again = make_coverage(other)
    assert {f.id for f in again.findings} <= {"site-default"}
    one, two = grids(request.out), grids(other.out)
    for name in RASTERS:
        np.testing.assert_array_equal(one[name], two[name])


@pytest.mark.parametrize(
    ("where", "lower"), [({"indoor": True}, 8.0), ({"in_vehicle": True}, 8.9),
                         ({"location_percent": 95.0}, 2.0)]
)  # fmt: skip
def test_margins_lower_the_map(made, asked, where, lower) -> None:
    request, _ = made
    other = replace(asked, **where)
    make_coverage(other)
    one, two = grids(request.out), grids(other.out)
    both = np.isfinite(one["best"]) & (one["server"] == two["server"])
    fall = (one["best"] - two["best"])[both]
    prepared = prepare(other)
    expected = [
        (m := margins_of(other, prepared.params, c.frequency_mhz)).entry_db + m.location_db
        for c in prepared.layout.carriers
    ]
    assert fall.min() > lower
    assert min(expected) - 0.01 <= fall.min() <= fall.max() <= max(expected) + 0.01
    # on an interference-limited carrier a building takes off signal and interference alike
    sinr = (one["sinr"] - two["sinr"])[both]
    assert (sinr <= fall + 0.01).all()


def test_other_models_and_a_user_s_parameters(asked, tmp_path) -> None:
    params = tmp_path / "mine.toml"
    params.write_text("level_weak = -100.0\nlevel_fair = -98.0\n")
    free = make_coverage(replace(asked, model="free_space", params=params))
    table = {row["band"]: row["level_dbm"] for row in free.summary["levels"]}
    assert table["weak"] == -100.0
    assert free.summary["resampling"] is None
    with rasterio.open(asked.out / "best.tif") as raster:
        assert raster.tags()["MODEL"] == "ITU-R P.525-4"
    params.write_text("level_weak = -90.0\n")
    with pytest.raises(InputError) as caught:
        make_coverage(replace(asked, params=params, overwrite=True))
    assert caught.value.findings[0].id == "levels-order"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"model": "hata"}, "model-unknown"),
        ({"cell_m": 0.0}, "cell-size"),
        ({"radius_m": 300.0}, "radius"),
        ({"radius_m": 4e6}, "radius"),
        ({"rx_height_m": 0.2}, "receiver-height"),
        ({"time_percent": 0.5}, "time-percent"),
        ({"location_percent": 0.95}, "location-percent"),
        ({"indoor": True, "in_vehicle": True}, "indoor-and-vehicle"),
    ],
)
def test_settings_without_sense_are_told(asked, change, rule) -> None:
    with pytest.raises(InputError) as caught:
        make_coverage(replace(asked, **change))
    assert [f.id for f in caught.value.findings] == [rule]


def test_a_folder_is_not_replaced_unasked(made) -> None:
    request, _ = made
    with pytest.raises(OutputExists):
        make_coverage(request, silent)


OPERATORS = """site_id,operator,lat,lon,height,technology,frequency,bandwidth,eirp
A,one,50.80,60.95,30,lte,1800,20,61
B,two,50.80,60.97,30,lte,1800,20,61
C,two,50.81,60.96,30,umts,2100,5,61
"""


def test_operators_are_networks_of_their_own(asked, tmp_path) -> None:
    asked.sites.write_text(OPERATORS)
    with pytest.raises(InputError) as caught:
        make_coverage(asked)
    (told,) = caught.value.findings
    assert told.id == "operators-several"
    assert "one (1), two (2)" in told.what
    with pytest.raises(InputError) as caught:
        make_coverage(replace(asked, operator="three"))
    assert [f.id for f in caught.value.findings] == ["operator-unknown"]
    both = make_coverage(replace(asked, operator="all", out=tmp_path / "all"))
    one = make_coverage(replace(asked, operator="one", out=tmp_path / "one"))
    assert one.summary["totals"]["sectors"] == 1
    assert [c["carrier"] for c in both.summary["by_carrier"]] == [
        "lte 1800 MHz (20) of one", "lte 1800 MHz (20) of two", "umts 2100 MHz (5) of two",
    ]  # fmt: skip
    assert any("all operators" in text for text in both.summary["assumptions"])
    assert not any("all operators" in text for text in one.summary["assumptions"])
    # the other operator on the same carrier disturbs nobody: there is no second sector
    all_of = grids(tmp_path / "all")
    assert np.isnan(all_of["second"]).all()
    for number, carrier in enumerate(both.summary["by_carrier"]):
        own = all_of["server"] == number
        assert own.any()
        over_noise = all_of["best"][own] - np.float32(carrier["noise_dbm"])
        assert all_of["sinr"][own] == pytest.approx(over_noise, abs=1e-3)
    # as one network they would
    asked.sites.write_text(OPERATORS.replace(",two,", ",one,"))
    joint = make_coverage(replace(asked, out=tmp_path / "joint"))
    assert len(joint.summary["by_carrier"]) == 2
    assert np.isfinite(grids(tmp_path / "joint")["second"]).any()


def test_a_site_of_the_operator_is_told_by_its_row_in_the_file(asked) -> None:
    asked.sites.write_text(OPERATORS + "D,one,51.49,60.01,30,lte,1800,20,61\n")
    with pytest.raises(InputError) as caught:
        prepare(replace(asked, operator="one"))
    assert [(f.id, f.row) for f in caught.value.findings] == [("site-outside-terrain", 5)]


def test_gsm_and_umts_have_no_throughput(asked) -> None:
    asked.sites.write_text(
        "site_id,lat,lon,technology,frequency,bandwidth\nA,50.80,60.95,umts,2100,5\n"
        "B,50.80,60.95,gsm,900,0.2\n"
    )
    result = make_coverage(asked)
    made = grids(asked.out)
    assert np.isfinite(made["sinr"]).any()
    assert np.isnan(made["throughput"]).all()
    assert any(
        "Throughput is given for LTE and NR only" in a for a in result.summary["assumptions"]
    )
    assert all(row["area_km2"] == 0.0 for row in result.summary["throughput"])


def test_carriers_that_nobody_said_are_warned_of(asked) -> None:
    asked.sites.write_text("site_id,lat,lon\nA,50.80,60.95\nB,50.80,60.97\n")
    found = {f.id: f for f in prepare(asked).findings}
    assert "SINR and throughput mean little" in found["carrier-guessed"].what
    assert {f.field for f in prepare(asked).findings if f.id == "site-default"} >= {"technology"}


def test_a_strict_study_stops_before_its_tiles(asked) -> None:
    """The pack's own heights are coarse: that is known before anything is computed."""
    stages = []
    with pytest.raises(InputError) as caught:
        make_coverage(replace(asked, terrain_step_arcsec=30.0, strict=True), stages.append)
    assert "terrain-coarse" in {f.id for f in caught.value.findings}
    assert "computing tiles" not in {stage.name for stage in stages}
    assert not asked.out.exists()
    assert not asked.out.with_name(".cov.resume").exists()


def test_a_refused_study_leaves_no_tiles(asked, monkeypatch) -> None:
    from qamtu.core.findings import Finding, Severity
    from qamtu.studies.coverage import study

    whole = study.surface_of
    bad = Finding("made-up", Severity.ERROR, "a raster broke", "mend it")

    def broken(request, pack, bounds):
        if asked.out.with_name(".cov.resume").exists():
            raise InputError("the terrain cannot be read", [bad])
        return whole(request, pack, bounds)

    monkeypatch.setattr(study, "surface_of", broken)
    monkeypatch.setattr(study, "_WAVE", 1)
    with pytest.raises(InputError, match="terrain"):
        make_coverage(asked)
    assert not asked.out.with_name(".cov.resume").exists()
