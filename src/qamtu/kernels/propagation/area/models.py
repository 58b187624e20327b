"""Which models the area engine knows by name, and losses of theirs along radials.

===================  ==============================================================
``p1812``            ITU-R P.1812-8, one sweep a radial
``itm``              Irregular Terrain Model 1.4, one path a receiver along radials
``free_space``       ITU-R P.525-4 over the slant distance
``tr38901_rma`` …    3GPP TR 38.901 § 7.4, ``rma``, ``uma`` or ``umi``: the mean over line of
                     sight and none; with ``_los`` or ``_nlos`` behind it the one or the other
===================  ==============================================================

The last two do not look at the terrain: their loss depends on distance and heights only.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qamtu.core.errors import InputError, raise_errors
from qamtu.kernels.propagation.area.polar import Polar
from qamtu.kernels.propagation.area.sweep import check_site, fill_gaps, point_count, sweep
from qamtu.kernels.propagation.itm import Settings as ItmSettings
from qamtu.kernels.propagation.itm import path_losses
from qamtu.kernels.propagation.p525 import free_space_loss_db
from qamtu.kernels.propagation.p1812.settings import Settings
from qamtu.kernels.propagation.tr38901 import Scenario, expected_loss_db, path_loss_db
from qamtu.kernels.terrain.sample import sample_radials
from qamtu.kernels.terrain.surface import Surface

__all__ = ["MODELS", "distance_loss", "looks_at_terrain", "model_sweep"]

_SCENARIOS: Final = tuple(
    f"tr38901_{s.value}{end}" for s in Scenario for end in ("", "_los", "_nlos")
)
MODELS: Final = ("p1812", "itm", "free_space", *_SCENARIOS)
"""Names of the models."""

_BATCH: Final = 4_000_000


def looks_at_terrain(model: str) -> bool:
    """Tell whether a model's loss depends on the profile.

    Raises
    ------
    InputError
        If no model has that name.
    """
    if model not in MODELS:
        raise InputError(f"no propagation model is called {model!r}; known: {', '.join(MODELS)}")
    return model in {"p1812", "itm"}


def distance_loss(
    model: str, distance_m: ArrayLike, frequency_ghz: float, tx_height_m: float, rx_height_m: float
) -> NDArray[np.float64]:
    """Loss of a model that does not look at the terrain.

    Parameters
    ----------
    model
        ``free_space`` or ``tr38901_…``.
    distance_m : float[...]
        Horizontal distance [m]; taken as a metre at least.
    frequency_ghz : float
        Frequency [GHz].
    tx_height_m, rx_height_m : float
        Antennas above ground [m].

    Returns
    -------
    float64[...]
        Loss [dB].

    Raises
    ------
    InputError
        If the model is another one.
    """
    distance = np.maximum(np.asarray(distance_m, dtype=np.float64), 1.0)
    if model == "free_space":
        return free_space_loss_db(np.hypot(distance, tx_height_m - rx_height_m), frequency_ghz)
    if model not in _SCENARIOS:
        raise InputError(f"the loss of {model} does not follow from the distance alone")
    _, name, *end = model.split("_")
    path = (Scenario(name), distance, frequency_ghz, tx_height_m, rx_height_m)
    if not end:
        return expected_loss_db(*path)
    return path_loss_db(*path, end[0] == "los")


def model_sweep(
    model: str, surface: Surface, lat: float, lon: float, tx_height_m: float, rx_height_m: float,
    settings: Settings, azimuths: ArrayLike, step_m: float, radius_m: float, *,
    parallel: bool = False, fill_voids: bool = False,
) -> Polar:  # fmt: skip
    """Compute the losses of any model along the radials of a site; arguments as of `sweep`.

    ``itm`` takes frequency, share of time, polarisation and refractivity from the settings, and
    the ground, climate (continental temperate) and variability that its own settings default to.

    Raises
    ------
    InputError
        If no model has that name, or as `sweep`.
    """
    if model == "p1812":
        return sweep(
            surface, lat, lon, tx_height_m, rx_height_m, settings, azimuths, step_m, radius_m,
            parallel=parallel, fill_voids=fill_voids,
        )  # fmt: skip
    azimuth = np.atleast_1d(np.asarray(azimuths, dtype=np.float64))
    n = point_count(radius_m, step_m)
    ends = (tx_height_m, rx_height_m)
    if not looks_at_terrain(model):
        distance = step_m * np.arange(1.0, n + 1.0)
        row = distance_loss(model, distance, settings.frequency_ghz, *ends)
        loss = np.tile(row.astype(np.float32), (azimuth.size, 1))
        return Polar(lat, lon, *ends, azimuth, step_m, radius_m, loss, 0, 0)
    raise_errors(check_site(surface, lat, lon, *ends), "no loss from this site")
    height, _, _ = sample_radials(surface, lat, lon, azimuth, step_m, n)
    if fill_voids:
        for row in height:
            fill_gaps(row)
    loss = _itm_radials(height, step_m, _itm_settings(settings, *ends), parallel=parallel)
    return Polar(
        lat, lon, *ends, azimuth, step_m, radius_m, loss, int(np.isnan(height).sum()),
        int(np.isnan(loss).sum()),
    )  # fmt: skip


def _itm_settings(settings: Settings, tx_height_m: float, rx_height_m: float) -> ItmSettings:
    return ItmSettings(
        1000.0 * settings.frequency_ghz, tx_height_m, rx_height_m,
        vertical=settings.polarisation == "vertical", refractivity=settings.n0,
        time_percent=settings.time_percent,
    )  # fmt: skip


def _itm_radials(
    height: NDArray[np.float64], step_m: float, settings: ItmSettings, *, parallel: bool
) -> NDArray[np.float32]:
    """Loss at every point; the first, which has no point before it, stays as far as the second.

    ITM needs three points: the nearest receiver takes the second one's loss less the free-space
    difference of the two.
    """
    count, n = height.shape[0], height.shape[1] - 1
    loss = np.full((count, n), np.nan, np.float32)
    known = ~np.logical_or.accumulate(np.isnan(height), axis=1)
    for k in range(2, n + 1):
        rows = np.flatnonzero(known[:, k])
        size = max(1, _BATCH // (k + 1))
        for i in range(0, rows.size, size):
            some = rows[i : i + size]
            profiles = np.ascontiguousarray(height[some, : k + 1])
            loss[some, k - 1] = path_losses(profiles, step_m, settings, parallel=parallel)
    if n > 1:
        loss[:, 0] = np.where(known[:, 1], loss[:, 1] - 20.0 * np.log10(2.0), np.nan)
    return loss
