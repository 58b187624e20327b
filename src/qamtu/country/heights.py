"""Heights of several rasters as one grid, the finest first, each held against the coarser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qamtu.core.findings import Finding, Severity
from qamtu.country.rasters import Frame, RasterLayer, read_onto

__all__ = ["HIGHEST_LAND_M", "LOWEST_LAND_M", "Heights", "nest_heights"]

HIGHEST_LAND_M: Final = 8_900.0
"""Above the highest land [m] (Mount Everest, 8,849 m: Nepal and China, 2020)."""
LOWEST_LAND_M: Final = -500.0
"""Below the lowest dry land [m] (shore of the Dead Sea, about -430 m)."""

_DEGREE_ARCSEC: Final = 3600.0
_ALIGNED: Final = 1e-3
_FEET_A_METRE: Final = 3.2808
_COMPARED: Final = 200
_COARSER: Final = 1.5
_LEAST: Final = 100
_LEAST_ROWS: Final = 10
_LOW_M: Final = 20.0
_ALIKE: Final = 0.9
_UNLIKE: Final = 0.5

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heights:
    """Heights on a grid and where they come from.

    Parameters
    ----------
    height_m : float32[r, c]
        Ground [m]; NaN in voids.
    resolution_arcsec : float32[r, c]
        Cell size of each height [arcsec]: that of its raster, or the grid's own where heights
        were averaged onto a coarser grid; NaN in voids.
    surface_model : bool[r, c]
        Whether the height holds roofs and tree tops.
    """

    height_m: Floats
    resolution_arcsec: Floats
    surface_model: NDArray[np.bool_]


def nest_heights(layers: list[RasterLayer], frame: Frame, found: list[Finding]) -> Heights:
    """Fill a grid from height rasters: each cell has the height of the finest that knows it.

    Parameters
    ----------
    layers
        Height rasters in any order; of two of one resolution the later counts.
    frame
        The grid.
    found
        Findings are added here: impossible heights, feet, rasters that disagree.
    """
    shape = (frame.rows, frame.cols)
    height = np.full(shape, np.nan, dtype=np.float32)
    resolution = np.full(shape, np.nan, dtype=np.float32)
    roofs = np.zeros(shape, dtype=np.bool_)
    coarse_first = sorted(layers, key=lambda one: -round(one.resolution_arcsec, 3))
    for place in reversed(range(len(coarse_first))):
        layer = coarse_first[place]
        window = frame.window(layer.bounds)
        if not np.isnan(height[window]).any():
            continue
        read = read_onto(layer, frame, found)
        if read is None:
            continue
        rows, cols, values = read
        coarser = [
            one for one in coarse_first[:place]
            if one.resolution_arcsec > _COARSER * layer.resolution_arcsec
        ]  # fmt: skip
        if not _plausible(layer, values, frame.part(rows, cols), coarser, found):
            continue
        wanted = np.isnan(height[rows, cols]) & np.isfinite(values)
        height[rows, cols][wanted] = values[wanted]
        resolution[rows, cols][wanted] = _resolution_arcsec(layer, frame)
        if layer.surface_model:
            roofs[rows, cols][wanted] = True
    return Heights(height, resolution, roofs)


def _resolution_arcsec(layer: RasterLayer, frame: Frame) -> float:
    """Give the cell size that heights of a raster have on a grid: never finer than the grid."""
    own = _DEGREE_ARCSEC * frame.step_lat_deg
    fine = layer.resolution_arcsec
    return own if own > fine * (1.0 + _ALIGNED) else fine


def _plausible(
    layer: RasterLayer, values: Floats, part: Frame, coarser: list[RasterLayer],
    found: list[Finding],
) -> bool:  # fmt: skip
    """Make impossible heights voids; tell of a raster in feet or upside down."""
    file = str(layer.path)
    high, low = values > HIGHEST_LAND_M, values < LOWEST_LAND_M
    ratio, like, turned = _compared(values, part, coarser) if coarser else (0.0, 1.0, 0.0)
    if abs(ratio / _FEET_A_METRE - 1.0) < 0.1 or high.mean() > 0.01:
        said = f"they are {ratio:.2f} times those of the coarser raster" if ratio > 0 else (
            f"{high.mean():.0%} of them are above {HIGHEST_LAND_M:,.0f} m"
        )  # fmt: skip
        found.append(
            Finding("heights-in-feet", Severity.ERROR, f"heights seem to be feet: {said}",
                    "multiply them by 0.3048, or write the unit 'ft' into the band", file)
        )  # fmt: skip
        return False
    if turned > _ALIKE and like < _UNLIKE:
        found.append(
            Finding("raster-upside-down", Severity.ERROR,
                    "heights agree with the coarser raster only when north and south change "
                    f"places (correlation {turned:.2f} against {like:.2f})",
                    "turn the rows over, or mend the georeference", file)
        )  # fmt: skip
        return False
    if high.any():
        found.append(
            Finding("heights-impossible", Severity.WARNING,
                    f"{int(high.sum()):,} cells are above {HIGHEST_LAND_M:,.0f} m and were taken "
                    "for voids", "check the unit (metres) and the value of voids", file)
        )  # fmt: skip
    if low.any():
        found.append(
            Finding("heights-below-land", Severity.WARNING,
                    f"{int(low.sum()):,} cells are below {LOWEST_LAND_M:,.0f} m (sea floor or "
                    "unnamed voids) and were taken for voids",
                    "name the value of voids in the file; give heights of land only", file)
        )  # fmt: skip
    values[high | low] = np.nan
    return True


def _compared(
    values: Floats, part: Frame, coarser: list[RasterLayer]
) -> tuple[float, float, float]:
    """Hold heights against coarser ones: ratio of medians, correlation as is and turned over.

    Only some hundred rows and columns are looked at, each at the centres of its cells.
    """
    every = max(1, part.rows // _COMPARED, part.cols // _COMPARED)
    fine = values[::every, ::every]
    lat, lon = part.step_lat_deg, part.step_lon_deg
    some = Frame(
        part.west_deg + lon * (1 - every) / 2, part.north_deg - lat * (1 - every) / 2,
        lat * every, lon * every, *fine.shape,
    )  # fmt: skip
    coarse = np.full(fine.shape, np.nan, dtype=np.float32)
    for layer in coarser:
        read = read_onto(layer, some, [])
        if read is not None:
            rows, cols, known = read
            coarse[rows, cols] = np.where(np.isfinite(known), known, coarse[rows, cols])
    both = np.isfinite(fine) & np.isfinite(coarse)
    if both.sum() < _LEAST or fine.shape[0] < _LEAST_ROWS:
        return 0.0, 1.0, 0.0
    middle = float(np.median(coarse[both]))
    ratio = float(np.median(fine[both])) / middle if middle > _LOW_M else 0.0
    return ratio, _correlation(fine, coarse), _correlation(fine[::-1], coarse)


def _correlation(a: Floats, b: Floats) -> float:
    both = np.isfinite(a) & np.isfinite(b)
    x, y = a[both].astype(np.float64), b[both].astype(np.float64)
    if x.size < _LEAST or x.std() < 1.0 or y.std() < 1.0:
        return 1.0
    return float(np.corrcoef(x, y)[0, 1])
