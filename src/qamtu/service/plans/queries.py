"""Questions to the tables of a plan: settlements by name, one settlement, sums of the regions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from qamtu.core.errors import MissingInput
from qamtu.service.plans.duck import reading
from qamtu.service.plans.names import NAMES, key_of

__all__ = [
    "Found",
    "by_year",
    "places_of_sites",
    "region_sums",
    "route_of",
    "search",
    "search_id",
    "settlement",
]

_SETTLEMENTS: Final = "plan_settlements.parquet"
_ROUTES: Final = "plan_routes.parquet"
_BRIEF: Final = (
    "settlement_id, name_kk, name_ru, name_en, kind, region_id, lat_deg, lon_deg, population, "
    "population_source, households, option, adequate, year, speed_down_mbps"
)


@dataclass(frozen=True, slots=True)
class Found:
    """Some settlements of a search.

    Parameters
    ----------
    rows
        Settlements in the order of the search.
    total
        How many there are in all.
    """

    rows: tuple[dict[str, Any], ...]
    total: int


def search(
    folder: Path,
    *,
    text: str = "",
    region: str | None = None,
    option: str | None = None,
    year: int | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Found:
    """Find settlements by name in any language and script, and by region, option and year.

    Parameters
    ----------
    folder
        Folder of the plan.
    text
        Beginning or part of a name; empty: any. Names that begin with it come first, then the
        larger settlement.
    region, option, year
        Only these.
    limit, offset
        Which part of the answer.
    """
    key = key_of(text)
    if text.strip() and not key:
        return Found((), 0)
    asked: dict[str, Any] = {"region_id": region, "option": option, "year": year}
    given = {name: value for name, value in asked.items() if value is not None}
    where = " AND ".join([f"s.{name} = ${name}" for name in given]) or "true"
    named = (
        "JOIN (SELECT settlement_id, min(CASE WHEN key = $key THEN 0 "
        "WHEN starts_with(key, $key) THEN 1 ELSE 2 END) AS place FROM read_parquet($names) "
        "WHERE contains(key, $key) GROUP BY settlement_id) n USING (settlement_id)"
    )
    order = "n.place, " if key else ""
    statement = (
        f"SELECT {_BRIEF}, count(*) OVER () AS total FROM read_parquet($settlements) s "  # noqa: S608
        f"{named if key else ''} WHERE {where} "
        f"ORDER BY {order}s.population DESC, s.settlement_id LIMIT $limit OFFSET $offset"
    )
    values = {**given, "settlements": str(folder / _SETTLEMENTS), "limit": limit, "offset": offset}
    if key:
        values |= {"key": key, "names": str(folder / NAMES)}
    with reading() as cursor:
        rows = _rows(cursor.execute(statement, values))
    total = int(rows[0].pop("total")) if rows else 0
    for row in rows[1:]:
        del row["total"]
    return Found(tuple(rows), total)


def settlement(folder: Path, settlement_id: str) -> dict[str, Any]:
    """Give all that the plan says of a settlement.

    Raises
    ------
    MissingInput
        If the plan has no such settlement.
    """
    values = {"settlements": str(folder / _SETTLEMENTS), "id": settlement_id}
    with reading() as cursor:
        rows = _rows(
            cursor.execute(
                "SELECT * EXCLUDE (geometry) FROM read_parquet($settlements) "
                "WHERE settlement_id = $id",
                values,
            )
        )
    if not rows:
        raise MissingInput(f"the plan has no settlement {settlement_id}")
    return rows[0]


def search_id(folder: Path, settlement_id: str) -> dict[str, Any] | None:
    """Give a settlement in brief, None where the plan has none of this id."""
    values = {"settlements": str(folder / _SETTLEMENTS), "id": settlement_id}
    statement = f"SELECT {_BRIEF} FROM read_parquet($settlements) WHERE settlement_id = $id"  # noqa: S608
    with reading() as cursor:
        return next(iter(_rows(cursor.execute(statement, values))), None)


def route_of(folder: Path, node: int) -> list[dict[str, Any]]:
    """Give the routes that lead from a node to the network of today, nearest to the node first.

    Parameters
    ----------
    folder
        Folder of the plan.
    node
        Node of the settlement in the trench graph.
    """
    statement = """
        WITH RECURSIVE way AS (
            SELECT r.*, 0 AS place FROM read_parquet($routes) r
            WHERE r.node_far = $node AND NOT r.is_ring
            UNION ALL
            SELECT r.*, way.place + 1 FROM read_parquet($routes) r
            JOIN way ON r.route_id = way.parent_route WHERE way.place < 2000 AND NOT r.is_ring)
        SELECT route_id, route_kind, terrain_class, method, length_m, capex, year,
            settlements_downstream, place
        FROM way ORDER BY place"""
    with reading() as cursor:
        return _rows(cursor.execute(statement, {"routes": str(folder / _ROUTES), "node": node}))


def region_sums(folder: Path) -> dict[str, dict[str, Any]]:
    """Sum settlements, people and those with adequate service, by region id."""
    statement = """
        SELECT region_id, count(*) AS settlements, sum(population) AS people,
            sum(population) FILTER (adequate) AS people_adequate,
            sum(population) FILTER (population_source = 'estimated') AS people_estimated,
            count(*) FILTER (option = 'fibre') AS settlements_fibre,
            count(*) FILTER (option = 'served') AS settlements_served,
            sum(capex) AS capex_local
        FROM read_parquet($settlements) GROUP BY region_id ORDER BY region_id"""
    with reading() as cursor:
        rows = _rows(cursor.execute(statement, {"settlements": str(folder / _SETTLEMENTS)}))
    return {str(row["region_id"]): row for row in rows}


def by_year(folder: Path, region: str | None = None) -> list[dict[str, Any]]:
    """Count settlements and people by year and option, of the country or a region."""
    where = "WHERE region_id = $region" if region else ""
    values = {"settlements": str(folder / _SETTLEMENTS)} | ({"region": region} if region else {})
    statement = (
        "SELECT year, option, count(*) AS settlements, sum(population) AS people "  # noqa: S608
        f"FROM read_parquet($settlements) {where} GROUP BY ALL ORDER BY ALL"
    )
    with reading() as cursor:
        return _rows(cursor.execute(statement, values))


def places_of_sites(folder: Path, settlement_id: str) -> list[dict[str, Any]]:
    """Give the sites of a corridors plan that stand at a settlement, the first built first."""
    statement = """
        SELECT site_id, role, place_kind, height_m, backhaul, power, year, existing
        FROM read_parquet($sites) WHERE settlement_id = $id ORDER BY year, site_id LIMIT 50"""
    values = {"sites": str(folder / "sites.parquet"), "id": settlement_id}
    with reading() as cursor:
        return _rows(cursor.execute(statement, values))


def _rows(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [str(column[0]) for column in cursor.description or ()]
    return [
        {name: _plain(value) for name, value in zip(names, row, strict=True)}
        for row in cursor.fetchall()
    ]


def _plain(value: Any) -> Any:
    """Give a value that JSON knows: no not-a-number."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
