"""What differs between two plans of one line."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from qamtu.core.spreadsheets import guarded
from qamtu.service.plans.duck import reading

__all__ = ["Changes", "Pair", "by_region", "by_year", "changes", "totals", "write_csv"]

_SETTLEMENTS: Final = "plan_settlements.parquet"

_CHANGED: Final = """
    SELECT coalesce(b.settlement_id, a.settlement_id) AS settlement_id,
        coalesce(b.name_kk, a.name_kk) AS name_kk, coalesce(b.name_ru, a.name_ru) AS name_ru,
        coalesce(b.name_en, a.name_en) AS name_en,
        coalesce(b.region_id, a.region_id) AS region_id,
        coalesce(b.population, a.population) AS population,
        coalesce(b.lat_deg, a.lat_deg) AS lat_deg, coalesce(b.lon_deg, a.lon_deg) AS lon_deg,
        a.option AS option_a, b.option AS option_b, a.year AS year_a, b.year AS year_b,
        a.capex AS capex_a, b.capex AS capex_b
    FROM read_parquet($a) a FULL JOIN read_parquet($b) b USING (settlement_id)
    WHERE a.option IS DISTINCT FROM b.option OR a.year IS DISTINCT FROM b.year"""


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure in both plans; None where a plan does not have it.

    Parameters
    ----------
    key
        Name of the figure, year or region.
    first, second
        Its values.
    """

    key: str
    first: float | None
    second: float | None

    @property
    def difference(self) -> float | None:
        """What the second has more."""
        if self.first is None or self.second is None:
            return None
        return self.second - self.first


@dataclass(frozen=True, slots=True)
class Changes:
    """Settlements whose technology or year differs.

    Parameters
    ----------
    rows
        Some of them, those of most people first.
    total, people
        How many there are, and how many people live in them.
    """

    rows: tuple[dict[str, Any], ...]
    total: int
    people: int


def totals(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Pair]:
    """Put the totals of two summaries side by side, in the order of the first."""
    a, b = first.get("totals") or {}, second.get("totals") or {}
    return [Pair(key, _number(a.get(key)), _number(b.get(key))) for key in dict.fromkeys([*a, *b])]


def by_year(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Pair]:
    """Put the capital of each year side by side."""
    return _tabled(first, second, "by_year", "year")


def by_region(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Pair]:
    """Put the capital of each region side by side; of cities where a line has no regions."""
    if first.get("by_region") or second.get("by_region"):
        return _tabled(first, second, "by_region", "region_id")
    return _tabled(first, second, "by_city", "city_id")


def changes(first: Path, second: Path, *, limit: int = 50, offset: int = 0) -> Changes:
    """Give settlements whose technology or year differs.

    Parameters
    ----------
    first, second
        Folders of the plans.
    limit, offset
        Which part of them.
    """
    statement = (
        f"SELECT *, count(*) OVER () AS total, sum(population) OVER () AS people FROM ({_CHANGED}) "  # noqa: S608
        "ORDER BY population DESC, settlement_id LIMIT $limit OFFSET $offset"
    )
    values = {**_tables(first, second), "limit": limit, "offset": offset}
    rows = list(_read(statement, values))
    total, people = (int(rows[0][name]) for name in ("total", "people")) if rows else (0, 0)
    kept = [{k: v for k, v in row.items() if k not in {"total", "people"}} for row in rows]
    return Changes(tuple(kept), total, people)


def write_csv(first: Path, second: Path) -> Iterator[str]:
    """Write all changes as CSV, in parts; no cell can be taken for a formula."""
    rows = _read(f"{_CHANGED} ORDER BY settlement_id", _tables(first, second))
    text = io.StringIO()
    writer = csv.writer(text)
    for number, row in enumerate(rows):
        if number == 0:
            writer.writerow(row)
        writer.writerow([guarded(value) for value in row.values()])
        if text.tell() > 65536:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _tables(first: Path, second: Path) -> dict[str, Any]:
    return {"a": str(first / _SETTLEMENTS), "b": str(second / _SETTLEMENTS)}


def _read(statement: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    with reading() as cursor:
        cursor.execute(statement, dict(values))
        names = [str(column[0]) for column in cursor.description or ()]
        while rows := cursor.fetchmany(2000):
            for row in rows:
                yield dict(zip(names, row, strict=True))


def _tabled(
    first: Mapping[str, Any], second: Mapping[str, Any], table: str, key: str
) -> list[Pair]:
    a, b = ({str(r[key]): _number(r.get("capex")) for r in s.get(table) or ()}
            for s in (first, second))  # fmt: skip
    return [Pair(one, a.get(one), b.get(one)) for one in sorted({*a, *b})]


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None
