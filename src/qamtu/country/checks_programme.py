"""Rules for the tables of a programme: what they name must be there, days must be days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd

from qamtu.core.findings import Finding, Severity
from qamtu.core.units import is_unit

__all__ = ["check_programme"]

_DAYS: Final = {
    "commitments": ("baseline_on", "due", "learned_on"),
    "claims": ("said_on", "true_on", "learned_on"),
}
_SCOPES: Final = ("country", "region:", "district:")


def check_programme(tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Run every rule over the tables of a programme that are there.

    Parameters
    ----------
    tables
        Tables of a pack by name, held against their contracts before.
    """
    found: list[Finding] = []
    for name, columns in _DAYS.items():
        for column in columns:
            found += _each(tables, name, column, "day-unreadable", _not_a_day,
                           "write a day as 2026-12-31")  # fmt: skip
    found += _each(tables, "commitments", "unit", "unit-unknown", _not_a_unit,
                   "use a unit of the list on the units' reference page")  # fmt: skip
    for name in ("commitments", "claims"):
        found += _each(tables, name, "scope", "scope-unreadable", _not_a_scope,
                       "write country, region:ID or district:ID")  # fmt: skip
    found += _links(tables) + _twice(tables) + _bounds(tables)
    return found


def _each(
    tables: Mapping[str, pd.DataFrame], name: str, column: str, rule: str,
    wrong: Callable[[str], str | None], mend: str,
) -> list[Finding]:  # fmt: skip
    """Hold each value of a column that is there against a rule of one value."""
    table = tables.get(name)
    if table is None or column not in table.columns:
        return []
    found = []
    for i, value in enumerate(table[column]):
        what = None if pd.isna(value) or value == "" else wrong(str(value))
        if what is not None:
            found.append(Finding(rule, Severity.ERROR, what, mend, name, i + 2, column))
    return found


def _not_a_day(text: str) -> str | None:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return f"{text!r} is no day"
    return None


def _not_a_unit(text: str) -> str | None:
    return None if is_unit(text) else f"{text!r} is no known unit"


def _not_a_scope(text: str) -> str | None:
    kind, sign, rest = text.partition(":")
    good = text == _SCOPES[0] or (kind + sign in _SCOPES[1:] and rest)
    return None if good else f"{text!r} is no scope"


def _links(tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Find ids that name nothing: owners, commitments of claims, regions of bodies."""
    links = (
        ("commitments", "owner", "organisations", "organisation_id"),
        ("claims", "commitment_id", "commitments", "commitment_id"),
        ("organisations", "region_id", "regions", "region_id"),
        ("ratios", "numerator", "commitments", "metric"),
        ("ratios", "denominator", "commitments", "metric"),
    )
    found: list[Finding] = []
    for name, column, other, key in links:
        known = tables.get(other)
        ids = set() if known is None or key not in known.columns else set(known[key])
        found += _each(
            tables, name, column, "name-unknown",
            lambda text, ids=ids, other=other: (  # type: ignore[misc]
                None if text in ids else f"{text!r} is not in {other}"
            ),
            f"name a {key} of {other}, or add the row there",
        )  # fmt: skip
    return found


def _twice(tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Find two commitments of one metric and scope: their values could not be told apart."""
    table = tables.get("commitments")
    if table is None or not {"metric", "scope"} <= set(table.columns):
        return []
    again = table.duplicated(["metric", "scope"])
    return [
        Finding("metric-twice", Severity.ERROR,
                f"another row has the metric {table['metric'].iloc[i]!r} for the same scope",
                "give each commitment a metric of its own", "commitments", i + 2, "metric")
        for i in range(len(table)) if bool(again.iloc[i])
    ]  # fmt: skip


def _bounds(tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Find ratios whose least is above their greatest."""
    table = tables.get("ratios")
    if table is None or not {"low", "high"} <= set(table.columns):
        return []
    return [
        Finding("ratio-bounds", Severity.ERROR,
                f"the least, {low}, is above the greatest, {high}",
                "exchange low and high", "ratios", i + 2, "low")
        for i, (low, high) in enumerate(zip(table["low"], table["high"], strict=True))
        if not pd.isna(low) and not pd.isna(high) and low > high
    ]  # fmt: skip
