"""Cities of a pack: circles have the area they are stated with; a bad file is told by row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from qamtu.core.errors import InputError
from qamtu.country import area_circle, check_table, init_pack
from qamtu.country.cities import CITIES_FILE, build_cities

HEADER = (
    "city_id,settlement_id,status,outline,area_official_km2,area_date,area_source,area_verify,note"
)


@given(st.floats(-70, 70), st.floats(-170, 170), st.floats(1, 3000))
def test_a_circle_has_its_area(lat: float, lon: float, area: float) -> None:
    drawn, _ = Geod(ellps="WGS84").geometry_area_perimeter(area_circle(lat, lon, area))
    assert abs(drawn) / 1e6 == pytest.approx(area, rel=2e-3)


def test_a_circle_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="above 0"):
        area_circle(43.0, 77.0, 0.0)


def test_the_cities_of_the_country(kz) -> None:
    cities = kz.tables["cities"]
    assert cities["status"].value_counts().to_dict() == {"regional_centre": 17, "republican": 3}
    assert (cities["territory_source"] == "polygon").sum() == 3
    assert cities["region_id"].is_unique
    assert cities["area_source"].str.len().min() > 5
    assert cities["area_verify"].all()
    places = kz.tables["settlements"].set_index("settlement_id")
    assert (
        cities["population"].to_numpy() == places.loc[cities["settlement_id"], "population"]
    ).all()
    assert not check_table(cities, "cities", "cities", kz.tables).errors


def test_a_folder_without_cities_has_none(kz, tmp_path) -> None:
    cities, found = build_cities(tmp_path, kz.tables["settlements"], kz.tables["regions"])
    assert cities is None
    assert not found


def test_a_bad_row_is_told(kz, tmp_path) -> None:
    text = (
        f"{HEADER}\nx,osm:0,other,circle,5,2020,a survey,true,\ny,osm:26544289,other,oval,0,,,,\n"
    )
    (tmp_path / CITIES_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        build_cities(tmp_path, kz.tables["settlements"], kz.tables["regions"])
    assert {(f.row, f.field) for f in error.value.findings} == {
        (2, "settlement_id"), (3, "outline"), (3, "area_official_km2"), (3, "area_source"),
    }  # fmt: skip


def test_an_area_far_from_the_outline_is_found(kz, tmp_path) -> None:
    row = "almaty,osm:26544289,republican,region,100,2020,a misprint,true,"
    (tmp_path / CITIES_FILE).write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    _, found = build_cities(tmp_path, kz.tables["settlements"], kz.tables["regions"])
    assert [f.id for f in found] == ["city-area-apart"]


def test_an_empty_pack_may_have_cities(tmp_path) -> None:
    init_pack(tmp_path / "xx")
    assert (tmp_path / "xx" / "cities.csv").is_file()
