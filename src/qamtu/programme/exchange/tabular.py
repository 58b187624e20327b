"""Tables of records: one CSV or Parquet file a kind, guarded against formulas, without loss."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from qamtu.core.findings import Finding, Findings, Severity
from qamtu.programme.exchange.bundle import KINDS, Bundle, Read, Record
from qamtu.programme.exchange.rows import Place, check_columns, columns_of, read_row, to_row

__all__ = ["guard", "read_tables", "unguard", "write_csv", "write_parquet"]

_NEEDS_GUARD: Final = re.compile("^'*[=+\\-@\t\r\n＝＋－＠]")  # noqa: RUF001  # full-width signs
_HAS_GUARD: Final = re.compile("^'+[=+\\-@\t\r\n＝＋－＠]")  # noqa: RUF001
_PARQUET: Final[Mapping[str, Any]] = {
    "number": pa.float64(),
    "date": pa.date32(),
    "required_date": pa.date32(),
    "moment": pa.timestamp("us", tz="UTC"),
    "flag": pa.bool_(),
}


def guard(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    A text that looks guarded already gets one more, so that `unguard` gives back any text.
    Source: OWASP, CSV injection (signs that begin a formula).
    """
    return f"'{text}" if _NEEDS_GUARD.match(text) else text


def unguard(text: str) -> str:
    """Take away the apostrophe that `guard` put."""
    return text[1:] if _HAS_GUARD.match(text) else text


def write_csv(bundle: Bundle) -> dict[str, bytes]:
    """Write one CSV file a kind (RFC 4180, UTF-8), by file name; kinds without records too."""
    return {f"{kind}.csv": _csv(kind, bundle.records(kind)) for kind in KINDS}


def write_parquet(bundle: Bundle) -> dict[str, bytes]:
    """Write one Parquet file a kind, by file name; the same bytes for the same records."""
    made: dict[str, bytes] = {}
    for kind in KINDS:
        rows = [to_row(kind, record) for record in bundle.records(kind)]
        columns = columns_of(kind, rows)
        schema = pa.schema(
            [(name, _PARQUET.get(field.dtype, pa.string())) for name, field in columns]
        )
        table = pa.Table.from_pydict(
            {name: [row.get(name) for row in rows] for name, _ in columns}, schema=schema
        )
        sink = io.BytesIO()
        pq.write_table(table, sink, compression="zstd")
        made[f"{kind}.parquet"] = sink.getvalue()
    return made


def read_tables(tables: Mapping[str, bytes]) -> Read:
    """Read CSV or Parquet files.

    Parameters
    ----------
    tables
        Bytes by file name: ``commitments.csv``, ``evidence.parquet`` … A kind without a file
        has no records.

    Returns
    -------
    read
        All records of rows without error, and every finding.
    """
    findings: list[Finding] = []
    records: dict[str, tuple[Any, ...]] = {}
    for name, content in sorted(tables.items()):
        kind, _, ending = name.rpartition(".")
        if kind not in KINDS or ending not in {"csv", "parquet"}:
            findings.append(
                Finding(
                    "exchange-file-unknown",
                    Severity.WARNING,
                    f"nothing reads {name}",
                    f"name it {', '.join(KINDS)} with .csv or .parquet",
                    file=name,
                )
            )
            continue
        rows = _csv_rows if ending == "csv" else _parquet_rows
        records[kind] = _records(kind, rows(name, content, findings), name, findings)
    return Read(Bundle(**records), Findings(tuple(findings)))


_Rows = tuple[list[str], list[dict[str, Any]]]


def _records(kind: str, read: _Rows, file: str, findings: list[Finding]) -> tuple[Record, ...]:
    names, rows = read
    if names:
        findings += check_columns(kind, names, file)
    found: list[Record] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        record = read_row(kind, row, Place(file, number), findings)
        if record is None:
            continue
        if record.id in seen:
            findings.append(
                Finding(
                    "exchange-id-twice",
                    Severity.ERROR,
                    f"{record.id} is already the id of row {seen[record.id]}",
                    "give each version its own id",
                    file=file,
                    row=number,
                    field="id",
                )
            )
        seen.setdefault(record.id, number)
        found.append(record)
    return tuple(found)


def _csv(kind: str, records: tuple[Record, ...]) -> bytes:
    rows = [to_row(kind, record) for record in records]
    columns = columns_of(kind, rows)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([name for name, _ in columns])
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name, _ in columns])
    return stream.getvalue().encode("utf-8")


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() | int():
            return repr(value)
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date():
            return value.isoformat()
        case _:
            return guard(str(value))


def _csv_rows(file: str, content: bytes, findings: list[Finding]) -> _Rows:
    try:
        text = content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        findings.append(_unreadable(file, str(error), "save it as CSV in UTF-8 with commas"))
        return [], []
    if not lines:
        findings.append(_unreadable(file, "it is empty", "give at least the row of column names"))
        return [], []
    head, *body = lines
    rows: list[dict[str, Any]] = []
    for number, cells in enumerate(body, start=2):
        if len(cells) != len(head):
            findings.append(
                Finding(
                    "exchange-row-ragged",
                    Severity.ERROR,
                    f"the row has {len(cells)} cells, the header {len(head)}",
                    "give every row as many cells as the header has",
                    file=file,
                    row=number,
                )
            )
        rows.append({name: unguard(cell) for name, cell in zip(head, cells, strict=False)})
    return head, rows


def _parquet_rows(file: str, content: bytes, findings: list[Finding]) -> _Rows:
    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        findings.append(_unreadable(file, str(error).splitlines()[0], "write it as Parquet again"))
        return [], []
    return list(table.column_names), table.to_pylist()


def _unreadable(file: str, why: str, mend: str) -> Finding:
    return Finding("exchange-file-unreadable", Severity.ERROR, f"cannot be read: {why}", mend, file)
