"""Clutter of a grid from land cover rasters, and the sea around it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qamtu.core.findings import Finding, Severity
from qamtu.core.params import Params
from qamtu.country.clutter import ClutterTable, default_tables, guess_legend, merged_tables
from qamtu.country.heights import Heights, nest_heights
from qamtu.country.rasters import Frame, RasterLayer, read_onto
from qamtu.country.zones import find_seas, zones_on
from qamtu.kernels.terrain import ClutterClass

__all__ = ["Cover", "read_cover", "read_zones"]

_ARCSEC: Final = 3600.0
_AROUND_DEG: Final = 10.0
_COARSE_DEG: Final = 0.05
_CODES_TOLD: Final = 8

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cover:
    """Clutter from land cover on a grid.

    Parameters
    ----------
    kind : uint8[r, c]
        `ClutterClass`.
    height_m : float32[r, c]
        Representative clutter height [m].
    resolution_arcsec : float32[r, c]
        Cell size of the land cover [arcsec]; NaN where there is none.
    """

    kind: NDArray[np.uint8]
    height_m: Floats
    resolution_arcsec: Floats


def read_cover(
    shipped: list[RasterLayer], own: list[RasterLayer], table: ClutterTable | None, frame: Frame,
    found: list[Finding],
) -> Cover:  # fmt: skip
    """Give the clutter of each cell from the finest land cover that knows it.

    Parameters
    ----------
    shipped, own
        Land cover of the pack, and the user's, which goes before it.
    table
        The user's table: for its own land cover, or the pack's where it has none.
    frame
        The grid.
    found
        Findings are added here.
    """
    tables = default_tables()
    shape = (frame.rows, frame.cols)
    made = Cover(
        np.zeros(shape, np.uint8), np.zeros(shape, np.float32), np.full(shape, np.nan, np.float32)
    )
    ordered = [*_coarse_first(shipped), *_coarse_first(own)]
    for layer in ordered:
        read = read_onto(layer, frame, found)
        if read is None:
            continue
        rows, cols, codes = read
        legend = layer.legend or guess_legend(codes, tables, layer.resolution_arcsec)
        chosen = tables.get(legend or "")
        if table is not None and (layer in own or not own):
            chosen = merged_tables(chosen, table)
        if chosen is None:
            found.append(
                Finding("legend-unknown", Severity.ERROR,
                        "the codes of the land cover belong to no known legend "
                        f"({', '.join(tables)})",
                        "say what they stand for: a CSV of code, clutter_class, clutter_m "
                        "(--clutter-table)", str(layer.path))
            )  # fmt: skip
            continue
        whole = np.where(np.isfinite(codes), np.clip(np.rint(codes), 0, 255), 0).astype(np.uint8)
        good = np.isfinite(codes) & chosen.known[whole]
        lost = int((np.isfinite(codes) & ~chosen.known[whole]).sum())
        if lost:
            strange = np.unique(whole[np.isfinite(codes) & ~chosen.known[whole]])[:_CODES_TOLD]
            found.append(
                Finding("land-cover-unknown", Severity.WARNING,
                        f"{lost:,} cells have codes that the table {chosen.legend!r} lacks "
                        f"({', '.join(map(str, strange))})", "add them to the table",
                        str(layer.path))
            )  # fmt: skip
        made.kind[rows, cols][good] = chosen.clutter_class[whole[good]]
        made.height_m[rows, cols][good] = chosen.clutter_m[whole[good]]
        made.resolution_arcsec[rows, cols][good] = layer.resolution_arcsec
    return made


def _coarse_first(layers: list[RasterLayer]) -> list[RasterLayer]:
    return sorted(layers, key=lambda one: -round(one.resolution_arcsec, 3))


def read_zones(
    tall: list[RasterLayer], flat: list[RasterLayer], cover: Cover, heights: Heights,
    frame: Frame, params: Params,
) -> tuple[NDArray[np.uint8], Floats]:  # fmt: skip
    """Find large bodies of water on a coarse grid around, then the zone and level of each cell.

    Parameters
    ----------
    tall, flat
        Rasters of heights and the pack's of land cover; the coarsest of each are read around.
    cover, heights, frame
        The surface so far.
    params
        See `find_seas` and `zones_on`.

    Returns
    -------
    As of `zones_on`.
    """
    water = cover.kind == ClutterClass.WATER
    if not flat:
        return zones_on(frame, None, water, heights.height_m, params)
    coarsest = max(flat, key=lambda one: one.resolution_arcsec)
    west, south, east, north = frame.bounds
    w, s, e, n = coarsest.bounds
    size = max(_COARSE_DEG, coarsest.resolution_arcsec / _ARCSEC)
    left, top = max(w, west - _AROUND_DEG), min(n, north + _AROUND_DEG)
    left, top = w + np.floor((left - w) / size) * size, n - np.floor((n - top) / size) * size
    cols = ceil((min(e, east + _AROUND_DEG) - left) / size - 1e-6)
    rows = ceil((top - max(s, south - _AROUND_DEG)) / size - 1e-6)
    if cols < 1 or rows < 1:
        return zones_on(frame, None, water, heights.height_m, params)
    around = Frame(left, top, size, size, rows, cols)
    quiet: list[Finding] = []
    wide = read_cover([coarsest], [], None, around, quiet)
    ground = nest_heights(_coarse_first(tall)[:1], around, quiet)
    seas = find_seas(around, wide.kind == ClutterClass.WATER, ground.height_m, params)
    return zones_on(frame, seas, water, heights.height_m, params)
