"""GeoParquet with the same bytes for the same table, and reading it back.

The file carries neither a time nor the version of pandas or geopandas; the only trace of
software is pyarrow's ``created_by`` line, so that the bytes are the same wherever the same
pyarrow wrote them. Source of the metadata: GeoParquet specification 1.1.0.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from qamtu.core.errors import InputError

__all__ = ["read_parquet", "write_parquet"]

_DIGITS: Final = 6


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a table, with its geometry as WKB in EPSG:4326, in one row group.

    Coordinates are rounded to a millionth of a degree (0.1 m), other numbers are written
    as they stand.
    """
    arrays: dict[str, pa.Array] = {}
    for name in table.columns:
        column = table[name]
        if name == "geometry":
            arrays[name] = _wkb(np.asarray(column.array, dtype=object))
        elif pd.api.types.is_bool_dtype(column.dtype):
            arrays[name] = pa.array(column, type=pa.bool_())
        elif pd.api.types.is_integer_dtype(column.dtype):
            arrays[name] = pa.array(column, type=pa.int64())
        elif pd.api.types.is_float_dtype(column.dtype):
            arrays[name] = pa.array(column, type=pa.float64(), from_pandas=True)
        else:
            values = [None if pd.isna(value) else str(value) for value in column]
            arrays[name] = pa.array(values, type=pa.string())
    made = pa.table(arrays)
    if "geometry" in table.columns:
        made = made.replace_schema_metadata({"geo": _geo(np.asarray(table["geometry"].array))})
    pq.write_table(
        made, path, compression="zstd", compression_level=9, row_group_size=1 << 20,
        version="2.6", data_page_version="1.0", use_dictionary=True,
        write_statistics=True,
    )  # fmt: skip


def _wkb(shapes: Any) -> pa.Array:
    plain = np.array([None if shape is None else shape for shape in shapes], dtype=object)
    rounded = shapely.transform(plain, lambda points: np.round(points, _DIGITS))
    return pa.array(shapely.to_wkb(rounded, byte_order=1), type=pa.binary())


def _geo(shapes: Any) -> str:
    kinds = sorted({shape.geom_type for shape in shapes if shape is not None})
    bounds = [round(float(b), _DIGITS) for b in shapely.total_bounds(shapes)] if kinds else []
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": kinds}
    if bounds:
        column["bbox"] = bounds
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    return json.dumps(geo, sort_keys=True, separators=(",", ":"))


def read_parquet(path: Path) -> pd.DataFrame:
    """Read a Parquet or GeoParquet file; with a geometry it is a GeoDataFrame.

    Raises
    ------
    InputError
        If the file is none.
    """
    try:
        names = pq.read_schema(path).metadata or {}
        if b"geo" not in names:
            return pd.read_parquet(path)
        table: Any = gpd.read_parquet(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as Parquet: {error}") from error
    # GeoParquet's default is OGC:CRS84, which is EPSG:4326 with the axes in the file's order.
    made: pd.DataFrame = (
        table.set_crs(4326, allow_override=True) if table.crs == "OGC:CRS84" else table
    )
    return made
