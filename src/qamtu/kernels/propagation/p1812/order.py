"""Doubles as integers of the same order, so that a compiler can take maxima on vector registers.

The bits of a double, read as an integer, rise with its value if it is positive and fall if it is
negative (IEEE 754); turning the lower bits of negative ones makes the order whole. A maximum of
integers needs no leave to reorder, unlike one of doubles, which must keep the place of a NaN.
"""

from typing import Final

import numpy as np
from numba import njit

__all__ = ["LOWEST", "from_rank", "to_rank"]

LOWEST: Final = -0x7FF0000000000001
"""The rank of minus infinity."""
_LOWER_BITS = 0x7FFFFFFFFFFFFFFF


@njit(cache=True, nogil=True, inline="always")
def to_rank(value: float) -> int:
    """Give the integer of a double: ``a < b`` exactly if ``to_rank(a) < to_rank(b)``."""
    bits = np.float64(value).view(np.int64)
    return int(bits ^ ((bits >> 63) & _LOWER_BITS))


@njit(cache=True, nogil=True, inline="always")
def from_rank(rank: int) -> float:
    """Give back the double of `to_rank`."""
    return float(np.int64(rank ^ ((rank >> 63) & _LOWER_BITS)).view(np.float64))
