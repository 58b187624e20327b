"""How far apart candidates need to stand: what probes in the same city cover."""

from __future__ import annotations

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
from qamtu.connectivity.mobile.territory import Territory, cell_indices
from qamtu.kernels.propagation.area import frame_around
from qamtu.kernels.terrain import Surface

__all__ = ["Spacing", "probe_spacing", "spaced_places"]

_PROBES: Final = 10
_ROUND: Final = 60
_REACH_SHARE: Final = 1.15


@dataclass(frozen=True, slots=True)
class Spacing:
    """Candidates of one city.

    Parameters
    ----------
    built_m, open_m
        Distance between candidates in built-up and in open ground [m].
    built_reach_m, open_reach_m
        Radius of the circle with the area that a site covers there [m]; for tilts.
    radius_m
        Radius to which losses are computed [m].
    """

    built_m: float
    open_m: float
    built_reach_m: float
    open_reach_m: float
    radius_m: float

    def reach_m(self, places: Places) -> NDArray[np.float64]:
        """Give the radius that a site of each place covers [m]."""
        return np.where(places.built, self.built_reach_m, self.open_reach_m)


def probe_spacing(
    outline: Any, surface: Surface, territory: Territory, heights: Heights, radio: Radio,
    loss: LossModel, *, share: float, spacing_m: float | None,
) -> Spacing:  # fmt: skip
    """Predict what sites at some places of either kind of ground cover, and space candidates so.

    The distance is ``share`` times the median radius that the probes of the kind cover, not below
    one and a half cells; the radius of losses is the farthest that any probe covers and a bit.

    Parameters
    ----------
    outline, surface, territory
        The city.
    heights, radio, loss
        Antenna heights, band and propagation.
    share
        Distance between candidates as a share of the radius [1].
    spacing_m
        A distance that the user asked for [m]; the probes then give tilts and radius alone.
    """
    cell = territory.frame.cell_m
    apart = float(np.sqrt(territory.total_km2 * 1e6 / _ROUND))
    places, usable = make_places(surface, *hexagonal_points(outline, apart), heights)
    places = places.take(usable)
    reach, far = {}, [2.0 * cell]
    for built in (True, False):
        radii = []
        kind = np.flatnonzero(places.built == built)
        for i in kind[np.linspace(0, kind.size - 1, min(kind.size, _PROBES)).astype(int)]:
            one, away = _probe(places.take(np.array([i])), surface, radio, loss, cell)
            radii.append(one)
            far.append(away)
        reach[built] = float(np.median(radii)) if radii else 0.0
    reach = {kind: value if value > 0.0 else max(reach.values()) for kind, value in reach.items()}
    least = 1.5 * cell
    apart_of = {
        kind: max(least, share * value) if spacing_m is None else spacing_m
        for kind, value in reach.items()
    }
    return Spacing(
        apart_of[True], apart_of[False], max(reach[True], cell), max(reach[False], cell),
        min(radio.reach_m, _REACH_SHARE * max(far)),
    )  # fmt: skip


def _probe(
    place: Places, surface: Surface, radio: Radio, loss: LossModel, cell_m: float
) -> tuple[float, float]:
    """Radius of equal area and farthest distance that one site covers, on a frame of its own."""
    lat, lon, height = (float(place.lat_deg[0]), float(place.lon_deg[0]), float(place.height_m[0]))
    frame = frame_around(lat, lon, radio.reach_m, cell_m / 111_195.0)
    window = site_window(loss, frame, lat, lon, height, radio.reach_m)
    if window is None:
        return 0.0, 0.0
    at = np.meshgrid(frame.lat_deg, frame.lon_deg, indexing="ij")
    row, col = cell_indices(surface, at[0].ravel(), at[1].ravel())
    ground = surface.height_m[row, col].reshape(frame.shape)
    option = new_options(place, radio, [0.5 * radio.reach_m], 1)[0]
    return covered_radius(window, option, place, ground, radio)


def spaced_places(
    outline: Any, surface: Surface, heights: Heights, spacing: Spacing, most: int
) -> tuple[Places, float]:
    """Lay candidates over a territory: denser in built-up ground than in the open.

    Parameters
    ----------
    outline, surface, heights
        As in `probe_spacing`.
    spacing
        Distances.
    most
        Places at most; both distances are stretched alike where there would be more.

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
        for built, apart in ((True, spacing.built_m), (False, spacing.open_m)):
            points = hexagonal_points(outline, apart * stretch)
            places, usable = make_places(surface, *points, heights)
            parts.append(places.take(usable & (places.built == built)))
        made = join_places(*parts)
        if len(made) <= most:
            return made, stretch
        stretch *= 1.02 * float(np.sqrt(len(made) / most))
