"""What is to be known about a surface before it is used: resolution, voids, points beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.params import Params
from qamtu.kernels.terrain import Surface, ground_height, inside

__all__ = ["check_points", "check_surface", "resolution_shares"]

_SHARE_TOLD: Final = 5e-4
_ARCSEC_M: Final = 30.9


def resolution_shares(surface: Surface) -> dict[float, float]:
    """Share of the surface by resolution of its heights, the finest first; voids are left out.

    Returns
    -------
    dict
        Share of all cells [1] by cell size [arcsec].
    """
    counts: dict[float, int] = {}
    left = surface.resolution_arcsec[np.isfinite(surface.resolution_arcsec)]
    while left.size:  # a few values, one a raster: no need to sort them all
        same = left == left[0]
        value = round(float(left[0]), 2)
        counts[value] = counts.get(value, 0) + int(same.sum())
        left = left[~same]
    size = surface.resolution_arcsec.size
    return {value: counts[value] / size for value in sorted(counts)}


def check_surface(surface: Surface, params: Params) -> list[Finding]:
    """Say how coarse the terrain is and how much of it is not known.

    Parameters
    ----------
    surface
        Ground and clutter.
    params
        ``coarse_terrain``.
    """
    found: list[Finding] = []
    shares = resolution_shares(surface)
    limit = params.value("coarse_terrain")
    coarse = {v: s for v, s in shares.items() if v > limit * 1.01}
    if coarse:
        listed = ", ".join(f"{s:.0%} at {v:g} arcsec (about {v * _ARCSEC_M:,.0f} m)"
                           for v, s in coarse.items() if s >= _SHARE_TOLD)  # fmt: skip
        found.append(
            Finding("terrain-coarse", Severity.WARNING,
                    f"the terrain is coarser than {limit:g} arcsec: {listed}. Ridges and valleys "
                    "smaller than a cell are not in the result",
                    "fetch finer heights (qamtu country fetch terrain), or give your own")
        )  # fmt: skip
    void = float(np.isnan(surface.height_m).mean())
    if void == 1.0:
        found.append(
            Finding("terrain-missing", Severity.ERROR, "no raster of heights covers the area",
                    "fetch heights (qamtu country fetch terrain), or give your own")
        )  # fmt: skip
    elif void > 0.0:
        found.append(
            Finding("terrain-void", Severity.WARNING, f"{void:.2%} of the cells have no height",
                    "give heights for them; paths that cross them have no result")
        )  # fmt: skip
    return found


def check_points(
    surface: Surface, lat_deg: ArrayLike, lon_deg: ArrayLike, names: Sequence[str],
    file: str | None = None, first_row: int = 2,
) -> Findings:  # fmt: skip
    """Tell every point that lies outside the surface or on a void.

    Parameters
    ----------
    surface
        Ground and clutter.
    lat_deg, lon_deg : float[n]
        Points [deg].
    names
        What to call each.
    file, first_row
        Where the points were read from, and the row of the first.
    """
    lat, lon = np.atleast_1d(lat_deg).astype(float), np.atleast_1d(lon_deg).astype(float)
    within = inside(surface, lat, lon)
    swapped = inside(surface, lon, lat)
    known = np.isfinite(ground_height(surface, lat, lon))
    west, south, east, north = surface.bounds
    found: list[Finding] = []
    for i in np.flatnonzero(~(within & known)):
        name, row = f"{names[int(i)]} at {lat[i]:.5f}, {lon[i]:.5f}", first_row + int(i)
        if within[i]:
            found.append(
                Finding("site-terrain-void", Severity.ERROR,
                        f"{name} lies on ground of unknown height", "give heights there", file,
                        row)
            )  # fmt: skip
        elif swapped[i]:
            found.append(
                Finding("site-terrain-swapped", Severity.ERROR,
                        f"{name} lies outside the terrain; with latitude and longitude changed "
                        "it would not", "change the two columns", file, row)
            )  # fmt: skip
        else:
            found.append(
                Finding("site-terrain-outside", Severity.ERROR,
                        f"{name} lies outside the terrain ({west:.3f} to {east:.3f} E, "
                        f"{south:.3f} to {north:.3f} N)",
                        "check its coordinates, or give terrain that holds it", file, row)
            )  # fmt: skip
    return Findings(tuple(found))
