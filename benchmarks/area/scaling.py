"""The same sites swept by one thread, two threads, one process, two, and two Dask workers."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from benchmarks.area.cases import STEP_M, sites, surface
from distributed import LocalCluster

from qamtu.kernels.propagation.area import azimuth_count, azimuths_deg, sweep
from qamtu.kernels.propagation.p1812 import Settings
from qamtu.studies.mapping import mapping

RADIUS_M = 57_000.0
SETTINGS = Settings(0.7)


def sweep_site(
    number: int, *, parallel: bool = False, azimuths: int | None = None
) -> tuple[float, float]:
    """Sweep one site all around to 57 km in steps of 100 m: sum of the losses [dB], CPU time [s]."""
    start = time.process_time()
    lat, lon = sites(64)[number]
    count = azimuth_count(RADIUS_M, STEP_M) if azimuths is None else azimuths
    polar = sweep(
        surface(), lat, lon, 40.0, 1.5, SETTINGS, azimuths_deg(count), STEP_M, RADIUS_M,
        parallel=parallel,
    )  # fmt: skip
    return float(np.nansum(polar.loss_db, dtype=np.float64)), time.process_time() - start


def wake() -> None:
    """Load the terrain and compile."""
    sweep_site(0, azimuths=2)


def measure(tasks: int, repeats: int) -> list[dict]:
    """Time every way; the sums of the losses must agree.

    CPU time is that of all threads and processes together, while they sweep: on a machine with other
    users it tells better than the wall time what sharing costs.
    """
    wake()
    receivers = tasks * azimuth_count(RADIUS_M, STEP_M) * int(RADIUS_M / STEP_M)
    rows = []

    def add(way: str, run: Callable[[], list[tuple[float, float]]]) -> None:
        best = {"way": way, "wall_s": np.inf, "cpu_s": np.inf, "check": 0.0}
        for _ in range(repeats):
            start = time.perf_counter()
            done = run()
            best["wall_s"] = min(best["wall_s"], time.perf_counter() - start)
            best["cpu_s"] = min(best["cpu_s"], sum(cpu for _, cpu in done))
            best["check"] = sum(check for check, _ in done)
        rows.append(best | {"per_s": receivers / best["wall_s"]})
        print(rows[-1], flush=True)

    add("1 thread", lambda: [sweep_site(i) for i in range(tasks)])
    add("2 threads", lambda: [sweep_site(i, parallel=True) for i in range(tasks)])
    for workers in (1, 2):
        with mapping("processes", workers, wake) as mapper:
            add(f"{workers} process{'es' * (workers - 1)}",
                lambda mapper=mapper: list(mapper(sweep_site, range(tasks))))  # fmt: skip
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        mapping(cluster.scheduler_address, None, wake) as mapper,
    ):
        add("2 Dask workers", lambda: list(mapper(sweep_site, range(tasks))))
    if len({round(row["check"]) for row in rows}) != 1:
        raise AssertionError(f"the ways do not agree: {[row['check'] for row in rows]}")
    return rows
