"""Users' sites, cells of OpenCelliD and drive tests: read, filled, every mistake told."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
import shapely

from qamtu.core.errors import InputError
from qamtu.country.drive_tests import read_drive_tests
from qamtu.country.sites import SiteDefaults, read_sites
from qamtu.kernels.antenna import Pattern, sector_3gpp

DEFAULTS = SiteDefaults(
    30.0, 0.5, {"gsm": 900.0, "umts": 2100.0, "lte": 1800.0, "nr": 3500.0},
    {"gsm": 0.2, "umts": 5.0, "lte": 20.0, "nr": 100.0},
    {"gsm": 58.0, "umts": 60.0, "lte": 63.0, "nr": 73.0}, "lte",
)  # fmt: skip
LAND = shapely.box(70.0, 40.0, 80.0, 50.0)
MEASURED = Pattern(np.zeros(360), sector_3gpp().vertical_db, 16.0, "panel", frequency_mhz=900.0)


def read(tmp_path, text, **kwargs):
    path = tmp_path / "sites.csv"
    path.write_text(text, encoding="utf-8")
    return read_sites(path, DEFAULTS, territory=LAND, **kwargs)


def test_three_columns_are_enough(tmp_path) -> None:
    table, found = read(tmp_path, "id,lat,lon\nA,43.2,76.9\nB,43.3,76.8\n")
    assert not found.errors
    assert not found.warnings
    row = table.iloc[0]
    assert (row["site_id"], row["sector_id"], row["pattern"]) == ("A", "A-1", "omni")
    assert (row["height_m"], row["frequency_mhz"], row["eirp_dbm"]) == (30.0, 1800.0, 63.0)
    assert not row["approximate"]
    assert {f.field for f in found} == {
        "technology", "height_m", "load_share", "frequency_mhz", "bandwidth_mhz", "eirp_dbm",
    }  # fmt: skip
    assert row["technology"] == "lte"


def test_a_technology_that_is_not_said_stays_so_without_a_default(tmp_path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("id,lat,lon,technology\nA,43.2,76.9,\nB,43.3,76.8,4G\n")
    table, found = read_sites(path, SiteDefaults(30.0, 0.5, {}, {}, {}), territory=LAND)
    assert table["technology"].isna().tolist() == [True, False]
    assert table["technology"][1] == "lte"
    assert "technology" not in {f.field for f in found}
    table, found = read_sites(path, DEFAULTS, territory=LAND)
    assert table["technology"].tolist() == ["lte", "lte"]
    assert table["frequency_mhz"].tolist() == [1800.0, 1800.0]
    (told,) = [f for f in found if f.field == "technology"]
    assert told.severity.value == "info"
    assert "1 of 2 sectors say no technology: lte was taken" in told.what


def test_what_looks_like_no_file_is_told_by_its_name(tmp_path) -> None:
    with pytest.raises(InputError) as caught:
        read_sites(tmp_path, DEFAULTS)
    assert caught.value.findings[0].what == "it is a folder, not a file"
    _, found = read(
        tmp_path, "site_id,lat,lon,azimuth,pattern\nA,43.2,76.9,1,pannel\n",
        antennas={"omni": MEASURED, "3gpp": MEASURED, "panel": MEASURED},
    )  # fmt: skip
    (told,) = found.errors
    assert "among omni, 3gpp, panel; did you mean 'panel'?" in told.what


def test_power_gain_and_feeder_make_the_eirp(tmp_path) -> None:
    table, found = read(
        tmp_path,
        "site_id;lat;lon;azimuth;technology;power_w;gain_dbi;feeder_loss_db;antenna\n"
        "A;43,2;76,9;120;5G;40;;2;panel\nA;43,2;76,9;240;4G;40;15;2;\n",
        antennas={"Panel": MEASURED},
    )
    assert table["technology"].tolist() == ["nr", "lte"]
    assert table["eirp_dbm"].tolist() == pytest.approx([46.0206 + 14.0, 46.0206 + 13.0], abs=1e-3)
    assert table["sector_id"].tolist() == ["A-1", "A-2"]
    assert table["pattern"].tolist() == ["panel", "3gpp"]
    assert {f.id for f in found.warnings} == {"antenna-other-frequency"}
    assert not found.errors


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("height_m", "900", "site-too-tall"),
        ("height_m", "0", "site-underground"),
        ("height_m", "-3", "site-underground"),
        ("height_m", "180", "site-tall"),
        ("height_m", "high", "value-unreadable"),
        ("frequency_mhz", "3.5", "frequency-unit"),
        ("frequency_mhz", "3500000", "frequency-unit"),
        ("frequency_mhz", "1800000000", "frequency-unit"),
        ("bandwidth_mhz", "0", "bandwidth-odd"),
        ("load_share", "50", "load-range"),
        ("azimuth_deg", "400", "azimuth-range"),
        ("tilt_deg", "-20", "tilt-up"),
        ("tilt_deg", "-4", "tilt-up"),
        ("electrical_tilt_deg", "-0.5", "tilt-up"),
        ("tilt_deg", "30", "tilt-odd"),
        ("tilt_deg", "95", "tilt-range"),
        ("eirp_dbm", "63000", "eirp-odd"),
        ("power_w", "0", "power-odd"),
        ("feeder_loss_db", "-2", "feeder-loss-odd"),
        ("gain_dbi", "170", "gain-odd"),
        ("pattern", "pannel", "antenna-unknown"),
        ("technology", "6G", "value-unreadable"),
        ("lat_deg", "", "value-missing"),
    ],
)
def test_each_mistake_has_its_finding(tmp_path, column, value, rule) -> None:
    row = {"site_id": "A", "lat_deg": "43.2", "lon_deg": "76.9", "azimuth_deg": "10"}
    row[column] = value
    good = {"site_id": "B", "lat_deg": "43.3", "lon_deg": "76.9", "azimuth_deg": "10"}
    names = sorted(row)
    text = "\n".join(
        ",".join(r.get(n, "") for n in names) for r in ({n: n for n in names}, good, row)
    )
    _, found = read(tmp_path, text + "\n", antennas={"panel": MEASURED})
    hits = [f for f in found if f.id == rule]
    assert [f.row for f in hits] == [3]
    assert hits[0].file == "sites.csv"
    assert hits[0].field == column
    assert hits[0].mend


def test_all_mistakes_are_told_at_once(tmp_path) -> None:
    _, found = read(
        tmp_path,
        "site_id,sector_id,lat_deg,lon_deg,height_m,azimuth_deg,pattern,frequency_mhz\n"
        "A,1,76.9,43.2,30,0,3gpp,1800\n"  # exchanged
        "B,1,43.2,76.9,900,0,3gpp,1800\n"  # tall, id twice
        "C,3,10.0,20.0,30,,3gpp,1800\n"  # outside, no azimuth
        "D,4,43.2,76.9,30,0,3gpp,3.5\n"  # GHz
        "D,5,43.4,76.9,30,0,3gpp,3.5\n",  # the same sector elsewhere
    )
    assert {f.id for f in found.errors} == {
        "coordinate-swapped", "site-too-tall", "sector-id-duplicated", "place-outside",
        "azimuth-missing", "frequency-unit", "sector-duplicated",
    }  # fmt: skip
    assert {f.id for f in found.warnings} == {"site-two-places"}


def test_a_file_without_its_columns_or_rows_is_told(tmp_path) -> None:
    _, found = read(tmp_path, "site_id,lat\nA,43\n")
    assert {f.id for f in found.errors} == {"column-missing"}
    _, found = read(tmp_path, "site_id,lat,lon\n")
    assert {f.id for f in found.errors} == {"sites-none"}


CELLS = """radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal
LTE,401,1,10,{e0},1,76.9030,43.2000,900,10,1,1500000000,1600000000,0
LTE,401,1,10,{e1},2,76.8985,43.2026,900,10,1,1500000000,1600000000,0
LTE,401,1,10,{e2},3,76.8985,43.1974,900,10,1,1500000000,1600000000,0
LTE,401,2,10,{e0},1,76.9030,43.2000,900,10,1,1500000000,1600000000,0
GSM,401,1,11,501,0,76.9500,43.2500,900,5,1,1500000000,1600000000,0
GSM,401,1,11,502,0,76.9510,43.2500,900,5,1,1500000000,1600000000,0
GSM,401,1,11,777,0,76.9900,43.2500,900,5,1,1500000000,1600000000,0
CDMA,401,1,11,9,0,76.9900,43.2500,900,5,1,1500000000,1600000000,0
UMTS,401,1,11,8,0,10.0,50.0,900,5,1,1500000000,1600000000,0
""".format(e0=(7000 << 8) + 1, e1=(7000 << 8) + 2, e2=(7000 << 8) + 3)  # fmt: skip


@pytest.mark.parametrize("form", ["header", "bare", "gzipped"])
def test_cells_of_opencellid_become_masts(tmp_path, form) -> None:
    path = tmp_path / ("401.csv.gz" if form == "gzipped" else "401.csv")
    text = CELLS.split("\n", 1)[1] if form == "bare" else CELLS
    path.write_bytes(gzip.compress(text.encode()) if form == "gzipped" else text.encode())
    table, found = read_sites(path, DEFAULTS, territory=LAND)
    assert not found.errors
    assert {"sites-approximate", "cells-unusable", "cells-outside"} <= {f.id for f in found}
    assert table["approximate"].all()
    lte = table[(table["technology"] == "lte") & (table["operator"] == "401-1")]
    assert lte["site_id"].nunique() == 1
    assert lte["lat_deg"].iloc[0] == pytest.approx(43.2, abs=1e-6)
    assert sorted(lte["azimuth_deg"]) == pytest.approx([90.0, 202.8, 337.2], abs=0.5)
    assert (lte["pattern"] == "3gpp").all()
    gsm = table[table["technology"] == "gsm"]
    assert gsm["site_id"].nunique() == 2  # two cells 80 m apart are one mast
    assert table["site_id"].nunique() == 4
    assert table["frequency_mhz"].notna().all()


def test_drive_tests_are_read_and_checked(tmp_path) -> None:
    path = tmp_path / "drive.csv"
    path.write_text("Latitude;Longitude;RSRP;freq;site;time\n43,2;76,9;-97,5;1800;A;2026-01-01\n")
    table, found = read_drive_tests(path, LAND)
    assert len(found) == 0
    assert table["level_dbm"].tolist() == [-97.5]
    assert table["site_id"].tolist() == ["A"]
    path.write_text(
        "lat,lon,level,freq\n43.2,76.9,97,1800\n43.2,76.9,-200,1.8\n76.9,43.2,-90,1800\n"
    )
    _, found = read_drive_tests(path, LAND)
    assert {f.id for f in found} == {
        "level-sign", "level-odd", "drive-test-frequency", "coordinate-swapped",
    }  # fmt: skip
    path.write_text("lat,lon,level\n")
    _, found = read_drive_tests(path, LAND)
    assert {f.id for f in found} == {"drive-test-empty"}


def test_rsrp_goes_before_rssi_and_rssi_alone_is_told(tmp_path) -> None:
    path = tmp_path / "drive.csv"
    path.write_text("lat,lon,RSSI,RSRP\n43.2,76.9,-61,-92\n")
    table, found = read_drive_tests(path, LAND)
    assert table["level_dbm"].tolist() == [-92.0]
    assert [(f.id, f.severity.value, f.field) for f in found] == [
        ("column-twice", "warning", "level_dbm")
    ]
    path.write_text("lat,lon,rssi,level_dbm\n43.2,76.9,-61,-92\n")
    table, found = read_drive_tests(path, LAND)
    assert table["level_dbm"].tolist() == [-92.0]
    assert len(found) == 0
    path.write_text("lat,lon,rssi\n43.2,76.9,-61\n")
    table, found = read_drive_tests(path, LAND)
    assert table["level_dbm"].tolist() == [-61.0]
    assert [f.id for f in found.warnings] == ["level-rssi"]
    assert "rsrp" in found.warnings[0].mend
    _, found = read_drive_tests(path, LAND, technologies={"gsm"})
    assert len(found) == 0


def test_cells_of_one_node_heard_far_apart_are_not_one_mast(tmp_path) -> None:
    path = tmp_path / "401.csv"
    head = CELLS.split("\n", 1)[0]
    rows = [
        f"LTE,401,1,10,{(9 << 8) + i},1,{lon},{lat},900,10,1,1,2,0"
        for i, (lat, lon) in enumerate([(43.2, 76.9), (43.2, 76.91), (43.2, 77.9), (45.0, 79.99)])
    ]
    path.write_text("\n".join([head, *rows]) + "\n")
    table, found = read_sites(path, DEFAULTS, territory=LAND)
    assert not found.errors
    places = table.drop_duplicates("site_id")
    assert len(places) == 3
    assert sorted(places["lon_deg"]) == pytest.approx([76.905, 77.9, 79.99])
