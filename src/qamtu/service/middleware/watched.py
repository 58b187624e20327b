"""Each request gets an id, one line in the log and a place in the measures."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qamtu.service.middleware.logs import Log
from qamtu.service.middleware.measures import Measures

__all__ = ["Watched", "request_id_of", "route_of"]

_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_QUIET = ("/static/", "/healthz", "/metrics")


class Watched:
    """Watches requests.

    Parameters
    ----------
    app
        What is within.
    log
        Where the lines go.
    measures
        Where requests are counted.
    """

    def __init__(self, app: ASGIApp, log: Log, measures: Measures) -> None:
        self._app = app
        self._log = log
        self._measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request under an id; the line holds no query, no body and no header."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(Headers(scope=scope).get("x-request-id", ""))
        scope.setdefault("state", {})["request_id"] = request_id
        status, length = 500, 0

        async def counted(message: Message) -> None:
            nonlocal status, length
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            elif message["type"] == "http.response.body":
                length += len(message.get("body", b""))
            await send(message)

        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, counted)
            finally:
                seconds = time.perf_counter() - began
                route = route_of(scope)
                self._measures.request(scope["method"], route, status, seconds)
                if not scope["path"].startswith(_QUIET):
                    self._log.info(
                        "request", method=scope["method"], route=route, status=status,
                        milliseconds=round(1000 * seconds, 1), bytes=length,
                        client=scope["client"][0] if scope.get("client") else "",
                    )  # fmt: skip


def request_id_of(given: str) -> str:
    """Take a well-formed id, make one otherwise."""
    return given if _WELL_FORMED.fullmatch(given) else uuid.uuid4().hex


def route_of(scope: Scope) -> str:
    """Give the pattern of the route that answered; paths may hold what nobody may read."""
    return str(getattr(scope.get("route"), "path", "unmatched"))
