"""One surface for radio from a pack's rasters and a user's: heights, clutter, zones, findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.core.errors import raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params
from qamtu.country.buildings import burn_buildings, read_buildings
from qamtu.country.clutter import (
    ClutterTable,
    built_up_clutter,
    default_tables,
    guess_legend,
    read_clutter_table,
    terrain_params,
)
from qamtu.country.heights import Heights, nest_heights
from qamtu.country.pack import Pack
from qamtu.country.rasters import Bounds, Frame, RasterLayer, describe, find_files, read_onto
from qamtu.country.zones import find_seas, zones_on
from qamtu.kernels.terrain import ClutterClass, Surface, ground_height, inside

__all__ = ["check_points", "read_surface", "resolution_shares"]

_ARCSEC: Final = 3600.0
_CELL_BYTES: Final = 40
_AROUND_DEG: Final = 10.0
_COARSE_DEG: Final = 0.05
_STEP_ARCSEC: Final = 15.0
_FINE_SHARE_TOLD: Final = 5e-4

Floats = NDArray[np.float32]
Paths = str | Path | Sequence[str | Path] | None


@dataclass(frozen=True, slots=True)
class _Cover:
    """Clutter from land cover on a grid."""

    kind: NDArray[np.uint8]
    height_m: Floats
    resolution_arcsec: Floats


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
        ``memory_mb``. Cells finer than the heights do not make the terrain finer: the surface's
        ``resolution_arcsec`` says what the heights are.
    heights, land_cover
        The user's rasters or folders of them, in any coordinate system; of several in one place
        the finest counts.
    clutter_table
        CSV that says what the codes of ``land_cover`` stand for, see `read_clutter_table`.
    buildings
        Footprints with heights, see `read_buildings`.
    memory_mb
        What the reading may take [10⁶ bytes].
    built_up
        Whether built-up ground around settlements is estimated where land cover is coarse.
    roofs_and_clutter
        Whether clutter of the land cover stands on heights that already hold roofs and tree
        tops too; by default it does not, so that it is not counted twice.
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
    tall = [one for one in pack.rasters if one.kind == "height"]
    flat = [one for one in pack.rasters if one.kind == "land_cover"]
    own_tall = [describe(p, "height", found) for p in find_files(_paths(heights), found)]
    own_flat = [describe(p, "land_cover", found) for p in find_files(_paths(land_cover), found)]
    tall += [one for one in own_tall if one is not None]
    mine = [one for one in own_flat if one is not None]
    table = read_clutter_table(clutter_table) if clutter_table is not None else None
    raise_errors(found, "the terrain cannot be read")
    frame = _frame([*tall, *flat, *mine], bounds, step_arcsec, memory_mb, found)
    nested = nest_heights(tall, frame, found)
    cover = _cover(flat, mine, table, frame, found)
    zone = _zones(tall, flat, cover, nested, frame, numbers)
    raise_errors(found, "the terrain cannot be read")
    surface = Surface(
        frame.north_deg - frame.step_lat_deg / 2.0, frame.west_deg + frame.step_lon_deg / 2.0,
        frame.step_lat_deg, frame.step_lon_deg, nested.height_m, cover.height_m, cover.kind, zone,
        nested.resolution_arcsec,
    )  # fmt: skip
    if built_up and "settlements" in pack.tables:
        coarse = ~(cover.resolution_arcsec <= numbers.value("built_up_cover_coarse"))
        surface, more = built_up_clutter(surface, pack.tables["settlements"], numbers, coarse)
        found += more
    if not roofs_and_clutter and nested.surface_model.any():
        surface = replace(surface, clutter_m=np.where(nested.surface_model, 0.0, surface.clutter_m))
        found.append(_roofs(nested))
    if buildings is not None:
        footprints, more = read_buildings(buildings, frame.bounds, numbers)
        surface, some = burn_buildings(surface, footprints, numbers)
        found += [*more, *some]
    found += _told(surface, numbers)
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
        w, s, e, n = pack.territory.bounds
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


def _frame(
    layers: list[RasterLayer], bounds: Bounds, step_arcsec: float | None, memory_mb: float,
    found: list[Finding],
) -> Frame:  # fmt: skip
    """Choose the grid: the finest raster's own where the step is its own."""
    west, south, east, north = (float(edge) for edge in bounds)
    near = [
        one for one in layers
        if one.bounds[0] < east and one.bounds[2] > west
        and one.bounds[1] < north and one.bounds[3] > south
    ]  # fmt: skip
    finest = min(near, key=lambda one: (one.resolution_arcsec, str(one.path)), default=None)
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


def _cover(
    shipped: list[RasterLayer], own: list[RasterLayer], table: ClutterTable | None, frame: Frame,
    found: list[Finding],
) -> _Cover:  # fmt: skip
    """Clutter of each cell from the finest land cover that knows it; a user's goes before."""
    tables = default_tables()
    shape = (frame.rows, frame.cols)
    made = _Cover(
        np.zeros(shape, np.uint8), np.zeros(shape, np.float32), np.full(shape, np.nan, np.float32)
    )
    ordered = [*_coarse_first(shipped), *_coarse_first(own)]
    for layer in ordered:
        read = read_onto(layer, frame, found)
        if read is None:
            continue
        rows, cols, codes = read
        chosen = table if layer in own and table is not None else None
        if chosen is None:
            legend = layer.legend or guess_legend(codes, tables)
            chosen = tables.get(legend or "")
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
            strange = np.unique(whole[np.isfinite(codes) & ~chosen.known[whole]])[:8]
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
    return sorted(layers, key=lambda one: (-one.resolution_arcsec, str(one.path)))


