"""Users' tables as people write them."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from qamtu.core.errors import InputError, MissingInput
from qamtu.country import read_table

ROWS = [("a", "Альфа", 10.5, 20.5, 12000), ("b", "Бета", 10.9, 20.9, 800)]


def csv_bytes(separator: str, decimal: str, encoding: str) -> bytes:
    lines = [separator.join(["ID", "Название", "Широта", "Долгота", "Население"])]
    for one, name, lat, lon, people in ROWS:
        numbers = [str(lat).replace(".", decimal), str(lon).replace(".", decimal)]
        lines.append(separator.join([one, name, *numbers, f"{people}"]))
    return "\r\n".join(lines).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize(("separator", "decimal"), [(",", "."), (";", ","), ("\t", ",")])
def test_any_usual_csv_is_read(tmp_path, separator, decimal, encoding) -> None:
    path = tmp_path / "places.csv"
    path.write_bytes(csv_bytes(separator, decimal, encoding))
    table, found = read_table(path, "settlements")
    assert len(found) == 0
    assert table["settlement_id"].tolist() == ["a", "b"]
    assert table["name_ru"].tolist() == ["Альфа", "Бета"]
    assert table["lat_deg"].tolist() == [10.5, 10.9]
    assert table["population"].tolist() == [12000, 800]
    assert table.geometry.x.tolist() == [20.5, 20.9]
    assert table["kind"].tolist() == ["village", "village"]


def test_thousands_and_words_for_yes_are_read(tmp_path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("id;lat;lon;pop;has_fibre\na;10,5;20,5;12 000;да\nb;10,9;20,9;800;нет\n")
    table, found = read_table(path, "settlements")
    assert len(found) == 0
    assert table["population"].tolist() == [12000, 800]
    assert table["has_fibre"].tolist() == [True, False]


def places() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"settlement_id": ["a", "b"], "population": [12000, 800]},
        geometry=gpd.points_from_xy([20.5, 20.9], [10.5, 10.9]),
        crs=4326,
    )


@pytest.mark.parametrize("name", ["places.gpkg", "places.geojson", "places.parquet"])
def test_geodata_is_read(tmp_path, name) -> None:
    path = tmp_path / name
    if name.endswith("parquet"):
        places().to_parquet(path)
    else:
        places().to_file(path)
    table, found = read_table(path, "settlements")
    assert len(found) == 0
    assert table["lat_deg"].tolist() == pytest.approx([10.5, 10.9])
    assert table["population"].tolist() == [12000, 800]


def test_other_coordinate_systems_are_converted(tmp_path) -> None:
    path = tmp_path / "places.gpkg"
    places().to_crs(3857).to_file(path)
    table, found = read_table(path, "settlements")
    assert len(found) == 0
    assert table.geometry.y.tolist() == pytest.approx([10.5, 10.9])


def test_a_missing_coordinate_system_is_told(tmp_path) -> None:
    path = tmp_path / "places.parquet"
    places().set_crs(None, allow_override=True).to_parquet(path)
    _, found = read_table(path, "settlements")
    assert [f.id for f in found] == ["crs-missing"]


def test_metres_without_a_coordinate_system_are_an_error(tmp_path) -> None:
    path = tmp_path / "places.parquet"
    places().to_crs(3857).set_crs(None, allow_override=True).to_parquet(path)
    _, found = read_table(path, "settlements")
    assert {f.id for f in found} >= {"crs-missing", "geometry-off-globe"}


def test_lines_are_read_from_well_known_text(tmp_path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text('id,wkt\nl1,"LINESTRING (20 10, 21 11)"\nl2,"LINESTRING (20 10"\n')
    table, found = read_table(path, "fibre_lines")
    assert table.geometry.iloc[0] == shapely.LineString([(20, 10), (21, 11)])
    assert {(f.id, f.row) for f in found} == {
        ("geometry-unreadable", 3),
        ("geometry-missing", 3),
    }


def test_fibre_nodes_are_read(tmp_path) -> None:
    path = tmp_path / "nodes.csv"
    path.write_text("id,lat,lon\nn1,10.5,20.5\n")
    table, found = read_table(path, "fibre_nodes")
    assert len(found) == 0
    assert table["node_id"].tolist() == ["n1"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.csv", b""),
        ("bad.csv", b"\x00\x01\x02\x03" * 50),
        ("bad.csv", b'a,b\n"1,2\n3,4,5,6\n"'),
        ("bad.gpkg", b"this is no geopackage"),
        ("bad.parquet", b"PAR1 no PAR1"),
        ("bad.geojson", b"{"),
        ("bad.xlsx", b"PK"),
    ],
)
def test_a_damaged_file_says_so(tmp_path, name, content) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        table, found = read_table(path, "settlements")
        assert found.errors, table
        raise InputError("found", found)
    assert caught.value.findings
    assert all(finding.mend for finding in caught.value.findings)


def test_a_missing_file_says_so(tmp_path) -> None:
    with pytest.raises(MissingInput) as caught:
        read_table(tmp_path / "none.csv", "settlements")
    assert caught.value.exit_code == 3


def test_an_unknown_table_says_which_there_are(tmp_path) -> None:
    with pytest.raises(InputError, match="settlements"):
        read_table(tmp_path / "none.csv", "planets")


def test_the_row_is_that_of_a_spreadsheet(tmp_path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("settlement_id,lat_deg,lon_deg,population\na,10,20,5\nb,x,20,5\nc,10,20,\n")
    _, found = read_table(path, "settlements")
    assert {(f.id, f.row, f.field) for f in found} >= {
        ("value-unreadable", 3, "lat_deg"),
        ("value-missing", 4, "population"),
    }


def test_own_names_win_over_aliases(tmp_path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("settlement_id,id,name,name_en,lat,lon,pop\na,77,x,Alpha,10,20,5\n")
    table, found = read_table(path, "settlements")
    assert len(found) == 0
    assert table["settlement_id"].tolist() == ["a"]
    assert table["name_en"].tolist() == ["Alpha"]
