"""The application: settings in, an ASGI application with every resource out."""

from __future__ import annotations

from fastapi import FastAPI

from qamtu import __version__
from qamtu.service.accounts.protect import PROTECTION
from qamtu.service.database.engine import make_engine, make_sessions
from qamtu.service.resources import ROUTERS
from qamtu.service.settings import Settings
from qamtu.service.state import State

__all__ = ["create_app"]


def create_app(settings: Settings) -> FastAPI:
    """Make the application; the database must be migrated before the first request."""
    app = FastAPI(
        title="qamtu",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        dependencies=list(PROTECTION),
    )
    engine = make_engine(settings.database)
    app.state.qamtu = State(settings=settings, engine=engine, sessions=make_sessions(engine))
    for router in ROUTERS:
        app.include_router(router)
    return app
