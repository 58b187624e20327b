"""The pages of settlements: search, and one settlement."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from qamtu.programme.records import Organisation
from qamtu.service.database.engine import reading
from qamtu.service.errors import NotFound
from qamtu.service.mapview import words
from qamtu.service.pages.country import country
from qamtu.service.pages.render import page
from qamtu.service.plans import queries
from qamtu.service.plans.access import current_plans
from qamtu.service.plans.store import plan_folder
from qamtu.service.records import repository as records
from qamtu.service.settlements.view import names_of, responsible, settlement_view
from qamtu.service.state import state_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_PAGE = 50
Words = Annotated[str, Query(max_length=100)]


@router.get("/settlements")
def find_settlements(
    request: Request, q: Words = "", region: Words = "", option: Words = "", year: Words = "",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:  # fmt: skip
    """Search settlements by name, region, technology and year."""
    state = state_of(request)
    plan = current_plans(state).get("villages")
    found = queries.Found((), 0)
    if plan is not None:
        found = queries.search(
            plan_folder(state.settings.data, plan.id), text=q.replace("\x00", ""),
            region=region.replace("\x00", "") or None, option=option.replace("\x00", "") or None,
            year=int(year) if year.isdecimal() and len(year) == 4 else None,
            limit=_PAGE, offset=start,
        )  # fmt: skip
    asked = {"q": q, "region": region, "option": option, "year": year}
    return page(
        request, "settlements/search.html.j2", plan=plan, words=words, asked=asked, start=start,
        rows=[{**row, "name": names_of(row)} for row in found.rows], total=found.total,
        step=_PAGE, regions=country(state.settings.pack).regions,
    )  # fmt: skip


@router.get("/settlements/{settlement:path}")
def show_settlement(request: Request, settlement: str) -> Response:
    """Show what is planned in a settlement."""
    state = state_of(request)
    plans = current_plans(state)
    if "villages" not in plans:
        raise NotFound("No plan of settlements is published.")
    shown = settlement_view(state, plans, settlement.replace("\x00", ""))
    region = country(state.settings.pack).region(str(shown.row["region_id"]))
    with reading(state.sessions) as session:
        organisations = records.current(session, Organisation)
    return page(
        request, "settlements/settlement.html.j2", one=shown, row=shown.row, region=region,
        plan=plans["villages"], words=words,
        bodies=responsible(organisations, str(shown.row["region_id"])),
    )  # fmt: skip
