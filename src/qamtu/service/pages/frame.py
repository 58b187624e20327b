"""What the frame of a page shows: who reads, where the ways lead, in which state the log is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from qamtu.service.accounts.current import PUBLIC, Principal, principal
from qamtu.service.accounts.errors import Forbidden
from qamtu.service.database.engine import reading
from qamtu.service.log import repository as log
from qamtu.service.pages.languages import language_links
from qamtu.service.pages.navigation import ways
from qamtu.service.policies import Resource, allowed
from qamtu.service.state import State, state_of

__all__ = ["LogState", "frame", "log_state", "reader"]


@dataclass(frozen=True, slots=True)
class LogState:
    """How many entries the log has, and the root of its newest signed head (empty without)."""

    size: int
    root: str


def log_state(request: Request) -> LogState:
    """Give the state of the log, looked up once a request."""
    known = getattr(request.state, "log_state", None)
    if known is None:
        known = request.state.log_state = _look_up(state_of(request))
    made: LogState = known
    return made


def reader(request: Request) -> Principal:
    """Say who reads; the public where a token is not valid."""
    try:
        return principal(request)
    except Forbidden:
        return PUBLIC


def frame(request: Request) -> dict[str, Any]:
    """Give the context that ``pages/base.html.j2`` needs."""
    who = reader(request)

    def may(action: str, kind: str, **of: Any) -> bool:
        own = {"region": who.region, "organisation": who.organisation}
        return allowed(who, action, Resource(kind, **{**own, **of}))

    theme = request.cookies.get("theme", "")
    return {
        "principal": who if who.signed_in else None,
        "csrf_token": str(getattr(request.state, "csrf_token", "")),
        "language_links": language_links(request, state_of(request).settings.languages),
        "ways": ways(may),
        "may": may,
        "path": request.url.path,
        "theme": theme if theme in {"light", "dark"} else "",
        "log": log_state(request),
    }


def _look_up(state: State) -> LogState:
    with reading(state.sessions) as session:
        head = log.head(session)
        return LogState(log.size(session), "" if head is None else head.root)
