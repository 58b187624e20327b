"""Land cover to clutter: a table a legend, and an estimate of built-up ground around towns."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from qamtu.core.errors import InputError, MissingInput, raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params, load_params
from qamtu.kernels.geodesy import EARTH_RADIUS_M, haversine_m
from qamtu.kernels.terrain import ClutterClass, Surface, make_surface, slope

__all__ = [
    "ClutterTable",
    "built_up_clutter",
    "default_tables",
    "guess_legend",
    "merged_tables",
    "read_clutter_table",
    "terrain_params",
]

_COLUMNS: Final = ("code", "clutter_class", "clutter_m")
_CLASSES: Final = {one.name.lower(): one for one in ClutterClass}
_CODES: Final = 256
_FINE_ARCSEC: Final = 5.0
_HEIGHT_MAX_M: Final = 200.0
_SMOOTH_DEG: Final = 15.0 / 3600.0


@dataclass(frozen=True, slots=True)
class ClutterTable:
    """What each code of a land cover stands for.

    Parameters
    ----------
    legend
        Name of the legend.
    clutter_class : uint8[256]
        `ClutterClass` by code.
    clutter_m : float32[256]
        Representative clutter height by code [m].
    known : bool[256]
        Codes that the table has.
    """

    legend: str
    clutter_class: NDArray[np.uint8]
    clutter_m: NDArray[np.float32]
    known: NDArray[np.bool_]


def terrain_params(own: Params | None = None) -> Params:
    """Load the parameters of terrain, with a pack's own in place of the defaults."""
    shipped = load_params(files("qamtu.country").joinpath("params", "terrain.toml"))
    return shipped if own is None else shipped.merged(own)


