"""How large the body of a request may be, before anything reads or parses it."""

from __future__ import annotations

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qamtu.service.edge import answer

__all__ = ["PLAIN_BYTES", "Sized"]

PLAIN_BYTES = 2 * 2**20
"""Largest body that brings no file: JSON and fields of forms."""
_UPLOADS = "/api/v1/uploads"


class Sized:
    """Refuses bodies that are too large: 413, by the announced length or as they come.

    Parameters
    ----------
    app
        What is within.
    files_bytes
        Largest body that brings files; of all others it is `PLAIN_BYTES`.
    """

    def __init__(self, app: ASGIApp, files_bytes: int) -> None:
        self._app = app
        self._files = files_bytes + PLAIN_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the bytes of the body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"]
        form = headers.get("content-type", "").lower().startswith("multipart/form-data")
        brings = path == _UPLOADS or (form and not path.startswith("/api/"))
        limit = self._files if brings else PLAIN_BYTES
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            response = await run_in_threadpool(answer, Request(scope), _too_large())
            await response(scope, receive, send)
            return
        come = 0

        async def counted() -> Message:
            nonlocal come
            message = await receive()
            come += len(message.get("body", b""))
            if come > limit:
                raise _too_large()
            return message

        await self._app(scope, counted, send)


def _too_large() -> HTTPException:
    return HTTPException(413, "The request is larger than what is taken here.")
