"""Best and second server and the power of all others, kept up sector by sector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.kernels.antenna import pattern_loss
from qamtu.kernels.coverage.power import off_axis, site_array
from qamtu.kernels.coverage.sector import SectorSpec

__all__ = ["Servers", "add_level", "add_sector", "merge_servers", "new_servers", "sinr_db"]

_RAD = np.pi / 180.0


@dataclass(frozen=True, eq=False)
class Servers:
    """What is known of the sectors of one carrier at every cell; its arrays are filled in place.

    Parameters
    ----------
    best_dbm, second_dbm : float32[rows, cols]
        Highest and second highest level [dBm]; −inf where there is none.
    server : int32[rows, cols]
        Number of the sector with the highest level; −1 where there is none.
    other_mw : float32[rows, cols]
        Sum over all sectors but the server of load times level [mW].
    """

    best_dbm: NDArray[np.float32]
    second_dbm: NDArray[np.float32]
    server: NDArray[np.int32]
    other_mw: NDArray[np.float32]


def new_servers(rows: int, cols: int) -> Servers:
    """Give servers of a raster to which no sector has been added yet."""
    return Servers(
        best_dbm=np.full((rows, cols), -np.inf, np.float32),
        second_dbm=np.full((rows, cols), -np.inf, np.float32),
        server=np.full((rows, cols), -1, np.int32),
        other_mw=np.zeros((rows, cols), np.float32),
    )


@njit(cache=True, inline="always")
def _mw(level_dbm: np.float32) -> float:
    return np.exp(level_dbm * 0.23025850929940458)


@njit(cache=True)
def _take(
    best: NDArray[np.float32],
    second: NDArray[np.float32],
    server: NDArray[np.int32],
    other: NDArray[np.float32],
    load: NDArray[np.float32],
    index: int,
    level: float,
    i: int,
    j: int,
) -> None:
    """Count the level of one sector at one cell."""
    rounded = np.float32(level)
    if rounded > best[i, j]:
        if server[i, j] >= 0:
            other[i, j] += load[server[i, j]] * _mw(best[i, j])
        second[i, j] = best[i, j]
        best[i, j] = rounded
        server[i, j] = index
    else:
        other[i, j] += load[index] * _mw(rounded)
        second[i, j] = max(second[i, j], rounded)


@njit(cache=True)
def _add_level(
    best: NDArray[np.float32],
    second: NDArray[np.float32],
    server: NDArray[np.int32],
    other: NDArray[np.float32],
    load: NDArray[np.float32],
    index: int,
    level_dbm: NDArray[np.float32],
    row: int,
    col: int,
) -> None:
    for i in range(level_dbm.shape[0]):
        for j in range(level_dbm.shape[1]):
            level = level_dbm[i, j]
            if np.isfinite(level):
                _take(best, second, server, other, load, index, level, i + row, j + col)


@njit(cache=True)
def _add_sector(
    best: NDArray[np.float32],
    second: NDArray[np.float32],
    server: NDArray[np.int32],
    other: NDArray[np.float32],
    load: NDArray[np.float32],
    index: int,
    loss_db: NDArray[np.float32],
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    ground_m: NDArray[np.float32],
    site: NDArray[np.float64],
    horizontal_db: NDArray[np.float64],
    vertical_db: NDArray[np.float64],
    most_db: float,
    projected: bool,
    rx_height_m: float,
    offset_db: float,
    row: int,
    col: int,
) -> None:
    cols = loss_db.shape[1]
    cos1, sin1 = np.cos(site[0] * _RAD), np.sin(site[0] * _RAD)
    cos_dlon, sin_dlon = np.empty(cols), np.empty(cols)
    for j in range(cols):
        cos_dlon[j] = np.cos((lon_deg[j] - site[1]) * _RAD)
        sin_dlon[j] = np.sin((lon_deg[j] - site[1]) * _RAD)
    for i in range(loss_db.shape[0]):
        cos2, sin2 = np.cos(lat_deg[i] * _RAD), np.sin(lat_deg[i] * _RAD)
        for j in range(cols):
            loss = loss_db[i, j]
            if not np.isfinite(loss):
                continue
            ground = ground_m[i, j]
            rise = (ground if np.isfinite(ground) else 0.0) + rx_height_m - site[2]
            azimuth, elevation = off_axis(cos1, sin1, cos2, sin2, cos_dlon[j], sin_dlon[j], rise)
            pattern = pattern_loss(
                horizontal_db, vertical_db, most_db, projected,
                azimuth - site[3], elevation, site[4], site[5],
            )  # fmt: skip
            level = site[6] - pattern - loss + offset_db
            _take(best, second, server, other, load, index, level, i + row, j + col)


def add_level(
    servers: Servers,
    level_dbm: NDArray[np.float32],
    index: int,
    load: NDArray[np.float32],
    *,
    row: int = 0,
    col: int = 0,
) -> None:
    """Add the level of one sector, which covers a window of the raster.

    Parameters
    ----------
    servers
        Is changed.
    level_dbm : float32[r, c]
        Level [dBm]; NaN where the sector is not counted.
    index : int
        Number of the sector.
    load : float32[n]
        Load of every sector by number, 0 to 1.
    row, col : int
        Where the window's first cell lies in the raster.
    """
    _check_window(servers, level_dbm.shape, row, col)
    arrays = servers.best_dbm, servers.second_dbm, servers.server, servers.other_mw
    _add_level(*arrays, load, index, np.ascontiguousarray(level_dbm, np.float32), row, col)


def add_sector(
    servers: Servers,
    loss_db: NDArray[np.float32],
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    ground_m: NDArray[np.float32],
    sector: SectorSpec,
    index: int,
    load: NDArray[np.float32],
    *,
    rx_height_m: float,
    offset_db: float = 0.0,
    row: int = 0,
    col: int = 0,
) -> None:
    """Add one sector from the loss of its site: `received_power` and `add_level` in one pass.

    Parameters
    ----------
    servers
        Is changed.
    loss_db, ground_m : float32[r, c]
        Basic transmission loss [dB] and ground above sea level [m] of a window.
    lat_deg, lon_deg : float64[r], float64[c]
        Centres of the window's cells [deg].
    sector, index
        The sector and its number.
    load : float32[n]
        Load of every sector by number, 0 to 1.
    rx_height_m, offset_db : float
        As in `received_power`.
    row, col : int
        Where the window's first cell lies in the raster.
    """
    _check_window(servers, loss_db.shape, row, col)
    _add_sector(
        servers.best_dbm,
        servers.second_dbm,
        servers.server,
        servers.other_mw,
        load,
        index,
        np.ascontiguousarray(loss_db, np.float32),
        np.ascontiguousarray(lat_deg, np.float64),
        np.ascontiguousarray(lon_deg, np.float64),
        np.ascontiguousarray(ground_m, np.float32),
        site_array(sector),
        sector.pattern.horizontal_db,
        sector.pattern.vertical_db,
        float(sector.pattern.most_db),
        bool(sector.pattern.projected),
        float(rx_height_m),
        float(offset_db),
        row,
        col,
    )


@njit(cache=True)
def _merge(
    best: NDArray[np.float32],
    second: NDArray[np.float32],
    server: NDArray[np.int32],
    other: NDArray[np.float32],
    best_b: NDArray[np.float32],
    second_b: NDArray[np.float32],
    server_b: NDArray[np.int32],
    other_b: NDArray[np.float32],
    load: NDArray[np.float32],
    row: int,
    col: int,
) -> None:
    for i in range(best_b.shape[0]):
        for j in range(best_b.shape[1]):
            index = server_b[i, j]
            if index < 0:
                continue
            a, b = i + row, j + col
            own = server[a, b]
            other[a, b] += other_b[i, j]
            ahead = best_b[i, j] > best[a, b]
            ahead |= best_b[i, j] == best[a, b] and index < own
            if ahead or own < 0:
                if own >= 0:
                    other[a, b] += load[own] * _mw(best[a, b])
                second[a, b] = max(best[a, b], second_b[i, j])
                best[a, b] = best_b[i, j]
                server[a, b] = index
            else:
                other[a, b] += load[index] * _mw(best_b[i, j])
                second[a, b] = max(second[a, b], best_b[i, j])


def merge_servers(
    into: Servers, other: Servers, load: NDArray[np.float32], *, row: int = 0, col: int = 0
) -> None:
    """Add the servers of other sectors of the same carrier, known in a window of the raster.

    Parameters
    ----------
    into
        Is changed.
    other
        Servers of sectors that ``into`` does not have yet.
    load : float32[n]
        Load of every sector by number, 0 to 1.
    row, col : int
        Where the window's first cell lies in the raster.
    """
    _check_window(into, other.best_dbm.shape, row, col)
    _merge(
        into.best_dbm, into.second_dbm, into.server, into.other_mw,
        other.best_dbm, other.second_dbm, other.server, other.other_mw, load, row, col,
    )  # fmt: skip


@njit(cache=True)
def _sinr(
    best: NDArray[np.float32], other: NDArray[np.float32], noise_mw: float
) -> NDArray[np.float32]:
    out = np.empty(best.shape, np.float32)
    for i in range(best.shape[0]):
        for j in range(best.shape[1]):
            if best[i, j] == -np.inf:
                out[i, j] = np.nan
            else:
                out[i, j] = best[i, j] - 10.0 * np.log10(other[i, j] + noise_mw)
    return out


def sinr_db(servers: Servers, noise_dbm: float) -> NDArray[np.float32]:
    """Ratio of the server's level to the loaded levels of all others and noise.

    Parameters
    ----------
    servers
        Servers of one carrier.
    noise_dbm : float
        Noise in the bandwidth that the levels are of [dBm].

    Returns
    -------
    float32[rows, cols]
        SINR [dB]; NaN where there is no server.
    """
    return np.asarray(_sinr(servers.best_dbm, servers.other_mw, 10.0 ** (noise_dbm / 10.0)))


def _check_window(servers: Servers, shape: tuple[int, ...], row: int, col: int) -> None:
    rows, cols = servers.best_dbm.shape
    if row < 0 or col < 0 or row + shape[0] > rows or col + shape[1] > cols:
        msg = f"a window of {shape} at ({row}, {col}) does not lie in a raster of {rows} × {cols}"
        raise ValueError(msg)
