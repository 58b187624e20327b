"""Calibration of a model on measured levels: an offset a clutter class and a slope over distance.

measured − predicted = offset(class) + slope · log10(d / d₀), fitted by least squares or robustly
(P. J. Huber, "Robust estimation of a location parameter", Annals of Mathematical Statistics 35,
1964, with k = 1.345 and the median absolute deviation as scale, by reweighting). How well it
carries over is told by samples held out in whole blocks of land, since neighbours on one road
are alike (D. R. Roberts et al., "Cross-validation strategies for data with temporal, spatial,
hierarchical, or phylogenetic structure", Ecography 40, 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.kernels.geodesy import EARTH_RADIUS_M

__all__ = [
    "CLASSES",
    "Calibration",
    "Residuals",
    "blocks_of",
    "correct_loss",
    "correction_db",
    "fit_calibration",
    "residuals_of",
]

CLASSES: Final = 7
"""Number of clutter classes (`qamtu.kernels.terrain.ClutterClass`)."""

_HUBER: Final = 1.345
_MAD: Final = 1.4826
_ROUNDS: Final = 200
_FEWEST: Final = 10
_LEAST_SPREAD: Final = 0.1

Floats = NDArray[np.float64]
Method = Literal["huber", "least_squares"]


@dataclass(frozen=True, slots=True)
class Residuals:
    """Statistics of measured less predicted levels.

    Parameters
    ----------
    samples : int
        How many.
    mean_db, sd_db, rmse_db : float
        Mean, standard deviation, root of the mean square [dB].
    p05_db, p50_db, p95_db : float
        Quantiles [dB].
    """

    samples: int
    mean_db: float
    sd_db: float
    rmse_db: float
    p05_db: float
    p50_db: float
    p95_db: float


@dataclass(frozen=True, eq=False)
class Calibration:
    """A fitted correction; it does nothing unless it is given to a prediction.

    Parameters
    ----------
    offset_db : float64[7]
        What is added to the predicted level, by clutter class [dB].
    slope_db : float
        What is added for each decade of distance beyond ``reference_m`` [dB].
    reference_m : float
        d₀: geometric mean of the distances [m].
    nearest_m, furthest_m : float
        Distances between which the slope was fitted; it is not carried beyond them [m].
    method
        How it was fitted.
    before, after, held_out
        Residuals of all samples without and with the correction, and with the correction of a fit
        that had not seen them.
    by_class
        Residuals after the correction by clutter class.
    pooled : tuple of int
        Classes with too few samples, which have the offset of all.
    """

    offset_db: Floats
    slope_db: float
    reference_m: float
    nearest_m: float
    furthest_m: float
    method: Method
    before: Residuals
    after: Residuals
    held_out: Residuals
    by_class: dict[int, Residuals]
    pooled: tuple[int, ...]


def residuals_of(residual_db: Floats) -> Residuals:
    """Summarise residuals, float64[n] [dB]; all NaN where there are none."""
    if residual_db.size == 0:
        return Residuals(0, *([float("nan")] * 6))
    low, middle, high = np.quantile(residual_db, [0.05, 0.5, 0.95])
    return Residuals(
        samples=int(residual_db.size),
        mean_db=float(residual_db.mean()),
        sd_db=float(residual_db.std(ddof=1)) if residual_db.size > 1 else 0.0,
        rmse_db=float(np.sqrt(np.mean(residual_db**2))),
        p05_db=float(low),
        p50_db=float(middle),
        p95_db=float(high),
    )


def blocks_of(lat_deg: Floats, lon_deg: Floats, size_m: float = 1000.0) -> NDArray[np.int64]:
    """Number the block of land in which each sample lies.

    Parameters
    ----------
    lat_deg, lon_deg : float64[n]
        Samples [deg].
    size_m : float
        Side of a block [m].

    Returns
    -------
    int64[n]
        Numbers from 0.
    """
    step = np.degrees(size_m / EARTH_RADIUS_M)
    row = np.floor(lat_deg / step).astype(np.int64)
    across = np.maximum(np.cos(np.radians((row + 0.5) * step)), 1e-6)
    col = np.floor(lon_deg * across / step).astype(np.int64)
    _, block = np.unique(np.column_stack([row, col]), axis=0, return_inverse=True)
    return np.asarray(block, np.int64).ravel()


def fit_calibration(
    measured_dbm: Floats,
    predicted_dbm: Floats,
    clutter_class: NDArray[np.uint8],
    distance_m: Floats,
    block: NDArray[np.int64],
    *,
    method: Method = "huber",
    class_samples_min: int = 30,
    folds: int = 5,
    seed: int = 1,
) -> Calibration:
    """Fit offsets and slope, and tell how they do on blocks that were held out.

    Parameters
    ----------
    measured_dbm, predicted_dbm : float64[n]
        Levels [dBm].
    clutter_class : uint8[n]
        Clutter class at each sample.
    distance_m : float64[n]
        Distance from the site [m].
    block : int64[n]
        Block of land of each sample (`blocks_of`); blocks are held out whole.
    method
        ``huber`` or ``least_squares``.
    class_samples_min : int
        Below so many samples a class has the offset of all samples.
    folds : int
        In how many parts the blocks are held out in turn.
    seed : int
        Of the order in which blocks are dealt to folds.

    Raises
    ------
    InputError
        If there are under 10 samples, or under 2 blocks.
    """
    blocks = np.unique(block)
    if measured_dbm.size < _FEWEST or blocks.size < 2:
        what = f"{measured_dbm.size} samples in {blocks.size} blocks of land"
        finding = Finding("calibration-few", Severity.ERROR, what,
                          "give at least 10 samples that reach over 2 blocks", None, None,
                          "level_dbm")  # fmt: skip
        raise InputError("a calibration cannot be fitted", [finding])
    residual = np.asarray(measured_dbm - predicted_dbm, np.float64)
    reference = float(np.exp(np.mean(np.log(np.maximum(distance_m, 1.0)))))
    decades = np.log10(np.maximum(distance_m, 1.0) / reference)
    kind = np.minimum(clutter_class, CLASSES - 1).astype(np.int64)

    def fitted(rows: NDArray[np.bool_]) -> tuple[Floats, float]:
        return _fit(residual[rows], kind[rows], decades[rows], method, class_samples_min)

    offset, slope = fitted(np.ones(residual.size, dtype=bool))
    left = residual - offset[kind] - slope * decades
    dealt = np.random.default_rng(seed).permutation(blocks.size) % max(2, min(folds, blocks.size))
    fold = dealt[np.searchsorted(blocks, block)]
    unseen = np.empty_like(residual)
    for f in range(int(dealt.max()) + 1):
        out = fold == f
        a, b = fitted(~out)
        unseen[out] = residual[out] - a[kind[out]] - b * decades[out]
    counts = np.bincount(kind, minlength=CLASSES)
    return Calibration(
        offset_db=offset,
        slope_db=slope,
        reference_m=reference,
        nearest_m=float(distance_m.min()),
        furthest_m=float(distance_m.max()),
        method=method,
        before=residuals_of(residual),
        after=residuals_of(left),
        held_out=residuals_of(unseen),
        by_class={int(c): residuals_of(left[kind == c]) for c in np.flatnonzero(counts)},
        pooled=tuple(int(c) for c in np.flatnonzero(counts < class_samples_min)),
    )


def _fit(
    residual: Floats, kind: NDArray[np.int64], decades: Floats, method: Method, fewest: int
) -> tuple[Floats, float]:
    """Fit the offset of each class, of all classes with too few samples together, and the slope."""
    counts = np.bincount(kind, minlength=CLASSES)
    own = np.flatnonzero(counts >= fewest)
    column = np.full(CLASSES, own.size)
    column[own] = np.arange(own.size)
    sloped = decades.std() >= _LEAST_SPREAD
    design = np.zeros((residual.size, own.size + 2))
    design[np.arange(residual.size), column[kind]] = 1.0
    if sloped:
        design[:, -1] = decades
    weight = np.ones(residual.size)
    solution: Floats = np.zeros(design.shape[1])
    for _ in range(1 if method == "least_squares" else _ROUNDS):
        root = np.sqrt(weight)
        made, *_ = np.linalg.lstsq(design * root[:, None], residual * root, rcond=None)
        moved = float(np.abs(made - solution).max())
        solution = np.asarray(made, np.float64)
        left = residual - design @ solution
        scale = max(_MAD * float(np.median(np.abs(left - np.median(left)))), 1e-6)
        weight = np.minimum(1.0, _HUBER * scale / np.maximum(np.abs(left), 1e-12))
        if moved < 1e-9:
            break
    offset = solution[column]
    few = column == own.size
    if few.any() and counts[few].sum() < fewest:  # too few even together: what all have
        rest = residual - solution[-1] * decades
        offset[few] = float(np.median(rest) if method == "huber" else rest.mean())
    return offset, float(solution[-1])


def correction_db(
    calibration: Calibration, clutter_class: NDArray[np.uint8], distance_m: Floats
) -> Floats:
    """What a calibration adds to predicted levels.

    Parameters
    ----------
    clutter_class : uint8[...]
        Clutter class of the receivers.
    distance_m : float64[...]
        Distance from the site [m].

    Returns
    -------
    float64[...]
        Correction [dB].
    """
    kind = np.minimum(clutter_class, CLASSES - 1)
    within = np.clip(distance_m, calibration.nearest_m, calibration.furthest_m)
    decades = np.log10(np.maximum(within, 1.0) / calibration.reference_m)
    return np.asarray(calibration.offset_db[kind] + calibration.slope_db * decades)


@njit(cache=True)
def _correct(
    loss_db: NDArray[np.float32],
    lat_deg: Floats,
    lon_deg: Floats,
    clutter_class: NDArray[np.uint8],
    site_lat_deg: float,
    site_lon_deg: float,
    offset_db: Floats,
    slope_db: float,
    reference_m: float,
    nearest_m: float,
    furthest_m: float,
) -> None:
    rad = np.pi / 180.0
    for i in range(loss_db.shape[0]):
        for j in range(loss_db.shape[1]):
            north = np.sin(0.5 * (lat_deg[i] - site_lat_deg) * rad)
            east = np.sin(0.5 * (lon_deg[j] - site_lon_deg) * rad)
            chord = north * north + np.cos(lat_deg[i] * rad) * np.cos(site_lat_deg * rad) * (
                east * east
            )
            distance = 2.0 * EARTH_RADIUS_M * np.arcsin(np.sqrt(min(chord, 1.0)))
            distance = min(max(distance, nearest_m), furthest_m)
            decades = np.log10(max(distance, 1.0) / reference_m)
            kind = min(clutter_class[i, j], CLASSES - 1)
            loss_db[i, j] -= offset_db[kind] + slope_db * decades


def correct_loss(
    calibration: Calibration,
    loss_db: NDArray[np.float32],
    lat_deg: Floats,
    lon_deg: Floats,
    clutter_class: NDArray[np.uint8],
    site_lat_deg: float,
    site_lon_deg: float,
) -> NDArray[np.float32]:
    """Give a raster of losses with a calibration applied: less loss where levels were too low.

    Parameters
    ----------
    loss_db : float32[rows, cols]
        Basic transmission loss [dB].
    lat_deg, lon_deg : float64[rows], float64[cols]
        Centres of the cells [deg].
    clutter_class : uint8[rows, cols]
        Clutter class of the cells.
    site_lat_deg, site_lon_deg : float
        The site [deg].

    Returns
    -------
    float32[rows, cols]
        Corrected loss [dB].
    """
    made = np.array(loss_db, dtype=np.float32, order="C")
    _correct(
        made,
        np.ascontiguousarray(lat_deg, np.float64),
        np.ascontiguousarray(lon_deg, np.float64),
        np.ascontiguousarray(clutter_class, np.uint8),
        float(site_lat_deg),
        float(site_lon_deg),
        calibration.offset_db,
        calibration.slope_db,
        calibration.reference_m,
        calibration.nearest_m,
        calibration.furthest_m,
    )
    return made
