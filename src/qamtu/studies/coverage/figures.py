"""Areas, shares and people of a coverage map, summed while its rows pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
import rasterio.features
from numpy.typing import NDArray

from qamtu.kernels.geodesy import EARTH_RADIUS_M
from qamtu.kernels.propagation.area import Frame
from qamtu.studies.coverage.layers import Bands
from qamtu.studies.coverage.people import Homes
from qamtu.studies.output.cog import frame_transform

__all__ = ["Figures", "by_region", "cell_areas_km2", "level_curve"]

_LOWEST_DB: Final = -60.0
_HIGHEST_DB: Final = 90.0
_RATES_MBPS: Final = (0.1, 1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 200.0, 500.0, 1000.0)


def cell_areas_km2(frame: Frame) -> NDArray[np.float64]:
    """Area of a cell in each row, on the sphere of mean radius, float64[rows] [km²]."""
    half = np.radians(frame.step_lat_deg) / 2.0
    phi = np.radians(frame.lat_deg)
    height = np.sin(phi + half) - np.sin(phi - half)
    return np.asarray(EARTH_RADIUS_M**2 * np.radians(frame.step_lon_deg) * height / 1e6)


@dataclass(eq=False)
class Figures:
    """Sums over the cells of the frame that a site reaches.

    Parameters
    ----------
    frame
        The frame.
    levels_db : mapping of float
        Band's least level above the weakest one [dB], the highest first.
    sectors : int
        How many there are.
    regions : DataFrame
        ``region_id`` and ``geometry`` of the country's regions.
    """

    frame: Frame
    levels_db: Mapping[str, float]
    sectors: int
    regions: pd.DataFrame
    reached_km2: float = 0.0
    bands_km2: dict[str, float] = field(init=False)
    by_level_km2: NDArray[np.float64] = field(init=False)
    by_rate_km2: NDArray[np.float64] = field(init=False)
    by_sector_km2: NDArray[np.float64] = field(init=False)
    by_region_km2: NDArray[np.float64] = field(init=False)
    resolution_km2: dict[float, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with nothing."""
        self.bands_km2 = dict.fromkeys(self.levels_db, 0.0)
        self._area = cell_areas_km2(self.frame)
        self._shapes = [
            (shape, i + 1) for i, shape in enumerate(self.regions["geometry"]) if shape is not None
        ]
        self.by_level_km2 = np.zeros(int(_HIGHEST_DB - _LOWEST_DB) + 1)
        self.by_rate_km2 = np.zeros(len(_RATES_MBPS))
        self.by_sector_km2 = np.zeros(self.sectors)
        self.by_region_km2 = np.zeros((len(self.regions), 2))

    def add(self, bands: Bands) -> None:
        """Count some rows."""
        rows, cols = bands.server.shape
        area = np.repeat(self._area[bands.row : bands.row + rows], cols).reshape(rows, cols)
        known = bands.server >= 0
        self.reached_km2 += float(area[known].sum())
        above = np.clip(bands.above_db[known], _LOWEST_DB, _HIGHEST_DB)
        place = np.floor(above - _LOWEST_DB).astype(np.int64)
        size = self.by_level_km2.size
        self.by_level_km2 += np.bincount(place, weights=area[known], minlength=size)
        for name, level in self.levels_db.items():
            self.bands_km2[name] += float(area[known & (bands.above_db >= level)].sum())
        served = known & (bands.above_db >= min(self.levels_db.values()))
        self.by_sector_km2 += np.bincount(
            bands.server[served], weights=area[served], minlength=self.sectors
        )
        for i, rate in enumerate(_RATES_MBPS):
            self.by_rate_km2[i] += float(area[bands.throughput_mbps >= rate].sum())
        values, inverse = np.unique(np.round(bands.resolution_arcsec[known], 2),
                                    return_inverse=True)  # fmt: skip
        sums = np.bincount(inverse.ravel(), weights=area[known], minlength=len(values))
        for value, km2 in zip(values.tolist(), sums.tolist(), strict=True):
            self.resolution_km2[value] = self.resolution_km2.get(value, 0.0) + km2
        self._add_regions(bands, area, known, served)

    def _add_regions(
        self,
        bands: Bands,
        area: NDArray[np.float64],
        known: NDArray[np.bool_],
        served: NDArray[np.bool_],
    ) -> None:
        if not self._shapes or not known.any():
            return
        part = self.frame.crop(bands.row, 0, bands.server.shape[0], self.frame.cols)
        number = rasterio.features.rasterize(
            self._shapes, out_shape=part.shape, transform=frame_transform(part), dtype="int32"
        )
        size = len(self.regions) + 1
        for i, cells in enumerate((known, served)):
            sums = np.bincount(number[cells], weights=area[cells], minlength=size)
            self.by_region_km2[:, i] += sums[1:size]

    @property
    def rates_km2(self) -> list[dict[str, float]]:
        """Area by least throughput: ``throughput_mbps``, ``area_km2``."""
        return [
            {"throughput_mbps": rate, "area_km2": float(km2)}
            for rate, km2 in zip(_RATES_MBPS, self.by_rate_km2, strict=True)
        ]


def level_curve(figures: Figures, weakest_dbm: float) -> list[dict[str, float]]:
    """Give area and share of what is reached by least level, in steps of 5 dB."""
    whole = figures.reached_km2 or 1.0
    first = int(-_LOWEST_DB)
    steps = range(first - 15, figures.by_level_km2.size, 5)
    made = []
    for place in steps:
        km2 = float(figures.by_level_km2[place:].sum())
        level = weakest_dbm + place + _LOWEST_DB
        made.append({"level_dbm": level, "area_km2": km2, "area_share": min(1.0, km2 / whole)})
        if km2 == 0.0:
            break
    return made


def by_region(
    figures: Figures, settlements: pd.DataFrame, homes: Homes, above_db: NDArray[np.float64]
) -> list[dict[str, Any]]:
    """Give area reached and covered, settlements and people covered, by region that is reached.

    A settlement counts as covered where half of its people are.

    Parameters
    ----------
    figures
        Sums over the map.
    settlements
        The pack's settlements with ``region_id`` and ``population``.
    homes
        Points that stand for their people.
    above_db : float64[m]
        How far the level at each point lies above the least that counts as covered [dB]; NaN
        where no site reaches.
    """
    names: Sequence[str] = [
        c for c in ("name_kk", "name_ru", "name_en") if c in figures.regions.columns
    ]
    people = settlements["population"].to_numpy(dtype=np.float64, na_value=0.0)
    reached = homes.share(np.isfinite(above_db))
    covered = homes.share(np.nan_to_num(above_db, nan=-np.inf) >= 0.0)
    made = []
    for i, region in enumerate(figures.regions.itertuples()):
        own = (settlements["region_id"] == region.region_id).to_numpy(dtype=bool)
        reached_km2, covered_km2 = figures.by_region_km2[i]
        if reached_km2 == 0.0 and not reached[own].any():
            continue
        made.append(
            {
                "region_id": region.region_id,
                **{name: getattr(region, name) for name in names},
                "area_reached_km2": float(reached_km2),
                "area_covered_km2": float(covered_km2),
                "settlements": int(own.sum()),
                "settlements_reached": int((reached[own] > 0.0).sum()),
                "settlements_covered": int((covered[own] >= 0.5).sum()),
                "people": int(people[own].sum()),
                "people_reached": round(float((people * reached)[own].sum())),
                "people_covered": round(float((people * covered)[own].sum())),
            }
        )
    return made
