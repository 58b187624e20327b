"""Which straight ways are barred: across water, or outside the territory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from qamtu.connectivity.villages.trench.areas import Area, make_area
from qamtu.connectivity.villages.trench.plane import Plane

__all__ = ["Barred", "Barriers", "read_barriers"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_ARCSEC_M = 30.87
"""One arc second of latitude [m]."""


@dataclass(frozen=True, slots=True)
class Barred:
    """What bars each way, bool[k] each: water, the border."""

    water: Flags
    border: Flags

    @property
    def any(self) -> Flags:
        """Whether anything does."""
        return self.water | self.border


@dataclass(frozen=True, slots=True)
class Barriers:
    """Water and territory in the plane.

    Parameters
    ----------
    water
        Lakes and seas, or None.
    water_tolerance_m
        Length that a way may lie in each, float64[w].
    territory
        Where ways must stay, or None.
    border_m
        Length that a way may lie outside [m].
    """

    water: Area | None
    water_tolerance_m: Floats
    territory: Area | None
    border_m: float

    def bar(self, start: Floats, end: Floats) -> Barred:
        """Hold straight ways between places of the plane [m] against both, float64[k, 2]."""
        water = np.zeros(len(start), dtype=bool)
        border = np.zeros(len(start), dtype=bool)
        if self.water is not None and len(start):
            line, body, length = self.water.lengths(start, end)
            water[line[length > self.water_tolerance_m[body]]] = True
        if self.territory is not None and len(start):
            line, _, length = self.territory.lengths(start, end)
            inside = np.bincount(line, weights=length, minlength=len(start))
            border = np.hypot(*(end - start).T) - inside > self.border_m
        return Barred(water, border)

    def abroad(self, points: Floats) -> Flags:
        """Tell which places of the plane lie farther outside the territory than the tolerance."""
        if self.territory is None:
            return np.zeros(len(points), dtype=bool)
        return ~self.territory.holds(points, self.border_m)

    def afloat(self, points: Floats) -> Flags:
        """Tell which places of the plane lie in water, farther from a shore than tolerated."""
        if self.water is None:
            return np.zeros(len(points), dtype=bool)
        margin = float(self.water_tolerance_m.max(initial=0.0))
        made = self.water.holds(points)
        made[made] = ~self.water.near_border(points[made], margin)
        return made


def read_barriers(
    water: pd.DataFrame | None,
    territory: BaseGeometry | None,
    plane: Plane,
    border_m: float,
    shore_m: float,
) -> Barriers:
    """Put water and territory into the plane.

    A way may lie in a body of water for half the resolution of the water data, so that
    settlements on a coarsely drawn shore still connect.

    Parameters
    ----------
    water
        Table of polygons with, where known, resolution_arcsec; or None.
    territory
        Polygon of EPSG:4326, or None.
    plane
        The plane.
    border_m
        Length that a way may lie outside the territory [m].
    shore_m
        Length that a way may lie in water where the resolution is not known [m].
    """
    wet, tolerance = None, np.zeros(0)
    if water is not None and len(water):
        wet = make_area(plane.project_geometries(np.asarray(water["geometry"], dtype=object)))
        tolerance = np.full(len(water), shore_m)
        if "resolution_arcsec" in water.columns:
            given = pd.to_numeric(water["resolution_arcsec"])
            arcsec = given.to_numpy(dtype=np.float64, na_value=np.nan)
            tolerance = np.where(np.isfinite(arcsec), arcsec * _ARCSEC_M / 2, shore_m)
    land = None
    if territory is not None:
        land = make_area(np.array([plane.project_geometry(territory)], dtype=object))
    return Barriers(wet, tolerance, land, border_m)
