"""One path for P.1812-8: its profile and its antennas, and what can be wrong with them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qamtu.core.findings import Finding, Findings, Severity

__all__ = ["EVEN_KM", "Profile", "check_profile", "middle_latitude_deg", "spacing_km"]

EVEN_KM = 1e-9
"""Points this near to equal spacing count as equally spaced [km]."""
_EARTH_KM = 6371.0
_LOWEST_M, _HIGHEST_M = -500.0, 9000.0
_TALL_M = 500.0


@dataclass(frozen=True, slots=True)
class Profile:
    """Terrain along a great circle from a transmitter to a receiver.

    Parameters
    ----------
    distance_km : float64[n]
        Distances from the transmitter [km], ascending from 0; the last is the receiver's.
    height_m : float64[n]
        Bare terrain above sea level [m].
    tx_height_m, rx_height_m : float
        Antennas above ground [m], 1 .. 3000.
    clutter_m : float64[n], optional
        Representative clutter above ground [m]; None: none. Values at the terminals do not count.
    zone : uint8[n], optional
        1 sea, 3 coastal land, 4 inland; None: all inland.
    latitude_deg : float
        Latitude of the middle of the path [deg] (`middle_latitude_deg`).
    coast_t_km, coast_r_km : float, optional
        Distances over land from the terminals to the coast along the path [km]; None: measured on
        ``zone``, 500 where the path has no sea.
    """

    distance_km: NDArray[np.float64]
    height_m: NDArray[np.float64]
    tx_height_m: float
    rx_height_m: float
    clutter_m: NDArray[np.float64] | None = None
    zone: NDArray[np.uint8] | None = None
    latitude_deg: float = 45.0
    coast_t_km: float | None = None
    coast_r_km: float | None = None


def spacing_km(distance_km: NDArray[np.float64]) -> float:
    """Spacing of equally spaced points [km]; 0 if any is more than a micrometre off."""
    step = float(distance_km[-1]) / (distance_km.size - 1)
    even = np.abs(distance_km - step * np.arange(distance_km.size)).max() < EVEN_KM
    return step if even else 0.0


def middle_latitude_deg(
    lat_t_deg: float, lon_t_deg: float, lat_r_deg: float, lon_r_deg: float, distance_km: float
) -> float:
    """Latitude halfway along a path.

    Parameters
    ----------
    lat_t_deg, lon_t_deg, lat_r_deg, lon_r_deg
        Terminals [deg].
    distance_km
        Length of the path [km]; half of it is gone from the transmitter on the great circle.

    Returns
    -------
    float
        Latitude [deg] on a sphere of 6371 km; ITU-R P.2001-4 Attachment H, equations (H.2.5) to
        (H.3.3).
    """
    lat_t, lat_r = np.radians(lat_t_deg), np.radians(lat_r_deg)
    turn = np.radians(lon_r_deg - lon_t_deg)
    north = np.cos(lat_t) * np.sin(lat_r) - np.sin(lat_t) * np.cos(lat_r) * np.cos(turn)
    east = np.cos(lat_r) * np.sin(turn)
    far = np.hypot(north, east)
    half = 0.5 * distance_km / _EARTH_KM
    ahead = north / far if far > 0.0 else 1.0
    sine = np.sin(lat_t) * np.cos(half) + np.cos(lat_t) * np.sin(half) * ahead
    return float(np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0))))


def _error(rule: str, field: str, what: str, mend: str) -> Finding:
    return Finding(rule, Severity.ERROR, what, mend, field=field)


def _warning(rule: str, field: str, what: str, mend: str) -> Finding:
    return Finding(rule, Severity.WARNING, what, mend, field=field)


def _check_distances(d: NDArray[np.float64]) -> list[Finding]:
    out: list[Finding] = []
    if d.ndim != 1 or d.size < 3:
        what = f"a profile of {d.size} points"
        mend = "sample the terrain between the terminals; a point every 30 to 100 m is usual"
        return [_error("p1812-points", "distance_km", what, mend)]
    if not np.isfinite(d).all():
        mend = "fill or drop those points"
        return [_error("p1812-distance-void", "distance_km", "distances that are NaN", mend)]
    if d[0] != 0.0:
        what = f"the first distance is {d[0]:g} km"
        out.append(_error("p1812-start", "distance_km", what, "begin at the transmitter with 0"))
    back = np.flatnonzero(np.diff(d) <= 0.0)
    if back.size:
        what = f"distances do not ascend at point {back[0] + 1} ({back.size} such places)"
        out.append(_error("p1812-unsorted", "distance_km", what, "sort, and drop doubles"))
    if d[-1] > 3000.0:
        what = f"a path of {d[-1]:g} km"
        mend = "P.1812-8 ends near 3000 km; if these are metres, give kilometres"
        out.append(_error("p1812-long", "distance_km", what, mend))
    elif 0.0 < d[-1] < 0.25:
        what = f"a path of {1000.0 * d[-1]:g} m"
        mend = "P.1812-8 begins at 250 m; take a short-range model below"
        out.append(_warning("p1812-short", "distance_km", what, mend))
    if d.size < 5:
        mend = "sample the terrain more densely"
        out.append(_warning("p1812-few", "distance_km", f"only {d.size} points", mend))
    return out


def _check_heights(profile: Profile) -> list[Finding]:
    out: list[Finding] = []
    for name in ("height_m", "clutter_m", "zone"):
        values = getattr(profile, name)
        if values is not None and values.shape != profile.distance_km.shape:
            what = f"{values.shape} values for {profile.distance_km.shape} distances"
            out.append(_error("p1812-shape", name, what, "give one value a point"))
    if out:
        return out
    h, clutter, zone = profile.height_m, profile.clutter_m, profile.zone
    void = ~np.isfinite(h)
    if void.any():
        what = f"{void.sum()} void heights, the first at point {int(void.argmax())}"
        mend = "fill voids from a coarser terrain model, or leave the path out"
        out.append(_error("p1812-void", "height_m", what, mend))
    elif h.min() < _LOWEST_M or h.max() > _HIGHEST_M:
        what = f"terrain from {h.min():g} to {h.max():g} m"
        mend = "heights are metres above sea level; look for a wrong unit or a void value"
        out.append(_error("p1812-height", "height_m", what, mend))
    if clutter is not None and not (clutter >= 0.0).all():
        what = f"{int((~(clutter >= 0.0)).sum())} clutter heights below 0 or void"
        out.append(_error("p1812-clutter", "clutter_m", what, "give 0 where there is none"))
    if zone is not None and not np.isin(zone, (1, 3, 4)).all():
        what = f"zone {int(zone[~np.isin(zone, (1, 3, 4))][0])}"
        out.append(_error("p1812-zone", "zone", what, "1 is sea, 3 coastal land, 4 inland"))
    return out


def check_profile(profile: Profile) -> Findings:
    """Find what P.1812-8 cannot use in a path, and what is odd about it.

    Parameters
    ----------
    profile
        The path.

    Returns
    -------
    Findings
        Errors and warnings, each with the field and a remedy.
    """
    out = _check_distances(profile.distance_km) + _check_heights(profile)
    for name, height in (
        ("tx_height_m", profile.tx_height_m),
        ("rx_height_m", profile.rx_height_m),
    ):
        if not height > 0.0:
            what = f"antenna {height:g} m above ground"
            mend = "give the height above ground, not above sea level; it is at least 1 m"
            out.append(_error("p1812-underground", name, what, mend))
        elif height > 3000.0:
            what = f"antenna {height:g} m above ground"
            mend = "P.1812-8 covers 1 to 3000 m above ground"
            out.append(_error("p1812-antenna", name, what, mend))
        elif height < 1.0 or height > _TALL_M:
            what = f"antenna {height:g} m above ground"
            mend = "check the unit, and that it is not the height above sea level"
            out.append(_warning("p1812-antenna-odd", name, what, mend))
    if not abs(profile.latitude_deg) <= 90.0:
        what = f"latitude {profile.latitude_deg:g} degrees"
        mend = "give degrees of the middle of the path"
        out.append(_error("p1812-latitude", "latitude_deg", what, mend))
    for name in ("coast_t_km", "coast_r_km"):
        value = getattr(profile, name)
        if value is not None and not value >= 0.0:
            what = f"{value:g} km to the coast"
            out.append(_error("p1812-coast", name, what, "give 0 or more"))
    return Findings(tuple(out))
