"""The page that compares two plans, its download and what its map draws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from qamtu.service.compare import queries
from qamtu.service.compare.figures import UNITS
from qamtu.service.errors import NotFound
from qamtu.service.mapview import words
from qamtu.service.pages.country import country
from qamtu.service.pages.frame import reader
from qamtu.service.pages.render import page
from qamtu.service.plans.access import seen, seen_plans
from qamtu.service.plans.repository import Plan
from qamtu.service.plans.store import plan_folder, read_summary
from qamtu.service.settlements.view import names_of
from qamtu.service.state import State, state_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_PAGE = 50
_MOST = 20_000
PlanId = Annotated[str, Query(max_length=64)]


@router.get("/compare")
def compare_plans(
    request: Request, a: PlanId = "", b: PlanId = "",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:  # fmt: skip
    """Show what differs between two plans; by default the newest and the one before it."""
    state = state_of(request)
    known = seen_plans(state, reader(request))
    first, second = _chosen(known, a, b)
    context: dict[str, Any] = {
        "known": known,
        "first": first,
        "second": second,
        "words": words,
        "changed": None,
    }
    if first is None or second is None or first.line != second.line:
        return page(request, "compare/compare.html.j2", **context)
    summaries = [read_summary(state.settings.data, plan.id) for plan in (first, second)]
    changed: queries.Changes | None = None
    if first.line == "villages":
        changed = context["changed"] = queries.changes(
            *_folders(state, first, second), limit=_PAGE, offset=start
        )
    place = country(state.settings.pack)
    return page(
        request, "compare/compare.html.j2", **context,
        totals=[pair for pair in queries.totals(*summaries) if pair.key in UNITS], units=UNITS,
        years=queries.by_year(*summaries), regions=queries.by_region(*summaries),
        names={one.id: one.name for one in place.regions},
        rows=[{**row, "name": names_of(row)} for row in changed.rows] if changed else [],
        start=start, step=_PAGE, currency=summaries[1]["currency"],
    )  # fmt: skip


@router.get("/compare/settlements.csv")
def changed_settlements(request: Request, a: PlanId, b: PlanId) -> Response:
    """Give all settlements whose technology or year differs, as CSV."""
    state = state_of(request)
    first, second = _both(request, a, b)
    name = f"changes-{first.id[:8]}-{second.id[:8]}.csv"
    return StreamingResponse(
        queries.write_csv(*_folders(state, first, second)), media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


@router.get("/compare/changes.json")
def changed_places(request: Request, a: PlanId, b: PlanId) -> Response:
    """Give the places of the changes for the map (GeoJSON)."""
    state = state_of(request)
    first, second = _both(request, a, b)
    found = queries.changes(*_folders(state, first, second), limit=_MOST)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row["lon_deg"], row["lat_deg"]]},
            "properties": {"change": _kind(row), "id": row["settlement_id"]},
        }
        for row in found.rows
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features})
    return Response(content, media_type="application/geo+json")


def _kind(row: dict[str, Any]) -> str:
    if row["option_a"] != row["option_b"]:
        return "option"
    if row["year_a"] is None or row["year_b"] is None:
        return "sooner" if row["year_a"] is None else "later"
    return "sooner" if row["year_b"] < row["year_a"] else "later"


def _both(request: Request, a: str, b: str) -> tuple[Plan, Plan]:
    state, who = state_of(request), reader(request)
    first, second = seen(state, who, a), seen(state, who, b)
    if first.line != "villages" or second.line != "villages":
        raise NotFound("Only plans of settlements can be compared place by place.")
    return first, second


def _chosen(known: list[Plan], a: str, b: str) -> tuple[Plan | None, Plan | None]:
    by_id = {plan.id: plan for plan in known}
    if a or b:
        return by_id.get(a), by_id.get(b)
    lines = [plan.line for plan in known]
    line = next((one for one in lines if lines.count(one) > 1), None)
    pair = [plan for plan in known if plan.line == line][:2]
    return (pair[1], pair[0]) if len(pair) == 2 else (None, None)


def _folders(state: State, first: Plan, second: Plan) -> tuple[Path, Path]:
    data = state.settings.data
    return plan_folder(data, first.id), plan_folder(data, second.id)
