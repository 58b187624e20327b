"""CSV that a spreadsheet opens without running anything (OWASP, CSV Injection)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from qamtu.core import spreadsheets

__all__ = ["guarded", "safe_csv"]


def guarded(value: object) -> str:
    """Write a value so that no spreadsheet takes it for a formula; numbers stay numbers."""
    if value is None:
        return ""
    text = str(value)
    try:
        float(text)
    except ValueError:
        return spreadsheets.guarded(text)
    return text


def safe_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table as CSV with every text guarded."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([guarded(one) for one in columns])
    writer.writerows([guarded(one) for one in row] for row in rows)
    return stream.getvalue()
