"""The loss of a site at the cells of a frame: a sweep, or a formula where terrain has no say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qamtu.core.errors import InputError
from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.propagation.area.direct import direct_losses
from qamtu.kernels.propagation.area.frame import Frame, frame_of
from qamtu.kernels.propagation.area.models import distance_loss, looks_at_terrain, model_sweep
from qamtu.kernels.propagation.area.polar import (
    azimuth_count,
    excess_losses,
    fill_sector,
    mark_arcs,
    place,
)
from qamtu.kernels.propagation.area.sweep import in_threads
from qamtu.kernels.propagation.p1812.settings import Settings
from qamtu.kernels.terrain.surface import Surface

__all__ = ["ResamplingError", "loss_raster", "resampling_error", "terrain_step_m"]

_SECTOR_BYTES: Final = 64 * 2**20
_ROWS: Final = 128


@dataclass(frozen=True, slots=True)
class ResamplingError:
    """How far a raster made of radials is from one path a cell.

    Parameters
    ----------
    median_db, p95_db, max_db : float
        Of the absolute differences [dB]; NaN if no cell could be compared.
    bias_db : float
        Mean difference, raster less path [dB].
    cells : int
        Cells compared.
    """

    median_db: float
    p95_db: float
    max_db: float
    bias_db: float
    cells: int


def terrain_step_m(surface: Surface, lat_deg: float | None = None) -> float:
    """Smaller side of a surface's cells [m]: points so far apart skip no cell.

    Parameters
    ----------
    surface
        The surface.
    lat_deg : float
        Latitude at which cells are measured [deg]; the surface's middle if None.
    """
    frame = frame_of(surface)
    return frame.cell_m if lat_deg is None else frame.cell_at_m(lat_deg)


def loss_raster(
    surface: Surface, lat: float, lon: float, tx_height_m: float, rx_height_m: float,
    settings: Settings, frame: Frame, radius_m: float, *, model: str = "p1812",
    step_m: float | None = None, arc_cells: float = 1.0, parallel: bool = False,
    fill_voids: bool = False,
) -> NDArray[np.float32]:  # fmt: skip
    """Compute the loss of a site at the cells of a frame.

    Only radials between which cells lie are swept, at most `_SECTOR_BYTES` of them at a time;
    so a tile far from the site costs little, and memory is bounded by the frame.

    Parameters
    ----------
    surface
        Ground, clutter and zones.
    lat, lon : float
        Site [deg].
    tx_height_m, rx_height_m : float
        Antennas above ground [m].
    settings
        Frequency, shares of time and locations, air.
    frame
        Cells wanted.
    radius_m : float
        Reach [m].
    model
        One of `models.MODELS`.
    step_m : float
        Distance between points of a radial [m]; the smaller side of the surface's cells if None.
    arc_cells : float
        Widest arc between neighbouring radials at the edge, in cells of the frame or steps of
        the radial, whichever is longer (see `polar.azimuth_count`).
    parallel
        Whether to use a thread a processor; the answer is the same.
    fill_voids
        Whether to bridge voids of the terrain by straight lines.

    Returns
    -------
    float32[rows, cols]
        Basic transmission loss [dB]; NaN beyond the radius and at and behind voids.

    Raises
    ------
    InputError
        If the site, the settings, the model or a number cannot be used.
    """
    if not (radius_m > 0.0 and radius_m < 0.5 * EARTH_RADIUS_M):
        raise InputError(f"a radius of {radius_m} m makes no raster")
    if not looks_at_terrain(model):
        ends = (tx_height_m, rx_height_m)
        return _by_distance(model, lat, lon, settings.frequency_ghz, ends, frame, radius_m)
    step = terrain_step_m(surface, lat) if step_m is None else step_m
    count = azimuth_count(radius_m, max(frame.cell_at_m(lat), step), arc_cells)
    used = np.zeros(count, np.bool_)
    rows, cols = frame.lat_deg, frame.lon_deg
    farthest = mark_arcs(lat, lon, rows, cols, radius_m, used)
    out = np.full(frame.shape, np.nan, np.float32)
    reach = min(radius_m, max(farthest, 2.0 * step))
    drop = tx_height_m - rx_height_m
    per_sector = max(2, _SECTOR_BYTES // (4 * int(reach / step + 1.0)))
    for first, last in _sectors(used, per_sector):
        azimuths = np.arange(first, last + 1) * (360.0 / count)
        polar = model_sweep(
            model, surface, lat, lon, tx_height_m, rx_height_m, settings, azimuths, step, reach,
            parallel=parallel, fill_voids=fill_voids,
        )  # fmt: skip
        excess = polar.loss_db
        excess_losses(excess, step, drop)

        def task(
            top: int, bottom: int, excess: NDArray[np.float32] = excess, first: int = first
        ) -> None:
            fill_sector(
                excess, first, count, step, radius_m, lat, lon, drop, rows[top:bottom], cols,
                out[top:bottom],
            )  # fmt: skip

        in_threads(task, rows.size, _ROWS, parallel=parallel)
    return out


def _sectors(used: NDArray[np.bool_], most: int) -> Iterator[tuple[int, int]]:
    """First and last radial of each stretch of used arcs, of so many arcs at most."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], used, [False]]).astype(np.int8)))
    for start, end in edges.reshape(-1, 2).tolist():
        for first in range(start, end, most):
            yield first, min(first + most, end)


