"""What every option covers: losses around its place, levels of its sectors, cells above a level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.candidates import Places
from qamtu.connectivity.mobile.options import Option
from qamtu.connectivity.mobile.radio import Radio
from qamtu.connectivity.mobile.territory import Territory
from qamtu.kernels.coverage import received_power
from qamtu.kernels.geodesy import EARTH_RADIUS_M, haversine_m
from qamtu.kernels.propagation.area import Frame

__all__ = [
    "LossModel",
    "Reach",
    "Window",
    "cover_lists",
    "covered_radius",
    "level_window",
    "option_reaches",
    "site_window",
]

_METRES_PER_DEGREE: Final = EARTH_RADIUS_M * np.pi / 180.0
_FAR: Final = 0.9
_MOST: Final = 0.6

LossModel = Callable[[float, float, float, Frame, float], NDArray[np.float32]]
"""Losses [dB] at a frame's cells from latitude, longitude [deg], antenna above ground [m], frame
and radius [m]; NaN beyond the radius and where the ground is not known."""


@dataclass(frozen=True, eq=False)
class Window:
    """Losses from one place in a window of a frame.

    Parameters
    ----------
    row, col
        Where the window begins in the frame.
    frame
        The window's own frame.
    loss_db : float32[r, c]
        Basic transmission loss [dB]; NaN beyond the radius.
    """

    row: int
    col: int
    frame: Frame
    loss_db: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Reach:
    """The cells of the territory that an option serves at all.

    Parameters
    ----------
    number : int32[m]
        Numbers of the cells.
    level_dbm : float32[m]
        Median level outdoors of its best sector [dBm].
    """

    number: NDArray[np.int32]
    level_dbm: NDArray[np.float32]


def site_window(
    loss: LossModel, frame: Frame, lat_deg: float, lon_deg: float, height_m: float, radius_m: float
) -> Window | None:
    """Compute the losses around a place, in the part of the frame that a circle touches.

    Returns
    -------
    Window or None
        None where the circle does not touch the frame.
    """
    north = radius_m / _METRES_PER_DEGREE / frame.step_lat_deg
    east = radius_m / _METRES_PER_DEGREE / np.cos(np.radians(lat_deg)) / frame.step_lon_deg
    row = (frame.lat_top_deg - lat_deg) / frame.step_lat_deg
    col = (lon_deg - frame.lon_left_deg) / frame.step_lon_deg
    top, left = max(int(np.floor(row - north)), 0), max(int(np.floor(col - east)), 0)
    bottom = min(int(np.ceil(row + north)), frame.rows - 1)
    right = min(int(np.ceil(col + east)), frame.cols - 1)
    if bottom < top or right < left:
        return None
    part = frame.crop(top, left, bottom - top + 1, right - left + 1)
    return Window(top, left, part, loss(lat_deg, lon_deg, height_m, part, radius_m))


def level_window(
    window: Window, option: Option, ground_m: NDArray[np.float32], radio: Radio
) -> NDArray[np.float32]:
    """Median level outdoors of an option's best sector at every cell of a window [dBm].

    Parameters
    ----------
    window
        Losses from its place.
    option
        The option.
    ground_m : float32[rows, cols]
        Ground of the whole frame [m].
    radio
        The band.
    """
    rows, cols = window.loss_db.shape
    ground = ground_m[window.row : window.row + rows, window.col : window.col + cols]
    best = np.full((rows, cols), -np.inf, np.float32)
    for sector in option.sectors:
        level = received_power(
            window.loss_db, window.frame.lat_deg, window.frame.lon_deg, ground, sector,
            rx_height_m=radio.receiver_height_m, offset_db=radio.offset_db,
        )  # fmt: skip
        np.fmax(best, level, out=best)
    return best


def option_reaches(
    options: Sequence[Option], windows: Sequence[Window | None], territory: Territory,
    radio: Radio,
) -> list[Reach]:  # fmt: skip
    """Give the cells that each option serves without any interference, with their levels.

    Parameters
    ----------
    options
        The options.
    windows
        Losses of each place.
    territory, radio
        The cells, the band.
    """
    least = radio.needed_dbm - radio.interference_db
    empty = Reach(np.empty(0, np.int32), np.empty(0, np.float32))
    made = []
    for option in options:
        window = windows[option.place]
        if window is None:
            made.append(empty)
            continue
        level = level_window(window, option, territory.ground_m, radio)
        rows, cols = level.shape
        number = territory.number[window.row : window.row + rows, window.col : window.col + cols]
        keep = (number >= 0) & (level >= least)
        made.append(Reach(number[keep], level[keep]))
    return made


def cover_lists(
    reaches: Sequence[Reach], needed_dbm: float
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """List the cells that each option covers at a level.

    Returns
    -------
    offset : int64[options + 1]
    number : int32[nnz]
        Option ``j`` covers the cells ``number[offset[j]:offset[j + 1]]``.
    """
    lists = [np.sort(reach.number[reach.level_dbm >= needed_dbm]) for reach in reaches]
    offset = np.zeros(len(lists) + 1, np.int64)
    np.cumsum([part.size for part in lists], out=offset[1:])
    number = np.concatenate(lists) if lists else np.empty(0, np.int32)
    return offset, number.astype(np.int32, copy=False)


def covered_radius(
    window: Window, option: Option, places: Places, ground_m: NDArray[np.float32], radio: Radio
) -> tuple[float, float]:
    """Radius within which an option covers most of the ground, and how far it covers at all.

    The radius is the first at which less than six tenths of all ground within it is covered; what
    is seen far off, on a slope or beyond the town, does not count. The distance is the one that
    nine in ten of all covered cells do not exceed.

    Returns
    -------
    radius_m, far_m : float
        Both [m]; 0 where nothing is covered.
    """
    level = level_window(window, option, ground_m, radio)
    covered = level >= radio.needed_dbm
    if not covered.any():
        return 0.0, 0.0
    lat, lon = np.meshgrid(window.frame.lat_deg, window.frame.lon_deg, indexing="ij")
    away = haversine_m(places.lat_deg[option.place], places.lon_deg[option.place], lat, lon)
    order = np.argsort(away, axis=None, kind="stable")
    share = np.cumsum(covered.ravel()[order]) / np.arange(1, order.size + 1)
    thin = np.flatnonzero(share < _MOST)
    last = order[thin[0]] if thin.size else order[-1]
    return float(away.ravel()[last]), float(np.quantile(away[covered], _FAR))
