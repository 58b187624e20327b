"""Headers that keep browsers from helping an attacker."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qamtu.service.pages.render import POLICY

__all__ = ["Guarded"]

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_HSTS = "max-age=31536000; includeSubDomains"


class Guarded:
    """Adds the headers of security that an answer does not set itself.

    Parameters
    ----------
    app
        What is within.
    secure
        Whether readers come by https.
    """

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        given = _HEADERS | ({"Strict-Transport-Security": _HSTS} if secure else {})
        self._headers = [(name.lower().encode(), name, value) for name, value in given.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                there = {name for name, _ in message["headers"]}
                for raw, name, value in self._headers:
                    if raw not in there:
                        headers.append(name, value)
            await send(message)

        await self._app(scope, receive, guarded)
