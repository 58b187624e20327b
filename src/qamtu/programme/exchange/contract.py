"""The contract of exchanged tables: which fields a record of each kind has, read from a table."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from qamtu.programme.exchange.bundle import KINDS, Record
from qamtu.programme.records import (
    Basis,
    Claim,
    Comment,
    Commitment,
    Direction,
    Evidence,
    EvidenceKind,
    EvidenceState,
    Grade,
    Organisation,
)

__all__ = ["CLASSES", "ENUMS", "ExchangeField", "contract"]

CLASSES: Final[Mapping[str, type[Record]]] = MappingProxyType(
    {
        "organisations": Organisation,
        "commitments": Commitment,
        "claims": Claim,
        "evidence": Evidence,
        "comments": Comment,
    }
)
"""Class of the records of each kind."""

ENUMS: Final[Mapping[tuple[str, str], type[StrEnum]]] = MappingProxyType(
    {
        ("commitments", "direction"): Direction,
        ("claims", "grade"): Grade,
        ("evidence", "kind"): EvidenceKind,
        ("evidence", "basis"): Basis,
        ("evidence", "grade"): Grade,
        ("evidence", "state"): EvidenceState,
    }
)
"""Class of the values of each field that has choices."""


@dataclass(frozen=True, slots=True)
class ExchangeField:
    """One field of a kind of record.

    Parameters
    ----------
    kind, name
        Kind of record and name of the field.
    dtype
        ``text``, ``optional_text``, ``texts`` (a column a language), ``number``, ``date``,
        ``required_date``, ``moment``, ``flag``, ``choice``, ``list`` or ``map`` (JSON).
    required
        Whether a file without it is refused.
    choices
        What a choice may be.
    description
        For people.
    """

    kind: str
    name: str
    dtype: str
    required: bool
    choices: tuple[str, ...]
    description: str

    def parse_choice(self, text: str) -> Any:
        """Give the value of a choice."""
        return ENUMS[self.kind, self.name](text)


@cache
def contract(kind: str) -> tuple[ExchangeField, ...]:
    """Give the fields of a kind of record in the order in which files write them.

    Raises
    ------
    KeyError
        If there is no such kind.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    text = files("qamtu.programme.exchange").joinpath("fields.csv").read_text(encoding="utf-8")
    return tuple(
        ExchangeField(
            kind=row["kind"],
            name=row["name"],
            dtype=row["dtype"],
            required=row["required"] == "yes",
            choices=tuple(filter(None, row["choices"].split("|"))),
            description=row["description"],
        )
        for row in csv.DictReader(text.splitlines())
        if row["kind"] == kind
    )
