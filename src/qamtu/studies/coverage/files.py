"""The folder of a coverage study: rasters written row by row, tables, GeoPackage, KML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.kernels.propagation.area import Frame
from qamtu.studies.coverage.figures import Figures
from qamtu.studies.coverage.layers import Bands
from qamtu.studies.coverage.polygons import Coarse
from qamtu.studies.output.cog import cog_writer
from qamtu.studies.output.geopackage import write_geopackage
from qamtu.studies.output.kml import write_kml
from qamtu.studies.output.styles import Category, Shape, Style
from qamtu.studies.output.tabular import write_csv, write_parquet

__all__ = ["LEVEL_COLOURS", "RASTERS", "write_rasters", "write_tables"]

RASTERS: Final[dict[str, tuple[str, str, str]]] = {
    "best": ("best_dbm", "level of the best server", "dBm"),
    "second": ("second_dbm", "level of the next best sector of the server's carrier", "dBm"),
    "server": ("server", "number of the best server: row of sites.csv from 0", ""),
    "sinr": ("sinr_db", "signal to interference and noise on the server's carrier", "dB"),
    "throughput": (
        "throughput_mbps",
        "throughput of one user alone on the best carrier of LTE or NR",
        "Mbit/s",
    ),
    "resolution": ("resolution_arcsec", "cell of the terrain below", "arcsec"),
}
"""File's stem to what `Bands` calls it, what it is, and its unit."""

LEVEL_COLOURS: Final[dict[str, str]] = {
    "strong": "#1a7f4b", "good": "#7fbf4d", "fair": "#f2c230", "weak": "#d9662b",
}  # fmt: skip
"""Colour of each band of level, from dark green to orange."""


def write_rasters(
    folder: Path,
    frame: Frame,
    bands: Iterable[Bands],
    tags: Mapping[str, str],
    figures: Figures,
    coarse: Coarse,
    places: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> NDArray[np.float64]:
    """Write all rasters in one pass, and count while the rows are there.

    Parameters
    ----------
    folder
        Where to write.
    frame, bands, tags
        The frame, its rows, and what the files say of themselves.
    figures, coarse
        Are filled.
    places : int64[n], int64[n]
        Row and column of places to look at; −1 outside the frame.

    Returns
    -------
    float64[n]
        How far the level at each place lies above the weakest one [dB]; NaN without a server.

    Raises
    ------
    StorageFailure
        If a file cannot be written.
    """
    row, col = places
    above = np.full(row.size, np.nan)
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(
                cog_writer(
                    folder / f"{name}.tif", frame, "int32" if name == "server" else "float32",
                    description=what, unit=unit, tags=tags,
                    nodata=-1 if name == "server" else None,
                )
            )
            for name, (_, what, unit) in RASTERS.items()
        }  # fmt: skip
        for part in bands:
            for name, write in writers.items():
                write(part.row, getattr(part, RASTERS[name][0]))
            figures.add(part)
            coarse.add(part.row, part.above_db)
            here = (row >= part.row) & (row < part.row + part.server.shape[0]) & (col >= 0)
            above[here] = part.above_db[row[here] - part.row, col[here]]
    return above


def write_tables(
    folder: Path,
    title: str,
    sectors: gpd.GeoDataFrame,
    polygons: gpd.GeoDataFrame,
    summary: Mapping[str, Any],
) -> None:
    """Write sites as CSV, Parquet and KML, bands and sites as GeoPackage, and lists as CSV.

    Raises
    ------
    StorageFailure
        If a file cannot be written.
    """
    write_csv(folder / "sites.csv", sectors)
    write_parquet(folder / "sites.parquet", sectors)
    for name in ("by_region", "curve", "by_carrier"):
        if summary[name]:
            write_csv(folder / f"{name}.csv", pd.DataFrame(summary[name]))
    layers: dict[str, tuple[Shape, gpd.GeoDataFrame]] = {"sites": ("point", sectors)}
    if len(polygons):
        layers["levels"] = ("polygon", polygons)
    styles = (
        Style("sites", "technology", "technology", "point", _technologies(sectors), default=True),
        Style("levels", "level", "band", "polygon",
              [Category(n, n, c, 0.1) for n, c in LEVEL_COLOURS.items()], default=True),
    )  # fmt: skip
    write_geopackage(folder / "coverage.gpkg", layers, styles, str(summary["made_at"]))
    write_kml(
        folder / "sites.kml", title, {"sites": ("point", sectors)}, styles=styles[:1],
        names={"sites": "sector_id"},
    )  # fmt: skip


_TECHNOLOGY_COLOURS: Final = {
    "gsm": "#7d8a9c", "umts": "#e69f00", "lte": "#0072b2", "nr": "#cc79a7",
}  # fmt: skip


def _technologies(sectors: pd.DataFrame) -> list[Category]:
    used = set(sectors["technology"])
    return [Category(t, t, c, 1.8) for t, c in _TECHNOLOGY_COLOURS.items() if t in used]
