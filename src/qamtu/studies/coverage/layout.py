"""How sites become tasks: one frame over all of them, and tiles of neighbours that share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.propagation.area import Frame

__all__ = ["Carrier", "Layout", "Tile", "Window", "lay_out", "operators_of", "window_around"]

_METRE_DEG: Final = 180.0 / (np.pi * EARTH_RADIUS_M)
_MOST_CELLS: Final = 4_000_000_000
_GROUPS: Final = 12
_LEAST_SIDE_M: Final = 10_000.0


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier whose sectors disturb each other: technology, middle, bandwidth [MHz], operator.

    Sites that name no operator have an empty one, the same for all.
    """

    technology: str
    frequency_mhz: float
    bandwidth_mhz: float
    operator: str = ""

    @property
    def name(self) -> str:
        """Name as a table shows it, for example ``lte 1800 MHz (20) of 401-1``."""
        plain = f"{self.technology} {self.frequency_mhz:g} MHz ({self.bandwidth_mhz:g})"
        return f"{plain} of {self.operator}" if self.operator else plain


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of the frame's cells."""

    row: int
    col: int
    rows: int
    cols: int


@dataclass(frozen=True, slots=True)
class Tile:
    """Neighbouring sites: which sectors, and the cells that they can reach.

    Parameters
    ----------
    groups
        Numbers of sectors by antenna place: those of one group share one raster of losses.
    window
        Cells within the radius of any of them.
    bounds
        West, south, east, north of what they can reach, with a rim for the terrain [deg].
    """

    groups: tuple[tuple[int, ...], ...]
    window: Window
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """The frame over all sites, their tiles, and the carriers in use."""

    frame: Frame
    tiles: tuple[Tile, ...]
    carriers: tuple[Carrier, ...]
    carrier_of: NDArray[np.int64]


def lay_out(sectors: pd.DataFrame, radius_m: float, cell_m: float) -> Layout:
    """Lay a frame over all sites and part them into tiles.

    Parameters
    ----------
    sectors
        Table of sectors; its row number is the number of a sector.
    radius_m, cell_m : float
        How far a site is followed; side of a cell [m].

    Raises
    ------
    InputError
        If the frame would have more than 4·10⁹ cells.
    """
    lat = sectors["lat_deg"].to_numpy(np.float64)
    lon = sectors["lon_deg"].to_numpy(np.float64)
    frame = _frame(lat, lon, radius_m, cell_m)
    columns = (sectors[name] for name in ("technology", "frequency_mhz", "bandwidth_mhz"))
    keys = list(zip(*columns, operators_of(sectors), strict=True))
    carriers = sorted(set(keys), key=lambda key: (key[1], str(key[0]), key[2], key[3]))
    number = {key: i for i, key in enumerate(carriers)}
    return Layout(
        frame=frame,
        tiles=_tiles(sectors, frame, radius_m),
        carriers=tuple(Carrier(str(t), float(f), float(b), o) for t, f, b, o in carriers),
        carrier_of=np.array([number[key] for key in keys], np.int64),
    )


def operators_of(sectors: pd.DataFrame) -> list[str]:
    """Give the operator of each sector; an empty name where none is said."""
    if "operator" not in sectors.columns:
        return [""] * len(sectors)
    return [str(one) for one in sectors["operator"].astype("object").fillna("").str.strip()]


def _frame(
    lat: NDArray[np.float64], lon: NDArray[np.float64], radius_m: float, cell_m: float
) -> Frame:
    """Lay a frame that holds every site's circle, square cells at its middle latitude."""
    reach = radius_m * _METRE_DEG
    south, north = float(lat.min()) - reach, float(lat.max()) + reach
    across = float(np.cos(np.radians(np.abs([south, north]).max())))
    west, east = float(lon.min()) - reach / across, float(lon.max()) + reach / across
    step_lat = cell_m * _METRE_DEG
    step_lon = step_lat / float(np.cos(np.radians(0.5 * (south + north))))
    rows = int(np.ceil((north - south) / step_lat)) + 1
    cols = int(np.ceil((east - west) / step_lon)) + 1
    if rows * cols > _MOST_CELLS:
        what = f"{rows:,} × {cols:,} cells of {cell_m:g} m over all sites"
        finding = Finding("frame-large", Severity.ERROR, what,
                          "take larger cells (--cell), or give fewer sites at a time",
                          "settings", None, "cell")  # fmt: skip
        raise InputError("the raster would be too large", [finding])
    return Frame(north, west, step_lat, step_lon, rows, cols)


def window_around(frame: Frame, lat_deg: float, lon_deg: float, radius_m: float) -> Window:
    """Give the cells of a frame that a circle may touch."""
    reach = radius_m * _METRE_DEG
    across = reach / float(np.cos(np.radians(min(abs(lat_deg) + reach, 89.9))))
    first = max(0, int(np.floor((frame.lat_top_deg - lat_deg - reach) / frame.step_lat_deg)))
    last = min(
        frame.rows - 1, int(np.ceil((frame.lat_top_deg - lat_deg + reach) / frame.step_lat_deg))
    )
    left = max(0, int(np.floor((lon_deg - across - frame.lon_left_deg) / frame.step_lon_deg)))
    right = min(
        frame.cols - 1, int(np.ceil((lon_deg + across - frame.lon_left_deg) / frame.step_lon_deg))
    )
    return Window(first, left, last - first + 1, right - left + 1)


def _tiles(sectors: pd.DataFrame, frame: Frame, radius_m: float) -> tuple[Tile, ...]:
    """Part sectors by squares of land, and squares with many antenna places further."""
    side = max(radius_m, _LEAST_SIDE_M) * _METRE_DEG
    lat = sectors["lat_deg"].to_numpy(np.float64)
    lon = sectors["lon_deg"].to_numpy(np.float64)
    row = np.floor((frame.lat_top_deg - lat) / side).astype(int)
    col = np.floor((lon - frame.lon_left_deg) * np.cos(np.radians(lat)) / side).astype(int)
    squares: dict[tuple[int, int], dict[tuple[float, ...], list[int]]] = {}
    places = sectors[["lat_deg", "lon_deg", "height_m", "frequency_mhz"]].to_numpy(np.float64)
    for i, (r, c) in enumerate(zip(row, col, strict=True)):
        place = tuple(float(v) for v in np.round(places[i], 7))
        squares.setdefault((int(r), int(c)), {}).setdefault(place, []).append(i)
    made = []
    for key in sorted(squares):
        groups = [tuple(members) for _, members in sorted(squares[key].items())]
        made += [
            _tile(groups[start : start + _GROUPS], lat, lon, frame, radius_m)
            for start in range(0, len(groups), _GROUPS)
        ]
    return tuple(made)


def _tile(
    groups: list[tuple[int, ...]],
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
    frame: Frame,
    radius_m: float,
) -> Tile:
    first = [group[0] for group in groups]
    windows = [window_around(frame, float(lat[i]), float(lon[i]), radius_m) for i in first]
    top, left = min(w.row for w in windows), min(w.col for w in windows)
    bottom = max(w.row + w.rows for w in windows)
    right = max(w.col + w.cols for w in windows)
    reach = 1.02 * radius_m * _METRE_DEG
    south, north = float(lat[first].min()) - reach, float(lat[first].max()) + reach
    across = reach / float(np.cos(np.radians(max(abs(south), abs(north)))))
    bounds = (float(lon[first].min()) - across, south, float(lon[first].max()) + across, north)
    return Tile(tuple(groups), Window(top, left, bottom - top, right - left), bounds)
