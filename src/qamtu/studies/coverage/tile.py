"""One tile: losses of its sites, and from them the servers of every carrier. A pure task."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.kernels.antenna import omni
from qamtu.kernels.coverage import (
    Calibration,
    SectorSpec,
    Servers,
    add_sector,
    correct_loss,
    merge_servers,
    new_servers,
    received_power,
    throughput_mbps,
)
from qamtu.kernels.coverage.throughput import Shannon
from qamtu.kernels.propagation.area import Frame, frame_around
from qamtu.kernels.propagation.area.raster import (
    ResamplingError,
    loss_raster,
    resampling_error,
    terrain_step_m,
)
from qamtu.kernels.propagation.p1812 import Settings
from qamtu.kernels.terrain import Surface, ground_height, make_surface, nearest
from qamtu.studies.coverage.layout import Window, window_around

__all__ = ["Group", "Method", "TileAnswer", "TileTask", "compute_tile", "wake"]


@dataclass(frozen=True, eq=False)
class Method:
    """How losses and levels are computed, alike for all tiles.

    Parameters
    ----------
    model
        Name of the propagation model.
    radius_m, rx_height_m : float
        How far a site is followed; receiver above ground [m].
    step_m : float
        Distance between points of a profile [m].
    houses_known : bool
        Whether footprints tell where houses stand: profiles then follow the terrain's cells where
        they are finer than the step.
    load : float32[n]
        Load of every sector of the study, 0 to 1.
    calibration
        Correction of the losses, or None.
    """

    model: str
    radius_m: float
    rx_height_m: float
    step_m: float
    houses_known: bool
    load: NDArray[np.float32]
    calibration: Calibration | None


@dataclass(frozen=True, eq=False)
class Group:
    """Sectors at one place, height and frequency.

    Parameters
    ----------
    settings
        Frequency, shares and air of the propagation model.
    sectors
        The sectors, their ``ground_m`` left open.
    numbers, carriers : tuple of int
        Number of each in the study; number of its carrier.
    offset_db : tuple of float
        What is added to each one's power: receiver gain, less the way in, less RSRP's share [dB].
    """

    settings: Settings
    sectors: tuple[SectorSpec, ...]
    numbers: tuple[int, ...]
    carriers: tuple[int, ...]
    offset_db: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class TileTask:
    """Sites of a tile with the ground that they reach.

    Parameters
    ----------
    method, groups, surface
        How, who, over what.
    frame, window
        The study's frame, and the tile's part of it.
    sampled : int
        Cells at which the first site's raster is held against a path of its own; 0 for none.
    seed : int
        Of the draw of those cells.
    """

    method: Method
    groups: tuple[Group, ...]
    surface: Surface
    frame: Frame
    window: Window
    sampled: int
    seed: int


@dataclass(frozen=True, eq=False)
class TileAnswer:
    """What one tile knows.

    Parameters
    ----------
    window
        Where it lies in the frame.
    servers
        By number of the carrier.
    resolution_arcsec : float32[rows, cols]
        Resolution of the terrain under each cell [arcsec]; NaN where it is not known.
    resampling
        How far the sampled raster is off, where it was sampled.
    """

    window: Window
    servers: dict[int, Servers]
    resolution_arcsec: NDArray[np.float32]
    resampling: ResamplingError | None


def compute_tile(task: TileTask) -> TileAnswer:
    """Compute the servers of a tile's cells, carrier by carrier."""
    own = task.frame.crop(task.window.row, task.window.col, task.window.rows, task.window.cols)
    lat, lon = own.lat_deg[:, None], own.lon_deg[None, :]
    ground = ground_height(task.surface, lat, lon).astype(np.float32)
    kind = nearest(task.surface, task.surface.clutter_class, lat, lon, 0)
    servers: dict[int, Servers] = {}
    resampling: ResamplingError | None = None
    for i, group in enumerate(task.groups):
        at = group.sectors[0]
        part = window_around(own, at.lat_deg, at.lon_deg, task.method.radius_m)
        cells = own.crop(part.row, part.col, part.rows, part.cols)
        here = np.s_[part.row : part.row + part.rows, part.col : part.col + part.cols]
        loss = group_loss(task, group, cells)
        if i == 0 and task.sampled and task.method.model == "p1812":
            resampling = _resampled(task, group, cells, loss)
        if task.method.calibration is not None:
            loss = correct_loss(
                task.method.calibration, loss, cells.lat_deg, cells.lon_deg, kind[here],
                at.lat_deg, at.lon_deg,
            )  # fmt: skip
        for sector, number, carrier, offset in zip(
            group.sectors, group.numbers, group.carriers, group.offset_db, strict=True
        ):
            add_sector(
                servers.setdefault(carrier, new_servers(*own.shape)),
                loss, cells.lat_deg, cells.lon_deg, ground[here],
                sector, number, task.method.load,
                rx_height_m=task.method.rx_height_m, offset_db=offset,
                row=part.row, col=part.col,
            )  # fmt: skip
    resolution = nearest(task.surface, task.surface.resolution_arcsec, lat, lon, np.nan)
    return TileAnswer(task.window, servers, resolution, resampling)


def group_loss(task: TileTask, group: Group, cells: Frame) -> NDArray[np.float32]:
    """Compute the losses of a group's place at the cells of a frame [dB]."""
    at = group.sectors[0]
    return loss_raster(
        task.surface, at.lat_deg, at.lon_deg, at.height_m, task.method.rx_height_m,
        group.settings, cells, task.method.radius_m, model=task.method.model,
        step_m=step_of(task, at.lat_deg), fill_voids=True,
    )  # fmt: skip


def step_of(task: TileTask, lat_deg: float) -> float:
    """Give the step along a radial [m].

    The model takes the nearest clutter to stand one step before the receiver: the step is the
    stated one, however fine the terrain happens to be, unless each house is in its place.
    """
    if not task.method.houses_known:
        return task.method.step_m
    return min(task.method.step_m, terrain_step_m(task.surface, lat_deg))


def _resampled(
    task: TileTask, group: Group, cells: Frame, loss: NDArray[np.float32]
) -> ResamplingError:
    at = group.sectors[0]
    return resampling_error(
        task.surface, at.lat_deg, at.lon_deg, at.height_m, task.method.rx_height_m,
        group.settings, cells, task.method.radius_m, loss,
        step_m=step_of(task, at.lat_deg), cells=task.sampled, seed=task.seed,
    )  # fmt: skip


def wake() -> None:
    """Compile what tiles need, on a made hill of few cells."""
    height = np.add.outer(np.arange(12.0), np.zeros(12))
    surface = make_surface(43.01, 77.0, 0.001, 0.001, height)
    frame = frame_around(43.005, 77.005, 400.0, 0.001)
    sector = SectorSpec(43.005, 77.005, 30.0, 5.0, 0.0, 0.0, 0.0, 60.0, 1800.0, 20.0, 1.0, omni())
    load = np.ones(1, np.float32)
    loss = loss_raster(
        surface, 43.005, 77.005, 30.0, 1.5, Settings(1.8), frame, 400.0, fill_voids=True
    )
    lat, lon = frame.lat_deg, frame.lon_deg
    ground = ground_height(surface, lat[:, None], lon[None, :]).astype(np.float32)
    servers = new_servers(*frame.shape)
    add_sector(servers, loss, lat, lon, ground, sector, 0, load, rx_height_m=1.5)
    merge_servers(new_servers(*frame.shape), servers, load)
    level = received_power(loss, lat, lon, ground, sector, rx_height_m=1.5)
    throughput_mbps(level, 20.0, Shannon())
