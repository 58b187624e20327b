"""itmlogic's side: runs in the peers' environment, so it imports numpy and the peer alone."""

from __future__ import annotations

import math

import numpy as np
from itmlogic.preparatory_subroutines.qlrpfl import qlrpfl
from itmlogic.statistics.avar import avar

__all__ = ["paths"]


def paths(case):
    """One path after another, median of all quantiles, the settings of our ITM."""
    heights = case["height"]
    step = 1000.0 * float(case["length_km"]) / (heights.shape[1] - 1)
    mhz = 1000.0 * float(case["frequency_ghz"])
    out = []
    for row in heights:
        wave = mhz / 47.7
        ground = complex(15.0, 376.62 * 0.005 / wave)
        prop = {
            "fmhz": mhz, "d": float(case["length_km"]), "wn": wave, "klim": 5, "lvar": 5,
            "hg": [float(case["tx_m"]), float(case["rx_m"])], "gma": 157e-9, "kwx": 0,
            "klimx": 0, "mdvarx": 12, "zgnd": np.sqrt(ground - 1.0) / ground,
            "pfl": [len(row) - 1, step, *row.tolist()],
        }  # fmt: skip
        # mean ground of the middle of the path scales the refractivity, as in NTIA's own code
        cut = round(0.1 * (len(row) - 1))
        prop["ens"] = 301.0 * math.exp(-float(row[cut : len(row) - cut].mean()) / 9460.0)
        prop["gme"] = prop["gma"] * (1.0 - 0.04665 * math.exp(prop["ens"] / 179.3))
        prop = qlrpfl(prop)
        free = 8.685890 * np.log(2.0 * wave * prop["dist"])
        over, prop = avar(0.0, 0.0, 0.0, prop)
        out.append(free + over)
    return np.array(out)
