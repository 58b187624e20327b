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
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from benchmarks.service.filling import fill
from benchmarks.service.paint import first_paints
from benchmarks.service.server import settings_of

from qamtu.programme.records import EvidenceState
from qamtu.service.database.engine import make_engine, make_sessions, writing
from qamtu.service.records.repository import evidence_page, file_evidence

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
    "load_average",
)
RATE = 200  # requests a second that the service must bear; each row else is as fast as it goes


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.service", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/benchmarks"))
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument(
        "--plan", type=Path, default=Path("out/kz"), help="folder of a plan, left out where absent"
    )
    parser.add_argument("--data", type=Path, help="a folder that was filled before")
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
        data = args.data or Path(folder)
        begun = time.process_time()
        if args.data is None:
            fill(settings_of(data), args.records, plan, args.seed)
        filled_s = time.process_time() - begun
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        server = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.service.server", str(data), str(port), str(args.workers)],
            stdout=subprocess.DEVNULL, stderr=(data / "server.log").open("w"),
        )  # fmt: skip
        try:
            _wait(url)
            cold = _cold(url)
            fresh = _after_filing(url, data)
            sets = _sets(url, plan=plan is not None)
            rows = []
            for name, paths in sets.items():
                listed = data / f"{name}.txt"
                listed.write_text("\n".join(paths) + "\n")
                _wrk(url, listed, 4, 4)  # both workers have seen every page
                rows += [_row(name, url, listed, c, args.seconds) for c in args.connections]
            rows.append(_row("mix", url, data / "mix.txt", 8, args.seconds, RATE))
            paint = first_paints(f"{url}/?lang=ru")
        finally:
            server.terminate()
            server.wait(30)
        _write(args, rows, cold, fresh, paint, filled_s, plan)


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


def _after_filing(url: str, data: Path) -> list[float]:
    """Time of the first board after evidence of the country was filed, five times [ms]."""
    engine = make_engine(settings_of(data).database)
    sessions, took = make_sessions(engine), []
    with httpx.Client(base_url=url, timeout=120) as client:
        for _ in range(5):
            name = uuid.uuid4().hex
            with writing(sessions) as session:
                page = evidence_page(
                    session, scope="country", state=EvidenceState.ACCEPTED, limit=1
                )
                now = datetime.now(UTC)
                one = replace(page.rows[0].record, id=name, record=name, learned_at=now)
                file_evidence(session, one)
            begun = time.perf_counter()
            client.get("/?lang=en").raise_for_status()
            took.append((time.perf_counter() - begun) * 1000)
    engine.dispose()
    return took


def _row(
    name: str, url: str, listed: Path, connections: int, seconds: int, rate: int = 0
) -> dict[str, Any]:
    found = _wrk(url, listed, connections, seconds, rate)
    label = f"{name}, at most {rate}/s" if rate else name
    return {
        "pages": label,
        "connections": connections,
        **found,
        "load_average": os.getloadavg()[0],
    }


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


def _wrk(url: str, paths: Path, connections: int, seconds: int, rate: int = 0) -> dict[str, float]:
    command = ["wrk", "-t", str(min(2, connections)), "-c", str(connections), "-d", f"{seconds}s", "--timeout", "30s",
               "-s", str(LUA), url, "--", str(paths), "ru",
               str(round(1000 * connections / rate)) if rate else "0"]  # fmt: skip
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
    fresh: list[float],
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
        "| pages | connections | requests/s | p50 ms | p95 ms | p99 ms | worst ms | errors | load average |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {r['pages']} | {r['connections']} | {r['requests_per_s']:.0f} | {r['p50_ms']:.1f} | {r['p95_ms']:.1f} | {r['p99_ms']:.1f} | {r['max_ms']:.0f} | {r['errors']} | {r['load_average']:.1f} |"
        for r in rows
    ]
    lines += [
        "",
        f"First paint of the full board in headless Chromium without a cache (median of 5): {paint['paint_ms']:.0f} ms, worst {paint['worst_paint_ms']:.0f} ms; loaded after {paint['load_ms']:.0f} ms.",
        "",
        "The board after a filing (a worker, five times): "
        + ", ".join(f"{ms:.0f}" for ms in fresh)
        + " ms.",
        "",
        "First requests after the start: "
        + ", ".join(f"{name} {ms:.0f} ms" for name, ms in cold.items())
        + ".",
        "",
        *([] if args.data else [f"Filling took {filled_s:.0f} s of CPU.", ""]),
    ]
    (args.out / "service.md").write_text("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
