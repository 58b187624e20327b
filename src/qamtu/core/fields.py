"""The contract of a line or a table: one CSV that says what every field is.

A contract file has the columns ``name, intent, dtype, unit, shape, default, source,
description``. The shape names what a field has one value of: empty for a single value,
``settlement`` for one value a settlement (a column of the table of settlements). It feeds
validation, defaults, the reference pages and the help texts.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

import numpy as np
import pandas as pd

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.units import is_unit

__all__ = ["Contract", "Field", "Intent", "load_contract"]

_COLUMNS: Final = (
    "name", "intent", "dtype", "unit", "shape", "default", "source", "description",
)  # fmt: skip
_SHOWN: Final = 5


class Intent(StrEnum):
    """Whether a field must be given, may be given, or is made."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a contract.

    Parameters
    ----------
    name
        Its name, the same wherever it appears.
    intent
        Required, optional or output.
    dtype
        One of ``float``, ``int``, ``str``, ``bool``, ``geometry``, ``table`` or
        ``category:a|b|c`` (text out of a closed list).
    unit
        One of `qamtu.core.units.UNITS`.
    shape
        What it has one value of; empty for a single value.
    default
        Text of the default; empty for none.
    source
        Where the definition or default comes from; empty where it needs none.
    description
        One sentence.
    """

    name: str
    intent: Intent
    dtype: str
    unit: str
    shape: str
    default: str
    source: str
    description: str

    @property
    def categories(self) -> tuple[str, ...]:
        """The closed list of a category field, else empty."""
        kind, _, listed = self.dtype.partition(":")
        return tuple(listed.split("|")) if kind == "category" else ()


_KINDS: Final = frozenset({"float", "int", "str", "bool", "geometry", "category", "table"})
_TRUTHS: Final[dict[str, bool]] = {
    "true": True,
    "false": False,
    "1": True,
    "0": False,
    "yes": True,
    "no": False,
}
_DEFAULTS: Final[dict[str, Callable[[str], object]]] = {
    "float": float,
    "int": int,
    "bool": lambda text: _TRUTHS[text.lower()],
}


@dataclass(frozen=True, slots=True)
class Contract(Mapping[str, Field]):
    """The fields of a line or a table, by name and in order."""

    name: str
    fields: tuple[Field, ...]

    def __getitem__(self, name: str) -> Field:
        """Give a field by name."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        """Walk the names in order."""
        return (field.name for field in self.fields)

    def __len__(self) -> int:
        """Count the fields."""
        return len(self.fields)

    def of_shape(self, shape: str, *intents: Intent) -> tuple[Field, ...]:
        """Give the fields of one shape, of the given intents (all if none is given)."""
        return tuple(
            f for f in self.fields if f.shape == shape and (not intents or f.intent in intents)
        )

    def validate(self, table: pd.DataFrame, shape: str, file: str) -> tuple[pd.DataFrame, Findings]:
        """Hold a table against the contract.

        Parameters
        ----------
        table
            One row a ``shape``; columns that the contract does not know are left alone.
        shape
            Which fields of the contract to hold it against (required and optional ones).
        file
            Name that the findings give as the place.

        Returns
        -------
        table
            A copy with the contract's dtypes, defaults filled in; a value that cannot be
            read is missing in it.
        findings
            Everything that is wrong, not only the first.
        """
        made = table.copy()
        found: list[Finding] = []
        for field in self.of_shape(shape, Intent.REQUIRED, Intent.OPTIONAL):
            if field.name not in made.columns:
                if field.intent is Intent.REQUIRED:
                    found.append(_missing_column(field, table, file))
                    continue
                made[field.name] = _default_column(field, len(made), made.index)
                continue
            if field.dtype == "geometry":
                continue
            column, bad = _read_column(made[field.name], field, file)
            if field.intent is Intent.OPTIONAL and field.default:
                column = column.fillna(_default_column(field, len(column), column.index))
            made[field.name] = column
            found.extend(bad)
        return made, Findings(tuple(found))


def load_contract(package: str, file: str = "fields.csv") -> Contract:
    """Load the contract file of a package.

    Raises
    ------
    InputError
        If a column is missing, or a name, dtype, unit or intent is not one of the known.
    """
    return _parse_contract(files(package).joinpath(file), name=package)


def _parse_contract(path: Traversable, name: str) -> Contract:
    reader = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    if tuple(reader.fieldnames or ()) != _COLUMNS:
        msg = f"{path}: the columns must be {', '.join(_COLUMNS)}"
        raise InputError(msg)
    fields = tuple(Field(intent=Intent(row.pop("intent")), **row) for row in reader)
    for field in fields:
        if field.dtype.partition(":")[0] not in _KINDS or not is_unit(field.unit):
            msg = (
                f"{path}: field {field.name}: unknown dtype {field.dtype!r} or unit {field.unit!r}"
            )
            raise InputError(msg)
    keys = [(field.name, field.shape) for field in fields]
    if len(set(keys)) != len(keys):
        msg = f"{path}: a field is named twice for one shape"
        raise InputError(msg)
    return Contract(name, fields)


def _missing_column(field: Field, table: pd.DataFrame, file: str) -> Finding:
    present = ", ".join(str(c) for c in table.columns[:12])
    return Finding(
        "column-missing",
        Severity.ERROR,
        f"the column {field.name!r} is missing (columns found: {present})",
        f"add it: {field.description}" + (f" [{field.unit}]" if field.unit else ""),
        file,
        1,
        field.name,
    )


def _default_column(field: Field, length: int, index: pd.Index) -> pd.Series[Any]:
    kind = field.dtype.partition(":")[0]
    if field.default:
        value = _DEFAULTS.get(kind, str)(field.default)
        return pd.Series([value] * length, index=index, dtype=_PANDAS[kind])
    return pd.Series([None] * length, index=index, dtype=_PANDAS[kind])


_PANDAS: Final = {
    "float": "float64",
    "int": "Int64",
    "bool": "boolean",
    "str": "str",
    "category": "str",
    "geometry": "object",
}


def _read_column(
    column: pd.Series[Any], field: Field, file: str
) -> tuple[pd.Series[Any], list[Finding]]:
    """Read one column as its dtype; what cannot be read is missing and found."""
    kind = field.dtype.partition(":")[0]
    given = column.notna() & (column.astype("str").str.strip() != "")
    read: pd.Series[Any]
    if kind in {"float", "int"}:
        read = pd.to_numeric(column.where(given), errors="coerce").astype("float64")
        good = np.isfinite(read.to_numpy())
        if kind == "int":
            good &= read.to_numpy() == np.floor(np.where(good, read, 0.5))
            read = read.where(pd.Series(good, index=read.index)).astype("Int64")
        else:
            read = read.where(pd.Series(good, index=read.index))
    elif kind == "bool":
        read = column.astype("str").str.strip().str.lower().map(_TRUTHS).astype("boolean")
        good = read.notna().to_numpy()
    else:
        read = column.where(given).astype("str").where(given)
        good = np.ones(len(column), dtype=bool)
        if field.categories:
            good = read.isin(field.categories).to_numpy()
            read = read.where(pd.Series(good, index=read.index))
    needed = np.ones(len(column), dtype=bool) if field.intent is Intent.REQUIRED else given
    return read, _bad_rows(column, field, file, np.asarray(needed) & ~np.asarray(good & given))


def _bad_rows(
    column: pd.Series[Any], field: Field, file: str, bad: np.ndarray[Any, Any]
) -> list[Finding]:
    wanted = f"one of {', '.join(field.categories)}" if field.categories else f"a {field.dtype}"
    found = [
        Finding(
            "value-missing" if _is_blank(column.iloc[i]) else "value-unreadable",
            Severity.ERROR,
            "there is no value"
            if _is_blank(column.iloc[i])
            else f"{column.iloc[i]!r} is not {wanted}",
            f"give {wanted}: {field.description}" + (f" [{field.unit}]" if field.unit else ""),
            file,
            int(i) + 2,
            field.name,
        )
        for i in np.flatnonzero(bad)
    ]
    if len(found) <= _SHOWN * 200:
        return found
    more = Finding(
        "value-more", Severity.ERROR, f"{len(found) - _SHOWN * 200:,} more rows like these",
        "mend the rows above first", file, None, field.name,
    )  # fmt: skip
    return [*found[: _SHOWN * 200], more]


def _is_blank(value: object) -> bool:
    return bool(pd.isna(value)) or str(value).strip() == ""  # type: ignore[call-overload]
