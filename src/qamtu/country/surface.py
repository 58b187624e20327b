"""One surface for radio from a pack's rasters and a user's: heights, clutter, zones, findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, floor
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from qamtu.core.errors import raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params
from qamtu.country.buildings import burn_buildings, read_buildings
from qamtu.country.checks_surface import check_surface
from qamtu.country.clutter import built_up_clutter, read_clutter_table, terrain_params
from qamtu.country.cover import read_cover, read_zones
from qamtu.country.heights import Heights, nest_heights
from qamtu.country.pack import Pack
from qamtu.country.rasters import Bounds, Frame, RasterLayer, describe, find_files
from qamtu.kernels.terrain import Surface

__all__ = ["read_surface"]

_ARCSEC: Final = 3600.0
_CELL_BYTES: Final = 40  # measured: the arrays of the surface and what is made on the way
_STEP_ARCSEC: Final = 15.0

Paths = str | Path | Sequence[str | Path] | None


def read_surface(
    pack: Pack, bounds: Bounds, step_arcsec: float | None = None, heights: Paths = (),
    land_cover: Paths = None, clutter_table: str | Path | None = None,
    buildings: str | Path | None = None, *, memory_mb: float = 2000.0, built_up: bool = True,
    roofs_and_clutter: bool = False, params: Params | None = None,
) -> tuple[Surface, Findings]:  # fmt: skip
    """Read heights, land cover and buildings of a rectangle onto one grid.

    Parameters
    ----------
    pack
        Its rasters are read below the user's; its settlements tell where towns are.
    bounds
        West, south, east, north [deg].
    step_arcsec
        Cell size [arcsec]; by default that of the finest raster in the rectangle and at most 15,
        so that towns can be told from the land around; coarser where that would not fit into
        ``memory_mb``. Cells finer than the heights do not make the terrain finer, and coarser
        cells make it coarser: the surface's ``resolution_arcsec`` says what the heights are.
    heights, land_cover
        The user's rasters or folders of them, in any coordinate system; of several in one place
        the finest counts.
    clutter_table
        CSV that says what codes of ``land_cover`` (of the pack's, where none is given) stand
        for, see `read_clutter_table`; codes that it lacks keep the table of their legend.
    buildings
        Footprints with heights, see `read_buildings`.
    memory_mb
        What the reading may take [10⁶ bytes].
    built_up
        Whether built-up ground around settlements is estimated where land cover is coarse.
    roofs_and_clutter
        Whether clutter of land cover and buildings stands on heights that already hold roofs
        and tree tops too; by default it does not, so that it is not counted twice.
    params
        Parameters in place of those that ship and the pack's own (``terrain``).

    Returns
    -------
    surface
        Heights are NaN where no raster knows them.
    findings
        How coarse the terrain is, voids, what was estimated.

    Raises
    ------
    InputError
        With every finding that stops a run: bounds, files, units, coordinate systems.
    """
    found: list[Finding] = list(_check_bounds(bounds, pack))
    numbers = params or terrain_params(pack.params.get("terrain"))
    shipped = [one for one in pack.rasters if one.kind == "height"]
    flat = [one for one in pack.rasters if one.kind == "land_cover"]
    own_tall = [describe(p, "height", found) for p in find_files(_paths(heights), found)]
    own_flat = [describe(p, "land_cover", found) for p in find_files(_paths(land_cover), found)]
    tall = [*shipped, *(one for one in own_tall if one is not None)]
    mine = [one for one in own_flat if one is not None]
    found += [*_beside(tall[len(shipped) :], bounds), *_beside(mine, bounds)]
    table = read_clutter_table(clutter_table) if clutter_table is not None else None
    raise_errors(found, "the terrain cannot be read")
    frame = _frame([*tall, *flat, *mine], bounds, step_arcsec, memory_mb, found)
    nested = nest_heights(tall, frame, found)
    cover = read_cover(flat, mine, table, frame, found)
    zone, height = read_zones(tall, flat, cover, nested, frame, numbers)
    raise_errors(found, "the terrain cannot be read")
    surface = Surface(
        frame.north_deg - frame.step_lat_deg / 2.0, frame.west_deg + frame.step_lon_deg / 2.0,
        frame.step_lat_deg, frame.step_lon_deg, height, cover.height_m, cover.kind, zone,
        nested.resolution_arcsec,
    )  # fmt: skip
    if built_up and "settlements" in pack.tables:
        coarse = ~(cover.resolution_arcsec <= numbers.value("built_up_cover_coarse"))
        surface, more = built_up_clutter(surface, pack.tables["settlements"], numbers, coarse)
        found += more
    if buildings is not None:
        footprints, more = read_buildings(buildings, frame.bounds, numbers)
        surface, some = burn_buildings(surface, footprints, numbers)
        found += [*more, *some]
    if not roofs_and_clutter and nested.surface_model.any():
        surface = replace(surface, clutter_m=np.where(nested.surface_model, 0.0, surface.clutter_m))
        found.append(_roofs(nested))
    found += check_surface(surface, numbers)
    raise_errors(found, "the terrain cannot be read")
    return surface, Findings(tuple(dict.fromkeys(found)))


def _paths(given: Paths) -> list[str | Path]:
    if given is None:
        return []
    return [given] if isinstance(given, str | Path) else list(given)


def _check_bounds(bounds: Bounds, pack: Pack) -> list[Finding]:
    """Tell bounds that are no rectangle of degrees, or whose coordinates are swapped."""
    west, south, east, north = bounds
    mend = "give west, south, east, north in degrees"
    if not np.all(np.isfinite(bounds)) or west >= east or south >= north:
        return [Finding("bounds-empty", Severity.ERROR, f"{bounds} is no rectangle", mend)]
    out = max(abs(south), abs(north)) > 90.0
    if "regions" in pack.tables:
        w, s, e, n = shapely.total_bounds(np.asarray(pack.tables["regions"]["geometry"].array))
        apart = west > e or east < w or south > n or north < s
        turned = south <= e and north >= w and west <= n and east >= s
        if (apart or out) and turned:
            return [
                Finding("bounds-swapped", Severity.ERROR,
                        f"{bounds} lies outside {pack.title}, but with latitude and longitude "
                        "changed it would not", mend)
            ]  # fmt: skip
        if apart and not out:
            return [
                Finding("bounds-outside", Severity.WARNING,
                        f"{bounds} does not touch {pack.title}", "check the coordinates")
            ]  # fmt: skip
    return [Finding("bounds-outside", Severity.ERROR, f"{bounds} leaves the globe", mend)] * out


def _touch(a: Bounds, b: Bounds) -> bool:
    """Tell whether two rectangles share some ground."""
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]


def _beside(own: list[RasterLayer], bounds: Bounds) -> list[Finding]:
    """Tell when none of the user's rasters lies in the area, or only with axes changed."""
    if not own or any(_touch(one.bounds, bounds) for one in own):
        return []
    west, south, east, north = bounds
    file = str(own[0].path) if len(own) == 1 else str(own[0].path.parent)
    if any(_touch(one.bounds, (south, west, north, east)) for one in own):
        return [
            Finding("raster-axes-swapped", Severity.ERROR,
                    "the raster lies in the area only with latitude and longitude changed",
                    "export it with x as longitude and y as latitude", file)
        ]  # fmt: skip
    return [
        Finding("raster-outside", Severity.WARNING,
                f"none of the {len(own)} rasters touches the area", "check the area and the files",
                file)
    ]  # fmt: skip


def _frame(
    layers: list[RasterLayer], bounds: Bounds, step_arcsec: float | None, memory_mb: float,
    found: list[Finding],
) -> Frame:  # fmt: skip
    """Choose the grid: the finest raster's own where the step is its own."""
    west, south, east, north = (float(edge) for edge in bounds)
    near = [one for one in layers if _touch(one.bounds, bounds)]
    finest = min(near, key=lambda one: one.resolution_arcsec, default=None)
    own = finest.resolution_arcsec if finest is not None else _STEP_ARCSEC
    step = step_arcsec if step_arcsec is not None else min(own, _STEP_ARCSEC)
    if not step > 0.0:
        finding = Finding("step-not-positive", Severity.ERROR, f"the step is {step} arcsec",
                          "give a cell size above 0")  # fmt: skip
        raise_errors([finding], "the terrain cannot be read")
    cells = (east - west) * (north - south) * (_ARCSEC / step) ** 2
    most = memory_mb * 1e6 / _CELL_BYTES
    if cells > most:
        wanted, step = step, step * float(np.ceil(np.sqrt(cells / most)))
        found.append(
            Finding("terrain-coarsened", Severity.WARNING,
                    f"cells of {wanted:g} arcsec would take {cells * _CELL_BYTES / 1e6:,.0f} MB: "
                    f"cells of {step:g} arcsec were made",
                    f"cut the area, or allow more than {memory_mb:,.0f} MB")
        )  # fmt: skip
    size = step / _ARCSEC
    aligned = finest is not None and abs(step - own) < 1e-6
    left, top = (finest.bounds[0], finest.bounds[3]) if finest and aligned else (0.0, 0.0)
    c0, r0 = floor((west - left) / size + 1e-6), floor((top - north) / size + 1e-6)
    cols = ceil((east - left) / size - 1e-6) - c0
    rows = ceil((top - south) / size - 1e-6) - r0
    return Frame(left + c0 * size, top - r0 * size, size, size, max(rows, 1), max(cols, 1))


def _roofs(heights: Heights) -> Finding:
    return Finding(
        "heights-are-roofs", Severity.INFO,
        f"{heights.surface_model.mean():.0%} of the heights are of a surface model, which holds "
        "roofs and tree tops: clutter of land cover and buildings was not put on them again",
        "give a terrain model for streets, or set roofs_and_clutter if it is to be added",
    )  # fmt: skip
