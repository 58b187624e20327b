"""Tables as CSV that a spreadsheet opens safely, and as (Geo)Parquet."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from qamtu.core.errors import StorageFailure
from qamtu.core.files import write_bytes
from qamtu.core.spreadsheets import guarded

__all__ = ["write_csv", "write_parquet"]


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV: UTF-8 with a byte order mark, commas, one header row.

    The mark makes spreadsheets read the letters of every language as they are. A point's
    geometry is left out (its coordinates are columns); any other becomes ``geometry_wkt``.

    Raises
    ------
    StorageFailure
        If the file cannot be written.
    """
    text = _flat(table).to_csv(index=False, lineterminator="\n")
    write_bytes(path, text.encode("utf-8-sig"))


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a table as Parquet, or as GeoParquet if it has a geometry.

    Raises
    ------
    StorageFailure
        If the file cannot be written.
    """
    try:
        table.reset_index(drop=True).to_parquet(path, index=False, compression="zstd")
    except OSError as error:
        msg = f"{path} could not be written ({error})"
        raise StorageFailure(msg) from error


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    flat = pd.DataFrame(table).copy()
    if isinstance(table, gpd.GeoDataFrame):
        name = str(table.geometry.name)
        flat = flat.drop(columns=name)
        if not table.geometry.geom_type.isin(["Point"]).all():
            flat[f"{name}_wkt"] = table.geometry.to_wkt(rounding_precision=6)
    for column in flat.columns:
        if not pd.api.types.is_numeric_dtype(flat[column].dtype):
            flat[column] = flat[column].astype(object).map(guarded)
    return flat
