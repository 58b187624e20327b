"""Columns and coordinates in a compact form that the page's script can read.

A column of text out of a short list becomes its levels and codes; a number keeps six
significant digits; coordinates become whole steps of 1e-5 degrees (about one metre), each
stored as the difference from the one before. The whole is packed with gzip and base64.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely import MultiPolygon, Polygon

__all__ = ["encode_column", "encode_lines", "encode_polygons", "encode_steps", "packed"]

_STEPS_A_DEGREE: Final = 100_000
_DIGITS: Final = 6
_LEVELS_AT_MOST: Final = 400


def packed(value: Mapping[str, Any]) -> str:
    """Give a JSON value as base64 of gzip, the same bytes for the same value."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode("utf-8"), mtime=0)).decode("ascii")


def encode_column(column: pd.Series) -> dict[str, Any]:
    """Encode a column: ``{"v": values}`` or, for text of few values, ``{"l": levels, "c": codes}``.

    A missing value is null, or the code -1.
    """
    if pd.api.types.is_bool_dtype(column.dtype):
        return {"v": [None if pd.isna(value) else int(value) for value in column]}
    if pd.api.types.is_numeric_dtype(column.dtype):
        return {"v": [_number(value) for value in column]}
    text = column.astype(object).where(column.notna(), None)
    codes, levels = pd.factorize(text, sort=False)
    if len(levels) <= min(_LEVELS_AT_MOST, max(len(column) // 4, 1)):
        return {"l": [str(level) for level in levels], "c": codes.tolist()}
    return {"v": [None if value is None else str(value) for value in text]}


def _number(value: Any) -> float | int | None:
    """Round to six significant digits; whole numbers become int, the rest float."""
    if pd.isna(value) or not np.isfinite(value):
        return None
    rounded = float(f"{float(value):.{_DIGITS}g}")
    return int(rounded) if rounded.is_integer() else rounded


def encode_steps(degrees: npt.ArrayLike) -> list[int]:
    """Encode degrees as differences of whole steps of 1e-5 degrees; the first from zero."""
    steps = np.rint(np.asarray(degrees, dtype=np.float64) * _STEPS_A_DEGREE).astype(np.int64)
    made: list[int] = np.diff(steps, prepend=0).tolist()
    return made


def encode_lines(geometry: gpd.GeoSeries, tolerance_deg: float = 0.0) -> dict[str, Any]:
    """Encode lines, one or more parts each: ``{"p": points of each part, "x", "y"}``.

    Parameters
    ----------
    geometry
        LineStrings or MultiLineStrings in degrees; an empty one has no part.
    tolerance_deg
        How far a simplified line may leave the given one [deg].
    """
    made = geometry.simplify(tolerance_deg) if tolerance_deg > 0 else geometry
    parts: list[list[int]] = []
    xy: list[npt.NDArray[np.float64]] = []
    for line in made:
        pieces = [] if line is None or line.is_empty else list(getattr(line, "geoms", [line]))
        arrays = [shapely.get_coordinates(piece) for piece in pieces]
        parts.append([len(array) for array in arrays])
        xy.extend(arrays)
    return {"p": parts} | _coordinates(xy)


def encode_polygons(geometry: gpd.GeoSeries, tolerance_deg: float = 0.0) -> dict[str, Any]:
    """Encode polygons: ``{"p": points of each ring of each polygon of each feature, "x", "y"}``.

    Parameters
    ----------
    geometry
        Polygons or MultiPolygons in degrees.
    tolerance_deg
        How far a simplified border may leave the given one [deg]; neighbours keep their
        common border.
    """
    made = _simplified(geometry, tolerance_deg) if tolerance_deg > 0 else geometry
    features: list[list[list[int]]] = []
    xy: list[npt.NDArray[np.float64]] = []
    for area in made:
        feature: list[list[int]] = []
        for polygon in _polygons(area):
            rings = [
                shapely.get_coordinates(ring) for ring in (polygon.exterior, *polygon.interiors)
            ]
            feature.append([len(ring) for ring in rings])
            xy.extend(rings)
        features.append(feature)
    return {"p": features} | _coordinates(xy)


def _simplified(geometry: gpd.GeoSeries, tolerance_deg: float) -> gpd.GeoSeries:
    if shapely.coverage_is_valid(geometry.to_numpy()):
        areas = shapely.coverage_simplify(geometry.to_numpy(), tolerance_deg)
        return gpd.GeoSeries(areas, index=geometry.index, crs=geometry.crs)
    return geometry.simplify(tolerance_deg)


def _polygons(area: Any) -> Sequence[Polygon]:
    if isinstance(area, MultiPolygon):
        return list(area.geoms)
    return [area] if isinstance(area, Polygon) and not area.is_empty else []


def _coordinates(xy: Sequence[npt.NDArray[np.float64]]) -> dict[str, list[int]]:
    joined = np.concatenate(xy) if xy else np.empty((0, 2))
    return {"x": encode_steps(joined[:, 0]), "y": encode_steps(joined[:, 1])}
