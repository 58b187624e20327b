"""Building footprints with heights, read from a user's file and burned into a surface's clutter.

Tags of OpenStreetMap: height, building:height, building:levels (wiki, Key:building:levels).
"""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataSourceError
from rasterio import Affine
from rasterio.features import rasterize
from shapely.errors import ShapelyError

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params
from qamtu.country.rasters import Bounds
from qamtu.kernels.terrain import Surface, burn

# An optional extra: where it is not installed, read_buildings says how to install it.
_HAS_OSMIUM: Final = find_spec("osmium") is not None
osmium: Any = import_module("osmium") if _HAS_OSMIUM else None

__all__ = ["burn_buildings", "height_of", "read_buildings"]

_NUMBER: Final = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*(m|metres|meters|ft|feet|')?\s*$")
_FOOT_M: Final = 0.3048
_TALLEST_M: Final = 900.0
_HEIGHTS: Final = ("height_m", "height", "building:height", "building_height", "bldg_height")
_STOREYS: Final = ("building:levels", "building_levels", "levels", "num_floors", "storeys")
_FINER: Final = 4
_BLOCK_ROWS: Final = 256

Floats = NDArray[np.float32]


def height_of(text: object) -> float:
    """Read a height as people tag it: ``12``, ``12 m``, ``12,5``, ``40 ft``; NaN if it is none.

    Returns
    -------
    float
        [m]
    """
    if isinstance(text, int | float) and not isinstance(text, bool):
        return float(text) if 0.0 < text < _TALLEST_M else float("nan")
    match = _NUMBER.match(str(text))
    if match is None:
        return float("nan")
    value = float(match[1].replace(",", "."))
    metres = value * _FOOT_M if match[2] in {"ft", "feet", "'"} else value
    return metres if 0.0 < metres < _TALLEST_M else float("nan")


def read_buildings(
    path: str | Path, bounds: Bounds, params: Params
) -> tuple[gpd.GeoDataFrame, Findings]:
    """Read footprints that touch a rectangle and give each a height.

    Parameters
    ----------
    path
        GeoPackage, GeoJSON, Shapefile, GeoParquet, or an OpenStreetMap extract (PBF).
    bounds
        West, south, east, north [deg].
    params
        ``building_storey`` and ``building_default`` for buildings without a height.

    Returns
    -------
    buildings
        ``geometry`` (EPSG:4326) and ``height_m``.
    findings
        How many heights were given, told by storeys or put.

    Raises
    ------
    MissingInput
        If the file is not there.
    InputError
        If it cannot be read, or names no coordinate system.
    """
    path = Path(path)
    if not path.is_file():
        finding = Finding("file-missing", Severity.ERROR, "the file is not there",
                          "mend the path", str(path))  # fmt: skip
        raise MissingInput(f"{path} is not there", [finding])
    if path.name.lower().endswith((".pbf", ".osm")):
        table = _read_osm(path, bounds)
    else:
        table = _read_layer(path, bounds)
    polygonal = np.isin(shapely.get_type_id(np.asarray(table.geometry.array)), [3, 6])
    table = table[polygonal]
    given = _first(table, _HEIGHTS)
    storeys = _first(table, _STOREYS) * params.value("building_storey")
    height = given.fillna(storeys).fillna(params.value("building_default"))
    made = gpd.GeoDataFrame(
        {"height_m": height.to_numpy(dtype=np.float64)},
        geometry=list(table.geometry.array), crs=4326,
    )  # fmt: skip
    return made, Findings((_told(path, given, storeys, params),))


def _told(path: Path, given: pd.Series[Any], storeys: pd.Series[Any], params: Params) -> Finding:
    """Say where the heights come from."""
    count = len(given)
    if count == 0:
        return Finding("buildings-missing", Severity.WARNING, "no footprint lies in the area",
                       "give footprints of the area, as polygons", str(path))  # fmt: skip
    known = int(given.notna().sum())
    told = int((given.isna() & storeys.notna()).sum())
    put = count - known - told
    severity = Severity.WARNING if put > count / 2 else Severity.INFO
    return Finding(
        "buildings-heights", severity,
        f"{count:,} footprints: {known:,} with a height, {told:,} by their storeys, {put:,} with "
        f"neither, put at {params.value('building_default'):g} m",
        "give heights, or set building_default", str(path),
    )  # fmt: skip


def _first(table: pd.DataFrame, names: tuple[str, ...]) -> pd.Series[Any]:
    """Numbers of the first of some columns that has one [m or storeys]; NaN elsewhere."""
    made = pd.Series(np.nan, index=table.index, dtype="float64")
    columns = {str(c).strip().lower(): c for c in table.columns}
    for name in names:
        if name in columns:
            read = table[columns[name]].map(height_of).astype("float64")
            made = made.fillna(read)
    return made


def _read_layer(path: Path, bounds: Bounds) -> gpd.GeoDataFrame:
    try:
        if path.suffix.lower() in {".parquet", ".geoparquet"}:
            table = gpd.read_parquet(path)
        else:
            box = gpd.GeoSeries([shapely.box(*bounds)], crs=4326)
            table = gpd.read_file(path, bbox=box)
    except (DataSourceError, OSError, RuntimeError, ValueError, ShapelyError) as error:
        finding = Finding("file-unreadable", Severity.ERROR, str(error),
                          "save it again as GeoPackage", str(path))  # fmt: skip
        raise InputError(f"{path} cannot be read", [finding]) from error
    if not isinstance(table, gpd.GeoDataFrame) or table.crs is None:
        finding = Finding("crs-missing", Severity.ERROR, "the file names no coordinate system",
                          "save it with its coordinate system", str(path))  # fmt: skip
        raise InputError(f"{path} cannot be placed", [finding])
    table = table.to_crs(4326)
    west, south, east, north = bounds
    return table.cx[west:east, south:north]


def _read_osm(path: Path, bounds: Bounds) -> gpd.GeoDataFrame:
    """Read the areas with a ``building`` tag from an extract."""
    if not _HAS_OSMIUM:
        finding = Finding(
            "osmium-missing", Severity.ERROR, "the package osmium is not installed",
            "install qamtu with its extra: pip install 'qamtu[osm]'", str(path),
        )  # fmt: skip
        raise InputError("OpenStreetMap extracts need the package osmium", [finding])
    shapes: list[Any] = []
    tags: list[dict[str, str | None]] = []
    factory = osmium.geom.WKBFactory()
    box = shapely.box(*bounds)
    wanted = (*_HEIGHTS, *_STOREYS)
    try:
        reader = osmium.FileProcessor(str(path)).with_areas(osmium.filter.KeyFilter("building"))
        for one in reader.with_filter(osmium.filter.KeyFilter("building")):
            if not one.is_area() or one.tags.get("building") == "no":
                continue
            shape = shapely.from_wkb(factory.create_multipolygon(one))
            if shape.intersects(box):
                shapes.append(shape)
                tags.append({name: one.tags.get(name) for name in wanted})
    except (RuntimeError, OSError, UnicodeDecodeError) as error:
        finding = Finding(
            "pbf-corrupt", Severity.ERROR, f"the file is damaged: {error}",
            "download the extract again and compare its checksum", str(path),
        )  # fmt: skip
        raise InputError(f"{path} is no readable OpenStreetMap extract", [finding]) from error
    return gpd.GeoDataFrame(pd.DataFrame(tags, columns=list(wanted)), geometry=shapes, crs=4326)


def burn_buildings(
    surface: Surface, buildings: gpd.GeoDataFrame, params: Params
) -> tuple[Surface, Findings]:
    """Make buildings the clutter of the cells that they fill.

    Each cell is looked at on 4 by 4 points: the share of points under a footprint, and the mean
    height of the buildings over them, of which the tallest counts where they overlap.

    Parameters
    ----------
    surface
        Ground and clutter.
    buildings
        ``geometry`` (polygons, EPSG:4326) and ``height_m``.
    params
        ``built_share_min``, ``clutter_dense``.

    Returns
    -------
    surface
        With new clutter.
    findings
        One that says how many cells changed.
    """
    share = np.zeros(surface.shape, dtype=np.float32)
    height = np.zeros(surface.shape, dtype=np.float32)
    ordered = buildings.sort_values("height_m", kind="stable")
    shapes = np.asarray(ordered.geometry.array)
    tall = ordered["height_m"].to_numpy(dtype=np.float64)
    tree = shapely.STRtree(shapes)
    west, _, east, north = surface.bounds
    for start in range(0, surface.shape[0], _BLOCK_ROWS):
        stop = min(start + _BLOCK_ROWS, surface.shape[0])
        top, low = (north - r * surface.step_lat_deg for r in (start, stop))
        near = np.sort(tree.query(shapely.box(west, low, east, top)))
        if near.size == 0:
            continue
        size = (stop - start, surface.shape[1])
        fine = rasterize(
            zip(shapes[near], tall[near], strict=True),
            out_shape=(size[0] * _FINER, size[1] * _FINER), fill=0.0, dtype="float32",
            transform=Affine(surface.step_lon_deg / _FINER, 0.0, west, 0.0,
                             -surface.step_lat_deg / _FINER, top),
        )  # fmt: skip
        cells = fine.reshape(size[0], _FINER, size[1], _FINER).swapaxes(1, 2)
        under = (cells > 0).sum(axis=(2, 3))
        share[start:stop] = under / _FINER**2
        height[start:stop] = cells.sum(axis=(2, 3)) / np.maximum(under, 1)
    least = params.value("built_share_min")
    made = burn(
        surface, share, height, share_min=least, dense_height_m=params.value("clutter_dense")
    )
    filled = int((share >= least).sum())
    lost = int(((share > 0) & (share < least)).sum())
    finding = Finding(
        "buildings-burned", Severity.INFO,
        f"{len(buildings):,} footprints fill {filled:,} cells; {lost:,} cells with less than "
        f"{least:.0%} under footprints kept their land cover",
        "nothing; finer cells show single buildings",
    )  # fmt: skip
    return made, Findings((finding,))