def default_tables() -> dict[str, ClutterTable]:
    """Load the tables that ship, by legend: ``igbp``, ``worldcover``, ``p1812``."""
    text = files("qamtu.country").joinpath("params", "clutter.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    legends = list(dict.fromkeys(row["legend"] for row in rows))
    return {one: _table(one, [r for r in rows if r["legend"] == one]) for one in legends}


def read_clutter_table(path: str | Path) -> ClutterTable:
    """Read a user's table: CSV with ``code``, ``clutter_class`` and ``clutter_m``.

    Raises
    ------
    MissingInput
        If the file is not there.
    InputError
        With a finding for each row that cannot be used.
    """
    path = Path(path)
    if not path.is_file():
        finding = Finding("file-missing", Severity.ERROR, "the file is not there",
                          "mend the path", str(path))  # fmt: skip
        raise MissingInput(f"{path} is not there", [finding])
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no CSV in UTF-8: {error}") from error
    lacking = [name for name in _COLUMNS if not rows or name not in rows[0]]
    if lacking:
        finding = Finding(
            "clutter-table-columns", Severity.ERROR, f"it lacks {', '.join(lacking)}",
            f"give the columns {', '.join(_COLUMNS)}, separated by commas", str(path),
        )  # fmt: skip
        raise InputError(f"{path} is no clutter table", [finding])
    raise_errors(_unusable(rows, str(path)), f"the clutter table {path} cannot be used")
    return _table(path.name, rows)


def _unusable(rows: list[dict[str, Any]], file: str) -> list[Finding]:
    found: list[Finding] = []

    def tell(row: int, field: str, what: str, mend: str) -> None:
        found.append(Finding("clutter-table-row", Severity.ERROR, what, mend, file, row, field))

    seen: set[str] = set()
    for i, row in enumerate(rows, 2):
        code, kind, height = (str(row[name] or "").strip() for name in _COLUMNS)
        if not code.isdigit() or int(code) >= _CODES:
            tell(i, "code", f"{code!r} is no code", "give a whole number from 0 to 255")
        elif code in seen:
            tell(i, "code", f"the code {code} stands twice", "keep one of the rows")
        seen.add(code)
        if kind.lower() not in _CLASSES:
            tell(i, "clutter_class", f"{kind!r} is no class", f"give one of {', '.join(_CLASSES)}")
        try:
            good = 0.0 <= float(height) <= _HEIGHT_MAX_M
        except ValueError:
            good = False
        if not good:
            tell(i, "clutter_m", f"{height!r} is no height",
                 f"give metres from 0 to {_HEIGHT_MAX_M:g}")  # fmt: skip
    return found


def _table(legend: str, rows: list[dict[str, Any]]) -> ClutterTable:
    kind = np.zeros(_CODES, dtype=np.uint8)
    height = np.zeros(_CODES, dtype=np.float32)
    known = np.zeros(_CODES, dtype=np.bool_)
    for row in rows:
        code = int(row["code"])
        kind[code] = _CLASSES[str(row["clutter_class"]).strip().lower()]
        height[code] = float(row["clutter_m"])
        known[code] = True
    return ClutterTable(legend, kind, height, known)


def merged_tables(base: ClutterTable | None, own: ClutterTable) -> ClutterTable:
    """Give a user's table with the codes that it lacks from the table of the legend.

    Parameters
    ----------
    base
        Table of the legend; None where it is not known.
    own
        The user's.
    """
    if base is None:
        return own
    return ClutterTable(
        own.legend,
        np.where(own.known, own.clutter_class, base.clutter_class).astype(np.uint8),
        np.where(own.known, own.clutter_m, base.clutter_m).astype(np.float32),
        own.known | base.known,
    )


def guess_legend(
    codes: NDArray[np.float32], tables: Mapping[str, ClutterTable], resolution_arcsec: float
) -> str | None:
    """Tell whose legend the codes of a land cover are; None where no table has them all.

    Few codes may belong to both: cells finer than 5 arcsec are then ESA WorldCover (10 m), others
    IGBP (MODIS, 500 m and more).

    Parameters
    ----------
    codes : float32[r, c]
        Codes; NaN where there is none.
    tables
        Tables by legend.
    resolution_arcsec
        Cell size [arcsec].
    """
    present = np.unique(codes[np.isfinite(codes)]).astype(np.int64)
    present = present[(present >= 0) & (present < _CODES)]
    fine = resolution_arcsec < _FINE_ARCSEC
    for legend in ("worldcover", "igbp") if fine else ("igbp", "worldcover"):
        if legend in tables and present.size and tables[legend].known[present].all():
            return legend
    return None


def built_up_clutter(
    surface: Surface, settlements: pd.DataFrame, params: Params,
    where: NDArray[np.bool_] | None = None,
) -> tuple[Surface, Findings]:  # fmt: skip
    """Estimate built-up ground around settlements where land cover is too coarse to show it.

    A settlement of P people is a disc of ``P / built_up_density`` around its point, suburban;
    that of a town has an urban core, that of a large city a dense one in it. Water, trees and
    slopes steeper than ``built_up_slope_max`` stay, and what the land cover says is denser. It is
    an estimate and says so.

    Parameters
    ----------
    surface
        Ground and clutter.
    settlements
        ``lat_deg``, ``lon_deg`` and ``population``.
    params
        See ``params/terrain.toml``.
    where : bool[r, c]
        Cells that may change; all by default.

    Returns
    -------
    surface
        With new clutter.
    findings
        One that says what was estimated.
    """
    kind, height = surface.clutter_class.copy(), surface.clutter_m.copy()
    free = (kind != ClutterClass.WATER) & (kind != ClutterClass.TREES)
    if where is not None:
        free &= where
    rings = (
        ("built_up_population_min", 1.0, ClutterClass.SUBURBAN, "clutter_suburban"),
        ("urban_population_min", params.value("urban_core_share"), ClutterClass.URBAN_OR_TREES,
         "clutter_urban"),
        ("dense_population_min", params.value("dense_core_share"), ClutterClass.DENSE_URBAN,
         "clutter_dense"),
    )  # fmt: skip
    people = settlements["population"].fillna(0).to_numpy(dtype=np.float64)
    lat = settlements["lat_deg"].to_numpy(dtype=np.float64)
    lon = settlements["lon_deg"].to_numpy(dtype=np.float64)
    radius_km = np.sqrt(people / (np.pi * params.value("built_up_density")))
    drawn: set[int] = set()
    steep = params.value("built_up_slope_max")
    for least, share, code, name in rings:
        for i in np.flatnonzero(people >= params.value(least)):
            inside = _disc(surface, lat[i], lon[i], radius_km[i] * np.sqrt(share))
            if inside is None:
                continue
            window, within = inside
            cells = within & free[window] & (kind[window] < code) & _gentle(surface, window, steep)
            kind[window][cells] = code
            height[window][cells] = params.value(name)
            if cells.any():
                drawn.add(int(i))
    changed = int((kind != surface.clutter_class).sum())
    made = replace(surface, clutter_class=kind, clutter_m=height)
    if not changed:
        return made, Findings()
    towns = f"{len(drawn):,} settlement{'s' if len(drawn) > 1 else ''}"
    finding = Finding(
        "built-up-estimated", Severity.WARNING,
        f"built-up ground around {towns} ({changed / kind.size:.1%} of the area) is an estimate "
        f"from their people at {params.value('built_up_density'):,.0f} people/km2: the land cover "
        "is too coarse to show towns",
        "give a finer land cover (ESA WorldCover) or building footprints",
    )  # fmt: skip
    return made, Findings((finding,))


def _gentle(surface: Surface, window: tuple[slice, slice], steep: float) -> NDArray[np.bool_]:
    """Cells of a window where people could build; unknown ground counts as such.

    Heights are smoothed over 15 arcsec, so that houses in fine heights do not look steep.
    """
    rows, cols = window
    height = surface.height_m[window]
    known = np.isfinite(height)
    if not known.any():
        return ~known
    size = max(1, round(_SMOOTH_DEG / surface.step_lat_deg))
    filled = np.where(known, height, np.float32(np.median(height[known])))
    part = make_surface(
        float(surface.lat_deg[rows.start]), float(surface.lon_deg[cols.start]),
        surface.step_lat_deg, surface.step_lon_deg, uniform_filter(filled, size, mode="nearest"),
    )  # fmt: skip
    return ~(slope(part) > steep) | ~known


def _disc(
    surface: Surface, lat: float, lon: float, radius_km: float
) -> tuple[tuple[slice, slice], NDArray[np.bool_]] | None:
    """Cells whose centre lies in a disc: the window that holds them, and which of its cells."""
    reach = np.degrees(1000.0 * radius_km / EARTH_RADIUS_M)
    wide = reach / max(float(np.cos(np.radians(lat))), 0.01)
    rows, cols = surface.shape
    row = (surface.lat_top_deg - lat) / surface.step_lat_deg
    col = (lon - surface.lon_left_deg) / surface.step_lon_deg
    up, across = reach / surface.step_lat_deg, wide / surface.step_lon_deg
    r0, r1 = max(0, int(np.floor(row - up))), min(rows, int(np.ceil(row + up)) + 1)
    c0, c1 = max(0, int(np.floor(col - across))), min(cols, int(np.ceil(col + across)) + 1)
    if r0 >= r1 or c0 >= c1:
        return None
    lats, lons = surface.lat_deg[r0:r1, None], surface.lon_deg[None, c0:c1]
    near = haversine_m(lat, lon, lats, lons) <= 1000.0 * radius_km
    return (slice(r0, r1), slice(c0, c1)), near
