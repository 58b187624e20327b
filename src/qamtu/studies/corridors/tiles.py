"""The ground under the roads in tiles: fine where the rasters are, small enough to hand about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from qamtu.connectivity.corridors.inputs import SurfaceTile
from qamtu.core.findings import Finding, Findings
from qamtu.country import Pack, read_surface

__all__ = ["read_tiles"]

_TILE_DEG: Final = 3.0
_KM_A_DEGREE: Final = 111.0
_COARSEST_ARCSEC: Final = 60.0
_NEAR_DEG: Final = 0.06
_TOLD_BY_LINE: Final = frozenset({"terrain-coarse"})


def read_tiles(
    pack: Pack,
    roads: gpd.GeoDataFrame,
    regions: gpd.GeoDataFrame,
    *,
    margin_km: float,
    terrain: Sequence[Path] = (),
    land_cover: Path | None = None,
    clutter_table: Path | None = None,
    memory_mb: float = 6000.0,
) -> tuple[tuple[SurfaceTile, ...], Findings]:
    """Read the ground of every tile of 3° × 3° that a road runs through.

    Parameters
    ----------
    pack
        Its rasters and settlements.
    roads, regions
        Roads and territory, EPSG:4326; ground is needed where both are.
    margin_km
        How far beyond its box each tile reaches [km].
    terrain, land_cover, clutter_table
        The user's rasters, see `read_surface`.
    memory_mb
        What the reading of all tiles together may take [10⁶ bytes]; finer rasters are coarsened.

    Returns
    -------
    tiles
        Tiles with the finest rasters that each has; coarse ones are read onto cells of one minute
        at least, so that towns and waters keep their outlines.
    findings
        What was found, once for all tiles.
    """
    boxes = _boxes(roads, regions)
    share_mb = memory_mb / max(len(boxes), 1)
    tiles: list[SurfaceTile] = []
    found: list[list[Finding]] = []
    for box in boxes:
        west, south, east, north = box
        tall = margin_km / _KM_A_DEGREE
        wide = tall / max(float(np.cos(np.radians(max(abs(south), abs(north)) + tall))), 0.05)
        bounds = (
            max(west - wide, -180.0), max(south - tall, -90.0),
            min(east + wide, 180.0), min(north + tall, 90.0),
        )  # fmt: skip
        for step in (None, _COARSEST_ARCSEC):
            surface, told = read_surface(
                pack, bounds, step, heights=list(terrain), land_cover=land_cover,
                clutter_table=clutter_table, memory_mb=share_mb,
            )  # fmt: skip
            if surface.step_lat_deg * 3600.0 <= _COARSEST_ARCSEC * 1.001:
                break
        tiles.append(SurfaceTile(box, surface))
        found.append(list(told))
    return tuple(tiles), Findings(tuple(_gathered(found)))


def _boxes(
    roads: gpd.GeoDataFrame, regions: gpd.GeoDataFrame
) -> list[tuple[float, float, float, float]]:
    """Give the tiles of a grid of whole multiples that a road of the territory is near."""
    if not len(roads) or not len(regions):
        return []
    west, south, east, north = regions.total_bounds.tolist()
    lines = np.asarray(roads.geometry.array)
    lines = lines[shapely.intersects(lines, regions.geometry.union_all())]
    tree = shapely.STRtree(lines)
    made = []
    for row in range(int(np.floor(south / _TILE_DEG)), int(np.ceil(north / _TILE_DEG))):
        for col in range(int(np.floor(west / _TILE_DEG)), int(np.ceil(east / _TILE_DEG))):
            box = (
                col * _TILE_DEG, row * _TILE_DEG, (col + 1) * _TILE_DEG, (row + 1) * _TILE_DEG
            )  # fmt: skip
            around = shapely.box(*box).buffer(_NEAR_DEG)
            if len(tree.query(around, predicate="intersects")):
                made.append(box)
    return made


def _gathered(tiles: list[list[Finding]]) -> list[Finding]:
    """Make one finding of those that a rule has for several tiles."""
    by_rule: dict[str, list[Finding]] = {}
    for told in tiles:
        for finding in told:
            if finding.id not in _TOLD_BY_LINE:
                by_rule.setdefault(finding.id, []).append(finding)
    made = []
    for rule, same in by_rule.items():
        first = same[0]
        more = f" (one of {len(same)} such findings in the tiles)" if len(same) > 1 else ""
        made.append(
            Finding(rule, first.severity, first.what + more, first.mend, first.file, first.row,
                    first.field)
        )  # fmt: skip
    return made
