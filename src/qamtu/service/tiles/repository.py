"""Keeps archives of tiles: one beside each plan, one of the country for all of them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from qamtu import __version__
from qamtu.core.errors import MissingInput
from qamtu.country.pack import load_pack
from qamtu.service.plans.store import plan_folder
from qamtu.service.state import State
from qamtu.service.tiles.archive import Archive, open_archive, write_archive
from qamtu.service.tiles.cut import cut_tiles
from qamtu.service.tiles.layers import BASE, BASE_ZOOM, LAYERS, PLAN_ZOOM, Layer, Tables

__all__ = ["ARCHIVE", "base_archive", "make_archive", "plan_archive"]

ARCHIVE: Final = "tiles.pmtiles"
"""Name of a plan's archive among its files."""


def make_archive(folder: Path, line: str) -> None:
    """Cut the tiles of a plan and write them beside its tables.

    Parameters
    ----------
    folder
        The plan's files.
    line
        Its line.
    """
    layers = LAYERS[line]
    names = {name for layer in layers for name in layer.tables}
    tables = {name: gpd.read_parquet(folder / f"{name}.parquet") for name in sorted(names)}
    _write(folder / ARCHIVE, layers, tables, PLAN_ZOOM)


def plan_archive(state: State, plan: str) -> Archive:
    """Open the archive of a registered plan.

    Raises
    ------
    MissingInput
        If its files are not there.
    """
    path = plan_folder(state.settings.data, plan) / ARCHIVE
    if not path.is_file():
        raise MissingInput(f"plan {plan} has no tiles")
    return open_archive(path)


def base_archive(state: State) -> tuple[str, Archive]:
    """Open the archive of the country, cut at the first call; gives its name too."""
    return _base(state.settings.data, state.settings.pack)


@cache
def _base(data: Path, pack: str) -> tuple[str, Archive]:
    tables = load_pack(pack).tables
    known: Tables = {
        layer.name: gpd.GeoDataFrame(tables[layer.name]) for layer in BASE if layer.name in tables
    }
    digest = hashlib.sha256(__version__.encode())
    for name in sorted(known):
        digest.update(
            pd.util.hash_pandas_object(known[name].geometry.to_wkb()).to_numpy().tobytes()
        )
    name = digest.hexdigest()[:16]
    path = data / "tiles" / f"{name}.pmtiles"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, [layer for layer in BASE if layer.name in known], known, BASE_ZOOM)
    return name, open_archive(path)


def _write(
    path: Path, layers: list[Layer] | tuple[Layer, ...], tables: Tables, zooms: tuple[int, int]
) -> None:
    tiles = cut_tiles(layers, tables, zooms)
    corners = [table.total_bounds for table in tables.values() if len(table)]
    west, south = (min(box[i] for box in corners) for i in (0, 1))
    east, north = (max(box[i] for box in corners) for i in (2, 3))
    metadata: dict[str, Any] = {
        "name": "qamtu",
        "generator": f"qamtu {__version__}",
        "vector_layers": [
            {"id": layer.name, "fields": {}, "minzoom": layer.zoom_least, "maxzoom": zooms[1]}
            for layer in layers
        ],
    }
    write_archive(path, tiles, metadata, (float(west), float(south), float(east), float(north)))
