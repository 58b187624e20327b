"""The application: settings in, an ASGI application with every resource out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TextIO

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from qamtu import __version__
from qamtu.service.accounts.protect import PROTECTION
from qamtu.service.database.engine import make_engine, make_sessions
from qamtu.service.edge import Edge, handle_errors
from qamtu.service.middleware.bodies import Sized
from qamtu.service.middleware.headers import Guarded
from qamtu.service.middleware.limited import Limited
from qamtu.service.middleware.logs import make_log
from qamtu.service.middleware.proxied import Proxied
from qamtu.service.middleware.watched import Watched
from qamtu.service.openapi import describe
from qamtu.service.resources import ROUTERS
from qamtu.service.settings import Settings
from qamtu.service.state import State

__all__ = ["create_app"]

_GZIP_LEVEL = 4
_GZIP_FROM_BYTES = 1024


def create_app(settings: Settings, *, log_stream: TextIO | None = None) -> FastAPI:
    """Make the application; the database must be migrated before the first request.

    Parameters
    ----------
    settings
        What the service is told.
    log_stream
        Where the log goes; standard error by default.
    """
    app = FastAPI(
        title="qamtu",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        dependencies=list(PROTECTION),
        lifespan=_lifespan,
    )
    engine = make_engine(settings.database)
    log = make_log(log_stream)
    state = State(settings=settings, engine=engine, sessions=make_sessions(engine), log=log)
    app.state.qamtu = state
    for router in ROUTERS:
        app.include_router(router)
    describe(app)
    handle_errors(app)
    app.add_middleware(Edge)  # the last added is the outermost
    app.add_middleware(GZipMiddleware, minimum_size=_GZIP_FROM_BYTES, compresslevel=_GZIP_LEVEL)
    if settings.rate_limit:
        app.add_middleware(Limited, rate=settings.rate_limit)
    app.add_middleware(Sized, files_bytes=settings.upload_limit_bytes)
    app.add_middleware(Guarded, secure=settings.secure)
    app.add_middleware(Watched, log=log, measures=state.measures)
    app.add_middleware(Proxied, trusted=settings.trusted_proxies)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    state: State = app.state.qamtu
    state.engine.dispose()
