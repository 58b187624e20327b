"""Sites and lines as KML that any map viewer opens: a folder a layer, a placemark a row.

Format: OGC 12-007r2, *KML 2.3*, of which only what KML 2.2 knows as well is written.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from qamtu.core.files import write_bytes
from qamtu.studies.output.styles import Category, Shape, Style

__all__ = ["write_kml"]

_NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
_ICON: Final = "http://maps.google.com/mapfiles/kml/shapes/shaded_dot.png"
_PLAIN: Final = Category("", "", "#0072b2", 1.6)
_DIGITS: Final = 6
_MM_A_PIXEL: Final = 0.28  # OGC 05-077r4, section 11
_CONTROL: Final = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


def write_kml(
    path: Path,
    title: str,
    layers: Mapping[str, tuple[Shape, gpd.GeoDataFrame]],
    *,
    styles: Sequence[Style] = (),
    names: Mapping[str, str] | None = None,
) -> None:
    """Write tables as one KML document, whole or not at all.

    Parameters
    ----------
    path
        File to make.
    title
        Name of the document.
    layers
        Shape and table by layer name, in the order in which a viewer lists them; EPSG:4326.
        Every column but the geometry goes along as data of the placemark; missing values are
        left out. Rows without a geometry are left out.
    styles
        Styles of those layers; the one with ``default`` colours the layer by its field.
    names
        Column by layer name whose value is the placemark's name; the first column by default.

    Raises
    ------
    StorageFailure
        If the file cannot be written.
    """
    root = ET.Element("kml", xmlns=_NAMESPACE)
    document = ET.SubElement(root, "Document")
    _text(document, "name", title)
    chosen = {s.layer: s for s in styles if s.default}
    for layer, (shape, _) in layers.items():
        for place, category in enumerate(_categories(chosen.get(layer))):
            _add_style(document, f"{layer}-{place}", shape, category)
    for layer, (_, table) in layers.items():
        folder = ET.SubElement(document, "Folder")
        _text(folder, "name", layer)
        _add_rows(folder, layer, table, chosen.get(layer), (names or {}).get(layer))
    ET.indent(root, " ")
    content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    write_bytes(path, content + b"\n")


def _categories(style: Style | None) -> Sequence[Category]:
    return style.categories if style is not None and style.categories else (_PLAIN,)


def _add_style(document: ET.Element, name: str, shape: Shape, category: Category) -> None:
    style = ET.SubElement(document, "Style", id=_identifier(name))
    if shape == "point":
        icon = ET.SubElement(style, "IconStyle")
        _text(icon, "color", _colour(category.colour))
        _text(icon, "scale", f"{category.size_mm / _PLAIN.size_mm * 0.8:.2f}")
        _text(ET.SubElement(icon, "Icon"), "href", _ICON)
        _text(ET.SubElement(style, "LabelStyle"), "scale", "0.7")
    else:
        line = ET.SubElement(style, "LineStyle")
        _text(line, "color", _colour(category.colour))
        _text(line, "width", f"{max(category.size_mm / _MM_A_PIXEL, 1.0):.1f}")
    if shape == "polygon":
        fill = ET.SubElement(style, "PolyStyle")
        _text(fill, "color", _colour(category.colour, alpha="40"))


def _add_rows(
    folder: ET.Element, layer: str, table: gpd.GeoDataFrame, style: Style | None, name: str | None
) -> None:
    geometry = str(table.geometry.name)
    columns = [str(c) for c in table.columns if c != geometry]
    title = name if name is not None else (columns[0] if columns else None)
    by_value = {c.value: place for place, c in enumerate(_categories(style))}
    plain = pd.DataFrame(table)
    for row in plain.to_dict("records"):
        shape = row[geometry]
        if shape is None or shape.is_empty:
            continue
        mark = ET.SubElement(folder, "Placemark")
        if title is not None and (told := _value(row[title])) is not None:
            _text(mark, "name", told)
        value = _value(row.get(style.field)) if style is not None and style.field else ""
        place = by_value.get("" if value is None else value, 0)
        _text(mark, "styleUrl", "#" + _identifier(f"{layer}-{place}"))
        data = ET.SubElement(mark, "ExtendedData")
        for column in columns:
            if (said := _value(row[column])) is not None:
                _text(ET.SubElement(data, "Data", name=_clean(column)), "value", said)
        _add_geometry(mark, shape)


def _add_geometry(parent: ET.Element, shape: BaseGeometry) -> None:
    """Write a geometry of any simple kind; collections become MultiGeometry."""
    if isinstance(shape, shapely.Point):
        _text(ET.SubElement(parent, "Point"), "coordinates", _coordinates(shape))
    elif isinstance(shape, shapely.LineString):
        line = ET.SubElement(parent, "LineString")
        _text(line, "tessellate", "1")
        _text(line, "coordinates", _coordinates(shape))
    elif isinstance(shape, shapely.Polygon):
        polygon = ET.SubElement(parent, "Polygon")
        for tag, ring in (
            ("outerBoundaryIs", shape.exterior),
            *(("innerBoundaryIs", r) for r in shape.interiors),
        ):
            drawn = ET.SubElement(ET.SubElement(polygon, tag), "LinearRing")
            _text(drawn, "coordinates", _coordinates(ring))
    else:
        many = ET.SubElement(parent, "MultiGeometry")
        for part in getattr(shape, "geoms", ()):
            _add_geometry(many, part)


def _coordinates(shape: BaseGeometry) -> str:
    """Write ``lon,lat`` pairs [deg]; KML wants WGS 84, longitude first."""
    pairs = shapely.get_coordinates(shape)
    return " ".join(f"{_degrees(lon)},{_degrees(lat)}" for lon, lat in pairs)


def _degrees(value: float) -> str:
    return f"{value:.{_DIGITS}f}".rstrip("0").rstrip(".")


def _value(value: Any) -> str | None:
    """Give a cell as text; None where it is missing."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return f"{value:.10g}"
    return _clean(str(value))


def _clean(text: str) -> str:
    """Drop the control characters that XML 1.0 does not allow."""
    return text.translate(_CONTROL)


def _identifier(text: str) -> str:
    """Make a valid XML id out of a layer's name and a number."""
    return "s-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in text)


def _colour(colour: str, alpha: str = "ff") -> str:
    """Turn ``#rrggbb`` into KML's aabbggrr."""
    return f"{alpha}{colour[5:7]}{colour[3:5]}{colour[1:3]}".lower()


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _clean(text)
