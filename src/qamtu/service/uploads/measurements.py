"""Tables of measurements: read, held against their contract and the commitments, all at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq
import pyogrio

from qamtu.core.errors import InputError
from qamtu.core.fields import load_contract
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.programme.records import Commitment

__all__ = ["COLUMNS", "READABLE", "Checked", "check", "read"]

READABLE: Final = frozenset({".csv", ".parquet", ".gpkg"})
"""Endings of the tables that can be read."""
_CONTRACT: Final = load_contract("qamtu.service.uploads")
COLUMNS: Final = tuple(_CONTRACT)
"""Columns of a table of measurements."""
_MOST_ROWS: Final = 20_000
_LONGEST: Final = 2_000
_FIRST_DAY: Final = dt.date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Checked:
    """A table held against its contract.

    Parameters
    ----------
    rows
        Contract's columns; a value that cannot be read is missing.
    findings
        Everything that is wrong, by row and field.
    """

    rows: pd.DataFrame
    findings: Findings

    @property
    def good(self) -> bool:
        """Whether the rows can be filed."""
        return not self.findings.errors and len(self.rows) > 0


def read(path: Path, suffix: str, name: str) -> pd.DataFrame:
    """Read a table as text and numbers; geometry is left out.

    Raises
    ------
    InputError
        If it cannot be read or has too many rows.
    """
    try:
        if suffix == ".csv":
            table = pd.read_csv(
                path, dtype="str", sep=None, engine="python", encoding="utf-8-sig",
                keep_default_na=False, nrows=_MOST_ROWS + 1, na_values=[""],
            )  # fmt: skip
        elif suffix == ".parquet":
            rows = pq.ParquetFile(path).metadata.num_rows
            table = pd.read_parquet(path) if rows <= _MOST_ROWS else pd.DataFrame(index=range(rows))
        else:
            table = pyogrio.read_dataframe(path, read_geometry=False, max_features=_MOST_ROWS + 1)
    except Exception as error:  # readers of three formats raise what they like
        finding = Finding(
            "table-unreadable", Severity.ERROR, f"the table cannot be read: {str(error)[:200]}",
            f"give a CSV with the columns {', '.join(COLUMNS)}", name,
        )  # fmt: skip
        raise InputError("the table cannot be read", [finding]) from error
    if len(table) > _MOST_ROWS:
        raise _too_long(name)
    return pd.DataFrame(table)


def check(
    table: pd.DataFrame,
    name: str,
    commitments: Mapping[str, Commitment],
    regions: frozenset[str],
    may_file: Callable[[str], bool],
    today: dt.date,
) -> Checked:
    """Hold a table against its contract, the commitments and the right to file.

    Parameters
    ----------
    table
        As read.
    name
        Of the file, for the findings.
    commitments
        By record.
    regions
        Ids of the country's regions.
    may_file
        Says whether the sender may file for a scope.
    today
        No value is true after it.
    """
    rows, found = _CONTRACT.validate(table, "measurement", name)
    rows = rows[[one for one in COLUMNS if one in rows.columns]].reset_index(drop=True)
    findings = list(found)
    seen: dict[tuple[str, ...], int] = {}
    for index, row in enumerate(rows.to_dict("records")):
        findings += _row(row, index + 2, name, commitments, regions, may_file, today)
        key = tuple(str(row.get(one)) for one in ("commitment", "scope", "true_on", "basis"))
        if key in seen:
            what = f"row {seen[key]} says the same thing"
            mend = "leave one of them out"
            findings.append(_wrong("row-twice", what, mend, name, index + 2, "commitment"))
        seen.setdefault(key, index + 2)
    if rows.empty:
        findings.append(_wrong("table-empty", "the table has no rows", "add a row a value",
                               name, None, None))  # fmt: skip
    ordered = sorted(findings, key=lambda one: (one.row or 0, str(one.field)))
    return Checked(rows, Findings(tuple(ordered)))


def _row(
    row: Mapping[Any, Any],
    number: int,
    name: str,
    commitments: Mapping[str, Commitment],
    regions: frozenset[str],
    may_file: Callable[[str], bool],
    today: dt.date,
) -> list[Finding]:
    """Say what is wrong with one row beyond the contract."""
    found: list[Finding] = []

    def wrong(rule: str, field: str, what: str, mend: str) -> None:
        found.append(_wrong(rule, what, mend, name, number, field))

    said = row.get("commitment")
    commitment = commitments.get(str(said))
    if _given(said) and commitment is None:
        wrong("commitment-unknown", "commitment", f"there is no commitment {str(said)[:80]!r}",
              "give the id that the board shows")  # fmt: skip
    unit = row.get("unit")
    if commitment is not None and _given(unit) and str(unit) != commitment.unit:
        wrong("unit-other", "unit", f"the unit is {str(unit)[:40]!r}",
              f"give the value in {commitment.unit!r}")  # fmt: skip
    value = row.get("value")
    is_share = commitment is not None and commitment.unit in {"share", "1"}
    if is_share and _given(value) and not 0.0 <= float(str(value)) <= 1.0:
        wrong("share-outside", "value", f"a share of {value}", "give 0 to 1: 0.95, not 95")
    band = row.get("uncertainty")
    if _given(band) and float(str(band)) < 0:
        wrong("uncertainty-negative", "uncertainty", f"a band of {band}", "give 0 or more")
    found += _place(str(row.get("scope")), number, name, regions, may_file)
    day = row.get("true_on")
    if _given(day):
        found += _day(str(day), number, name, today)
    for field in ("title", "source"):
        text = row.get(field)
        if _given(text) and (len(str(text)) > _LONGEST or not str(text).isprintable()):
            wrong("text-unfit", field, "the text is too long or has control characters",
                  f"give one line of at most {_LONGEST} letters")  # fmt: skip
    return found


def _place(
    scope: str, number: int, name: str, regions: frozenset[str], may_file: Callable[[str], bool]
) -> list[Finding]:
    kind, _, region = scope.partition(":")
    if scope != "country" and (kind != "region" or region not in regions):
        return [_wrong("scope-unknown", f"there is no scope {scope[:80]!r}",
                       "give country or region:<id>", name, number, "scope")]  # fmt: skip
    if not may_file(scope):
        return [_wrong("scope-not-yours", f"you may not file for {scope}",
                       "leave the row to those whose it is", name, number, "scope")]  # fmt: skip
    return []


def _day(text: str, number: int, name: str, today: dt.date) -> list[Finding]:
    try:
        day = dt.date.fromisoformat(text.strip()[:10])
    except ValueError:
        return [_wrong("day-unreadable", f"{text[:40]!r} is no day", "write it as 2026-06-30",
                       name, number, "true_on")]  # fmt: skip
    if not _FIRST_DAY <= day <= today:
        what, mend = f"{day} is in the future or long ago", "give the day the value was true"
        return [_wrong("day-outside", what, mend, name, number, "true_on")]
    return []


def _given(value: object) -> bool:
    return value is not None and not pd.isna(value) and str(value).strip() != ""  # type: ignore[call-overload]


def _wrong(
    rule: str, what: str, mend: str, file: str, row: int | None, field: str | None
) -> Finding:
    return Finding(rule, Severity.ERROR, what, mend, file, row, field)


def _too_long(name: str) -> InputError:
    what = f"the table has more than {_MOST_ROWS:,} rows"
    return InputError(what, [_wrong("table-long", what, "send it in parts", name, None, None)])
