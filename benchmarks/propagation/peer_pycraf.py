"""pycraf's side, by its public functions: runs in the peers' environment, without qamtu."""

from __future__ import annotations

import math

import numpy as np
from astropy import units as u
from pycraf import conversions as cnv
from pycraf import pathprof

__all__ = ["paths", "radials"]


def paths(case):
    """One path after another; all mechanisms, no clutter at the terminals."""
    pathprof.set_num_threads(1)
    heights = case["height"]
    length = float(case["length_km"])
    d = np.linspace(0.0, length, heights.shape[1]) * u.km
    north = math.degrees(length / 6371.0)
    out = []
    for row in heights:
        path = pathprof.PathProp(
            float(case["frequency_ghz"]) * u.GHz, 288.15 * u.K, 1013.25 * u.hPa,
            70.0 * u.deg, (45.0 - north / 2) * u.deg, 70.0 * u.deg, (45.0 + north / 2) * u.deg,
            float(case["tx_m"]) * u.m, float(case["rx_m"]) * u.m,
            length / (len(row) - 1) * 1000.0 * u.m, 50.0 * u.percent, polarization=1, version=16,
            delta_N=45.0 * cnv.dimless / u.km, N0=325.0 * cnv.dimless, hprof_dists=d,
            hprof_heights=row * u.m, hprof_bearing=0.0 * u.deg, hprof_backbearing=180.0 * u.deg,
        )  # fmt: skip
        losses = pathprof.loss_complete(path)
        out.append(losses[5].value)  # without clutter
    return np.array(out, dtype=float)


def radials(case):
    """Every point of a radial by the package's own engine for that."""
    pathprof.set_num_threads(1)
    heights = case["height"]
    step = 1000.0 * float(case["length_km"]) / (heights.shape[1] - 1)
    out = []
    for row in heights:
        data = pathprof.height_path_data_generic(
            float(case["length_km"]) * u.km, step * u.m, 70.0 * u.deg, 45.0 * u.deg
        )
        n = min(len(row), len(data["heights"]))
        data["heights"][:n] = row[:n]
        losses = pathprof.atten_path_fast(
            float(case["frequency_ghz"]) * u.GHz, 288.15 * u.K, 1013.25 * u.hPa,
            float(case["tx_m"]) * u.m, float(case["rx_m"]) * u.m, 50.0 * u.percent, data,
            polarization=1, version=16,
        )  # fmt: skip
        out.append(np.asarray(losses["L_b"].value, dtype=float)[1:n])
    return np.concatenate(out)
