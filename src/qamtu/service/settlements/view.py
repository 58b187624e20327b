"""What a settlement's page shows, put together from the current plans and the organisations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qamtu.programme.records import Organisation
from qamtu.service.plans import queries
from qamtu.service.plans.repository import Plan
from qamtu.service.plans.store import plan_folder, read_summary
from qamtu.service.state import State

__all__ = ["Settlement", "names_of", "responsible", "settlement_view"]


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settlement in the current plans.

    Parameters
    ----------
    row
        What the access plan says of it.
    name
        By language.
    parts
        Its route to the network of today: kind, kilometres, share of one's own.
    route_km
        Length of the route [km]; None without one.
    first_year, last_year
        Years in which the route is built.
    source
        Settlement that its radio link comes from, None without one.
    sites
        Sites of the corridors plan at it.
    gap
        What the plan may cost above the least possible [1].
    service_level
        What counts as high speed.
    """

    row: Mapping[str, Any]
    name: Mapping[str, str]
    parts: Sequence[Mapping[str, Any]]
    route_km: float | None
    first_year: int | None
    last_year: int | None
    source: Mapping[str, Any] | None
    sites: Sequence[Mapping[str, Any]]
    gap: float
    service_level: Mapping[str, float]


def settlement_view(state: State, plans: Mapping[str, Plan], settlement: str) -> Settlement:
    """Put the page of a settlement together.

    Raises
    ------
    MissingInput
        If the access plan has no such settlement.
    """
    data = state.settings.data
    plan = plans["villages"]
    folder = plan_folder(data, plan.id)
    row = queries.settlement(folder, settlement)
    route = queries.route_of(folder, int(row["node"])) if row["option"] == "fibre" else []
    years = [int(part["year"]) for part in route if part["year"]]
    source = None
    if row.get("served_from"):
        found = queries.search_id(folder, str(row["served_from"]))
        source = found and {"id": found["settlement_id"], "name": names_of(found)}
    sites = []
    if "corridors" in plans:
        sites = queries.places_of_sites(plan_folder(data, plans["corridors"].id), settlement)
    summary = read_summary(data, plan.id)
    return Settlement(
        row, names_of(row), _parts(route),
        sum(float(part["length_m"]) for part in route) / 1e3 if route else None,
        min(years, default=None), max(years, default=None), source, sites,
        float(summary["totals"]["gap"]), summary["service_level"],
    )  # fmt: skip


def names_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Give a settlement's names by language."""
    return {
        code: str(row[f"name_{code}"]) for code in ("kk", "ru", "en") if row.get(f"name_{code}")
    } or {"en": str(row["settlement_id"])}


def responsible(organisations: Sequence[Organisation], region: str) -> list[Organisation]:
    """Give whom to ask: the region's akimat, operators, the regulator, the ministry."""
    order = ("akimat", "operator", "operators", "regulator", "ministry")
    asked = [
        one
        for one in organisations
        if one.kind in order and (one.region == region or one.region is None)
    ]
    return sorted(asked, key=lambda one: (order.index(one.kind), one.id))


def _parts(route: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    made: dict[str, dict[str, Any]] = {}
    for part in route:
        kind = made.setdefault(
            str(part["route_kind"]), {"kind": part["route_kind"], "km": 0.0, "shared": 0}
        )
        kind["km"] += float(part["length_m"]) / 1e3
        kind["shared"] = max(kind["shared"], int(part["settlements_downstream"]))
    return list(made.values())
