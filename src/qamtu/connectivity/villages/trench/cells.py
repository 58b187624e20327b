"""A coarse look at polygons: cells that no boundary comes near, and what they lie in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation

__all__ = ["Cells", "make_cells"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SIDE_LEAST, _SIDE_MOST = 24, 256
_OUTSIDE = -1


@dataclass(frozen=True, slots=True)
class Cells:
    """A square grid over the polygons and a margin.

    Parameters
    ----------
    corner
        Lower left corner of the grid [m], float64[2].
    size
        Side of a cell [m].
    bordered
        Sums of the cells near a boundary, below and left of each corner, int64[r + 1, c + 1].
    owner
        Polygon that each cell lies in, -1 outside all; without meaning near a boundary,
        int64[r, c].
    """

    corner: Floats
    size: float
    bordered: Ints
    owner: Ints

    def cell(self, points: Floats) -> Ints:
        """Give row and column of each point, clipped to the rim, int64[n, 2]."""
        at = np.floor((points - self.corner) / self.size).astype(np.int64)
        rows, columns = self.owner.shape
        return np.column_stack([at[:, 1].clip(0, rows - 1), at[:, 0].clip(0, columns - 1)])

    def clear(self, start: Floats, end: Floats) -> NDArray[np.bool_]:
        """Tell which straight lines surely meet no boundary, bool[n]."""
        a, b = self.cell(start), self.cell(end)
        low, high = np.minimum(a, b), np.maximum(a, b) + 1
        total = self.bordered
        count = (
            total[high[:, 0], high[:, 1]]
            - total[low[:, 0], high[:, 1]]
            - total[high[:, 0], low[:, 1]]
            + total[low[:, 0], low[:, 1]]
        )
        made: NDArray[np.bool_] = count == 0
        return made

    def owners(self, points: Floats) -> Ints:
        """Give the polygon of points in cells that no boundary comes near, -1 outside."""
        at = self.cell(points)
        return self.owner[at[:, 0], at[:, 1]]


def make_cells(start: Floats, end: Floats, tiles: shapely.STRtree, tile_owner: Ints) -> Cells:
    """Lay cells over boundaries and find what the free ones lie in; the more the finer they are.

    Parameters
    ----------
    start, end
        Segments of the boundaries [m], float64[k, 2].
    tiles, tile_owner
        Index of the polygons' tiles, and the polygon of each.
    """
    both = np.concatenate([start, end])
    low, high = both.min(axis=0), both.max(axis=0)
    side = np.clip(2 * np.sqrt(len(start)), _SIDE_LEAST, _SIDE_MOST)
    size = max(float((high - low).max()) / (side - 6), 1.0)
    corner = low - 3 * size
    shape = tuple(np.ceil((high - corner) / size).astype(int)[::-1] + 3)
    near = np.zeros(shape, dtype=bool)
    column, row = np.floor((_dots(start, end, size / 2) - corner) / size).astype(np.int64).T
    near[row, column] = True
    near = binary_dilation(near, np.ones((3, 3), dtype=bool))
    free_row, free_column = np.nonzero(~near)
    centres = corner + (np.column_stack([free_column, free_row]) + 0.5) * size
    at, tile = tiles.query(shapely.points(centres), predicate="intersects")
    owner = np.full(shape, _OUTSIDE, dtype=np.int64)
    owner[free_row[at], free_column[at]] = tile_owner[tile]
    sums = np.zeros((shape[0] + 1, shape[1] + 1), dtype=np.int64)
    sums[1:, 1:] = near.cumsum(axis=0).cumsum(axis=1)
    return Cells(corner, size, sums, owner)


def _dots(start: Floats, end: Floats, step: float) -> Floats:
    """Dot segments so that no two neighbours are farther apart than a step."""
    count = np.ceil(np.hypot(*(end - start).T) / step).astype(np.int64) + 1
    segment = np.repeat(np.arange(len(start)), count)
    rank = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    share = rank / np.maximum(count[segment] - 1, 1)
    made: Floats = start[segment] + share[:, None] * (end - start)[segment]
    return made
