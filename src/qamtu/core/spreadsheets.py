"""Cells that a spreadsheet opens as they are, without running them."""

from __future__ import annotations

from typing import Final, TypeVar

__all__ = ["guarded"]

Cell = TypeVar("Cell")

_FORMULA_STARTS: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)


def guarded(cell: Cell) -> Cell | str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula.

    The starts are those of OWASP, *CSV Injection*, also behind spaces: ``= + - @`` (and their
    full-width forms), tab, carriage return and line feed. What is no text stays as it is.
    """
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell
