import csv
import json
import sqlite3
from contextlib import closing
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from qamtu.core.errors import StorageFailure
from qamtu.studies.output import write_plan_files
from qamtu.studies.output.palette import OPTION_COLOURS, year_colours


@pytest.fixture(scope="module")
def folder(made_plan, tmp_path_factory):
    path = tmp_path_factory.mktemp("plan")
    write_plan_files(path, made_plan.tables, made_plan.summary)
    return path


def test_all_files_are_there(folder):
    assert {p.name for p in folder.iterdir()} == {
        "plan.gpkg", "plan_settlements.parquet", "plan_settlements.csv", "plan_routes.parquet",
        "plan_routes.csv", "curve.csv", "by_region.csv", "by_year.csv", "by_option.csv",
        "sensitivity.csv", "summary.json",
    }  # fmt: skip


def test_geoparquet_gives_the_table_back(folder, made_plan):
    back = gpd.read_parquet(folder / "plan_settlements.parquet")
    assert_geodataframe_equal(back, made_plan.tables["settlements"])


def test_every_layer_opens_and_keeps_its_rows(folder, made_plan):
    layers = [name for name, kind in pyogrio.list_layers(folder / "plan.gpkg") if kind]
    assert layers == ["settlements", "phases", "routes", "rings", "regions"]
    routes = gpd.read_file(folder / "plan.gpkg", layer="routes")
    assert len(routes) == len(made_plan.tables["routes"])
    assert routes.crs.to_epsg() == 4326
    settlements = gpd.read_file(folder / "plan.gpkg", layer="settlements")
    wanted = made_plan.tables["settlements"]["option"].astype(str)
    assert settlements["option"].tolist() == wanted.tolist()


def test_phases_hold_every_metre_of_the_routes(folder, made_plan):
    phases = gpd.read_file(folder / "plan.gpkg", layer="phases")
    assert phases["year"].is_monotonic_increasing
    routes = made_plan.tables["routes"]
    assert phases["length_m"].sum() == pytest.approx(routes["length_m"].sum())
    assert phases["capex"].sum() == pytest.approx(routes["capex"].sum())


def test_styles_name_every_category_and_parse(folder):
    with closing(sqlite3.connect(folder / "plan.gpkg")) as database:
        rows = database.execute(
            "SELECT f_table_name, styleName, styleQML, styleSLD, useAsDefault FROM layer_styles"
        ).fetchall()
        listed = database.execute("SELECT table_name FROM gpkg_contents").fetchall()
    assert ("layer_styles",) in listed
    assert {(layer, style) for layer, style, *_ in rows} >= {
        ("settlements", "option"), ("settlements", "year"), ("routes", "year"), ("routes", "kind"),
    }  # fmt: skip
    defaults = [layer for layer, *_, default in rows if default]
    assert len(defaults) == len(set(defaults)) == 5
    for layer, style, qml, sld, _ in rows:
        root = ET.fromstring(qml)
        values = [c.get("value") for c in root.iter("category")]
        symbols = [s.get("name") for s in root.iter("symbol")]
        assert len(symbols) == max(len(values), 1)
        assert ET.fromstring(sld).tag.endswith("StyledLayerDescriptor")
        if (layer, style) == ("settlements", "option"):
            assert values == list(OPTION_COLOURS)


def test_the_same_plan_gives_the_same_bytes(folder, made_plan, tmp_path):
    for path in write_plan_files(tmp_path, made_plan.tables, made_plan.summary):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_csv_runs_no_formula_and_keeps_negative_numbers(folder):
    raw = (folder / "plan_settlements.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    with (folder / "plan_settlements.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[21]["name_kk"].startswith("'=HYPERLINK")
    assert rows[0]["name_kk"] == "Қоңыр-Әулие 0"
    assert not [v for row in rows for v in row.values() if v and v[0] in "=@+"]
    assert "geometry" not in rows[0]


def test_csv_of_routes_carries_its_lines(folder, made_plan):
    table = pd.read_csv(folder / "plan_routes.csv")
    lines = gpd.GeoSeries.from_wkt(table["geometry_wkt"])
    wanted = made_plan.tables["routes"].geometry.set_crs(None, allow_override=True)
    assert lines.length.sum() == pytest.approx(wanted.length.sum(), rel=1e-5)


def test_summary_is_strict_json_with_sorted_keys(folder, made_plan):
    def refuse(name):
        raise AssertionError(name)

    text = (folder / "summary.json").read_text(encoding="utf-8")
    back = json.loads(text, parse_constant=refuse)
    assert list(back) == sorted(back)
    assert back["findings"][0]["gap"] is None
    assert back["totals"]["npv"] == made_plan.summary["totals"]["npv"]


def test_a_folder_that_cannot_be_written_is_said(made_plan, tmp_path):
    with pytest.raises(StorageFailure, match="plan_settlements"):
        write_plan_files(tmp_path / "absent", made_plan.tables, made_plan.summary)


def test_a_plan_without_routes_or_years_is_written(made_plan, tmp_path):
    tables = dict(made_plan.tables) | {"routes": made_plan.tables["routes"].iloc[:0]}
    write_plan_files(tmp_path, tables, {"made_at": None})
    assert len(gpd.read_file(tmp_path / "plan.gpkg", layer="routes")) == 0


def test_years_have_different_colours():
    colours = year_colours([2030, 2026, 2027, 2026])
    assert list(colours) == [2026, 2027, 2030]
    assert len(set(colours.values())) == 3
    assert year_colours([]) == {}
    assert list(year_colours([2026])) == [2026]


def test_a_route_of_no_length_does_not_lose_the_plan(made_plan, tmp_path):
    routes = made_plan.tables["routes"].copy()
    first = routes.index[0]
    routes.loc[first, "geometry"] = shapely.LineString([(60.0, 50.0), (60.0, 50.0)])
    routes.loc[first, "year"] = 2099  # alone in its year
    written = write_plan_files(tmp_path, {**made_plan.tables, "routes": routes}, made_plan.summary)
    assert all(path.is_file() for path in written)
