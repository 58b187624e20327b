"""The API of plans: list, detail, measures, settlements, files; publish and take back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as FromPath
from fastapi.responses import FileResponse

from qamtu.service.accounts.current import Principal, principal
from qamtu.service.database.engine import writing
from qamtu.service.errors import NotFound
from qamtu.service.plans import queries, repository
from qamtu.service.plans.access import seen, seen_plans
from qamtu.service.plans.repository import Plan
from qamtu.service.plans.schemas import (
    MeasureOut,
    PlanOut,
    PlansOut,
    SettlementOut,
    SettlementsOut,
)
from qamtu.service.plans.store import plan_folder, read_summary
from qamtu.service.policies import Resource, require
from qamtu.service.state import State, state_of

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])

Running = Annotated[State, Depends(state_of)]
Asker = Annotated[Principal, Depends(principal)]
PlanId = Annotated[str, FromPath(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of its summary")]
Words = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]
_KEPT = {"Cache-Control": "private, max-age=31536000, immutable"}


@router.get("")
def list_plans(state: Running, asker: Asker, line: Words = None) -> PlansOut:
    """List the plans that the reader may see, the newest published first."""
    return PlansOut(plans=[_out(plan) for plan in seen_plans(state, asker, line)])


@router.get("/{plan}")
def read_plan(state: Running, asker: Asker, plan: PlanId) -> PlanOut:
    """Give one plan."""
    return _out(seen(state, asker, plan))


@router.get("/{plan}/measures")
def read_measures(
    state: Running, asker: Asker, plan: PlanId, metric: Words = None, scope: Words = None
) -> list[MeasureOut]:
    """Give what a plan says by metric, scope and day."""
    seen(state, asker, plan)
    rows = read_summary(state.settings.data, plan).get("measures") or []
    return [
        MeasureOut(**{name: row[name] for name in MeasureOut.model_fields})
        for row in rows
        if "basis" in row
        and metric in {None, row["metric"]}
        and scope in {None, row["scope"]}
    ]  # fmt: skip


@router.get("/{plan}/settlements")
def search_settlements(
    state: Running,
    asker: Asker,
    plan: PlanId,
    q: Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")] = "",
    region: Words = None,
    option: Words = None,
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> SettlementsOut:
    """Find settlements by name in any language and script, region, option and year."""
    folder = _villages(state, seen(state, asker, plan))
    found = queries.search(
        folder, text=q, region=region, option=option, year=year, limit=limit, offset=offset
    )
    return SettlementsOut(
        settlements=[SettlementOut.model_validate(row) for row in found.rows], total=found.total
    )


@router.get("/{plan}/settlements/{settlement:path}")
def read_settlement(state: Running, asker: Asker, plan: PlanId, settlement: str) -> dict[str, Any]:
    """Give all that a plan says of a settlement, and its route to the network of today."""
    folder = _villages(state, seen(state, asker, plan))
    row = queries.settlement(folder, settlement)
    route = queries.route_of(folder, int(row["node"])) if row["option"] == "fibre" else []
    return {**row, "route": route}


@router.get("/{plan}/files/{name}", response_class=FileResponse)
def read_file(state: Running, asker: Asker, plan: PlanId, name: str) -> Response:
    """Give a file of a plan as it was registered; its SHA-256 is among the plan's files."""
    found = seen(state, asker, plan)
    if name not in found.files:
        raise NotFound(f"The plan has no file {name}.")
    return FileResponse(plan_folder(state.settings.data, plan) / name, headers=_KEPT, filename=name)


@router.post("/{plan}/publish")
def publish_plan(state: Running, asker: Asker, plan: PlanId) -> PlanOut:
    """Show a plan to everybody and file its measures as evidence."""
    return _decided(state, asker, plan, published=True)


@router.post("/{plan}/unpublish")
def unpublish_plan(state: Running, asker: Asker, plan: PlanId) -> PlanOut:
    """Take a plan back; its evidence is withdrawn, what was said before stays readable."""
    return _decided(state, asker, plan, published=False)


def _decided(state: State, asker: Principal, plan: str, *, published: bool) -> PlanOut:
    require(asker, "publish_plan", Resource("plan", plan))
    seen(state, asker, plan)
    decide = repository.publish if published else repository.unpublish
    with writing(state.sessions) as session:
        return _out(decide(state, session, plan, by=asker.id))


def _villages(state: State, plan: Plan) -> Any:
    if plan.line != "villages":
        raise NotFound(f"A plan of {plan.line} has no settlements.")
    return plan_folder(state.settings.data, plan.id)


def _out(plan: Plan) -> PlanOut:
    return PlanOut.model_validate(plan)
