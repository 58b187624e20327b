"""What one running service holds: settings, engine, sessions; found through a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from fastapi import Request
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from qamtu.service.cache import Cache
from qamtu.service.middleware.logs import Log, make_log
from qamtu.service.middleware.measures import Measures
from qamtu.service.settings import Settings

__all__ = ["State", "state_of"]


@dataclass(frozen=True, slots=True)
class State:
    """The things every resource needs.

    Parameters
    ----------
    settings, engine, sessions
        What the service was told, its database and the maker of its sessions.
    log
        The structured log: ``state.log.info("event", key=value)``.
    measures
        What Prometheus is told.
    cache
        Values that depend on the log only.
    """

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    log: Log = field(default_factory=make_log)
    measures: Measures = field(default_factory=Measures)
    cache: Cache = field(default_factory=Cache)


def state_of(request: Request) -> State:
    """Give the state of the service that answers this request."""
    return cast("State", request.app.state.qamtu)
