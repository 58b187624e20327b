"""The ground of a coverage study: of each tile, and under every site before any work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.country import Pack
from qamtu.country.rules import Rule, flagged
from qamtu.country.surface import read_surface
from qamtu.kernels.terrain import Surface, ground_height, nearest
from qamtu.studies.coverage.layout import Layout
from qamtu.studies.coverage.request import CoverageRequest

__all__ = ["said_once", "surface_of", "survey"]


def surface_of(
    request: CoverageRequest, pack: Pack, bounds: tuple[float, float, float, float]
) -> tuple[Surface, Findings]:
    """Read the ground of a tile as the request wants it."""
    return read_surface(
        pack, bounds, request.terrain_step_arcsec, request.terrain, request.land_cover,
        request.clutter_table, request.buildings,
    )  # fmt: skip


def survey(
    request: CoverageRequest, pack: Pack, sectors: pd.DataFrame, layout: Layout
) -> tuple[pd.DataFrame, list[Finding], list[Finding]]:
    """Read the ground under every site; a site without ground is an error.

    A strict study stops at warnings, so all that tiles reach is read here too, before any work.

    Returns
    -------
    sectors
        With ``ground_m`` and ``resolution_arcsec``.
    outside
        Sites without ground.
    ground
        What a strict study's tiles say of their ground; empty otherwise.
    """
    ground = np.full(len(sectors), np.nan)
    resolution = np.full(len(sectors), np.nan)
    lat = sectors["lat_deg"].to_numpy(np.float64)
    lon = sectors["lon_deg"].to_numpy(np.float64)
    plain = replace(request, buildings=None, land_cover=None, clutter_table=None)
    told: list[Finding] = []
    for tile in layout.tiles:
        rows = np.array([i for group in tile.groups for i in group])
        try:
            if request.strict:
                surface, more = surface_of(request, pack, tile.bounds)
                told += more
            else:
                surface, _ = surface_of(plain, pack, _rim(lat[rows], lon[rows]))
        except InputError as error:
            if {f.id for f in error.findings} != {"terrain-missing"}:
                raise
            continue
        ground[rows] = ground_height(surface, lat[rows], lon[rows])
        resolution[rows] = nearest(surface, surface.resolution_arcsec, lat[rows], lon[rows], np.nan)
    made = sectors.assign(ground_m=ground, resolution_arcsec=resolution)
    found = flagged(
        Rule("site-outside-terrain", Severity.ERROR,
             "mend the coordinates, or give heights there (--terrain)", "lat_deg"),
        ~np.isfinite(ground),
        lambda i: f"no height of the ground is known at lat {lat[i]:.5f}, lon {lon[i]:.5f}",
        request.sites.name,
    )  # fmt: skip
    return made, found, said_once(told)


def _rim(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Bounds of some points with a rim of about 2 km [deg]."""
    rim = 0.02
    wide = rim / float(np.cos(np.radians(np.abs(lat).max())))
    return (
        float(lon.min()) - wide, float(lat.min()) - rim,
        float(lon.max()) + wide, float(lat.max()) + rim,
    )  # fmt: skip


def said_once(tiles: Sequence[Finding]) -> list[Finding]:
    """Say once what several tiles say of their ground, in the words of the first."""
    by_rule: dict[tuple[str, str | None], list[Finding]] = {}
    for one in dict.fromkeys(tiles):
        by_rule.setdefault((one.id, one.file), []).append(one)

    def joined(first: Finding, others: int) -> Finding:
        tiles = f"{others} other tile{'s' if others > 1 else ''}"
        return replace(first, what=f"{first.what} (and alike around {tiles})") if others else first

    return [joined(alike[0], len(alike) - 1) for alike in by_rule.values()]
