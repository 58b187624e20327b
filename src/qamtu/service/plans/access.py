"""Which plan a request means, and whether its sender may see it."""

from __future__ import annotations

from qamtu.service.accounts.current import Principal
from qamtu.service.database.engine import reading
from qamtu.service.errors import NotFound
from qamtu.service.plans import repository
from qamtu.service.plans.repository import Plan
from qamtu.service.policies import Resource, allowed
from qamtu.service.state import State

__all__ = ["current_plans", "seen", "seen_plans"]

LINES = ("villages", "mobile", "corridors")


def seen(state: State, principal: Principal, plan: str) -> Plan:
    """Give a plan.

    Raises
    ------
    NotFound
        If there is none, or the reader may not know of it.
    """
    with reading(state.sessions) as session:
        found = repository.find(session, plan)
    if found is None or not _may(principal, found):
        raise NotFound(f"There is no plan {plan}.")
    return found


def seen_plans(state: State, principal: Principal, line: str | None = None) -> list[Plan]:
    """List the plans that the reader may see, the newest published first."""
    with reading(state.sessions) as session:
        found = repository.plans(session, line, published=False)
    return [plan for plan in found if _may(principal, plan)]


def current_plans(state: State) -> dict[str, Plan]:
    """Give the current plan of each line that has one."""
    with reading(state.sessions) as session:
        found = {line: repository.current(session, line) for line in LINES}
    return {line: plan for line, plan in found.items() if plan is not None}


def _may(principal: Principal, plan: Plan) -> bool:
    return allowed(principal, "read", Resource("plan", plan.id, published=plan.published))
