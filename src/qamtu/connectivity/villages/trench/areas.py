"""How much of a line lies inside polygons: water to keep out of, a territory to stay in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from qamtu.connectivity.villages.trench.cells import Cells, make_cells

__all__ = ["Area", "make_area", "straight_lines"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

_TILE_VERTICES = 200
_DEPTH_MAX = 30
_POLYGONS = (3, 6)


@dataclass(frozen=True, slots=True)
class Area:
    """Polygons in a plane, cut into tiles of few vertices.

    Parameters
    ----------
    tiles
        Index of the tiles.
    owner
        Polygon that each tile is a part of, int64[t].
    border
        Index of the single segments of the polygons' boundaries.
    cells
        What far from any boundary can be known without either.
    """

    tiles: shapely.STRtree
    owner: Ints
    border: shapely.STRtree
    cells: Cells

    def holds(self, points: Floats, margin: float = 0.0) -> NDArray[np.bool_]:
        """Tell which points lie inside, or within a margin [m] of it; float64[n, 2] to bool[n]."""
        made = np.zeros(len(points), dtype=bool)
        shapes = _points(points)
        made[self.tiles.query(shapes, predicate="intersects")[0]] = True
        rest = np.flatnonzero(~made)
        if margin > 0 and len(rest):
            made[rest[self.tiles.query(shapes[rest], predicate="dwithin", distance=margin)[0]]] = (
                True
            )
        return made

    def near_border(self, points: Floats, margin: float) -> NDArray[np.bool_]:
        """Tell which points lie within a margin [m] of a boundary; float64[n, 2] to bool[n]."""
        made = np.zeros(len(points), dtype=bool)
        shapes = _points(points)
        made[self.border.query(shapes, predicate="dwithin", distance=margin)[0]] = True
        return made

    def lengths(self, start: Floats, end: Floats) -> tuple[Ints, Ints, Floats]:
        """Measure how much of straight lines lies inside each polygon.

        Only lines that meet a boundary are cut; the others are inside with their start or not
        at all. O((n + boundary) log) and little for lines far from any boundary.

        Parameters
        ----------
        start, end
            Ends in the plane [m], float64[n, 2].

        Returns
        -------
        line, owner : int64[k]
            Pairs of a line and a polygon that it lies in.
        length : float64[k]
            How far [m].
        """
        clear = self.cells.clear(start, end)
        far = np.flatnonzero(clear)
        holder = self.cells.owners(start[far])
        near, near_owner, part = self._cut(start[~clear], end[~clear])
        whole = far[holder >= 0]
        line = np.concatenate([whole, np.flatnonzero(~clear)[near]])
        owner = np.concatenate([holder[holder >= 0], near_owner])
        length = np.concatenate([np.hypot(*(end[whole] - start[whole]).T), part])
        n_owners = np.int64(self.owner.max(initial=0)) + 1
        key, place = np.unique(line * n_owners + owner, return_inverse=True)
        return (
            key // n_owners,
            key % n_owners,
            np.bincount(place, weights=length).astype(np.float64),
        )

    def _cut(self, start: Floats, end: Floats) -> tuple[Ints, Ints, Floats]:
        """Measure lines that may meet a boundary, tile by tile."""
        lines = straight_lines(start, end)
        touches = np.zeros(len(lines), dtype=bool)
        touches[self.border.query(lines, predicate="intersects")[0]] = True
        free, bound = np.flatnonzero(~touches), np.flatnonzero(touches)
        inner, tile_a = self.tiles.query(_points(start[free]), predicate="intersects")
        inner, once = np.unique(inner, return_index=True)
        whole = free[inner]
        cut, tile_b = self.tiles.query(lines[bound], predicate="intersects")
        crossed = bound[cut]
        part = shapely.length(shapely.intersection(lines[crossed], self.tiles.geometries[tile_b]))
        return (
            np.concatenate([whole, crossed]),
            self.owner[np.concatenate([tile_a[once], tile_b])],
            np.concatenate([np.hypot(*(end[whole] - start[whole]).T), part]),
        )


def straight_lines(start: Floats, end: Floats) -> Shapes:
    """Draw straight lines between points of a plane, float64[n, 2] each."""
    return np.asarray(shapely.linestrings(np.stack([start, end], axis=1)), dtype=object)


def _points(places: Floats) -> Shapes:
    return np.asarray(shapely.points(places), dtype=object)


def make_area(polygons: Shapes) -> Area | None:
    """Cut polygons of a plane into tiles; None if there are none.

    Parameters
    ----------
    polygons
        Polygons and multipolygons [m]; mended where they are invalid.
    """
    polygons = np.asarray(polygons, dtype=object)
    valid = shapely.is_valid(polygons)
    polygons = np.where(valid, polygons, shapely.make_valid(polygons))
    parts, owner = _polygons(polygons, np.arange(len(polygons)))
    if not len(parts):
        return None
    rings = shapely.get_parts(shapely.boundary(parts))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    start, end = points[:-1][same], points[1:][same]
    tiles, tile_owner = _tiles(parts, owner)
    tree = shapely.STRtree(tiles)
    cells = make_cells(start, end, tree, tile_owner)
    return Area(tree, tile_owner, shapely.STRtree(straight_lines(start, end)), cells)


def _polygons(shapes: Shapes, owner: Ints) -> tuple[Shapes, Ints]:
    """Single polygons out of anything."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    parts, deeper = shapely.get_parts(parts, return_index=True)
    good = np.isin(shapely.get_type_id(parts), _POLYGONS) & ~shapely.is_empty(parts)
    return parts[good], owner[row[deeper[good]]]


def _tiles(parts: Shapes, owner: Ints) -> tuple[Shapes, Ints]:
    """Halve polygons along the longer side until each has few vertices."""
    done: list[Shapes] = []
    done_owner: list[Ints] = []
    for _ in range(_DEPTH_MAX):
        small = shapely.get_num_coordinates(parts) <= _TILE_VERTICES
        done.append(parts[small])
        done_owner.append(owner[small])
        parts, owner = parts[~small], owner[~small]
        if not len(parts):
            break
        halves = [half for part in parts for half in _halves(part)]
        parts, owner = _polygons(np.array(halves, dtype=object), np.repeat(owner, 2))
    return np.concatenate([*done, parts]), np.concatenate([*done_owner, owner])


def _halves(part: shapely.Geometry) -> tuple[shapely.Geometry, shapely.Geometry]:
    west, south, east, north = shapely.bounds(part)
    if east - west > north - south:
        middle = (west + east) / 2
        return (
            shapely.clip_by_rect(part, west, south, middle, north),
            shapely.clip_by_rect(part, middle, south, east, north),
        )
    middle = (south + north) / 2
    return (
        shapely.clip_by_rect(part, west, south, east, middle),
        shapely.clip_by_rect(part, west, middle, east, north),
    )
