"""Layer styles for QGIS (QML) and other readers (SLD 1.1.0): one colour a category.

Formats: the QGIS 3 style file and OGC 05-077r4, *Symbology Encoding* 1.1.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from xml.etree import ElementTree as ET

__all__ = ["Category", "Shape", "Style"]

Shape = Literal["point", "line", "polygon"]

_QGIS_GEOMETRY: Final[dict[Shape, str]] = {"point": "0", "line": "1", "polygon": "2"}
_QGIS_SYMBOL: Final[dict[Shape, str]] = {"point": "marker", "line": "line", "polygon": "fill"}
_QGIS_LAYER: Final[dict[Shape, str]] = {
    "point": "SimpleMarker",
    "line": "SimpleLine",
    "polygon": "SimpleFill",
}
_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_SE: Final = "http://www.opengis.net/se"
_SLD: Final = "http://www.opengis.net/sld"
_OGC: Final = "http://www.opengis.net/ogc"


@dataclass(frozen=True, slots=True)
class Category:
    """One value of the field that a style sorts by, with its colour ``#rrggbb`` and size [mm]."""

    value: str
    label: str
    colour: str
    size_mm: float


@dataclass(frozen=True, slots=True)
class Style:
    """A style of one layer: a symbol for each category of one field.

    Parameters
    ----------
    layer, name
        Layer it belongs to and its own name.
    field
        Field that the categories are values of; empty for one symbol for all.
    shape
        Point, line or polygon.
    categories
        The categories in the order of the legend; one where ``field`` is empty.
    default
        Whether a reader shows the layer in this style at first.
    """

    layer: str
    name: str
    field: str
    shape: Shape
    categories: Sequence[Category]
    default: bool

    def qml(self) -> str:
        """Render as a QGIS style file."""
        root = ET.Element("qgis", version="3.28.0", styleCategories="Symbology")
        kind = "categorizedSymbol" if self.field else "singleSymbol"
        renderer = ET.SubElement(root, "renderer-v2", type=kind, symbollevels="0", forceraster="0")
        if self.field:
            renderer.set("attr", self.field)
            listed = ET.SubElement(renderer, "categories")
            for place, category in enumerate(self.categories):
                ET.SubElement(
                    listed,
                    "category",
                    symbol=str(place),
                    value=category.value,
                    label=category.label,
                    render="true",
                )
        symbols = ET.SubElement(renderer, "symbols")
        for place, category in enumerate(self.categories):
            _qgis_symbol(symbols, str(place), self.shape, category)
        ET.SubElement(root, "layerGeometryType").text = _QGIS_GEOMETRY[self.shape]
        ET.indent(root, " ")
        return _DOCTYPE + ET.tostring(root, encoding="unicode") + "\n"

    def sld(self) -> str:
        """Render as SLD 1.1.0."""
        root = ET.Element(
            "StyledLayerDescriptor",
            {"version": "1.1.0", "xmlns": _SLD, "xmlns:se": _SE, "xmlns:ogc": _OGC},
        )
        layer = ET.SubElement(root, "NamedLayer")
        ET.SubElement(layer, "se:Name").text = self.layer
        user_style = ET.SubElement(layer, "UserStyle")
        ET.SubElement(user_style, "se:Name").text = self.name
        feature = ET.SubElement(user_style, "se:FeatureTypeStyle")
        for category in self.categories:
            self._sld_rule(feature, category)
        ET.indent(root, " ")
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"

    def _sld_rule(self, feature: ET.Element, category: Category) -> None:
        rule = ET.SubElement(feature, "se:Rule")
        ET.SubElement(rule, "se:Name").text = category.label
        if self.field:
            equal = ET.SubElement(
                ET.SubElement(rule, "ogc:Filter"),
                "ogc:PropertyIsEqualTo",
            )
            ET.SubElement(equal, "ogc:PropertyName").text = self.field
            ET.SubElement(equal, "ogc:Literal").text = category.value
        if self.shape == "point":
            graphic = ET.SubElement(ET.SubElement(rule, "se:PointSymbolizer"), "se:Graphic")
            mark = ET.SubElement(graphic, "se:Mark")
            ET.SubElement(mark, "se:WellKnownName").text = "circle"
            _sld_paint(mark, "se:Fill", "fill", category.colour)
            _sld_paint(mark, "se:Stroke", "stroke", "#ffffff", width=0.4)
            ET.SubElement(graphic, "se:Size").text = f"{_pixels(category.size_mm):g}"
        elif self.shape == "line":
            line = ET.SubElement(rule, "se:LineSymbolizer")
            _sld_paint(line, "se:Stroke", "stroke", category.colour, _pixels(category.size_mm))
        else:
            area = ET.SubElement(rule, "se:PolygonSymbolizer")
            _sld_paint(area, "se:Stroke", "stroke", category.colour, _pixels(category.size_mm))


def _qgis_symbol(parent: ET.Element, name: str, shape: Shape, category: Category) -> None:
    symbol = ET.SubElement(
        parent, "symbol", type=_QGIS_SYMBOL[shape], name=name, alpha="1", clip_to_extent="1"
    )
    attributes = {"class": _QGIS_LAYER[shape], "enabled": "1", "locked": "0", "pass": "0"}
    layer = ET.SubElement(symbol, "layer", attributes)
    options = ET.SubElement(layer, "Option", type="Map")
    size = f"{category.size_mm:g}"
    colour = _qgis_colour(category.colour)
    properties: dict[Shape, dict[str, str]] = {
        "point": {
            "name": "circle", "color": colour, "size": size, "size_unit": "MM",
            "outline_color": "255,255,255,200", "outline_width": "0.1", "outline_width_unit": "MM",
        },
        "line": {
            "line_color": colour, "line_width": size, "line_width_unit": "MM",
            "capstyle": "round", "joinstyle": "round", "line_style": "solid",
        },
        "polygon": {
            "style": "no", "color": colour, "outline_color": colour, "outline_style": "solid",
            "outline_width": size, "outline_width_unit": "MM",
        },
    }  # fmt: skip
    for key, value in properties[shape].items():
        ET.SubElement(options, "Option", name=key, type="QString", value=value)


def _qgis_colour(colour: str) -> str:
    return f"{int(colour[1:3], 16)},{int(colour[3:5], 16)},{int(colour[5:7], 16)},255"


def _pixels(size_mm: float) -> float:
    """Turn millimetres into the SLD pixel of 0.28 mm (OGC 05-077r4, section 11)."""
    return round(size_mm / 0.28, 2)


def _sld_paint(
    parent: ET.Element, tag: str, prefix: str, colour: str, width: float | None = None
) -> None:
    paint = ET.SubElement(parent, tag)
    ET.SubElement(paint, "se:SvgParameter", name=prefix).text = colour
    if width is not None:
        ET.SubElement(paint, "se:SvgParameter", name=f"{prefix}-width").text = f"{width:g}"
