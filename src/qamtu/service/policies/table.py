"""The table of who may do what: every cell that a test holds against the policies.

A row is an action, a kind of thing and a role; a column is where the thing lies, whose it is and
whether it is published: ``own/foreign/draft`` lies in one's own region, belongs to another
organisation and is not published. The role ``any`` stands for all of them where an action does
not exist for a kind. ``own account`` is the account of the one who asks; ``own evidence`` was
filed by the asker's own account, ``operator evidence`` by an operator.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from qamtu.service.accounts.current import ROLES
from qamtu.service.policies.engine import ACTIONS, KINDS, Question

__all__ = ["PLACES", "TABLE_KINDS", "Cell", "Row", "cells", "every_question", "rows"]

PLACES = ("own", "foreign", "none")
TABLE_KINDS = (*KINDS, "own account", "own evidence", "operator evidence")
_EVIDENCE = ("own evidence", "operator evidence")
_NAMES = {"own": "mine", "foreign": "others", "none": None}


@dataclass(frozen=True, slots=True)
class Cell:
    """One question and the answer that the table gives."""

    question: Question
    column: str
    yes: bool


@dataclass(frozen=True, slots=True)
class Row:
    """What one role may do with one kind: the columns where it may."""

    action: str
    kind: str
    role: str
    columns: frozenset[str]
    all_columns: tuple[str, ...]

    @property
    def summary(self) -> str:
        """Give ``always``, ``never``, or the shortest name of what decides."""
        if not self.columns:
            return "never"
        if len(self.columns) == len(self.all_columns):
            return "always"
        for name in _SHORT:
            if self.columns == {c for c in self.all_columns if _falls_under(name, c)}:
                return name
        return ", ".join(c for c in self.all_columns if c in self.columns)


_SHORT = (
    "published",
    "own region",
    "own organisation",
    "own region or published",
    "own organisation or published",
)


def _falls_under(name: str, column: str) -> bool:
    region, organisation, state = column.split("/")
    return (
        ("published" in name and state == "published")
        or ("own region" in name and region == "own")
        or ("own organisation" in name and organisation == "own")
    )


@cache
def rows() -> tuple[Row, ...]:
    """Read the table; the rows of ``any`` are given for each role."""
    text = (files("qamtu.service.policies") / "table.csv").read_text("utf-8")
    header, *lines = csv.reader(text.splitlines())
    columns = tuple(header[3:])
    return tuple(
        Row(
            action,
            kind,
            one,
            frozenset(c for c, answer in zip(columns, answers, strict=True) if answer == "yes"),
            columns,
        )
        for action, kind, role, *answers in lines
        for one in (ROLES if role == "any" else (role,))
    )


def cells() -> Iterator[Cell]:
    """Give every cell as the question it answers."""
    for row in rows():
        for column in row.all_columns:
            region, organisation, state = column.split("/")
            own = row.kind == "own account"
            yield Cell(
                Question(
                    role=row.role,
                    region="mine",
                    organisation="mine",
                    action=row.action,
                    kind="account" if own else "evidence" if row.kind in _EVIDENCE else row.kind,
                    own=own,
                    in_region=_NAMES[region],
                    of_organisation=_NAMES[organisation],
                    published=state == "published",
                    mine=row.kind == "own evidence",
                    from_operator=row.kind == "operator evidence",
                ),
                column,
                column in row.columns,
            )


def every_question() -> set[tuple[str, str, str]]:
    """Give every action, kind and role that the table has to answer for."""
    return {(action, kind, role) for action in ACTIONS for kind in TABLE_KINDS for role in ROLES}
