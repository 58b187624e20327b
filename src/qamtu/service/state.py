"""What one running service holds: settings, engine, sessions; found through a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fastapi import Request
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from qamtu.service.settings import Settings

__all__ = ["State", "state_of"]


@dataclass(frozen=True, slots=True)
class State:
    """The things every resource needs."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]


def state_of(request: Request) -> State:
    """Give the state of the service that answers this request."""
    return cast("State", request.app.state.qamtu)
