"""Cuts tables into vector tiles with GDAL, one layer after the other, and joins the layers."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from qamtu.service.tiles.archive import Tile, all_tiles
from qamtu.service.tiles.layers import Layer, Tables

__all__ = ["cut_tiles"]

_BRIEF_ZOOMS: Final = 4
"""First zooms of a layer, at which it is told in brief."""
_SPOTS: Final = 256
"""Spots along the side of a tile on which one point of a kind is drawn."""
_SIMPLIFICATION: Final = 6.0
"""Tolerance [units of a tile of 4096]: less than a point of the screen."""
_LARGEST: Final = 10_000_000
"""Bytes above which GDAL would drop shapes: never, for nothing may vanish unseen."""


def cut_tiles(layers: Iterable[Layer], tables: Tables, zooms: tuple[int, int]) -> dict[Tile, bytes]:
    """Cut all tiles of some layers.

    Parameters
    ----------
    layers
        What to draw.
    tables
        The tables they need, in EPSG:4326.
    zooms
        First and last zoom.

    Returns
    -------
    tiles
        Uncompressed Mapbox Vector Tiles (version 2) by place; empty ones are left out. The
        layers of a tile stand one after the other, as the format allows.
    """
    made: dict[Tile, list[bytes]] = defaultdict(list)
    with TemporaryDirectory() as folder:
        for layer in layers:
            shapes = _plain(layer.make(tables))
            if shapes.empty:
                continue
            for part, first, last in _steps(layer, shapes, zooms):
                path = Path(folder) / f"{layer.name}-{first}.pmtiles"
                _write(part, layer.name, path, (first, last))
                for tile, content in all_tiles(path):
                    made[tile].append(gzip.decompress(content))
    return {tile: b"".join(parts) for tile, parts in made.items()}


def _steps(
    layer: Layer, shapes: gpd.GeoDataFrame, zooms: tuple[int, int]
) -> Iterator[tuple[gpd.GeoDataFrame, int, int]]:
    """Give what is drawn at which zooms: points are thinned at each of the first ones."""
    first, last = max(zooms[0], layer.zoom_least), zooms[1]
    if layer.brief:
        brief = [*layer.brief]
        points = bool((shapes.geometry.geom_type == "Point").all())
        for zoom in range(first, min(first + _BRIEF_ZOOMS, last + 1)):
            yield _thinned(shapes, zoom, brief) if points else _merged(shapes, brief), zoom, zoom
        first += _BRIEF_ZOOMS
    if first <= last:
        yield shapes, first, last


def _thinned(shapes: gpd.GeoDataFrame, zoom: int, by: list[str]) -> gpd.GeoDataFrame:
    """Leave the first of the points that share a spot of the screen and the attributes ``by``."""
    side = 360.0 / (2**zoom * _SPOTS)
    lat = np.radians(shapes.geometry.y)
    row = np.degrees(np.log(np.tan(np.pi / 4.0 + lat / 2.0))) / side
    spot = pd.DataFrame(
        {"x": np.floor(shapes.geometry.x / side), "y": np.floor(row)}
        | {name: shapes[name] for name in by}
    )
    return shapes.loc[~spot.duplicated().to_numpy(), [*by, "geometry"]]


def _merged(shapes: gpd.GeoDataFrame, by: list[str]) -> gpd.GeoDataFrame:
    """Join the lines that share the attributes ``by`` into one shape each."""
    rows, lines = [], []
    for key, part in shapes.groupby(by, sort=True, dropna=False):
        rows.append(dict(zip(by, key, strict=True)))
        pieces = shapely.get_parts(part.geometry.to_numpy())
        lines.append(shapely.line_merge(shapely.multilinestrings(pieces)))
    attributes = pd.DataFrame(rows).astype(shapes[by].dtypes)
    return gpd.GeoDataFrame(attributes, geometry=lines, crs=shapes.crs)


def _plain(shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Leave out what has no shape, and give attributes types that every format knows."""
    shapes = shapes[shapes.geometry.notna() & ~shapes.geometry.is_empty].reset_index(drop=True)
    for name in shapes.columns.drop("geometry"):
        column = shapes[name]
        if pd.api.types.is_bool_dtype(column):
            shapes[name] = column.astype("int32")
        elif pd.api.types.is_integer_dtype(column):
            shapes[name] = column.astype("Int32")
        elif not pd.api.types.is_numeric_dtype(column):
            shapes[name] = column.astype(object).where(column.notna(), None)
    return shapes


def _write(shapes: gpd.GeoDataFrame, name: str, path: Path, zooms: tuple[int, int]) -> None:
    pyogrio.write_dataframe(
        shapes,
        path,
        driver="PMTiles",
        layer=name,
        MINZOOM=zooms[0],
        MAXZOOM=zooms[1],
        SIMPLIFICATION=_SIMPLIFICATION,
        MAX_SIZE=_LARGEST,
        MAX_FEATURES=_LARGEST,
    )
