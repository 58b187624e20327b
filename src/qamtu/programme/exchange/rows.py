"""Records as rows of plain values, and rows of plain values or text as records with findings."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from qamtu.core.findings import Finding, Severity
from qamtu.programme.exchange.bundle import Record
from qamtu.programme.exchange.contract import CLASSES, ExchangeField, contract

__all__ = ["Place", "check_columns", "columns_of", "read_row", "to_row"]

LANGUAGE_SIGN: Final = ":"
"""Between the name of a field and its language, as in ``promise:kk``."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row was read: file and row, the header being row 1."""

    file: str
    row: int


def to_row(kind: str, record: Record) -> dict[str, Any]:
    """Write a record as plain values by column; None where there is none.

    Texts become one column a language, lists and maps JSON; an empty text by language is none.
    """
    row: dict[str, Any] = {}
    for field in contract(kind):
        value = getattr(record, field.name)
        if field.dtype == "texts":
            row |= {
                f"{field.name}{LANGUAGE_SIGN}{language}": text
                for language, text in sorted(value.items())
                if text
            }
        elif field.dtype in {"list", "map"}:
            plain = dict(sorted(value.items())) if field.dtype == "map" else list(value)
            row[field.name] = json.dumps(plain, ensure_ascii=False) if plain else None
        elif field.dtype == "choice":
            row[field.name] = value.value
        else:
            row[field.name] = value
    return row


def columns_of(kind: str, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, ExchangeField]]:
    """Give the columns that hold rows, in the order of the contract, languages sorted."""
    columns: list[tuple[str, ExchangeField]] = []
    for field in contract(kind):
        if field.dtype == "texts":
            head = field.name + LANGUAGE_SIGN
            found = {name for row in rows for name in row if name.startswith(head)}
            asked = {f"{head}en"} if field.required and not found else set()
            columns += [(name, field) for name in sorted(found | asked)]
        else:
            columns.append((field.name, field))
    return columns


def check_columns(kind: str, names: Sequence[str], file: str) -> list[Finding]:
    """Say which columns are missing, unknown or there twice."""
    fields = {field.name: field for field in contract(kind)}
    heads = {name.partition(LANGUAGE_SIGN)[0] for name in names}
    findings = [
        Finding(
            "exchange-column-missing",
            Severity.ERROR,
            f"the column {field.name} is missing",
            f"add it: {field.description}",
            file=file,
            field=field.name,
        )
        for field in fields.values()
        if field.required and field.name not in heads
    ]
    for name in dict.fromkeys(names):
        head, sign, language = name.partition(LANGUAGE_SIGN)
        known = head in fields and (fields[head].dtype == "texts") == bool(sign and language)
        if not known:
            findings.append(
                Finding(
                    "exchange-column-unknown",
                    Severity.WARNING,
                    f"nothing reads the column {name}",
                    "leave it out, or give it a name of the contract (texts: promise:en)",
                    file=file,
                    row=1,
                    field=name,
                )
            )
        if list(names).count(name) > 1:
            findings.append(
                Finding(
                    "exchange-column-twice",
                    Severity.ERROR,
                    f"the column {name} is there more than once",
                    "keep one of them",
                    file=file,
                    row=1,
                    field=name,
                )
            )
    return findings


def read_row(
    kind: str, row: Mapping[str, Any], place: Place, findings: list[Finding]
) -> Record | None:
    """Make a record of a row of values or of their texts.

    Parameters
    ----------
    kind
        Kind of record.
    row
        Value or text by column; None or an empty text where there is none.
    place
        Where the row was read.
    findings
        Takes every error of the row.

    Returns
    -------
    record
        None where the row has an error.
    """
    values: dict[str, Any] = {}
    before = len(findings)
    for field in contract(kind):
        if field.dtype == "texts":
            value: Any = _texts(field, row)
        else:
            raw = row.get(field.name)
            if raw is None or raw == "":
                value = _nothing(field)
            else:
                try:
                    value = _value(field, raw)
                except (ValueError, TypeError) as error:
                    findings.append(_invalid(field, raw, str(error), place))
                    continue
        if field.required and (value is None or value in ("", {})):
            findings.append(
                Finding(
                    "exchange-value-missing",
                    Severity.ERROR,
                    f"{field.name} is empty",
                    f"give it: {field.description}",
                    file=place.file,
                    row=place.row,
                    field=field.name,
                )
            )
        elif value is not _DEFAULT:
            values[field.name] = value
    return CLASSES[kind](**values) if len(findings) == before else None


_DEFAULT: Final = object()


def _texts(field: ExchangeField, row: Mapping[str, Any]) -> dict[str, str]:
    head = field.name + LANGUAGE_SIGN
    return {
        name[len(head) :]: str(text) for name, text in row.items() if text and name.startswith(head)
    }


def _nothing(field: ExchangeField) -> Any:
    """Give what an empty cell means: the record's default where it has one, else nothing."""
    if field.dtype == "text" and field.name in {"target_text", "text", "source"}:
        return ""
    if field.required:
        return None
    known = {one.name: one for one in dataclasses.fields(CLASSES[field.kind])}[field.name]
    has = known.default is not dataclasses.MISSING or (
        known.default_factory is not dataclasses.MISSING
    )
    return _DEFAULT if has else None


def _value(field: ExchangeField, raw: Any) -> Any:
    """Read one value, already typed or as text."""
    if field.dtype == "choice":
        if str(raw) not in field.choices:
            raise ValueError(f"one of {', '.join(field.choices)} is asked")
        return field.parse_choice(str(raw))
    return _READERS.get(field.dtype, str)(raw)


def _number(raw: Any) -> float:
    number = float(raw)
    if not math.isfinite(number):
        raise ValueError("a finite number is asked")
    return number


def _date(raw: Any) -> dt.date:
    return raw if isinstance(raw, dt.date) else dt.date.fromisoformat(str(raw))


def _moment(raw: Any) -> dt.datetime:
    moment = raw if isinstance(raw, dt.datetime) else dt.datetime.fromisoformat(str(raw))
    if moment.tzinfo is None:
        raise ValueError("a moment with its time zone is asked (2026-01-31T12:00:00+00:00)")
    return moment.astimezone(dt.UTC)


def _flag(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if str(raw) not in {"true", "false"}:
        raise ValueError("true or false is asked")
    return str(raw) == "true"


def _list(raw: Any) -> tuple[str, ...]:
    value = json.loads(str(raw))
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError("a JSON list of texts is asked")
    return tuple(value)


def _map(raw: Any) -> dict[str, str]:
    value = json.loads(str(raw))
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise ValueError("a JSON object of texts is asked")
    return value


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "number": _number,
    "date": _date,
    "required_date": _date,
    "moment": _moment,
    "flag": _flag,
    "list": _list,
    "map": _map,
}


def _invalid(field: ExchangeField, raw: Any, reason: str, place: Place) -> Finding:
    text = str(raw)
    shown = text if len(text) <= 60 else text[:59] + "…"
    return Finding(
        "exchange-value-invalid",
        Severity.ERROR,
        f"{field.name} is {shown!r}: {reason}",
        f"give it as the contract says: {field.description}",
        file=place.file,
        row=place.row,
        field=field.name,
    )
