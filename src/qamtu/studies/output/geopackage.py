"""The plan as one GeoPackage that opens in QGIS with its styles, byte for byte repeatable.

Formats: OGC 12-128r18, *GeoPackage Encoding Standard*, and the ``layer_styles`` table in which
QGIS keeps the styles of a file's layers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyogrio
import pyogrio.errors
from shapely import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from qamtu.core.errors import StorageFailure
from qamtu.studies.output.styles import Shape, Style

__all__ = ["write_geopackage"]

_VERSION: Final = "1.3"  # newer ones make the GIS of a long-term release warn
_DATE_OPTION: Final = "OGR_CURRENT_DATE"
_GEOMETRY_TYPES: Final[dict[Shape, str]] = {
    "point": "Point",
    "line": "MultiLineString",
    "polygon": "MultiPolygon",
}
_STYLE_TABLE: Final = """
CREATE TABLE layer_styles (
 id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
 f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
 styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
 owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""
_STYLE_ROW: Final = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
 styleName, styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)
VALUES ('', '', ?, 'geom', ?, ?, ?, ?, '', '', NULL, ?)
"""
_CONTENTS_ROW: Final = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)
VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)
"""


def write_geopackage(
    path: Path,
    layers: Mapping[str, tuple[Shape, gpd.GeoDataFrame]],
    styles: Sequence[Style],
    made_at: str,
) -> None:
    """Write layers and their styles into a new GeoPackage.

    Parameters
    ----------
    path
        File to make; the folder is there.
    layers
        Shape and table by layer name, in the order in which a reader lists them.
    styles
        Styles of those layers.
    made_at
        The time to put into the file as its last change (ISO 8601, UTC), so that the same
        plan gives the same bytes.

    Raises
    ------
    StorageFailure
        If the file cannot be written.
    """
    stamp = pd.Timestamp(made_at).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    try:
        with _frozen_clock(stamp):
            for place, (name, (shape, table)) in enumerate(layers.items()):
                pyogrio.write_dataframe(
                    _writable(table, shape),
                    path,
                    layer=name,
                    driver="GPKG",
                    geometry_type=_GEOMETRY_TYPES[shape],
                    append=place > 0,
                    dataset_options={"VERSION": _VERSION} if place == 0 else None,
                    layer_options={"GEOMETRY_NAME": "geom", "FID": "fid"},
                )
        _add_styles(path, [style for style in styles if style.layer in layers], stamp)
    except (OSError, sqlite3.Error, pyogrio.errors.DataSourceError) as error:
        path.unlink(missing_ok=True)
        msg = f"{path} could not be written ({error})"
        raise StorageFailure(msg) from error


@contextmanager
def _frozen_clock(stamp: str) -> Iterator[None]:
    """Let GDAL write one time into all it makes."""
    before = pyogrio.get_gdal_config_option(_DATE_OPTION)
    pyogrio.set_gdal_config_options({_DATE_OPTION: stamp})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_DATE_OPTION: before})


def _writable(table: gpd.GeoDataFrame, shape: Shape) -> gpd.GeoDataFrame:
    """Give a copy in dtypes and a geometry type that the format knows."""
    made = table.reset_index(drop=True).copy()
    for column in made.columns.drop(made.geometry.name):
        if isinstance(made[column].dtype, pd.CategoricalDtype):
            made[column] = made[column].astype(object).where(made[column].notna(), None)
        elif pd.api.types.is_extension_array_dtype(made[column].dtype):
            made[column] = _plain_column(made[column])
    if shape != "point":
        made = made.set_geometry(_as_multi(made.geometry))
    return made


def _plain_column(column: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.astype(bool) if column.notna().all() else column.astype("Float64")
    return column


def _as_multi(geometry: gpd.GeoSeries) -> gpd.GeoSeries:
    made = [_multi(one) for one in geometry]
    return gpd.GeoSeries(made, index=geometry.index, crs=geometry.crs)


def _multi(one: BaseGeometry | None) -> BaseGeometry | None:
    if one is None or one.is_empty:
        return None
    if isinstance(one, LineString):
        return MultiLineString([one])
    if isinstance(one, Polygon):
        return MultiPolygon([one])
    return one


def _add_styles(path: Path, styles: Sequence[Style], stamp: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_STYLE_TABLE)
        database.execute(_CONTENTS_ROW, (stamp,))
        database.executemany(
            _STYLE_ROW,
            [(s.layer, s.name, s.qml(), s.sld(), s.default, stamp) for s in styles],
        )
