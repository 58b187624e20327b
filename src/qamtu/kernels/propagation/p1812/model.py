"""P.1812-8 for one path with all intermediate values, and for many profiles at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from qamtu.core.errors import InputError, raise_errors
from qamtu.core.findings import Finding, Severity
from qamtu.kernels.propagation.p1812 import constants as at
from qamtu.kernels.propagation.p1812 import terms as of
from qamtu.kernels.propagation.p1812.path import EVEN_KM, Profile, check_profile, spacing_km
from qamtu.kernels.propagation.p1812.reduce import (
    fill_zones,
    has_void,
    loss_of_profile,
    reduce_profile,
)
from qamtu.kernels.propagation.p1812.result import Result
from qamtu.kernels.propagation.p1812.settings import Settings, make_constants
from qamtu.kernels.propagation.p1812.zones import stretches

__all__ = ["basic_transmission_loss", "basic_transmission_losses"]

_NO_ZONE = np.empty(0, np.uint8)


def basic_transmission_loss(profile: Profile, settings: Settings) -> Result:
    """Loss of one path with every intermediate value.

    Parameters
    ----------
    profile
        Terrain, antennas, latitude.
    settings
        Frequency, shares of time and locations, polarisation, refractivity.

    Returns
    -------
    Result
        ITU-R P.1812-8 Annex 1.

    Raises
    ------
    InputError
        With the findings of `check_settings` or `check_profile`.
    """
    constants = make_constants(settings)
    raise_errors(check_profile(profile), "P.1812-8 cannot use this path")
    d = np.ascontiguousarray(profile.distance_km, dtype=np.float64)
    h = np.ascontiguousarray(profile.height_m, dtype=np.float64)
    bare = profile.clutter_m is None
    top = h if profile.clutter_m is None else h + profile.clutter_m
    zone = _NO_ZONE if profile.zone is None else np.ascontiguousarray(profile.zone, np.uint8)
    tx, rx = float(profile.tx_height_m), float(profile.rx_height_m)
    terms = np.full(of.TERMS_SIZE, np.nan)
    reduce_profile(d, h, top, bare, tx, rx, spacing_km(d), constants, terms, True)
    coast_t = np.nan if profile.coast_t_km is None else float(profile.coast_t_km)
    coast_r = np.nan if profile.coast_r_km is None else float(profile.coast_r_km)
    fill_zones(d, zone, float(profile.latitude_deg), coast_t, coast_r, terms)
    loss = loss_of_profile(d, h, constants, terms, True)
    land = inland = d[-1]
    if zone.size:
        land, inland, _ = stretches(d, zone)
    named = dict(zip(of.INPUT_NAMES + of.RESULT_NAMES, terms.tolist(), strict=True))
    named |= {"land_km": float(land), "inland_km": float(inland)}
    named["radius_50_km"] = float(constants[at.RADIUS_50_KM])
    # (70): 1 kW radiated from a half-wave dipole
    strength = 199.36 + 20.0 * np.log10(settings.frequency_ghz) - loss
    named["field_strength_dbuv_m"] = float(strength)
    return Result(**{field.name: named[field.name] for field in fields(Result)})


@njit(cache=True, nogil=True, error_model="numpy")
def _losses(
    distance: NDArray[np.float64],
    step_km: NDArray[np.float64],
    height: NDArray[np.float64],
    clutter: NDArray[np.float64],
    zone: NDArray[np.uint8],
    site: NDArray[np.float64],
    constants: NDArray[np.float64],
    start: int,
    stop: int,
    out: NDArray[np.float64],
) -> None:
    """Losses of the profiles start .. stop; `site` holds heights, latitude, coasts a profile."""
    n = height.shape[1]
    terms = np.empty(of.TERMS_SIZE)
    own = np.empty(n)
    top = np.empty(n)
    bare = clutter.shape[0] == 0
    none = np.empty(0, np.uint8)
    for k in range(start, stop):
        row = k if distance.shape[0] > 1 else 0
        d = distance[row]
        if d.size == 1:
            d = own
            for i in range(n):
                d[i] = i * step_km[row]
        h = height[k]
        if not bare:
            for i in range(n):
                top[i] = h[i] + clutter[k, i]
        if has_void(h) or (not bare and has_void(top)):
            out[k] = np.nan
            continue
        tx, rx = site[k, 0], site[k, 1]
        reduce_profile(d, h, top, bare, tx, rx, step_km[row], constants, terms, False)
        zones = zone[k] if zone.shape[0] > 0 else none
        fill_zones(d, zones, site[k, 2], site[k, 3], site[k, 4], terms)
        out[k] = loss_of_profile(d, h, constants, terms, False)


def _sites(k: int, values: tuple[ArrayLike, ...]) -> NDArray[np.float64]:
    out = np.empty((k, len(values)))
    for i, value in enumerate(values):
        out[:, i] = value
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def _spacings(distance: NDArray[np.float64]) -> tuple[bool, NDArray[np.float64]]:
    """Tell whether every row ascends from 0, and `spacing_km` of each."""
    rows, n = distance.shape
    step = np.empty(rows)
    good = True
    for k in range(rows):
        step[k] = distance[k, n - 1] / (n - 1)
        even = good = good and distance[k, 0] == 0.0
        for i in range(1, n):
            good = good and distance[k, i] > distance[k, i - 1]
            even = even and abs(distance[k, i] - i * step[k]) < EVEN_KM
        if not even:
            step[k] = 0.0
    return good, step


def _distances(
    distance_km: NDArray[np.float64], k: int, n: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    d = np.ascontiguousarray(np.atleast_2d(np.asarray(distance_km, dtype=np.float64)))
    if d.shape in {(k, 1), (1, 1)}:
        good, step = bool((d > 0.0).all()), d[:, 0] / (n - 1)
    else:
        good, step = _spacings(d)
        good = good and d.shape in {(1, n), (k, n)}
    if not good:
        what = f"distances of shape {np.shape(distance_km)} for heights of shape {(k, n)}"
        mend = "give (n,) or (k, n) ascending from 0, or (k, 1) lengths of equally spaced profiles"
        finding = Finding("p1812-distances", Severity.ERROR, what, mend, field="distance_km")
        raise InputError("P.1812-8 cannot use these distances", [finding])
    return d, step


def _check_many(height: NDArray[np.float64], site: NDArray[np.float64]) -> None:
    found: list[Finding] = []
    if height.shape[1] < 3:
        what = f"profiles of {height.shape[1]} points"
        mend = "sample the terrain between the terminals"
        found.append(Finding("p1812-points", Severity.ERROR, what, mend, field="height_m"))
    low = ~((site[:, :2] > 0.0) & (site[:, :2] <= 3000.0)).all(axis=1)
    if low.any():
        what = f"{int(low.sum())} paths with an antenna outside 0 .. 3000 m above ground"
        mend = f"heights are above ground; the first is path {int(low.argmax())}"
        found.append(Finding("p1812-antenna", Severity.ERROR, what, mend, field="tx_height_m"))
    raise_errors(found, "P.1812-8 cannot use these paths")


def basic_transmission_losses(
    settings: Settings,
    distance_km: NDArray[np.float64],
    height_m: NDArray[np.float64],
    tx_height_m: ArrayLike,
    rx_height_m: ArrayLike,
    *,
    clutter_m: NDArray[np.float64] | None = None,
    zone: NDArray[np.uint8] | None = None,
    latitude_deg: ArrayLike = 45.0,
    coast_t_km: ArrayLike = np.nan,
    coast_r_km: ArrayLike = np.nan,
    workers: int = 1,
) -> NDArray[np.float64]:
    """Losses of many profiles with the same number of points.

    Parameters
    ----------
    settings
        Frequency, shares of time and locations, polarisation, refractivity.
    distance_km : float64[n], float64[k, n] or float64[k, 1]
        Distances from the transmitter [km], ascending from 0: the same for all profiles, or a row
        a profile, or only the length of each, whose points are then equally spaced.
    height_m : float64[k, n]
        Bare terrain above sea level [m].
    tx_height_m, rx_height_m : float or float64[k]
        Antennas above ground [m].
    clutter_m : float64[k, n], optional
        Representative clutter above ground [m].
    zone : uint8[k, n], optional
        1 sea, 3 coastal land, 4 inland; None: all inland.
    latitude_deg : float or float64[k]
        Latitude of the middle of each path [deg].
    coast_t_km, coast_r_km : float or float64[k]
        Distances over land to the coast [km]; NaN: measured on ``zone``.
    workers
        Threads; the answer does not depend on their number.

    Returns
    -------
    float64[k]
        Losses [dB]; NaN where a profile has a void. Within 10⁻⁶ dB of `basic_transmission_loss`.

    Raises
    ------
    InputError
        If settings, shapes, distances or antennas cannot be used.
    """
    constants = make_constants(settings)
    height = np.ascontiguousarray(np.atleast_2d(height_m), dtype=np.float64)
    k, n = height.shape
    site = _sites(k, (tx_height_m, rx_height_m, latitude_deg, coast_t_km, coast_r_km))
    _check_many(height, site)
    distance, step = _distances(distance_km, k, n)
    clutter = np.empty((0, n)) if clutter_m is None else np.ascontiguousarray(clutter_m, float)
    zones = np.empty((0, n), np.uint8) if zone is None else np.ascontiguousarray(zone, np.uint8)
    for name, shape in (("clutter_m", clutter.shape), ("zone", zones.shape)):
        if shape not in {(0, n), (k, n)}:
            what = f"{shape} values for heights of shape {(k, n)}"
            finding = Finding(
                "p1812-shape", Severity.ERROR, what, "give one value a point", field=name
            )
            raise InputError("P.1812-8 cannot use these paths", [finding])
    out = np.empty(k)
    cuts = np.linspace(0, k, max(1, workers) + 1).astype(int)

    def part(i: int) -> None:
        _losses(distance, step, height, clutter, zones, site, constants, cuts[i], cuts[i + 1], out)

    if workers <= 1:
        part(0)
        return out
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(part, range(workers)))
    return out
