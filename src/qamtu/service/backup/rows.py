"""Rows of tables as JSON lines and back, the same from either database."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    func,
    insert,
    null,
    select,
    text,
)

from qamtu.service.database.base import Utc

__all__ = ["dump_table", "load_table"]

_BATCH = 1_000
_AS_IT_IS = (Integer, Float, String, Boolean, JSON)
_WRITERS: Mapping[str, Callable[[Any], Any]] = {
    "moment": lambda value: value.isoformat(),
    "day": lambda value: value.isoformat(),
    "bytes": lambda value: base64.b64encode(value).decode(),
    "plain": lambda value: value,
}
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "moment": dt.datetime.fromisoformat,
    "day": dt.date.fromisoformat,
    "bytes": base64.b64decode,
    "plain": lambda value: value,
}


def dump_table(connection: Connection, table: Table, columns: list[str], out: IO[bytes]) -> int:
    """Write some columns of a table, one row a line; gives the number of rows.

    Raises
    ------
    TypeError
        If a column is of a type that has no form here.
    """
    chosen = [table.c[name] for name in columns]
    writers = [_writer(column) for column in chosen]
    query = select(*chosen).order_by(*table.primary_key.columns)
    count = 0
    for row in connection.execute(query, execution_options={"yield_per": _BATCH}):
        values = {
            name: None if value is None else write(value)
            for name, write, value in zip(columns, writers, row, strict=True)
        }
        out.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        count += 1
    return count


def load_table(connection: Connection, table: Table, lines: IO[bytes]) -> int:
    """Insert the rows that `dump_table` wrote; gives their number."""
    count = 0
    for batch in _batches(lines):
        readers = {name: _reader(table.c[name]) for name in batch[0]}
        rows = [{name: readers[name](value) for name, value in row.items()} for row in batch]
        _insert(connection, table, rows)
        count += len(rows)
    if connection.dialect.name == "postgresql":
        _advance(connection, table)
    return count


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    statement = insert(table)
    if connection.dialect.name != "sqlite":
        # RETURNING makes SQLAlchemy send hundreds of rows a statement (insertmanyvalues).
        statement = statement.returning(*table.primary_key.columns)
    connection.execute(statement, rows)


def _batches(lines: IO[bytes]) -> Iterator[list[Mapping[str, Any]]]:
    batch: list[Mapping[str, Any]] = []
    for line in lines:
        batch.append(json.loads(line))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _advance(connection: Connection, table: Table) -> None:
    """Let a counter of PostgreSQL go on after the rows that brought their own numbers."""
    column = table.autoincrement_column
    if column is None:
        return
    last = connection.scalar(select(func.max(column)))
    if last is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
        names = {"table": table.name, "column": column.name, "last": last}
        connection.execute(sequence, names)


def _kind(column: Column[Any]) -> str:
    if isinstance(column.type, Utc | DateTime):
        return "moment"
    if isinstance(column.type, Date):
        return "day"
    if isinstance(column.type, LargeBinary):
        return "bytes"
    if isinstance(column.type, _AS_IT_IS):
        return "plain"
    msg = f"{column} is of a type that a backup does not know: {column.type!r}"
    raise TypeError(msg)


def _writer(column: Column[Any]) -> Callable[[Any], Any]:
    return _WRITERS[_kind(column)]


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    read = _READERS[_kind(column)]
    # A None in a column of JSON would be stored as the JSON null.
    nothing = null() if isinstance(column.type, JSON) else None
    return lambda value: nothing if value is None else read(value)
