"""The course of a commitment: what was seen, what is planned, and where it leads, with a band.

The line is the weighted Theil-Sen line: its slope is the median of the slopes of all pairs of
points, each pair weighted with its distance in time (Theil 1950, Indagationes Mathematicae 12;
Sen 1968, J. Am. Stat. Assoc. 63, 1379; the weights: Jaeckel 1972, Ann. Math. Stat. 43, 1449); its
level is the median of what is left (Conover 1980, Practical Nonparametric Statistics, 5.5). One
wild point among many does not turn it.

The band holds a new value with a chance of 90 % where what is left is independent and normal
(Draper & Smith, Applied Regression Analysis, 3rd ed., 1998, section 3.1)::

    half width = t(0.95, n - 2) · s · sqrt(1 + 1/n + (x - mean)² / Sxx)

where s² is the sum of squares around the Theil-Sen line over n - 2. That sum is never below the
one of least squares, so the band is never narrower than theirs. The points' own uncertainties
(half widths at 90 %) put a floor under s.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from qamtu.programme.records import Basis, Claim, Commitment, Evidence

__all__ = [
    "Band",
    "Method",
    "Point",
    "PointKind",
    "Trajectory",
    "forecast",
    "theil_sen",
    "trajectory_of",
]

_FEWEST: Final = 3
_MOST: Final = 120
_NORMAL_90: Final = 1.6448536269514722  # quantile 0.95 of the normal distribution


class PointKind(StrEnum):
    """What a point of the course is."""

    BASELINE = "baseline"
    SEEN = "seen"
    """Observed, or estimated; the basis says which."""
    REPORTED = "reported"
    """Said by somebody, shown by nobody."""
    PLANNED = "planned"
    TARGET = "target"


class Method(StrEnum):
    """How the forecast was made, or why there is none."""

    THEIL_SEN = "theil-sen"
    FEW_POINTS = "few-points"
    """Fewer than three days with a value."""
    NO_DUE = "no-due"
    """No day to forecast for, or one that has passed."""


@dataclass(frozen=True, slots=True)
class Point:
    """One value on one day; ``basis`` is None for what was said and for the target."""

    on: dt.date
    value: float
    basis: Basis | None
    kind: PointKind


@dataclass(frozen=True, slots=True)
class Band:
    """Bounds that hold the value with a chance of 90 %, in the unit of the commitment."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The course of a commitment.

    Parameters
    ----------
    points
        By day; the target last of its day.
    forecast_on_due
        Value that the line of the seen points gives on the due day, None without a forecast.
    band
        Its 90 % band, None without a forecast.
    method
        How it was made, or why there is none.
    """

    points: tuple[Point, ...]
    forecast_on_due: float | None
    band: Band | None
    method: Method


def trajectory_of(
    commitment: Commitment, seen: Sequence[Evidence], planned: Sequence[Evidence],
    reported: Claim | None, today: dt.date,
) -> Trajectory:  # fmt: skip
    """Draw the course of a commitment.

    Parameters
    ----------
    commitment
        The commitment.
    seen
        Observed and estimated evidence with a value, one a day, by day.
    planned
        Planned evidence with a value, one a day, by day.
    reported
        The newest claim, None without one.
    today
        Last day that is known; a due day after it is forecast.
    """
    seen = thinned(seen)
    points = [Point(e.true_on, _value(e), e.basis, PointKind.SEEN) for e in seen]
    if commitment.baseline is not None and commitment.baseline_on is not None:
        points.append(
            Point(commitment.baseline_on, commitment.baseline, Basis.OBSERVED, PointKind.BASELINE)
        )
    fitted = [(p.on.toordinal(), p.value) for p in points]
    bands = [e.uncertainty or 0.0 for e in seen] + [0.0] * (len(points) - len(seen))
    points += [Point(e.true_on, _value(e), e.basis, PointKind.PLANNED) for e in thinned(planned)]
    if reported is not None and reported.value is not None:
        points.append(Point(reported.true_on, reported.value, None, PointKind.REPORTED))
    if commitment.due is not None and commitment.target is not None:
        points.append(Point(commitment.due, commitment.target, None, PointKind.TARGET))
    rank = list(PointKind)
    ordered = tuple(sorted(points, key=lambda p: (p.on, rank.index(p.kind), p.value)))
    if commitment.due is None or commitment.due <= today:
        return Trajectory(ordered, None, None, Method.NO_DUE)
    days = np.array([day for day, _ in fitted], dtype=np.float64)
    values = np.array([value for _, value in fitted], dtype=np.float64)
    made = forecast(days, values, np.array(bands), float(commitment.due.toordinal()))
    if made is None:
        return Trajectory(ordered, None, None, Method.FEW_POINTS)
    high = 1.0 if commitment.unit == "share" else math.inf
    value, low, top = (min(max(x, 0.0), high) for x in made)
    return Trajectory(ordered, value, Band(low, top), Method.THEIL_SEN)


def thinned(seen: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Keep at most 120 points, evenly by rank, the first and the last among them."""
    if len(seen) <= _MOST:
        return tuple(seen)
    return tuple(seen[i] for i in np.linspace(0, len(seen) - 1, _MOST).round().astype(int))


def theil_sen(days: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[float, float]:
    """Give slope and level of the weighted Theil-Sen line.

    Parameters
    ----------
    days
        Days, shape (points,), two of them different at least.
    values
        Values, shape (points,).

    Returns
    -------
    slope
        Change a day.
    level
        Value at day 0.
    """
    one, other = np.triu_indices(len(days), 1)
    apart = days[other] - days[one]
    pair = apart != 0
    slopes = (values[other] - values[one])[pair] / apart[pair]
    slope = _weighted_median(slopes, np.abs(apart[pair]))
    return slope, float(np.median(values - slope * days))


def forecast(
    days: NDArray[np.float64], values: NDArray[np.float64], half_widths: NDArray[np.float64],
    due: float,
) -> tuple[float, float, float] | None:  # fmt: skip
    """Carry the line of the points on to a day; None with fewer than three different days.

    Parameters
    ----------
    days, values
        Points, shape (points,).
    half_widths
        Half width of each point's own 90 % band, 0 where unknown, shape (points,).
    due
        Day of the forecast.

    Returns
    -------
    value, low, high
        Forecast and its 90 % band; see the head of the module.
    """
    if len(np.unique(days)) < _FEWEST:
        return None
    middle = float(days.mean())
    x = days - middle
    slope, level = theil_sen(x, values)
    n, left = len(x), values - level - slope * x
    own = float(np.mean((half_widths / _NORMAL_90) ** 2))
    spread = math.sqrt(max(float(left @ left) / (n - 2), own))
    at = due - middle
    reach = math.sqrt(1.0 + 1.0 / n + at * at / float(x @ x))
    half = float(stdtrit(n - 2, 0.95)) * spread * reach
    value = level + slope * at
    return value, value - half, value + half


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Give the value at which half of the weight is reached; the middle of two on a tie."""
    order: NDArray[Any] = np.argsort(values, kind="stable")
    summed = np.cumsum(weights[order])
    half = summed[-1] / 2.0
    low = int(np.searchsorted(summed, half * (1 - 1e-12)))
    high = int(np.searchsorted(summed, half * (1 + 1e-12), side="right"))
    high = min(high, len(values) - 1)
    return float((values[order[low]] + values[order[high]]) / 2.0)


def _value(evidence: Evidence) -> float:
    return math.nan if evidence.value is None else evidence.value
