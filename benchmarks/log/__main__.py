"""Fill a log on SQLite and measure appends, single appends and proofs: Markdown and CSV come out."""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
import platform
import random
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from qamtu.programme.log import leaf, leaf_hash, verify_consistency, verify_inclusion
from qamtu.service.database.engine import make_engine, make_sessions, reading, writing
from qamtu.service.database.migrate import migrate
from qamtu.service.log import repository

FIELDS = ("what", "times", "cpu_ms_median", "cpu_ms_p95", "wall_ms_median", "wall_ms_p95", "per_s")
AT = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.log", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/benchmarks"))
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=5_000, help="entries in a transaction")
    parser.add_argument("--singles", type=int, default=1_000, help="appends of one entry each")
    parser.add_argument("--proofs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def _entries(first: int, count: int) -> list[repository.Entry]:
    return [
        repository.entry_of("evidence", f"record-{i}", f"version-{i}", {"value": i * 0.1}, AT)
        for i in range(first, first + count)
    ]


def _timed(what: str, times: int, work: Callable[[int], None], entries: int = 1) -> dict:
    """Run a work often; each run's processor and wall time."""
    cpu, wall = [], []
    for i in range(times):
        cpu_0, wall_0 = time.process_time(), time.perf_counter()
        work(i)
        cpu.append(1e3 * (time.process_time() - cpu_0))
        wall.append(1e3 * (time.perf_counter() - wall_0))
    row = {"what": what, "times": times}
    for name, values in (("cpu", sorted(cpu)), ("wall", sorted(wall))):
        row[f"{name}_ms_median"] = values[len(values) // 2]
        row[f"{name}_ms_p95"] = values[int(0.95 * len(values))]
    row["per_s"] = 1e3 * times * entries / sum(wall)
    print(row, flush=True)
    return row


def _measure(folder: Path, options: argparse.Namespace) -> tuple[list[dict], float]:
    path = folder / "log.sqlite"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    sessions = make_sessions(engine)
    chance = random.Random(options.seed)

    def append(batch: int) -> None:
        with writing(sessions) as session:
            repository.append(session, _entries(batch * options.batch, options.batch))

    batches = options.entries // options.batch
    size = batches * options.batch
    rows = [_timed(f"append {options.batch:,} a transaction", batches, append, options.batch)]

    def single(i: int) -> None:
        with writing(sessions) as session:
            repository.append(session, _entries(size + i, 1))

    rows.append(_timed("append 1 a transaction", options.singles, single))
    size += options.singles
    with reading(sessions) as session:
        root = repository.root(session, size)

    def inclusion(_: int) -> None:
        with reading(sessions) as session:
            repository.proof(session, chance.randrange(size), size)

    def consistency(_: int) -> None:
        with reading(sessions) as session:
            repository.consistency(session, chance.randrange(1, size), size)

    def roots(_: int) -> None:
        with reading(sessions) as session:
            repository.root(session)

    def sizes(_: int) -> None:
        with reading(sessions) as session:
            repository.size(session)

    for what, work in (
        ("inclusion proof", inclusion),
        ("consistency proof", consistency),
        ("root", roots),
        ("size", sizes),
    ):
        rows.append(_timed(what, options.proofs, work))
    _check(sessions, size, root, chance)
    engine.dispose()
    return rows, path.stat().st_size / 1e6


def _check(sessions, size: int, root: bytes, chance: random.Random) -> None:
    """Verify some of what was measured."""
    with reading(sessions) as session:
        for _ in range(100):
            index, old = chance.randrange(size), chance.randrange(1, size)
            ((_, entry),) = repository.entries(session, index, 1)
            path = repository.proof(session, index, size)
            assert verify_inclusion(leaf_hash(leaf(entry)), index, size, path, root)
            path = repository.consistency(session, old, size)
            assert verify_consistency(old, size, path, repository.root(session, old), root)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _markdown(rows: list[dict], megabytes: float, options: argparse.Namespace) -> str:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = [
        "# The log: a tree of RFC 6962 in SQLite",
        "",
        (
            f"{dt.datetime.now(dt.UTC).date().isoformat()}, {_processor()}, {os.cpu_count()} cores, "
            f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} (WAL, "
            f"synchronous=NORMAL); {options.entries:,} entries appended {options.batch:,} a "
            f"transaction, then {options.singles:,} one by one, then proofs of random entries. "
            f"Making and hashing the entries' contents is part of an append; a proof is one "
            f"transaction that reads. 100 of each proof were verified. The file has "
            f"{megabytes:,.0f} MB, the process needed {peak:,.0f} MB."
        ),
        "",
        "| what | times | CPU ms, median | CPU ms, 95 % | wall ms, median | wall ms, 95 % | entries or proofs per s (wall) |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row['what']} | {row['times']:,} | {row['cpu_ms_median']:.2f} | {row['cpu_ms_p95']:.2f} "
        f"| {row['wall_ms_median']:.2f} | {row['wall_ms_p95']:.2f} | {row['per_s']:,.0f} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    options = _arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.out) as folder:
        rows, megabytes = _measure(Path(folder), options)
    with (options.out / "log.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(rows)
    text = _markdown(rows, megabytes, options)
    (options.out / "log.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
