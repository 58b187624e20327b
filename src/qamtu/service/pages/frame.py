"""What the frame of a page shows: who reads, where the ways lead, in which state the log is."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from qamtu.service.pages.languages import language_links
from qamtu.service.pages.navigation import ways
from qamtu.service.state import state_of

__all__ = ["frame"]


def frame(request: Request) -> dict[str, Any]:
    """Give the context that ``pages/base.html.j2`` needs.

    Who reads comes from ``request.state.principal`` and the token of forms from
    ``request.state.csrf_token``; both are set by the accounts' middleware, and without it the
    reader is the public.
    """
    offered = state_of(request).settings.languages
    principal = getattr(request.state, "principal", None)

    def may(action: str, kind: str) -> bool:
        del action, kind
        return False

    theme = request.cookies.get("theme", "")
    return {
        "principal": principal,
        "csrf_token": str(getattr(request.state, "csrf_token", "")),
        "language_links": language_links(request, offered),
        "ways": ways(may),
        "may": may,
        "path": request.url.path,
        "theme": theme if theme in {"light", "dark"} else "",
        "log": None,
    }
