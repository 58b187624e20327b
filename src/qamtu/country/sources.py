"""Reading the raw tables of a builder: CSV, polygons and grids, as the catalogue names them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioIOError

from qamtu.core.errors import InputError

__all__ = ["Grid", "read_csv", "read_grid", "read_polygons"]


@dataclass(frozen=True, slots=True)
class Grid:
    """A regular grid of one value a cell, rows from north to south.

    Parameters
    ----------
    cells
        Values, shape (rows, columns); NaN where there is none.
    west_deg, north_deg
        Outer corner [deg].
    step_deg
        Size of a cell [deg].
    """

    cells: NDArray[np.float64]
    west_deg: float
    north_deg: float
    step_deg: float

    @property
    def resolution_arcsec(self) -> int:
        """Size of a cell [arc seconds]."""
        return round(self.step_deg * 3600)

    @property
    def lat_deg(self) -> NDArray[np.float64]:
        """Latitudes [deg] of the rows' centres."""
        return np.asarray(
            self.north_deg - (np.arange(self.cells.shape[0]) + 0.5) * self.step_deg,
            dtype=np.float64,
        )

    @property
    def lon_deg(self) -> NDArray[np.float64]:
        """Longitudes [deg] of the columns' centres."""
        return np.asarray(
            self.west_deg + (np.arange(self.cells.shape[1]) + 0.5) * self.step_deg, dtype=np.float64
        )

    def at(self, lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]) -> Any:
        """Give the values of the cells that points lie in; NaN outside."""
        row = np.floor((self.north_deg - lat_deg) / self.step_deg).astype(np.int64)
        column = np.floor((lon_deg - self.west_deg) / self.step_deg).astype(np.int64)
        rows, columns = self.cells.shape
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        found = np.full(np.shape(lat_deg), np.nan)
        found[inside] = self.cells[row[inside], column[inside]]
        return found


def read_csv(path: Path, columns: tuple[str, ...], text: tuple[str, ...] = ()) -> pd.DataFrame:
    """Read a raw CSV table; the columns named must be there.

    Parameters
    ----------
    path
        The file.
    columns
        Columns that are needed.
    text
        Columns among them to be read as text.

    Raises
    ------
    InputError
        If the file is no CSV or lacks a column.
    """
    try:
        table = pd.read_csv(path, dtype=dict.fromkeys(text, "str"), low_memory=False)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{path} cannot be read as CSV: {error}") from error
    lacking = [column for column in columns if column not in table.columns]
    if lacking:
        raise InputError(f"{path} lacks the columns {', '.join(lacking)}")
    return table


def read_polygons(path: Path, columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Read raw polygons in EPSG:4326; invalid ones are made valid.

    Raises
    ------
    InputError
        If the file cannot be read or lacks a column.
    """
    try:
        table = gpd.read_file(path)
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError(f"{path} cannot be read as polygons: {error}") from error
    lacking = [column for column in columns if column not in table.columns]
    if lacking:
        raise InputError(f"{path} lacks the columns {', '.join(lacking)}")
    table = table.to_crs(4326)
    table.geometry = table.geometry.make_valid()
    return table


def read_grid(path: Path) -> Grid:
    """Read the first band of a grid with square cells in degrees.

    Raises
    ------
    InputError
        If the file cannot be read or its cells are not square.
    """
    try:
        with rasterio.open(path) as data:
            values = data.read(1).astype(np.float64)
            transform, nodata = data.transform, data.nodata
    except RasterioIOError as error:
        raise InputError(f"{path} cannot be read as a grid: {error}") from error
    if abs(transform.a + transform.e) > 1e-9:
        raise InputError(f"{path}: the cells must be square, not {transform.a} by {-transform.e}")
    if nodata is not None:
        values[values == nodata] = np.nan
    return Grid(values, float(transform.c), float(transform.f), float(transform.a))
