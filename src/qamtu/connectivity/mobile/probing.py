"""How far apart candidates need to stand: what probes on each kind of ground cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qamtu.connectivity.mobile.candidates import (
    Heights,
    Places,
    hexagonal_points,
    join_places,
    make_places,
)
from qamtu.connectivity.mobile.options import new_options
from qamtu.connectivity.mobile.radio import Radio
from qamtu.connectivity.mobile.reach import LossModel, covered_radius, site_window
from qamtu.connectivity.mobile.territory import Territory, cell_indices, cell_side_m
from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.propagation.area import frame_around
from qamtu.kernels.terrain import Surface

__all__ = ["Spacing", "probe_spacing", "spaced_places"]

_PROBES: Final = 8
_QUANTILE: Final = 0.3
_PLACES_LEAST: Final = 60
_RADIUS_SHARE: Final = 1.15
_CELLS_LEAST: Final = 1.5
_CELLS_FAR: Final = 3.0
_FAR_QUANTILE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Spacing:
    """Candidates of one city, by what stands on the ground (`ClutterClass`).

    Parameters
    ----------
    apart_m
        Distance between candidates on ground of each class [m].
    reach_m
        Radius within which a site there covers most of the ground [m]; for tilts too.
    radius_m
        Radius to which the losses of a site there are computed [m].
    """

    apart_m: Mapping[int, float]
    reach_m: Mapping[int, float]
    radius_m: Mapping[int, float]

    def reach_of(self, places: Places) -> NDArray[np.float64]:
        """Give the radius that a site of each place covers [m]."""
        return _of_class(self.reach_m, places)

    def radius_of(self, places: Places) -> NDArray[np.float64]:
        """Give the radius to which the losses of each place are computed [m]."""
        return _of_class(self.radius_m, places)


def _of_class(values: Mapping[int, float], places: Places) -> NDArray[np.float64]:
    """Look up a value by class; the middle one for a class that no probe stood on."""
    usual = float(np.median(list(values.values())))
    return np.array([values.get(int(c), usual) for c in places.clutter], np.float64)


def probe_spacing(
    surface: Surface, territory: Territory, heights: Heights, radio: Radio, loss: LossModel, *,
    share: float, spacing_m: float | None,
) -> Spacing:  # fmt: skip
    """Predict what sites on each kind of ground cover, and space candidates so.

    The distance is ``share`` times the radius that seven in ten probes of the kind exceed, not
    below one and a half cells, and such that a territory has some sixty candidates at least; the
    radius of losses is the farthest that three in four probes of the kind cover, and a bit.

    Parameters
    ----------
    surface, territory
        The city.
    heights, radio, loss
        Antenna heights, band and propagation.
    share
        Distance between candidates as a share of the radius [1].
    spacing_m
        A distance that the user asked for [m]; the probes then give tilts and radius alone.
    """
    cell = cell_side_m(territory.frame)
    places, usable = make_places(surface, territory.lat_deg, territory.lon_deg, heights)
    places = places.take(usable)
    reach: dict[int, float] = {}
    radius: dict[int, float] = {}
    for kind in np.unique(places.clutter):
        own = np.flatnonzero(places.clutter == kind)
        chosen = own[np.linspace(0, own.size - 1, min(own.size, _PROBES) + 2)[1:-1].astype(int)]
        probes = [_probe(places.take(np.array([i])), surface, radio, loss, cell) for i in chosen]
        reach[int(kind)] = max(float(np.quantile([p[0] for p in probes], _QUANTILE)), cell)
        far = _RADIUS_SHARE * float(np.quantile([p[1] for p in probes], _FAR_QUANTILE))
        radius[int(kind)] = min(radio.reach_m, max(far, _CELLS_FAR * cell))
    least = _CELLS_LEAST * cell
    most = float(np.sqrt(territory.total_km2 * 1e6 / (_PLACES_LEAST * np.sqrt(0.75))))
    apart = {
        kind: max(least, min(share * value, most)) if spacing_m is None else spacing_m
        for kind, value in reach.items()
    }
    return Spacing(apart, reach, radius)


def _probe(
    place: Places, surface: Surface, radio: Radio, loss: LossModel, cell_m: float
) -> tuple[float, float]:
    """Radius and farthest distance that one site covers, on a frame of its own."""
    lat, lon, height = (float(place.lat_deg[0]), float(place.lon_deg[0]), float(place.height_m[0]))
    step_deg = cell_m / (EARTH_RADIUS_M * np.pi / 180.0)
    frame = frame_around(lat, lon, radio.reach_m, step_deg)
    window = site_window(loss, frame, lat, lon, height, radio.reach_m)
    if window is None:
        return 0.0, 0.0
    at = np.meshgrid(frame.lat_deg, frame.lon_deg, indexing="ij")
    row, col = cell_indices(surface, at[0].ravel(), at[1].ravel())
    ground = surface.height_m[row, col].reshape(frame.shape)
    option = new_options(place, radio, np.array([0.5 * radio.reach_m]), 1)[0]
    return covered_radius(window, option, place, ground, radio)


def spaced_places(
    outline: Any, surface: Surface, heights: Heights, spacing: Spacing, most: int
) -> tuple[Places, float]:
    """Lay candidates over a territory, on each kind of ground as far apart as it allows.

    Parameters
    ----------
    outline, surface, heights
        As in `probe_spacing`.
    spacing
        Distances.
    most
        Places at most; all distances are stretched alike where there would be more.

    Returns
    -------
    places
        The candidates.
    stretch
        Factor by which the distances were stretched [1].
    """
    stretch = 1.0
    while True:
        parts = []
        for kind, apart in spacing.apart_m.items():
            points = hexagonal_points(outline, apart * stretch)
            places, usable = make_places(surface, *points, heights)
            parts.append(places.take(usable & (places.clutter == kind)))
        made = join_places(*parts)
        if len(made) <= most:
            return made, stretch
        stretch *= 1.02 * float(np.sqrt(len(made) / most))
