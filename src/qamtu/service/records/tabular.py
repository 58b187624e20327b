"""Records as a table to take away: CSV that no spreadsheet runs, and Parquet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from qamtu.core.spreadsheets import guarded

__all__ = ["as_csv", "as_parquet"]


def as_csv(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> bytes:
    """Write rows as CSV in UTF-8 with a byte order mark, as spreadsheets expect."""
    names = list(columns)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([guarded(_text(row[name])) for name in names] for row in rows)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def as_parquet(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Any]) -> bytes:
    """Write rows as Parquet.

    Parameters
    ----------
    columns
        Type of the values by name: ``float``, ``int``, ``bool``, ``date``, ``datetime``, else text.
    """
    schema = pa.schema([(name, _TYPES.get(kind, pa.string())) for name, kind in columns.items()])
    plain = [
        {name: row[name] if kind in _TYPES else _text(row[name]) for name, kind in columns.items()}
        for row in rows
    ]
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(plain, schema=schema), stream, compression="zstd")
    return stream.getvalue()


_TYPES: dict[Any, Any] = {
    float: pa.float64(),
    int: pa.int64(),
    bool: pa.bool_(),
    dt.date: pa.date32(),
    dt.datetime: pa.timestamp("us", tz="UTC"),
}


def _text(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value