def _zones(
    tall: list[RasterLayer], flat: list[RasterLayer], cover: _Cover, heights: Heights,
    frame: Frame, params: Params,
) -> NDArray[np.uint8]:  # fmt: skip
    """Find large bodies of water on a coarse grid around, then the zone of each cell."""
    water = cover.kind == ClutterClass.WATER
    if not flat:
        return zones_on(frame, None, water, heights.height_m, params)
    coarsest = max(flat, key=lambda one: one.resolution_arcsec)
    west, south, east, north = frame.bounds
    w, s, e, n = coarsest.bounds
    size = max(_COARSE_DEG, coarsest.resolution_arcsec / _ARCSEC)
    left, top = max(w, west - _AROUND_DEG), min(n, north + _AROUND_DEG)
    left, top = w + np.floor((left - w) / size) * size, n - np.floor((n - top) / size) * size
    cols = int(np.ceil((min(e, east + _AROUND_DEG) - left) / size - 1e-6))
    rows = int(np.ceil((top - max(s, south - _AROUND_DEG)) / size - 1e-6))
    if cols < 1 or rows < 1:
        return zones_on(frame, None, water, heights.height_m, params)
    around = Frame(left, top, size, size, rows, cols)
    quiet: list[Finding] = []
    wide = _cover([coarsest], [], None, around, quiet)
    ground = nest_heights(_coarse_first(tall)[:1], around, quiet)
    seas = find_seas(around, wide.kind == ClutterClass.WATER, ground.height_m, params)
    return zones_on(frame, seas, water, heights.height_m, params)


def _roofs(heights: Heights) -> Finding:
    return Finding(
        "heights-are-roofs", Severity.INFO,
        f"{heights.surface_model.mean():.0%} of the heights are of a surface model, which holds "
        "roofs and tree tops: clutter of the land cover was not put on them again",
        "give a terrain model for streets, or set roofs_and_clutter if it is to be added",
    )  # fmt: skip


def resolution_shares(surface: Surface) -> dict[float, float]:
    """Share of the surface by resolution of its heights, the finest first; voids are left out.

    Returns
    -------
    dict
        Share of all cells [1] by cell size [arcsec].
    """
    rounded = np.round(surface.resolution_arcsec, 2)
    values, counts = np.unique(rounded[np.isfinite(rounded)], return_counts=True)
    size = surface.resolution_arcsec.size
    return {float(v): float(c) / size for v, c in zip(values, counts, strict=True)}


def _told(surface: Surface, params: Params) -> list[Finding]:
    """Say how coarse the terrain is and how much of it is not known."""
    found: list[Finding] = []
    shares = resolution_shares(surface)
    limit = params.value("coarse_terrain")
    coarse = {v: s for v, s in shares.items() if v > limit * 1.01}
    if coarse:
        listed = ", ".join(f"{s:.0%} at {v:g} arcsec (about {v * 30.9:,.0f} m)"
                           for v, s in coarse.items() if s >= _FINE_SHARE_TOLD)  # fmt: skip
        found.append(
            Finding("terrain-coarse", Severity.WARNING,
                    f"the terrain is coarser than {limit:g} arcsec: {listed}. Ridges and valleys "
                    "smaller than a cell are not in the result",
                    "fetch finer heights (qamtu country fetch terrain), or give your own")
        )  # fmt: skip
    void = float(np.isnan(surface.height_m).mean())
    if void == 1.0:
        found.append(
            Finding("terrain-missing", Severity.ERROR, "no raster of heights covers the area",
                    "fetch heights (qamtu country fetch terrain), or give your own")
        )  # fmt: skip
    elif void > 0.0:
        found.append(
            Finding("terrain-void", Severity.WARNING, f"{void:.2%} of the cells have no height",
                    "give heights for them; paths that cross them have no result")
        )  # fmt: skip
    return found


def check_points(
    surface: Surface, lat_deg: ArrayLike, lon_deg: ArrayLike, names: Sequence[str],
    file: str | None = None, first_row: int = 2,
) -> Findings:  # fmt: skip
    """Tell every point that lies outside the surface or on a void.

    Parameters
    ----------
    surface
        Ground and clutter.
    lat_deg, lon_deg : float[n]
        Points [deg].
    names
        What to call each.
    file, first_row
        Where the points were read from, and the row of the first.
    """
    lat, lon = np.atleast_1d(lat_deg).astype(float), np.atleast_1d(lon_deg).astype(float)
    within = inside(surface, lat, lon)
    swapped = inside(surface, lon, lat)
    known = np.isfinite(ground_height(surface, lat, lon))
    west, south, east, north = surface.bounds
    found: list[Finding] = []
    for i in np.flatnonzero(~(within & known)):
        where = f"{names[int(i)]} at {lat[i]:.5f}, {lon[i]:.5f}"
        if within[i]:
            what, mend, rule = "lies on ground of unknown height", "give heights there", "void"
        elif swapped[i]:
            what, mend, rule = (
                "lies outside the terrain; with latitude and longitude changed it would not",
                "change the two columns", "swapped",
            )  # fmt: skip
        else:
            what = (
                f"lies outside the terrain ({west:.3f} to {east:.3f} E, {south:.3f} to "
                f"{north:.3f} N)"
            )
            mend, rule = "check its coordinates, or give terrain that holds it", "outside"
        found.append(
            Finding(f"site-terrain-{rule}", Severity.ERROR, f"{where} {what}", mend, file,
                    first_row + int(i))
        )  # fmt: skip
    return Findings(tuple(found))
