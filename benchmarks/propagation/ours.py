"""Our side of the benchmark: each function takes the arrays of a case and gives losses [dB]."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from qamtu.kernels.propagation import itm as itm_model
from qamtu.kernels.propagation import p1812 as p1812_model
from qamtu.kernels.propagation.area import radial_losses

__all__ = ["itm", "p1812", "p1812_10", "p1812_clutter", "sweep", "sweep_clutter"]

Case = Mapping[str, NDArray[np.float64]]


def _p1812(case: Case, time: float, clutter: NDArray[np.float64] | None) -> NDArray[np.float64]:
    asked = p1812_model.Settings(float(case["frequency_ghz"]), time_percent=time)
    height = case["height"]
    d = np.linspace(0.0, float(case["length_km"]), height.shape[1])
    ends = (float(case["tx_m"]), float(case["rx_m"]))
    return p1812_model.basic_transmission_losses(asked, d, height, *ends, clutter_m=clutter)


def p1812(case: Case) -> NDArray[np.float64]:
    """Paths over bare ground, median."""
    return _p1812(case, 50.0, None)


def p1812_10(case: Case) -> NDArray[np.float64]:
    """Paths over bare ground, 10 % of time."""
    return _p1812(case, 10.0, None)


def p1812_clutter(case: Case) -> NDArray[np.float64]:
    """Paths over clutter, median."""
    return _p1812(case, 50.0, case["clutter"])


def itm(case: Case) -> NDArray[np.float64]:
    """Paths over bare ground, median of all three quantiles."""
    height = case["height"]
    asked = itm_model.Settings(
        frequency_mhz=1000.0 * float(case["frequency_ghz"]),
        tx_height_m=float(case["tx_m"]),
        rx_height_m=float(case["rx_m"]),
    )
    step = 1000.0 * float(case["length_km"]) / (height.shape[1] - 1)
    return itm_model.path_losses(height, step, asked)


def _sweep(case: Case, clutter: NDArray[np.float64]) -> NDArray[np.float64]:
    asked = p1812_model.Settings(float(case["frequency_ghz"]))
    n = case["height"].shape[1]
    step = float(case["length_km"]) / (n - 1)
    ends = (float(case["tx_m"]), float(case["rx_m"]))
    zone = np.full(n, 4, np.uint8)
    rows = zip(case["height"], clutter, strict=True)
    return np.concatenate(
        [radial_losses(row, cover, zone, step, *ends, asked, 45.0) for row, cover in rows]
    )


def sweep(case: Case) -> NDArray[np.float64]:
    """Every point of every radial, bare ground."""
    return _sweep(case, np.zeros(case["height"].shape))


def sweep_clutter(case: Case) -> NDArray[np.float64]:
    """Every point of every radial, with clutter."""
    return _sweep(case, case["clutter"])
