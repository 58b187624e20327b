"""Measure tiles of a plan's folder: tiles a second, 95th percentile, bytes of the largest tile."""

from __future__ import annotations

import argparse
import gzip
import platform
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from qamtu.service.tiles.archive import Archive
from qamtu.service.tiles.cut import cut_tiles
from qamtu.service.tiles.layers import LAYERS, PLAN_ZOOM
from qamtu.service.tiles.repository import ARCHIVE, make_archive

FILES = ("plan_settlements", "plan_routes")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.tiles", description=__doc__)
    parser.add_argument("--plan", type=Path, default=Path("out/kz"))
    parser.add_argument("--out", type=Path, default=Path("out/benchmarks"))
    parser.add_argument("--tiles", type=int, default=20_000, help="reads from the archive")
    parser.add_argument("--live", type=int, default=60, help="tiles cut anew")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _measured(run, places: list) -> tuple[float, float, int]:
    """CPU time of each call: calls a CPU second, 95th percentile [ms], most bytes."""
    times, largest = [], 0
    for place in places:
        began = time.process_time_ns()
        content = run(place)
        times.append((time.process_time_ns() - began) / 1e6)
        largest = max(largest, len(content))
    return len(times) / (sum(times) / 1e3), float(np.percentile(times, 95)), largest


def _bounds(place: tuple[int, int, int]) -> tuple[float, float, float, float]:
    zoom, x, y = place

    def lat(row: float) -> float:
        return float(np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * row / 2**zoom)))))

    return x / 2**zoom * 360 - 180, lat(y + 1), (x + 1) / 2**zoom * 360 - 180, lat(y)


def main() -> None:
    asked = _arguments()
    draw = random.Random(asked.seed)
    tables = {name: gpd.read_parquet(asked.plan / f"{name}.parquet") for name in FILES}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in FILES:
            (folder / f"{name}.parquet").symlink_to((asked.plan / f"{name}.parquet").resolve())
        began = time.process_time()
        make_archive(folder, "villages")
        cut_s = time.process_time() - began
        archive = Archive(folder / ARCHIVE)
        size = (folder / ARCHIVE).stat().st_size
        west, south, east, north = archive.bounds
        box = shapely.box(west, south, east, north)
        places = [
            (zoom, x, y)
            for zoom in range(PLAN_ZOOM[0], PLAN_ZOOM[1] + 1)
            for x in range(2**zoom)
            for y in range(2**zoom)
            if archive.get((zoom, x, y)) is not None
            and box.intersects(shapely.box(*_bounds((zoom, x, y))))
        ]

        def live(place: tuple[int, int, int]) -> bytes:
            w, s, e, n = _bounds(place)
            near = {name: table.cx[w:e, s:n] for name, table in tables.items()}
            made = cut_tiles(LAYERS["villages"], near, (place[0], place[0]))
            return gzip.compress(made.get(place, b""), 6)

        def whole(_: object) -> bytes:
            return gzip.compress("".join(t.to_json() for t in tables.values()).encode(), 6)

        rows = [
            ("PMTiles archive", *_measured(archive.get, draw.choices(places, k=asked.tiles))),
            ("cut anew by GDAL", *_measured(live, draw.choices(places, k=asked.live))),
            ("all as GeoJSON", *_measured(whole, [None] * 3)),
        ]
    said = (
        f"Measured {datetime.now(tz=UTC):%Y-%m-%d} on {platform.machine()}, Python "
        f"{platform.python_version()}; {len(tables['plan_settlements']):,} settlements, "
        f"{len(tables['plan_routes']):,} routes; {len(places):,} tiles, zooms {PLAN_ZOOM[0]} to "
        f"{PLAN_ZOOM[1]}, {size / 1e6:.1f} MB, cut in {cut_s:.1f} s. CPU time, gzipped bytes."
    )
    lines = [
        said,
        "",
        "| way | tiles a CPU second | 95th percentile (ms) | largest (bytes) |",
        "|---|---:|---:|---:|",
        *(f"| {way} | {rate:,.1f} | {p95:,.3f} | {most:,} |" for way, rate, p95, most in rows),
    ]
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "tiles.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
