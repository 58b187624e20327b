"""Errors as pages: what went wrong, and where to go from here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import Request, Response

from qamtu.service.accounts.current import PUBLIC
from qamtu.service.pages.frame import LogState
from qamtu.service.pages.render import page

__all__ = ["error_page"]


def _t(text: str) -> str:
    """Mark a text for the extraction of texts."""
    return text


_TEXTS: Final[Mapping[int, tuple[str, str]]] = {
    400: (
        _t("The request cannot be understood"),
        _t("Please check the address or what you filled in."),
    ),
    401: (_t("Please sign in"), _t("This page is for people who have signed in.")),
    403: (_t("You may not see or do this"), _t("Your role does not allow it.")),
    404: (_t("There is no such page"), _t("It may have moved, or the address has a mistake.")),
    405: (_t("This address takes no such request"), _t("Please go back and try again.")),
    409: (
        _t("Somebody else was faster"),
        _t("The record has changed meanwhile. Please look again."),
    ),
    413: (_t("The file is too large"), _t("Please send a smaller one.")),
    422: (_t("Something in the form is not right"), _t("Please check what you filled in.")),
    429: (_t("Too many requests"), _t("Please wait a minute and try again.")),
    500: (_t("Something went wrong here"), _t("It has been noted. Please try again later.")),
    503: (_t("The service is busy"), _t("Please try again in a moment.")),
}
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
