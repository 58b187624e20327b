"""Numbers from the world: value, unit, date and source, settable but never anonymous.

A parameter file is TOML, one table a parameter::

    [fibre_trench_flat]
    value = 9800.0
    unit = "USD/km"
    date = "2025-01-01"
    source = "where it was read"
    verify = true                 # a person must still confirm it
    low = 7000.0                  # optional: the band that sensitivity and Monte Carlo use
    high = 13000.0
    description = "what it is"

An override file may give a bare number (``fibre_trench_flat = 12000``): unit and
description stay, the source becomes the override file.
"""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from qamtu.core.errors import InputError, MissingInput, raise_errors
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.units import is_unit

__all__ = ["Parameter", "Params", "load_params"]

_KEYS = frozenset({"value", "unit", "date", "source", "verify", "low", "high", "description"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number from the world.

    Parameters
    ----------
    name
        Its name.
    value
        Its value in ``unit``.
    unit
        One of `qamtu.core.units.UNITS`.
    date, source
        When and where it was read.
    verify
        True where a person must still confirm it.
    description
        One sentence.
    low, high
        Band of plausible values; equal to ``value`` where none is known.
    """

    name: str
    value: float
    unit: str
    date: str
    source: str
    verify: bool
    description: str
    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse a value that is no number, a band around elsewhere, an unknown unit."""
        if not (math.isfinite(self.value) and self.low <= self.value <= self.high):
            msg = f"parameter {self.name}: low ≤ value ≤ high must hold with finite numbers"
            raise InputError(msg)
        if not is_unit(self.unit):
            msg = f"parameter {self.name}: unknown unit {self.unit!r}"
            raise InputError(msg)


@dataclass(frozen=True, slots=True)
class Params(Mapping[str, Parameter]):
    """A frozen set of parameters by name."""

    items_by_name: dict[str, Parameter]

    def __getitem__(self, name: str) -> Parameter:
        """Give a parameter by name."""
        return self.items_by_name[name]

    def __iter__(self) -> Iterator[str]:
        """Walk the names in order."""
        return iter(self.items_by_name)

    def __len__(self) -> int:
        """Count the parameters."""
        return len(self.items_by_name)

    def value(self, name: str) -> float:
        """Give the bare value of a parameter, in its own unit."""
        return self.items_by_name[name].value

    def merged(self, *others: Params) -> Params:
        """Give one set of several; of a name that stands in more than one the last holds."""
        made = dict(self.items_by_name)
        for other in others:
            made.update(other.items_by_name)
        return Params(made)

    def with_values(self, values: Mapping[str, float], source: str) -> Params:
        """Give a copy with other values; the band moves so that it still holds the value.

        Raises
        ------
        InputError
            If a name is unknown or a value is not a finite number.
        """
        raise_errors(_unknown(self, values, source), "unknown parameters")
        made = dict(self.items_by_name)
        for name, value in values.items():
            old = made[name]
            made[name] = replace(
                old,
                value=float(value),
                source=source,
                low=min(old.low, float(value)),
                high=max(old.high, float(value)),
            )
        return Params(made)

    def overridden(self, path: Path) -> Params:
        """Give a copy with the values of a user's TOML file in place of the own ones.

        Raises
        ------
        MissingInput
            If the file is not there.
        InputError
            With one finding for each unknown name, key or unreadable value.
        """
        if not path.is_file():
            msg = f"the parameter file {path} is not there"
            raise MissingInput(msg)
        tables = _read_toml(path.read_bytes(), str(path))
        found = _unknown(self, tables, str(path))
        made = dict(self.items_by_name)
        for name in (n for n in tables if n in made):
            try:
                made[name] = _override(made[name], tables[name], str(path))
            except (InputError, TypeError, ValueError) as error:
                found += (_unreadable(str(path), name, str(error)),)
        raise_errors(found, f"the parameter file {path} cannot be used")
        return Params(made)


def load_params(file: Traversable | Path) -> Params:
    """Load a parameter file whole.

    Raises
    ------
    InputError
        With one finding for each parameter that lacks a key or cannot be read.
    """
    tables = _read_toml(file.read_bytes(), str(file.name))
    made: dict[str, Parameter] = {}
    found: list[Finding] = []
    for name, table in tables.items():
        try:
            made[name] = _parameter(name, table)
        except (InputError, TypeError, ValueError, KeyError) as error:
            found.append(_unreadable(file.name, name, str(error)))
    raise_errors(found, f"the parameter file {file.name} cannot be used")
    return Params(made)


def _read_toml(content: bytes, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        finding = Finding("toml-unreadable", Severity.ERROR, str(error), "mend the TOML", name)
        msg = f"{name} is not a TOML file"
        raise InputError(msg, [finding]) from error


def _parameter(name: str, table: Mapping[str, Any]) -> Parameter:
    strange = set(table) - _KEYS
    if strange:
        msg = f"unknown keys {', '.join(sorted(strange))}"
        raise InputError(msg)
    value = float(table["value"])
    return Parameter(
        name=name,
        value=value,
        unit=str(table["unit"]),
        date=str(table["date"]),
        source=str(table["source"]),
        verify=bool(table.get("verify", False)),
        description=str(table["description"]),
        low=float(table.get("low", value)),
        high=float(table.get("high", value)),
    )


def _override(old: Parameter, given: object, source: str) -> Parameter:
    if isinstance(given, Mapping):
        unit = str(given.get("unit", old.unit))
        if unit != old.unit:
            msg = f"the unit must be {old.unit!r}, not {unit!r}"
            raise InputError(msg)
        value = float(given["value"])
        return _parameter(
            old.name,
            {
                "unit": unit,
                "date": old.date,
                "source": source,
                "verify": False,
                "description": old.description,
                "low": min(old.low, value),
                "high": max(old.high, value),
                **given,
            },
        )
    if isinstance(given, bool) or not isinstance(given, int | float):
        msg = f"{given!r} is not a number"
        raise InputError(msg)
    value = float(given)
    return replace(
        old, value=value, source=source, low=min(old.low, value), high=max(old.high, value)
    )


def _unknown(known: Mapping[str, Parameter], given: Mapping[str, Any], file: str) -> Findings:
    return Findings(
        tuple(
            Finding(
                "parameter-unknown",
                Severity.ERROR,
                f"there is no parameter {name!r}",
                _nearest(name, list(known)),
                file,
                None,
                name,
            )
            for name in given
            if name not in known
        )
    )


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else "see the parameters' reference page"


def _unreadable(file: str, name: str, what: str) -> Finding:
    return Finding(
        "parameter-unreadable",
        Severity.ERROR,
        what,
        "give value, unit, date, source and description",
        file,
        None,
        name,
    )
