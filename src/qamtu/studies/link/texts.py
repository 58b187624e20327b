"""The words of a link's picture and page, from the table ``texts.csv``: a column a language."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

__all__ = ["say", "words"]


@cache
def words() -> dict[str, dict[str, str]]:
    """Read the texts by name and language."""
    path = files("qamtu.studies.link").joinpath("texts.csv")
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {row["name"]: {k: v for k, v in row.items() if k != "name"} for row in rows}


def say(language: str, name: str, **values: object) -> str:
    """Give a text in a language, with its values in their places.

    Raises
    ------
    KeyError
        If there is no such text or language.
    """
    return words()[name][language].format(**values)
