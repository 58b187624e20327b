"""Time the area engine, share its work, measure its rasters: Markdown and CSV come out."""

from __future__ import annotations

import argparse
import csv
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.area import lengths, resampling, scaling
from benchmarks.area.cases import STEP_M, TERRAINS


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.area", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/benchmarks"))
    parser.add_argument("--points", type=int, nargs="+", default=[100, 200, 570, 1000, 2000])
    parser.add_argument("--terrains", nargs="+", choices=TERRAINS, default=list(TERRAINS))
    parser.add_argument("--time-percents", type=float, nargs="+", default=[50.0, 1.0])
    parser.add_argument("--least-s", type=float, default=1.0, help="CPU seconds for each timing")
    parser.add_argument("--arcs", type=float, nargs="*", default=[4.0, 2.0, 1.0, 0.5, 0.25])
    parser.add_argument("--cells", type=int, default=5000, help="cells compared with a path each")
    parser.add_argument("--tasks", type=int, default=6, help="sites of the scaling runs; 0: none")
    parser.add_argument("--repeats", type=int, default=3, help="scaling runs, the best counts")
    return parser.parse_args()


def _markdown(rows: list[dict], rasters: list[dict], shared: list[dict]) -> str:
    lines = [
        "# Area engine: a sweep along radials against a path to every point",
        "",
        (
            f"{datetime.now(UTC).date().isoformat()}, {platform.machine()}, {os.cpu_count()} "
            f"processors, Python {platform.python_version()}, numba {version('numba')}. "
            f"P.1812-8 at {lengths.FREQUENCY_GHZ} GHz, antennas {lengths.TX_M:g} and "
            f"{lengths.RX_M:g} m above ground, points {STEP_M:g} m apart; one core, CPU time of the best "
            "run, compiled before. Both ways compute the same points in the same run; `apart` is "
            "the greatest difference of their losses. Terrain is sampled before in this table, and "
            "within the time in the next one."
        ),
        "",
        "| terrain | points | time % | receivers/s, sweep | receivers/s, paths | times | apart dB |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {r['terrain']} | {r['points']:,} | {r['time_percent']:g} | {r['sweep_per_s']:,.0f} "
        f"| {r['paths_per_s']:,.0f} | {r['sweep_per_s'] / r['paths_per_s']:.1f} "
        f"| {r['most_apart_db']:.1e} |"
        for r in rows
    ]
    if rasters:
        lines += [
            "",
            (
                f"Rasters of {resampling.CELL_DEG * 111.2:.2g} km cells to "
                f"{resampling.RADIUS_M / 1000:g} km on 15 arc seconds of terrain with clutter, radials "
                f"of {STEP_M:g} m steps, against a path of its own to {rasters[0]['cells']:,} drawn cells:"
            ),
            "",
            "| place | arc, cells | radials | CPU s | median dB | 95 % dB | most dB | mean dB |",
            "|---|--:|--:|--:|--:|--:|--:|--:|",
        ]
        lines += [
            f"| {r['place']} | {r['arc_cells']:g} | {r['radials']:,} | {r['cpu_s']:.2f} "
            f"| {r['median_db']:.3f} | {r['p95_db']:.2f} | {r['max_db']:.1f} | {r['bias_db']:+.3f} |"
            for r in rasters
        ]
    if shared:
        lines += [
            "",
            (
                f"Sites all around to {scaling.RADIUS_M / 1000:g} km, terrain sampled too; wall time and "
                "the CPU time of all threads and processes together, best of the runs, on a machine "
                "that has other users:"
            ),
            "",
            "| way | wall s | receivers/s | against 1 thread | CPU s |",
            "|---|--:|--:|--:|--:|",
        ]
        lines += [
            f"| {r['way']} | {r['wall_s']:.2f} | {r['per_s']:,.0f} "
            f"| {shared[0]['wall_s'] / r['wall_s']:.2f} | {r['cpu_s']:.2f} |"
            for r in shared
        ]
    return "\n".join(lines) + "\n"


def main() -> None:
    options = _arguments()
    rows = []
    for terrain in options.terrains:
        for points in options.points:
            for time_percent in options.time_percents:
                rows.append(lengths.measure(terrain, points, time_percent, options.least_s))
                print(rows[-1], flush=True)
    rasters = resampling.measure(options.arcs, options.cells) if options.arcs else []
    shared = scaling.measure(options.tasks, options.repeats) if options.tasks else []
    options.out.mkdir(parents=True, exist_ok=True)
    for name, table in (("area", rows), ("area-resampling", rasters), ("area-scaling", shared)):
        if table:
            path = options.out / f"{name}.csv"
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, list(table[0]))
                writer.writeheader()
                writer.writerows(table)
    text = _markdown(rows, rasters, shared)
    (options.out / "area.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
