"""The Irregular Terrain Model (Longley–Rice), version 1.4, point to point and over an area.

Source: NTIA/ITS, *Irregular Terrain Model* 1.4; G. A. Hufford, A. G. Longley, W. A. Kissick, NTIA
Report 82-100 (1982); G. A. Hufford, *The Algorithm* (1995).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from qamtu.core.errors import raise_errors
from qamtu.kernels.propagation.itm.attenuation import (
    MODE_DIFFRACTION,
    MODE_LINE_OF_SIGHT,
    MODE_SCATTER,
    reference_attenuation,
)
from qamtu.kernels.propagation.itm.checks import check_area, check_heights, check_settings
from qamtu.kernels.propagation.itm.profile import (
    DELTA_H_POINTS,
    SHAPE,
    has_void,
    mean_height,
    reduce_profile,
    smooth_horizon,
)
from qamtu.kernels.propagation.itm.settings import Settings
from qamtu.kernels.propagation.itm.variability import normal_deviate, variability

__all__ = ["PropagationMode", "Result", "Siting", "area_loss", "path_loss", "path_losses"]

Floats = NDArray[np.float64]

_CONSTANTS: Final = 9
_RESULT: Final = 4


class PropagationMode(IntEnum):
    """Which part of the model a path falls into."""

    LINE_OF_SIGHT = MODE_LINE_OF_SIGHT
    DIFFRACTION = MODE_DIFFRACTION
    SCATTER = MODE_SCATTER


class Siting(IntEnum):
    """How carefully an antenna of the area mode was placed."""

    RANDOM = 0
    CAREFUL = 1
    VERY_CAREFUL = 2


@dataclass(frozen=True, slots=True)
class Result:
    """Loss of one path and what it is made of.

    Parameters
    ----------
    loss_db
        Basic transmission loss [dB].
    free_space_db
        Of it in free space [dB].
    reference_db
        Reference attenuation, before variability [dB].
    mode
        Part of the model.
    distance_km
        Length of the path [km].
    irregularity_m
        Terrain irregularity Δh [m].
    horizon_m, horizon_angle_rad, effective_height_m
        Of transmitter and receiver [m], [rad], [m].
    refractivity
        At the surface [N-units].
    """

    loss_db: float
    free_space_db: float
    reference_db: float
    mode: PropagationMode
    distance_km: float
    irregularity_m: float
    horizon_m: tuple[float, float]
    horizon_angle_rad: tuple[float, float]
    effective_height_m: tuple[float, float]
    refractivity: float


def path_loss(height_m: ArrayLike, step_m: float, settings: Settings) -> Result:
    """Loss of one path over its terrain profile.

    Parameters
    ----------
    height_m : float[n + 1]
        Terrain at equal steps, both ends included [m]; three points or more.
    step_m
        Distance between points [m].
    settings
        Antennas, frequency, ground, climate and the quantiles asked for.

    Raises
    ------
    InputError
        With all findings about profile and settings.
    """
    height = np.ascontiguousarray(height_m, dtype=np.float64)
    found = [*check_settings(settings), *check_heights(height[None, :], step_m)]
    raise_errors(found, "the path cannot be computed")
    shape, out = np.empty(SHAPE), np.empty(_RESULT)
    _path(
        height, step_m, _inverse(len(height)), *_arguments(settings), np.empty(DELTA_H_POINTS),
        shape, out,
    )  # fmt: skip
    return _result(out, shape, (len(height) - 1) * step_m, settings.frequency_mhz)


def path_losses(
    height_m: ArrayLike, step_m: ArrayLike, settings: Settings, *, parallel: bool = False
) -> Floats:
    """Losses of many paths with equally many points. O(k · n).

    Parameters
    ----------
    height_m : float[k, n + 1]
        Terrain profiles at equal steps, both ends included [m].
    step_m : float or float[k]
        Distance between the points of each [m].
    settings
        Of all paths.
    parallel
        Whether to use all cores.

    Returns
    -------
    float64[k]
        Basic transmission loss [dB]; NaN where a profile has a void.

    Raises
    ------
    InputError
        With all findings about profiles and settings; a void is none.
    """
    height = np.atleast_2d(np.ascontiguousarray(height_m, dtype=np.float64))
    steps = np.broadcast_to(np.asarray(step_m, dtype=np.float64), len(height))
    found = [*check_settings(settings), *check_heights(height, steps, voids=True)]
    raise_errors(found, "the paths cannot be computed")
    work = _paths_parallel if parallel else _paths
    steps = np.ascontiguousarray(steps)
    losses: Floats = work(height, steps, _inverse(height.shape[1]), *_arguments(settings))
    return losses


def area_loss(
    distance_km: float,
    irregularity_m: float,
    settings: Settings,
    siting: tuple[Siting, Siting] = (Siting.RANDOM, Siting.RANDOM),
) -> Result:
    """Loss to be expected at a distance in terrain of a kind (area mode).

    Parameters
    ----------
    distance_km
        Length of the path [km].
    irregularity_m
        Terrain irregularity Δh [m]: 0 water, 30 plains, 90 hills, 200 mountains.
    settings
        As for `path_loss`; the ground's height is taken for the sea's.
    siting
        How transmitter and receiver were placed.

    Raises
    ------
    InputError
        With all findings.
    """
    found = [*check_settings(settings), *check_area(distance_km, irregularity_m)]
    raise_errors(found, "the loss cannot be computed")
    constants, ground, climate, mode = _arguments(settings)
    refractivity, curvature = _atmosphere(constants[1], 0.0)
    shape, out = np.empty(SHAPE), np.empty(_RESULT)
    shape[6] = irregularity_m
    for e, height in enumerate((constants[2], constants[3])):
        shape[4 + e] = _sited(height, irregularity_m, siting[e])
        shape[2 + e] = smooth_horizon(shape[4 + e], irregularity_m, curvature)
        plain = np.sqrt(2.0 * shape[4 + e] / curvature)
        rise = 0.65 * irregularity_m * (plain / shape[2 + e] - 1.0)
        shape[e] = (rise - 2.0 * shape[4 + e]) / plain
    distance = distance_km * 1e3
    _loss(distance, curvature, refractivity, False, constants, ground, climate, mode, shape, out)
    return _result(out, shape, distance, settings.frequency_mhz)


def _sited(height: float, rough: float, siting: Siting) -> float:
    """Effective height of an antenna that was placed with care [m] (Algorithm, 3.2)."""
    if siting == Siting.RANDOM:
        return height
    gain = 4.0 if siting == Siting.CAREFUL else 9.0
    if height < 5.0:
        gain *= float(np.sin(0.1 * np.pi * height))
    return float(height + (1.0 + gain) * np.exp(-min(20.0, 2.0 * height / max(1e-3, rough))))


def _inverse(points: int) -> Floats:
    return 1.0 / np.maximum(np.arange(points, dtype=np.float64), 1.0)


def _arguments(settings: Settings) -> tuple[Floats, complex, int, int]:
    """Everything that stays the same from path to path."""
    constants = np.array([
        settings.frequency_mhz, settings.refractivity, settings.tx_height_m, settings.rx_height_m,
        normal_deviate(settings.time_percent / 100.0),
        normal_deviate(settings.location_percent / 100.0),
        normal_deviate(settings.situation_percent / 100.0),
        32.45 + 20.0 * np.log10(settings.frequency_mhz),
        0.0,
    ])  # fmt: skip
    permittivity = complex(
        settings.permittivity, 18000.0 * settings.conductivity_s_per_m / settings.frequency_mhz
    )
    ground = complex(np.sqrt(permittivity - 1.0))
    if settings.vertical:
        ground /= permittivity
    return constants, ground, settings.climate - 1, settings.variability


def _result(out: Floats, shape: Floats, distance_m: float, frequency_mhz: float) -> Result:
    return Result(
        loss_db=float(out[0]),
        free_space_db=float(
            32.45 + 20.0 * np.log10(frequency_mhz) + 20.0 * np.log10(distance_m / 1e3)
        ),
        reference_db=float(out[1]),
        mode=PropagationMode(int(out[2])),
        distance_km=distance_m / 1e3,
        irregularity_m=float(shape[6]),
        horizon_m=(float(shape[2]), float(shape[3])),
        horizon_angle_rad=(float(shape[0]), float(shape[1])),
        effective_height_m=(float(shape[4]), float(shape[5])),
        refractivity=float(out[3]),
    )


@njit(cache=True, nogil=True)
def _atmosphere(n0: float, system_height: float) -> tuple[float, float]:
    """Surface refractivity [N-units] and effective curvature of the Earth [1/m] (1.2, 1.3)."""
    refractivity = n0 * np.exp(-system_height / 9460.0) if system_height != 0.0 else n0
    return refractivity, 157e-9 * (1.0 - 0.04665 * np.exp(refractivity / 179.3))


@njit(cache=True, nogil=True)
def _loss(
    distance: float,
    curvature: float,
    refractivity: float,
    point_to_point: bool,
    constants: Floats,
    ground: complex,
    climate: int,
    mode: int,
    shape: Floats,
    out: Floats,
) -> None:
    """Loss, reference attenuation, mode and refractivity of a reduced profile."""
    reference, part = reference_attenuation(
        distance, constants[0], curvature, refractivity, ground, shape, constants[2],
        constants[3], point_to_point,
    )  # fmt: skip
    out[0] = constants[7] + 20.0 * np.log10(distance * 1e-3) + variability(
        constants[4], constants[5], constants[6], shape[4], shape[5], shape[6], constants[0],
        distance, reference, climate, mode,
    )  # fmt: skip
    out[1], out[2], out[3] = reference, part, refractivity


@njit(cache=True, nogil=True)
def _path(
    height: Floats,
    step_m: float,
    inverse: Floats,
    constants: Floats,
    ground: complex,
    climate: int,
    mode: int,
    work: Floats,
    shape: Floats,
    out: Floats,
) -> None:
    """One path from its profile; NaN where it has a void."""
    if has_void(height):
        out[:] = np.nan
        return
    refractivity, curvature = _atmosphere(constants[1], mean_height(height))
    reduce_profile(height, step_m, inverse, curvature, constants[2], constants[3], work, shape)
    distance = (len(height) - 1) * step_m
    _loss(distance, curvature, refractivity, True, constants, ground, climate, mode, shape, out)


@njit(cache=True, nogil=True)
def _paths(
    height: Floats,
    step_m: Floats,
    inverse: Floats,
    constants: Floats,
    ground: complex,
    climate: int,
    mode: int,
) -> Floats:
    work, shape, out = np.empty(DELTA_H_POINTS), np.empty(SHAPE), np.empty(_RESULT)
    losses = np.empty(len(height))
    for p in range(len(height)):
        _path(height[p], step_m[p], inverse, constants, ground, climate, mode, work, shape, out)
        losses[p] = out[0]
    return losses


@njit(cache=True, parallel=True)
def _paths_parallel(
    height: Floats,
    step_m: Floats,
    inverse: Floats,
    constants: Floats,
    ground: complex,
    climate: int,
    mode: int,
) -> Floats:
    losses = np.empty(len(height))
    chunks = (len(height) + 255) // 256
    for c in prange(chunks):
        work, shape, out = np.empty(DELTA_H_POINTS), np.empty(SHAPE), np.empty(_RESULT)
        for p in range(256 * c, min(256 * c + 256, len(height))):
            _path(height[p], step_m[p], inverse, constants, ground, climate, mode, work, shape, out)
            losses[p] = out[0]
    return losses
