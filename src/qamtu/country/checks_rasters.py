"""A user's raster looked at before it is used: read coarsely over its whole extent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Findings
from qamtu.country.pack import Pack
from qamtu.country.rasters import Kind, RasterLayer, describe
from qamtu.country.surface import read_surface

__all__ = ["check_raster"]

_CELLS: Final = 500
_ARCSEC: Final = 3600.0


def check_raster(path: str | Path, kind: Kind, pack: Pack) -> Findings:
    """Tell what is wrong with a raster of heights or land cover, held against a pack.

    Parameters
    ----------
    path
        The file.
    kind
        ``height`` or ``land_cover``.
    pack
        Its rasters tell feet and turned rows; it need not hold the raster's ground.

    Returns
    -------
    findings
        Everything at once; the values are looked at on some 500 by 500 cells.
    """
    found: list[Finding] = []
    layer = describe(Path(path), kind, found)
    if layer is None:
        return Findings(tuple(found))
    return Findings(tuple(dict.fromkeys([*found, *_read(layer, pack)])))


def _read(layer: RasterLayer, pack: Pack) -> tuple[Finding, ...]:
    west, south, east, north = layer.bounds
    box = (max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))
    widest = max(box[2] - box[0], box[3] - box[1])
    step = max(layer.resolution_arcsec, widest * _ARCSEC / _CELLS)
    bare = replace(pack, tables={k: v for k, v in pack.tables.items() if k != "settlements"})
    own = {"heights": [layer.path]} if layer.kind == "height" else {"land_cover": [layer.path]}
    try:
        surface, found = read_surface(bare, box, step, **own)  # type: ignore[arg-type]
    except InputError as error:
        return error.findings
    known = np.isfinite(surface.height_m).any()
    return tuple(found) if known else ()
