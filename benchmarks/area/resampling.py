"""How far rasters made of radials are from a path to each cell, by the number of radials."""

from __future__ import annotations

import time

from benchmarks.area.cases import STEP_M, surface

from qamtu.kernels.propagation.area import (
    azimuth_count,
    frame_around,
    loss_raster,
    resampling_error,
)
from qamtu.kernels.propagation.p1812 import Settings

SITES = {"Almaty, mountains to the south": (43.24, 76.93), "Steppe by the Ili": (44.0, 76.6)}
RADIUS_M = 30_000.0
CELL_DEG = 0.0018
SETTINGS = Settings(0.7)


def measure(arcs: list[float], cells: int) -> list[dict]:
    """Compare cells drawn from each raster with paths of their own; CPU time of the raster [s]."""
    rows = []
    for place, (lat, lon) in SITES.items():
        frame = frame_around(lat, lon, RADIUS_M, CELL_DEG)
        site = (surface(), lat, lon, 40.0, 1.5, SETTINGS, frame, RADIUS_M)
        loss_raster(*site, step_m=STEP_M, arc_cells=20.0)  # compiles
        for arc in arcs:
            start = time.process_time()
            raster = loss_raster(*site, step_m=STEP_M, arc_cells=arc)
            cpu_s = time.process_time() - start
            found = resampling_error(*site, raster, step_m=STEP_M, cells=cells)
            radials = azimuth_count(RADIUS_M, max(frame.cell_at_m(lat), STEP_M), arc)
            rows.append(
                {
                    "place": place,
                    "arc_cells": arc,
                    "radials": radials,
                    "cpu_s": cpu_s,
                    "median_db": found.median_db,
                    "p95_db": found.p95_db,
                    "max_db": found.max_db,
                    "bias_db": found.bias_db,
                    "cells": found.cells,
                }
            )
            print(rows[-1], flush=True)
    return rows