def _by_distance(
    model: str, lat: float, lon: float, frequency_ghz: float, ends: tuple[float, float],
    frame: Frame, radius_m: float,
) -> NDArray[np.float32]:  # fmt: skip
    """Loss of a model that does not look at the terrain, exact at every cell."""
    out = np.empty(frame.shape, np.float32)
    lon_deg = frame.lon_deg
    for r, row_lat in enumerate(frame.lat_deg):
        distance = _distances(lat, lon, float(row_lat), lon_deg)
        loss = distance_loss(model, distance, frequency_ghz, *ends)
        out[r] = np.where(distance <= radius_m, loss, np.nan)
    return out


def _distances(
    lat: float, lon: float, row_lat: float, lon_deg: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Great-circle distances of a row of cells [m], as `place` has them."""
    return np.array([place(lat, lon, row_lat, x)[0] for x in lon_deg])


def resampling_error(
    surface: Surface, lat: float, lon: float, tx_height_m: float, rx_height_m: float,
    settings: Settings, frame: Frame, radius_m: float, raster: NDArray[np.float32], *,
    step_m: float | None = None, cells: int = 2000, seed: int = 0, parallel: bool = False,
) -> ResamplingError:  # fmt: skip
    """Measure a P.1812 raster of `loss_raster` against a path of its own to some of its cells.

    Parameters
    ----------
    surface, lat, lon, tx_height_m, rx_height_m, settings, frame, radius_m, step_m
        As of `loss_raster`.
    raster : float32[rows, cols]
        What `loss_raster` gave [dB].
    cells : int
        Cells to compare, drawn without repetition; all if the raster has fewer.
    seed : int
        Of the draw.
    parallel
        Whether to use a thread a processor.

    Returns
    -------
    ResamplingError
    """
    step = terrain_step_m(surface, lat) if step_m is None else step_m
    known = np.flatnonzero(np.isfinite(raster))
    if known.size > cells:
        known = np.sort(np.random.default_rng(seed).choice(known, cells, replace=False))
    row, col = np.divmod(known, raster.shape[1])
    direct = direct_losses(
        surface, lat, lon, tx_height_m, rx_height_m, settings, frame.lat_deg[row],
        frame.lon_deg[col], step, radius_m, parallel=parallel,
    )  # fmt: skip
    off = raster.ravel()[known] - direct
    off = off[np.isfinite(off)]
    if off.size == 0:
        return ResamplingError(np.nan, np.nan, np.nan, np.nan, 0)
    median, p95 = np.percentile(np.abs(off), [50.0, 95.0])
    return ResamplingError(
        float(median), float(p95), float(np.abs(off).max()), float(off.mean()), int(off.size)
    )
