"""Where people of a settlement are held to live: evenly over a disc of a stated density."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.propagation.area import Frame

__all__ = ["Homes", "spread_people"]

_MOST_POINTS: Final = 400
_GOLDEN_RAD: Final = np.pi * (3.0 - np.sqrt(5.0))
_METRE_DEG: Final = 180.0 / (np.pi * EARTH_RADIUS_M)


@dataclass(frozen=True, eq=False)
class Homes:
    """Points that stand for the people of settlements.

    Parameters
    ----------
    owner : int64[m]
        Row of the settlement of each point.
    row, col : int64[m]
        Cell of the frame; −1 outside.
    settlements : int
        How many there are.
    """

    owner: NDArray[np.int64]
    row: NDArray[np.int64]
    col: NDArray[np.int64]
    settlements: int

    def share(self, holds: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Share of each settlement's points for which something holds, float64[settlements]."""
        whole = np.bincount(self.owner, minlength=self.settlements)
        those = np.bincount(self.owner, weights=holds, minlength=self.settlements)
        return np.asarray(those / np.maximum(whole, 1))


def spread_people(
    settlements: pd.DataFrame, frame: Frame, density_per_km2: float, cell_m: float
) -> Homes:
    """Lay points evenly over each settlement's disc, about one a cell, 400 at most.

    The points lie on a spiral whose turns are of equal area (H. Vogel, "A better way to construct
    the sunflower head", Mathematical Biosciences 44, 1979).

    Parameters
    ----------
    settlements
        With ``lat_deg``, ``lon_deg`` and ``population``.
    frame
        The study's frame.
    density_per_km2 : float
        People on a square kilometre of built-up ground.
    cell_m : float
        Side of a cell [m].
    """
    people = settlements["population"].to_numpy(dtype=np.float64, na_value=0.0)
    area_m2 = np.maximum(people, 0.0) / density_per_km2 * 1e6
    count = np.clip(np.round(area_m2 / cell_m**2), 1, _MOST_POINTS).astype(np.int64)
    owner = np.repeat(np.arange(len(settlements)), count)
    number = np.arange(owner.size) - np.repeat(np.cumsum(count) - count, count)
    share = np.where(count[owner] > 1, (number + 0.5) / count[owner], 0.0)
    away = np.sqrt(area_m2[owner] / np.pi * share)
    turn = number * _GOLDEN_RAD
    lat = settlements["lat_deg"].to_numpy(np.float64)[owner]
    lon = settlements["lon_deg"].to_numpy(np.float64)[owner]
    east = away * np.sin(turn) * _METRE_DEG / np.cos(np.radians(lat))
    lat, lon = lat + away * np.cos(turn) * _METRE_DEG, lon + east
    row = np.round((frame.lat_top_deg - lat) / frame.step_lat_deg)
    col = np.round((lon - frame.lon_left_deg) / frame.step_lon_deg)
    out = ~((row >= 0) & (row < frame.rows) & (col >= 0) & (col < frame.cols))
    row[out] = col[out] = -1.0
    return Homes(owner, row.astype(np.int64), col.astype(np.int64), len(settlements))
