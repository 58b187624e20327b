"""Pages under load: fill, serve with two workers, drive with wrk, measure the first paint."""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
from benchmarks.service.filling import fill
from benchmarks.service.paint import first_paints
from benchmarks.service.server import settings_of

LUA = Path(__file__).with_name("mix.lua")
FIELDS = (
    "pages",
    "connections",
    "requests_per_s",
    "p50_ms",
    "p95_ms",
    "p99_ms",
    "max_ms",
    "errors",
    "requests",
)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.service", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/benchmarks"))
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument(
        "--plan", type=Path, default=Path("out/kz"), help="folder of a plan, left out where absent"
    )
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--connections", type=int, nargs="+", default=[2, 8, 32])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main() -> None:
    args = _arguments()
    if shutil.which("wrk") is None:
        sys.exit("needs wrk: apt-get install wrk")
    plan = args.plan if (args.plan / "summary.json").is_file() else None
    with tempfile.TemporaryDirectory(prefix="qamtu-bench-") as folder:
        data = Path(folder)
        begun = time.process_time()
        fill(settings_of(data), args.records, plan, args.seed)
        filled_s = time.process_time() - begun
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        server = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.service.server", folder, str(port), str(args.workers)],
            stdout=subprocess.DEVNULL, stderr=(data / "server.log").open("w"),
        )  # fmt: skip
        try:
            _wait(url)
            cold = _cold(url)
            sets = _sets(url, plan=plan is not None)
            rows = []
            for name, paths in sets.items():
                listed = data / f"{name}.txt"
                listed.write_text("\n".join(paths) + "\n")
                _wrk(url, listed, 4, 4)  # both workers have seen every page
                rows += [
                    {"pages": name, "connections": c, **_wrk(url, listed, c, args.seconds)}
                    for c in args.connections
                ]
            paint = first_paints(f"{url}/?lang=ru")
        finally:
            server.terminate()
            server.wait(30)
        _write(args, rows, cold, paint, filled_s, plan)


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    sys.exit("the server did not answer")


def _cold(url: str) -> dict[str, float]:
    """Time of the first request that assembles the board in a worker, and of a page after it [ms]."""
    took = {}
    with httpx.Client(base_url=url, timeout=120) as client:
        for name, path in (
            ("board", "/?lang=en"),
            ("board, other language", "/?lang=ru"),
            ("region", "/regions/KAZ002"),
        ):
            begun = time.perf_counter()
            client.get(path).raise_for_status()
            took[name] = (time.perf_counter() - begun) * 1000
    return took


def _sets(url: str, *, plan: bool) -> dict[str, list[str]]:
    board = httpx.get(f"{url}/?lang=en", timeout=120).text
    commitments = list(dict.fromkeys(re.findall(r'href="(/commitments/[^"#?]+)"', board)))
    regions = [f"/regions/KAZ{number:03d}" for number in range(1, 21)]
    filters = [
        "/?light=red",
        "/?light=grey",
        "/?area=connectivity",
        "/?sort=gap",
        "/?region=KAZ003",
    ]
    static = sorted(set(re.findall(r'"(/static/[^"]+)"', board)))
    mix = ["/"] * 12 + filters * 2 + commitments + regions + ["/regions", "/about"] + static
    if plan:
        mix += ["/settlements", "/settlements?q=Aksu", "/map"]
    return {"board": ["/"], "commitment": commitments, "mix": mix}


def _wrk(url: str, paths: Path, connections: int, seconds: int) -> dict[str, float]:
    command = ["wrk", "-t", str(min(2, connections)), "-c", str(connections), "-d", f"{seconds}s", "--timeout", "30s",
               "-s", str(LUA), url, "--", str(paths), "ru"]  # fmt: skip
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = json.loads(said.split("RESULT ", 1)[1])
    errors = sum(found[name] for name in ("status", "connect", "read", "write", "timeout"))
    return {
        "requests_per_s": found["requests"] / found["duration_s"],
        **{name: found[name] for name in ("p50_ms", "p95_ms", "p99_ms", "max_ms", "requests")},
        "errors": errors,
    }


def _write(
    args: argparse.Namespace,
    rows: list[dict],
    cold: dict[str, float],
    paint: dict[str, float],
    filled_s: float,
    plan: Path | None,
) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    with (args.out / "service.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, FIELDS)
        writer.writeheader()
        writer.writerows(rows)
    lines = [
        "# Pages of the service under load",
        "",
        (
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, {os.cpu_count()} CPUs shared with the load, "
            f"load average {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, SQLite; {args.workers} workers; wrk for {args.seconds} s a row after a warm-up. "
            f"{args.records:,} made records of evidence, 40 commitments, {'the plan of the country' if plan else 'no plan'}; gzip answers, no `If-None-Match`."
        ),
        "",
        "| pages | connections | requests/s | p50 ms | p95 ms | p99 ms | worst ms | errors |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {r['pages']} | {r['connections']} | {r['requests_per_s']:.0f} | {r['p50_ms']:.1f} | {r['p95_ms']:.1f} | {r['p99_ms']:.1f} | {r['max_ms']:.0f} | {r['errors']} |"
        for r in rows
    ]
    lines += [
        "",
        f"First paint of the full board in headless Chromium without a cache (median of 5): {paint['paint_ms']:.0f} ms, worst {paint['worst_paint_ms']:.0f} ms; loaded after {paint['load_ms']:.0f} ms.",
        "",
        "First requests after the start (one worker, nothing kept yet): "
        + ", ".join(f"{name} {ms:.0f} ms" for name, ms in cold.items())
        + ".",
        "",
        f"Filling took {filled_s:.0f} s of CPU.",
        "",
    ]
    (args.out / "service.md").write_text("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
