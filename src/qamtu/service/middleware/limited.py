"""How many requests one address may make."""

from __future__ import annotations

import math
import re
import time

from fastapi import Request
from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from qamtu.service.edge import answer

__all__ = ["Limited"]

_FREE = ("/static/", "/healthz")
_TILES = re.compile(r"/api/v1/(?:plans/[^/]+/)?tiles/")
_TILES_TIMES = 20  # one view of a map asks for dozens of tiles


class Limited:
    """Refuses an address that asks too often: 429 with the seconds to wait.

    Parameters
    ----------
    app
        What is within.
    rate
        Limits in the notation of ``limits`` (``600/minute;20/second``), counted in the memory of
        this process: with several processes each counts for itself. Tiles of maps are counted
        apart, and there may be twenty times as many.
    """

    def __init__(self, app: ASGIApp, rate: str) -> None:
        self._app = app
        self._limits = parse_many(rate)
        self._of_tiles = [
            type(one)(one.amount * _TILES_TIMES, one.multiples, "tiles") for one in self._limits
        ]
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request; static files and the question of health are free."""
        if scope["type"] != "http" or scope["path"].startswith(_FREE):
            await self._app(scope, receive, send)
            return
        address = scope["client"][0] if scope.get("client") else ""
        tile = _TILES.match(scope["path"])
        for limit in self._limits if tile is None else self._of_tiles:
            if not self._limiter.hit(limit, address):
                reset = self._limiter.get_window_stats(limit, address).reset_time
                wait_s = max(1, math.ceil(reset - time.time()))
                error = HTTPException(429, headers={"Retry-After": str(wait_s)})
                response = await run_in_threadpool(answer, Request(scope), error)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)
