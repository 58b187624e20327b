"""The input: made terrain, the same file for everyone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["FREQUENCY_GHZ", "RX_M", "TX_M", "write_case"]

FREQUENCY_GHZ = 0.7
TX_M = 30.0
RX_M = 10.0
LENGTH_KM = 30.0
"""Of paths and radials."""


def _terrain(rng: np.random.Generator, k: int, n: int, relief_m: np.ndarray) -> NDArray[np.float64]:
    """Profiles whose spectrum falls with the wave number to the power of -2, as land's does."""
    waves = np.arange(1, n // 2)
    phase = rng.uniform(0.0, 2.0 * np.pi, (k, waves.size))
    spectrum = np.zeros((k, n // 2 + 1), complex)
    spectrum[:, 1 : n // 2] = np.exp(1j * phase) / waves
    heights = np.fft.irfft(spectrum, n, axis=1)
    heights -= heights.min(axis=1, keepdims=True)
    heights /= heights.max(axis=1, keepdims=True)
    return heights * relief_m[:, None] + 100.0


def write_case(path: Path, points: int, count: int) -> None:
    """Write profiles from plains (20 m of relief) to mountains (1,000 m), and clutter on them."""
    rng = np.random.default_rng(points)
    relief = np.exp(rng.uniform(np.log(20.0), np.log(1000.0), count))
    height = _terrain(rng, count, points + points % 2, relief)[:, :points]
    clutter = np.where(rng.random((count, points)) < 0.3, 15.0, 0.0)
    np.savez(
        path, height=np.ascontiguousarray(height), clutter=clutter, length_km=LENGTH_KM,
        frequency_ghz=FREQUENCY_GHZ, tx_m=TX_M, rx_m=RX_M,
    )  # fmt: skip
