"""Whatever is wrong with what was given: told at once, with place and remedy; nothing is left."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from qamtu.country import osm
from tests.connectivity.villages.made import made_settlements
from tests.madeland import QUICK, Spoken, fill_pack

ROWS = """\
settlement_id,name_en,lat,lon,population,region_id
n1,Swapped,60.5,50.5,100,
n2,Nobody,50.2,60.2,-5,
n3,Everybody,50.2,60.2,99999999999,
n4,Elsewhere,10,10,5,
n5,Lost,50.5,60.5,7,NOWHERE
n6,Twin,50.5,60.5,7,
n6,Twin,50.5,60.6,7,
n7,Unread,x,60.6,7,
"""
PARAMS = 'fibre_plow = 3\nfibre_trench = nan\ntake_up = "x"\n'


@pytest.fixture
def plan(qamtu, madeland, tmp_path):
    """Plan Madeland with more words; the folder of results must not be there after a failure."""
    out = tmp_path / "results" / "plan"

    def run(*words: object, pack: Path = madeland) -> Spoken:
        said = qamtu("plan", pack, "--out", out, *QUICK, "--no-sensitivity", *words)
        if said.code:
            assert not out.exists()
            assert "Traceback" not in said.text
            assert any(line.startswith("error ") for line in said.err.splitlines()), said.err
            parent = out.parent
            assert not parent.exists() or list(parent.iterdir()) == []
        return said

    return run


def given(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_all_missing_files_are_named_at_once(plan, tmp_path) -> None:
    said = plan("--settlements", tmp_path / "a.csv", "--params", tmp_path / "b.toml",
                "--existing", tmp_path / "c.gpkg", "--existing", tmp_path / "d.csv",
                "--osm", tmp_path / "e.osm.pbf", "--roads", tmp_path / "f.gpkg")  # fmt: skip
    assert said.code == 3
    for name in ("a.csv", "b.toml", "c.gpkg", "d.csv", "e.osm.pbf", "f.gpkg"):
        assert name in said.text
    assert "check the path" in said.text


def test_an_unknown_pack_names_those_that_ship(plan) -> None:
    said = plan(pack=Path("atlantis"))
    assert said.code == 3
    assert "kz" in said.text


def test_a_wrong_column_is_named_with_those_found(plan, tmp_path) -> None:
    said = plan("--settlements", given(tmp_path, "wrong.csv", "identity,breite\n1,2\n"))
    assert said.code == 2
    assert "wrong.csv, row 1, settlement_id" in said.text
    assert "columns found: identity, breite" in said.text


def test_everything_wrong_in_all_files_is_told_at_once(plan, tmp_path) -> None:
    said = plan("--settlements", given(tmp_path, "mine.csv", ROWS), "--region", "Gondor",
                "--params", given(tmp_path, "mine.toml", PARAMS), "--seed", -1,
                "--existing", given(tmp_path, "fibre.gpkg", "no geopackage"))  # fmt: skip
    assert said.code == 2
    for found in (
        "mine.csv, row 2, lat_deg", "mine.csv, row 3, population", "mine.csv, row 4, population",
        "mine.csv, row 5, lat_deg", "mine.csv, row 6, region_id", "mine.csv, row 8, settlement_id",
        "mine.csv, row 9, lat_deg", "coordinate-swapped", "population-negative",
        "population-absurd", "place-outside", "region-unknown", "id-duplicate",
        "value-unreadable", "mine.toml, fibre_plow", "did you mean fibre_plough",
        "mine.toml, fibre_trench", "mine.toml, take_up", "fibre.gpkg", "'Gondor'", "seed is -1",
        "give one of EAST (Made East), WEST (Made West)",
    ):  # fmt: skip
        assert found in said.text, found


@pytest.mark.parametrize(
    ("row", "column", "value", "rule"),
    [
        (6, "population", -4, "population-negative"),
        (6, "population", 10**12, "population-absurd"),
        (6, "lat_deg", 10.0, "place-outside"),
        (6, "settlement_id", "made:7", "id-duplicate"),
        (6, "kind", "castle", "value-unreadable"),
    ],
)
def test_a_bad_row_of_an_own_pack_stops_the_plan(plan, tmp_path, row, column, value, rule) -> None:
    places = made_settlements(12, seed=5).astype({column: object})
    places.loc[row, column] = value
    said = plan(pack=fill_pack(tmp_path / "own", places))
    assert said.code == 2
    assert rule in said.text
    assert f"row {row + 2}" in said.text or rule == "id-duplicate"


def test_exchanged_coordinates_in_an_own_pack_stop_the_plan(plan, tmp_path) -> None:
    places = made_settlements(12, seed=5)
    lat, lon = places.loc[5, ["lat_deg", "lon_deg"]]
    places.loc[5, ["lat_deg", "lon_deg"]] = lon, lat
    said = plan(pack=fill_pack(tmp_path / "own", places))
    assert said.code == 2
    assert "settlements, row 7, lat_deg" in said.text
    assert "coordinate-swapped" in said.text


@pytest.mark.parametrize(
    ("fibre", "rule"), [(True, "nobody-to-serve"), (False, "no-fibre-today")]
)  # fmt: skip
def test_nobody_to_serve_or_nowhere_to_begin(plan, tmp_path, fibre, rule) -> None:
    said = plan(
        pack=fill_pack(tmp_path / "own", made_settlements(12, seed=5).assign(has_fibre=fibre))
    )
    assert said.code == 2
    assert rule in said.text


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["--budget", "0"], "capex_limit"),
        (["--budget", "nan"], "capex_limit"),
        (["--budget-per-year", "-1"], "budget_per_year"),
        (["--km-per-year", "0"], "capacity_km_per_year"),
        (["--people-share", "99"], "people_share_target"),
        (["--years", "0"], "years"),
        (["--time-limit", "nan"], "time_limit_s"),
        (["--gap", "nan"], "gap_limit"),
        (["--seed", "-1"], "seed"),
        (["--draws", "-1"], "draws"),
        (["--max-rounds", "-1"], "max_rounds"),
        (["--first-year", "0"], "first_year"),
        (["--scheduler", "processes", "--workers", "-2"], "workers"),
        (["--workers", "0"], "workers"),
        (["--scheduler", "slurm"], "scheduler"),
    ],
)
def test_a_setting_out_of_range_is_named(plan, words, field) -> None:
    said = plan(*words)
    assert said.code == 2
    assert f"settings, {field}" in said.text
    assert "give " in said.text


def test_a_target_that_cannot_be_met_says_the_nearest(plan) -> None:
    said = plan("--villages", 1000)
    assert said.code == 5
    assert "(--villages 45)" in said.text
    said = plan("--budget", 1e6)
    assert said.code == 5
    assert "the least capital found is" in said.text
    assert "relax another target" in said.text


DAMAGE = {
    "--settlements": ("x.csv", "x.gpkg", "x.parquet", "x.geojson"),
    "--existing": ("x.csv", "x.gpkg", "x.parquet"),
    "--roads": ("x.csv", "x.gpkg", "x.parquet"),
    "--osm": ("x.osm.pbf",),
    "--params": ("x.toml",),
}


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 300], ids=["empty", "noise"])
@pytest.mark.parametrize(
    ("option", "name"), [(option, name) for option, names in DAMAGE.items() for name in names]
)
def test_a_damaged_file_is_named_with_a_remedy(plan, tmp_path, option, name, content) -> None:
    if option == "--osm":
        pytest.importorskip("osmium", reason="the extra 'osm' is not installed")
    if option == "--params":
        content = content or b"= ="  # an empty TOML file is a whole one
    said = plan(option, given(tmp_path, name, content))
    assert said.code == 2
    assert name in said.text
    assert any(word in said.text for word in ("save it again", "download", "mend the TOML"))


def test_without_osmium_the_remedy_is_the_extra(plan, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(osm, "_HAS_OSMIUM", False)
    said = plan("--osm", given(tmp_path, "x.osm.pbf", b""))
    assert said.code == 2
    assert "qamtu[osm]" in said.text


def test_roads_of_another_country_are_refused(plan, tmp_path) -> None:
    far = 'road_id,geometry\nr,"LINESTRING (10 10, 11 11)"\n'
    said = plan("--roads", given(tmp_path, "roads.csv", far))
    assert said.code == 2
    assert "roads.csv" in said.text


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_a_spreadsheet_of_another_locale_is_read(plan, tmp_path, encoding) -> None:
    text = "Код;Название;Широта;Долгота;Население\nnew:1;Жаңа ауыл;50,61;60,72;1 250\n"
    text = text.replace("Код", "id").replace("Жаңа", "Жана")
    said = plan("--settlements", given(tmp_path, "mine.csv", text.encode(encoding)))
    assert said.code == 0, said.text
    table = pd.read_parquet(tmp_path / "results" / "plan" / "plan_settlements.parquet")
    row = table.set_index("settlement_id").loc["new:1"]
    assert (row["name_ru"], row["population"], row["lat_deg"]) == ("Жана ауыл", 1250, 50.61)


def test_a_settlement_without_a_road_is_reached_or_told(plan, tmp_path) -> None:
    places = made_settlements(12, seed=5)
    places.loc[11, ["lat_deg", "lon_deg"]] = [51.55, 62.05]
    said = plan("--villages", -1, pack=fill_pack(tmp_path / "own", places))
    assert said.code == 0, said.text
    table = pd.read_parquet(tmp_path / "results" / "plan" / "plan_settlements.parquet")
    assert table["option"].notna().all()


def test_a_folder_that_is_there_stays_unless_it_may_go(qamtu, madeland, tmp_path) -> None:
    out = tmp_path / "plan"
    out.mkdir()
    mine = given(out, "mine.txt", "years of work")
    said = qamtu("plan", madeland, "--out", out, *QUICK)
    assert said.code == 4
    assert "--overwrite" in said.text
    # found before any work: a pack that is not there makes no difference
    assert qamtu("plan", "atlantis", "--out", out).code == 4
    assert qamtu("plan", madeland, "--out", out, *QUICK, "--overwrite", "--budget", 0).code == 2
    assert mine.read_text() == "years of work"
    said = qamtu("plan", madeland, "--out", out, *QUICK, "--no-sensitivity", "--overwrite")
    assert said.code == 0
    assert not mine.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


@pytest.fixture
def small_disk(tmp_path):
    """Give a file system of 400 kB; only root may make one."""
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can make a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "none", str(place)],
        capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {made.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_told_and_nothing_is_left(qamtu, madeland, small_disk) -> None:
    out = small_disk / "plan"
    out.mkdir()
    given(out, "old.txt", "the plan of last year")
    said = qamtu("plan", madeland, "--out", out, "--overwrite", *QUICK, "--no-sensitivity")
    assert said.code == 6, said.text
    assert "could not be written" in said.text
    assert (out / "old.txt").read_text() == "the plan of last year"
    assert [path.name for path in out.iterdir()] == ["old.txt"]
    assert {p.name for p in small_disk.iterdir()} <= {"plan", ".plan.resume"}


def test_a_disk_that_fills_up_in_any_file_is_told(qamtu, madeland, tmp_path, monkeypatch) -> None:
    whole = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if "summary.json" in self.name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return whole(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    said = qamtu("plan", madeland, "--out", tmp_path / "plan", *QUICK, "--no-sensitivity")
    assert said.code == 6
    assert os.strerror(errno.ENOSPC) in said.text
    assert {p.name for p in tmp_path.iterdir()} <= {".plan.resume"}


def test_a_place_that_cannot_be_written_is_told(qamtu, madeland) -> None:
    said = qamtu("plan", madeland, "--out", "/proc/qamtu/plan", *QUICK, "--no-sensitivity")
    assert said.code == 6
    assert "could not be written" in said.text
    assert said.out == ""


def test_a_file_in_the_place_of_the_folder_is_not_replaced(qamtu, madeland, tmp_path) -> None:
    here = given(tmp_path, "plan", "a file")
    assert qamtu("plan", madeland, "--out", here, *QUICK).code == 4
    assert here.read_text() == "a file"
