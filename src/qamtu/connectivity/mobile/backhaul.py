"""How a site's traffic leaves: fibre near, a microwave hop in sight of a site with fibre, none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from qamtu.connectivity.mobile.candidates import Places
from qamtu.kernels.geodesy import haversine_m, stereographic
from qamtu.kernels.propagation.clearance import hop_clear
from qamtu.kernels.terrain import Surface

__all__ = ["BACKHAULS", "Backhaul", "Ducts", "HopLimits", "fibre_km", "find_backhaul"]

BACKHAULS: Final = ("fibre", "microwave", "none")
_NEAREST: Final = 12


@dataclass(frozen=True, eq=False)
class Ducts:
    """Where fibre is today.

    Parameters
    ----------
    lat_deg, lon_deg : float64[n]
        Middle of discs that ducts reach, and single points [deg].
    radius_m : float64[n]
        Radius of each disc [m]; 0 for a point.
    lines
        Lines with fibre, in EPSG:4326, joined into one geometry; None where there are none.
    """

    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    radius_m: NDArray[np.float64]
    lines: Any = None


@dataclass(frozen=True, slots=True)
class HopLimits:
    """What a microwave hop may be.

    Parameters
    ----------
    length_m
        Length at most [m].
    frequency_ghz
        Frequency [GHz].
    """

    length_m: float
    frequency_ghz: float


@dataclass(frozen=True, eq=False)
class Backhaul:
    """Backhaul of sites, arrays of one value a site.

    Parameters
    ----------
    kind : int64[k]
        Place in `BACKHAULS`.
    length_km : float64[k]
        Fibre to lay or length of the hop [km]; NaN where there is none.
    to : int64[k]
        Site at the far end of the hop; -1 for none.
    clearance : float64[k]
        Least clearance of the hop over its first Fresnel radius at the median Earth [1]; NaN where
        there is no hop.
    """

    kind: NDArray[np.int64]
    length_km: NDArray[np.float64]
    to: NDArray[np.int64]
    clearance: NDArray[np.float64]


def fibre_km(places: Places, ducts: Ducts, lateral_km: float, near_km: float) -> Any:
    """Fibre to lay to each place.

    From the edge of the nearest disc, point or line; a place among ducts lies ``lateral_km`` from
    the next one.

    Parameters
    ----------
    places
        k places.
    ducts
        Where fibre is.
    lateral_km
        From the next duct to a site among ducts [km].
    near_km
        Longest fibre that is laid [km].

    Returns
    -------
    float64[k]
        Length [km]; NaN where it would be longer than ``near_km``.
    """
    away = np.full(len(places), np.inf)
    for lat, lon, radius in zip(ducts.lat_deg, ducts.lon_deg, ducts.radius_m, strict=True):
        edge = haversine_m(lat, lon, places.lat_deg, places.lon_deg) - radius
        away = np.minimum(away, np.maximum(edge, 0.0) / 1000.0)
    if ducts.lines is not None and len(places):
        away = np.minimum(away, _line_km(places, ducts.lines))
    length = away + lateral_km
    return np.where(length <= near_km, length, np.nan)


def _line_km(places: Places, lines: Any) -> NDArray[np.float64]:
    """Distance to the nearest line, on a plane laid at the middle of the places [km]."""
    middle = float(places.lat_deg.mean()), float(places.lon_deg.mean())

    def plane(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = stereographic(points[:, 1], points[:, 0], *middle)
        return np.column_stack([x, y])

    flat = shapely.transform(lines, plane)
    x, y = stereographic(places.lat_deg, places.lon_deg, *middle)
    return np.asarray(shapely.distance(shapely.points(x, y), flat)) / 1000.0


def find_backhaul(
    places: Places, fibre: NDArray[np.float64], surface: Surface, limits: HopLimits
) -> Backhaul:
    """Give every site its backhaul.

    A site without fibre gets a hop to the nearest site with fibre that it sees with the clearance
    that Recommendation ITU-R P.530-17, section 2.2.2.1, asks for; hops over hops are not built.

    Parameters
    ----------
    places
        The k sites of the plan, those that stand among them.
    fibre : float64[k]
        Fibre to lay [km]; NaN where none is (`fibre_km`).
    surface
        Ground and clutter.
    limits
        What a hop may be.
    """
    lit = np.isfinite(fibre)
    made = Backhaul(
        np.where(lit, 0, 2).astype(np.int64), fibre.astype(np.float64).copy(),
        np.full(len(places), -1, np.int64), np.full(len(places), np.nan),
    )  # fmt: skip
    ends = np.flatnonzero(lit)
    for site in np.flatnonzero(~lit):
        away = haversine_m(
            places.lat_deg[site], places.lon_deg[site], places.lat_deg[ends], places.lon_deg[ends]
        )
        order = np.argsort(away, kind="stable")[:_NEAREST]
        order = order[away[order] <= limits.length_m]
        if order.size == 0:
            continue
        far = ends[order]
        here, there = places.take(np.array([site])), places.take(far)
        clear = hop_clear(
            surface, here.lat_deg, here.lon_deg, here.height_m, there.lat_deg, there.lon_deg,
            there.height_m, limits.frequency_ghz,
        )  # fmt: skip
        seen = np.flatnonzero(clear.clear)
        if seen.size:
            first = int(seen[0])
            made.kind[site], made.to[site] = 1, far[first]
            made.length_km[site] = away[order[first]] / 1000.0
            made.clearance[site] = clear.ratio_median[first]
    return made
