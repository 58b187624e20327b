"""The path of a link over the terrain: ground, clutter, effective Earth, line and Fresnel zone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.kernels.geodesy import geodesic_m, unit_vectors
from qamtu.kernels.propagation.clearance import (
    ClearanceRule,
    HopClearance,
    cell_m,
    profile_clear,
)
from qamtu.kernels.propagation.p526 import earth_bulge_m, fresnel_radius_m
from qamtu.kernels.terrain import ClutterClass, Surface, nearest, sample_profiles
from qamtu.studies.link.ends import End

__all__ = ["MASTS_M", "LinkPath", "bounds_of", "check_length", "trace_path"]

Floats = NDArray[np.float64]

MASTS_M: Final = (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0, 120.0, 150.0)
"""Mast heights that are tried for a hop that does not clear [m]."""

_POINTS: Final = (200, 6000)
_LENGTH_M: Final = (50.0, 1_000_000.0)
_FAR_M: Final = 150_000.0
_MARGIN_DEG: Final = 0.05


@dataclass(frozen=True, slots=True)
class LinkPath:
    """One path and how free it is.

    Parameters
    ----------
    table : DataFrame
        A row a point, ends included: distance_m, lat_deg, lon_deg, ground_m, clutter_m,
        clutter_class, zone, resolution_arcsec, bulge_m, line_m, radius_m, clearance_m, ratio.
    length_m
        Length of the geodesic [m].
    step_m
        Distance between points [m].
    clearance
        What the rule of P.530 says of it.
    need_m
        Height that both antennas need more than they have [m].
    resolution_share
        Share of the path by resolution of its heights [arcsec].
    voids
        Points without a height.
    """

    table: pd.DataFrame
    length_m: float
    step_m: float
    clearance: HopClearance
    need_m: float
    resolution_share: dict[float, float]
    voids: int

    def column(self, name: str) -> Floats:
        """Give a column of numbers."""
        return self.table[name].to_numpy(dtype=np.float64)

    @property
    def coarse_arcsec(self) -> float:
        """Coarsest resolution along the path [arcsec]; NaN where nothing is known."""
        return max(self.resolution_share, default=math.nan)

    @property
    def worst(self) -> int:
        """Row of the point with the least clearance over radius; -1 where it is not known."""
        ratio = self.column("ratio")
        known = self.voids == 0 and np.isfinite(ratio).any()
        return int(np.nanargmin(ratio)) if known else -1


def bounds_of(a: End, b: End) -> tuple[float, float, float, float]:
    """West, south, east, north [deg] of the great circle between two ends, with a margin."""
    lat, lon = _along(a, b, np.linspace(0.0, 1.0, 65))
    west, east = float(lon.min()) - _MARGIN_DEG, float(lon.max()) + _MARGIN_DEG
    south, north = float(lat.min()) - _MARGIN_DEG, float(lat.max()) + _MARGIN_DEG
    return west, south, east, north


def check_length(a: End, b: End) -> Findings:
    """Find two ends that are one place, or too far from each other."""
    length = float(geodesic_m(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg))
    if length < _LENGTH_M[0]:
        what = f"A and B are {length:.0f} m apart"
        mend = f"give two places at least {_LENGTH_M[0]:g} m apart"
        return Findings((Finding("ends-same", Severity.ERROR, what, mend),))
    if length > _LENGTH_M[1]:
        what = f"A and B are {length / 1000:,.0f} km apart"
        mend = f"give a path of at most {_LENGTH_M[1] / 1000:g} km; check the coordinates"
        return Findings((Finding("ends-far", Severity.ERROR, what, mend),))
    if length > _FAR_M:
        what = f"A and B are {length / 1000:,.0f} km apart"
        mend = "a line of sight hardly reaches so far; plan relays between"
        return Findings((Finding("ends-far", Severity.WARNING, what, mend),))
    return Findings()


def trace_path(
    surface: Surface,
    a: End,
    b: End,
    heights_m: tuple[float, float],
    frequency_ghz: float,
    rule: ClearanceRule,
    step_m: float | None = None,
) -> LinkPath:
    """Sample a path and hold its line against the ground.

    Parameters
    ----------
    surface
        Ground and clutter.
    a, b
        Ends.
    heights_m
        Antennas above ground [m].
    frequency_ghz
        Carrier [GHz].
    rule
        What has to be clear.
    step_m
        Most distance between points [m]; the surface's cell if None, and 200 points at least.
    """
    length = float(geodesic_m(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg))
    step = cell_m(surface) if step_m is None else step_m
    n = int(np.clip(math.ceil(length / step), *_POINTS)) + 1
    ends = (a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg)
    ground, clutter, zone = (one[0] for one in sample_profiles(surface, *ends, n))
    lat, lon = _along(a, b, np.linspace(0.0, 1.0, n))
    kind = nearest(surface, surface.clutter_class, lat, lon, 0)
    resolution = nearest(surface, surface.resolution_arcsec, lat, lon, math.nan)
    share = np.linspace(0.0, 1.0, n)
    to_a, to_b = share * length, (1.0 - share) * length
    line = (ground[0] + heights_m[0]) * (1.0 - share) + (ground[-1] + heights_m[1]) * share
    bulge = earth_bulge_m(to_a, to_b, rule.k_median)
    radius = fresnel_radius_m(to_a, to_b, frequency_ghz)
    free = line - ground - clutter - bulge
    ratio = np.full(n, np.nan)
    ratio[1:-1] = free[1:-1] / radius[1:-1]
    table = pd.DataFrame(
        {
            "distance_m": to_a, "lat_deg": lat, "lon_deg": lon, "ground_m": ground,
            "clutter_m": clutter, "clutter_class": [ClutterClass(k).name.lower() for k in kind],
            "zone": zone, "resolution_arcsec": resolution.astype(np.float64), "bulge_m": bulge,
            "line_m": line, "radius_m": radius, "clearance_m": free, "ratio": ratio,
        }
    )  # fmt: skip
    clearance, need = profile_clear(ground, clutter, length, *heights_m, frequency_ghz, rule)
    return LinkPath(
        table, length, length / (n - 1), clearance, need, _shares(resolution),
        int(np.isnan(ground).sum()),
    )  # fmt: skip


def _along(a: End, b: End, share: Floats) -> tuple[Floats, Floats]:
    """Points of the great circle at shares of its way [deg]."""
    start, end = unit_vectors([a.lat_deg, b.lat_deg], [a.lon_deg, b.lon_deg])
    angle = math.atan2(float(np.linalg.norm(np.cross(start, end))), float(start @ end))
    if angle == 0.0:
        return np.full(share.size, a.lat_deg), np.full(share.size, a.lon_deg)
    near, far = np.sin((1.0 - share) * angle), np.sin(share * angle)
    xyz = (near[:, None] * start + far[:, None] * end) / math.sin(angle)
    lat = np.degrees(np.arctan2(xyz[:, 2], np.hypot(xyz[:, 0], xyz[:, 1])))
    return lat, np.degrees(np.arctan2(xyz[:, 1], xyz[:, 0]))


def _shares(resolution: NDArray[Any]) -> dict[float, float]:
    rounded = np.round(resolution[np.isfinite(resolution)].astype(np.float64), 2)
    values, counts = np.unique(rounded, return_counts=True)
    size = resolution.size
    return {float(v): float(c) / size for v, c in zip(values, counts, strict=True)}
