"""Errors as pages: what went wrong, and where to go from here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import Request, Response

from qamtu.service.accounts.current import PUBLIC
from qamtu.service.pages.frame import LogState
from qamtu.service.pages.render import page

__all__ = ["error_page"]

_TEXTS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("The request cannot be understood", "Please check the address or what you filled in."),
    401: ("Please sign in", "This page is for people who have signed in."),
    403: ("You may not see or do this", "Your role does not allow it."),
    404: ("There is no such page", "It may have moved, or the address has a mistake."),
    405: ("This address takes no such request", "Please go back and try again."),
    409: ("Somebody else was faster", "The record has changed meanwhile. Please look again."),
    413: ("The file is too large", "Please send a smaller one."),
    422: ("Something in the form is not right", "Please check what you filled in."),
    429: ("Too many requests", "Please wait a minute and try again."),
    500: ("Something went wrong here", "It has been noted. Please try again later."),
    503: ("The service is busy", "Please try again in a moment."),
}  # fmt: skip
"""Heading and advice by status, each a text of the catalogue."""


def error_page(
    request: Request,
    status: int,
    detail: str = "",
    *,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer an error as a page.

    Parameters
    ----------
    request
        Request that failed.
    status
        Status of the answer.
    detail
        A translated sentence that says more, shown as text.
    headers
        Further headers (``Retry-After``).
    """
    if status >= 500:  # the page must come even where the database does not answer
        known = getattr(request.state, "principal", None)
        request.state.principal = PUBLIC if known is None else known
        request.state.log_state = LogState(0, "")
    heading, advice = _TEXTS.get(status, _TEXTS[500 if status >= 500 else 400])
    return page(
        request, "pages/error.html.j2", status=status, headers=headers,
        heading=heading, advice=advice, detail=detail, code=status,
        request_id=str(getattr(request.state, "request_id", "")),
    )  # fmt: skip
