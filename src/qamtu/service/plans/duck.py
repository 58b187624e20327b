"""DuckDB on the files of plans: one engine a process, a cursor for each question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import duckdb_extension_spatial

from qamtu.core.errors import MissingInput

__all__ = ["reading", "spatial"]

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


@contextmanager
def spatial() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give an engine of its own with the spatial functions, for cutting tiles.

    Raises
    ------
    MissingInput
        If the wheel ``duckdb-extension-spatial`` has no extension for this DuckDB.
    """
    engine = duckdb.connect(":memory:", config=dict(_OFFLINE))
    try:
        engine.execute(f"LOAD '{_extension()}'")
        engine.execute("SET preserve_insertion_order = true")
        yield engine
    finally:
        engine.close()


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config=dict(_OFFLINE))


def _extension() -> str:
    folder = Path(duckdb_extension_spatial.__file__).parent / "extensions"
    path = folder / f"v{duckdb.__version__}" / "spatial.duckdb_extension"
    if not path.is_file():
        raise MissingInput(f"no spatial extension for DuckDB {duckdb.__version__} in {folder}")
    return str(path).replace("'", "''")
