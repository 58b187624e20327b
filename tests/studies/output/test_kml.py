"""KML: valid XML, coordinates longitude first, colours by category, what is missing left out."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, MultiLineString, Point, Polygon

from qamtu.core.errors import StorageFailure
from qamtu.studies.output.kml import write_kml
from qamtu.studies.output.styles import Category, Style

K = "{http://www.opengis.net/kml/2.2}"


def sites() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "site_id": ["a", "b <&> \x07", "c"],
            "height_m": [40.0, float("nan"), 70.0],
            "year": pd.array([2027, pd.NA, 2028], dtype="Int64"),
            "existing": [True, False, False],
        },
        geometry=[Point(70.5, 43.25), Point(71, 44), None],
        crs=4326,
    )


def lines() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"stretch_id": ["s1", "s2"], "served": [True, False]},
        geometry=[
            LineString([(70, 43), (70.1, 43.1)]),
            MultiLineString([[(0, 1), (1, 2)], [(3, 4), (5, 6)]]),
        ],
        crs=4326,
    )


def written(path: Path, **extra: object) -> ET.Element:
    layers = {"sites": ("point", sites()), "stretches": ("line", lines())}
    write_kml(path, "Title", layers, **extra)  # type: ignore[arg-type]
    return ET.parse(path).getroot()


def test_rows_become_placemarks_with_their_values(tmp_path: Path) -> None:
    root = written(tmp_path / "a.kml")
    folders = root.findall(f"{K}Document/{K}Folder")
    assert [f.findtext(f"{K}name") for f in folders] == ["sites", "stretches"]
    first, second = folders[0].findall(f"{K}Placemark")  # the third has no geometry
    assert first.findtext(f"{K}Point/{K}coordinates") == "70.5,43.25"
    data = {
        d.get("name"): d.findtext(f"{K}value") for d in first.findall(f"{K}ExtendedData/{K}Data")
    }
    assert data == {"site_id": "a", "height_m": "40", "year": "2027", "existing": "True"}
    assert second.findtext(f"{K}name") == "b <&> "
    assert {d.get("name") for d in second.findall(f"{K}ExtendedData/{K}Data")} == {
        "site_id",
        "existing",
    }
    parts = folders[1].findall(f"{K}Placemark/{K}MultiGeometry/{K}LineString")
    assert [p.findtext(f"{K}coordinates") for p in parts] == ["0,1 1,2", "3,4 5,6"]


def test_a_style_colours_by_its_field(tmp_path: Path) -> None:
    categories = (Category("True", "yes", "#112233", 0.5), Category("False", "no", "#445566", 0.5))
    style = Style("stretches", "served", "served", "line", categories, default=True)
    root = written(tmp_path / "a.kml", styles=[style], names={"stretches": "served"})
    colours = {
        s.get("id"): s.findtext(f"{K}LineStyle/{K}color")
        for s in root.findall(f"{K}Document/{K}Style")
    }
    marks = root.findall(f"{K}Document/{K}Folder")[1].findall(f"{K}Placemark")
    shown = [colours[str(m.findtext(f"{K}styleUrl"))[1:]] for m in marks]
    assert shown == ["ff332211", "ff665544"]
    assert [m.findtext(f"{K}name") for m in marks] == ["True", "False"]


def test_a_polygon_keeps_its_holes(tmp_path: Path) -> None:
    ring = Polygon([(0, 0), (4, 0), (4, 4)], [[(2, 1), (3, 1), (3, 2)]])
    table = gpd.GeoDataFrame({"id": ["p"]}, geometry=[ring], crs=4326)
    write_kml(tmp_path / "p.kml", "P", {"areas": ("polygon", table)})
    root = ET.parse(tmp_path / "p.kml").getroot()
    assert len(root.findall(f".//{K}innerBoundaryIs")) == 1


def test_other_readers_open_it(tmp_path: Path) -> None:
    written(tmp_path / "a.kml")
    back = gpd.read_file(tmp_path / "a.kml", layer="sites")
    assert len(back) == 2
    assert back.geometry.iloc[0].equals(Point(70.5, 43.25))


def test_an_empty_table_gives_an_empty_folder(tmp_path: Path) -> None:
    write_kml(tmp_path / "e.kml", "E", {"sites": ("point", sites().iloc[:0])})
    root = ET.parse(tmp_path / "e.kml").getroot()
    assert not root.findall(f".//{K}Placemark")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StorageFailure):
        write_kml(tmp_path / "file" / "a.kml", "T", {"sites": ("point", sites())})
