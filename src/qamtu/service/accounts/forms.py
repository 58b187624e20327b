"""What the pages of accounts share: who asks, pages before the sign-in, pages with secrets."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from qamtu.service.accounts import protect, sessions
from qamtu.service.accounts.current import Principal, principal
from qamtu.service.accounts.errors import Forbidden, Refused, TooManyAttempts
from qamtu.service.accounts.sign_in import Browser
from qamtu.service.pages.render import page
from qamtu.service.state import state_of

__all__ = ["browser_of", "go", "open_page", "person", "private_page", "refusal", "to_session"]


def browser_of(request: Request) -> Browser:
    """Say what is known of the browser that asks."""
    settings = state_of(request).settings
    return Browser(
        address=request.client.host if request.client else "",
        agent=request.headers.get("user-agent", "")[:100],
        cookie=request.cookies.get(sessions.cookie_name(settings), ""),
    )


def person(request: Request) -> Principal:
    """Give the account that a person is signed in to, by cookie.

    Raises
    ------
    Forbidden
        If nobody is signed in, or a program asks by a token: tokens do not change accounts.
    """
    asker = principal(request)
    if not asker.signed_in or asker.scopes is not None:
        raise Forbidden("Sign in to see this page.", signed_in=asker.signed_in)
    return asker


def open_page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """Render a page with a form for somebody who has not signed in."""
    value = protect.form_cookie(request)
    headers = {"Cache-Control": "no-store"}
    response = page(request, template, status=status, headers=headers, **context)
    protect.keep_form_cookie(request, response, value)
    return response


def private_page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """Render a page that no cache may keep."""
    headers = {"Cache-Control": "no-store"}
    return page(request, template, status=status, headers=headers, **context)


def refusal(error: Refused) -> int:
    """Give the status of the page that shows a refusal."""
    return 429 if isinstance(error, TooManyAttempts) else 422


def go(target: str) -> RedirectResponse:
    """Lead to another page after a form."""
    return RedirectResponse(target, 303, {"Cache-Control": "no-store"})


def to_session(request: Request, cookie: str, target: str) -> RedirectResponse:
    """Lead on with the cookie of a new session."""
    response = go(target)
    sessions.give_cookie(response, state_of(request).settings, cookie)
    return response
