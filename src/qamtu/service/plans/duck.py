"""DuckDB on the files of plans: one engine a process, a cursor for each question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb

__all__ = ["reading"]

_OFFLINE = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "2",
}


@contextmanager
def reading() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a cursor for reading tables; cursors of several threads do not wait for each other."""
    cursor = _engine().cursor()
    try:
        yield cursor
    finally:
        cursor.close()


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config=dict(_OFFLINE))
