"""Axes of a picture: round ticks, pixels of a value, numbers as a reader of a language writes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from babel.numbers import format_decimal
from numpy.typing import ArrayLike, NDArray

__all__ = ["Scale", "number", "ticks"]


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight way from values to pixels.

    Parameters
    ----------
    low, high
        Values at both ends.
    start, end
        Their pixels; ``end`` may be less than ``start``, as on an axis that points up.
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: ArrayLike) -> NDArray[np.float64]:
        """Give the pixels of values."""
        share = (np.asarray(value, dtype=np.float64) - self.low) / (self.high - self.low)
        return np.asarray(self.start + share * (self.end - self.start))

    def at(self, value: float) -> float:
        """Give the pixel of one value."""
        return float(self(value))


def ticks(low: float, high: float, most: int) -> list[float]:
    """Give round values between two ends: steps of 1, 2, 2.5 or 5 times a power of ten.

    Parameters
    ----------
    low, high
        Ends; ``high`` above ``low``.
    most
        Greatest number of values.
    """
    rough = (high - low) / max(most - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1.0, 2.0, 2.5, 5.0, 10.0, 20.0) if s * power >= rough)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


def number(value: float, digits: int, language: str) -> str:
    """Write a number with a fixed count of decimals; ``—`` where it is not finite."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "—"
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=language).replace("-", "−")
