"""What stands before every endpoint: forms come from our own pages, and who asks is known.

An unsafe request that a browser could be made to send (it carries the session's cookie, or it is a
form) must show the token of its session: header ``X-CSRF-Token`` or field ``csrf_token``. The
token is a keyed hash of the session's cookie, so it dies with the session. Forms before the
sign-in use a cookie of their own in the same way (signed double submit). Requests with a bearer
token need none: no browser adds that by itself. `Origin` and `Sec-Fetch-Site` are looked at first
(OWASP, Cross-Site Request Forgery Prevention).
"""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request, Response
from fastapi.params import Depends as Dependency
from starlette.datastructures import FormData

from qamtu.service.accounts import opaque, sessions
from qamtu.service.accounts.current import principal
from qamtu.service.accounts.errors import FormRefused
from qamtu.service.accounts.keys import keyed_hash
from qamtu.service.settings import Settings
from qamtu.service.state import state_of

__all__ = [
    "FORM_COOKIE",
    "PROTECTION",
    "csrf_token",
    "form_cookie",
    "identify",
    "keep_form_cookie",
    "protect",
]

FORM_COOKIE = "qamtu-form"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
_FIELDS_BYTES = 2**20


def csrf_token(settings: Settings, cookie: str) -> str:
    """Give the token that forms of the holder of this cookie carry."""
    return keyed_hash(settings, "forms", cookie) if cookie else ""


async def protect(request: Request) -> None:
    """Refuse requests that another site may have made a browser send.

    Raises
    ------
    FormRefused
        If the request comes from elsewhere or does not show its token.
    fastapi.HTTPException
        413 if a form is larger than any document may be.
    """
    settings = state_of(request).settings
    cookie = request.cookies.get(sessions.cookie_name(settings), "")
    request.state.csrf_token = csrf_token(settings, cookie)
    if request.method in _SAFE or _bearer(request):
        return
    _refuse_foreign(request, settings)
    form = request.headers.get("content-type", "").lower().startswith(_FORMS)
    if not cookie and not form:
        return  # nobody is signed in, and a browser asks before it sends this elsewhere
    shown = request.headers.get("x-csrf-token", "") or await _field(request, settings)
    holders = (cookie, request.cookies.get(FORM_COOKIE, ""))
    expected = [csrf_token(settings, holder) for holder in holders if holder]
    if not shown or not any(hmac.compare_digest(shown.encode(), x.encode()) for x in expected):
        await request.close()  # the files of a refused form
        raise FormRefused("The form is too old or comes from elsewhere. Load the page again.")


def _bearer(request: Request) -> bool:
    return request.headers.get("authorization", "").lower().startswith("bearer ")


def _refuse_foreign(request: Request, settings: Settings) -> None:
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise FormRefused("The request comes from another site.")
    origin = request.headers.get("origin")
    if origin is None:
        return
    own = {urlsplit(settings.public_url).netloc, request.headers.get("host", "")}
    if urlsplit(origin).netloc not in own:
        raise FormRefused("The request comes from another site.")


async def _field(request: Request, settings: Settings) -> str:
    kind = request.headers.get("content-type", "").lower()
    if not kind.startswith(_FORMS[:2]):
        return ""
    size = request.headers.get("content-length", "")
    limit = _FIELDS_BYTES
    if kind.startswith("multipart/") and request.cookies.get(sessions.cookie_name(settings)):
        limit += settings.upload_limit_bytes
    if not size.isdigit() or int(size) > limit:
        raise HTTPException(413, "The form is larger than what is taken here.")
    fields: FormData = await request.form()
    found = fields.get("csrf_token", "")
    return found if isinstance(found, str) else ""


def identify(request: Request) -> None:
    """Find out who asks, once for all that follows."""
    if not request.url.path.startswith("/static/"):
        principal(request)


PROTECTION: tuple[Dependency, ...] = (Depends(protect), Depends(identify))
"""Dependencies of the whole application."""


def form_cookie(request: Request) -> str:
    """Give the value of the cookie of forms before the sign-in, and their token to the page.

    Call it before rendering such a page, and `keep_form_cookie` with its answer.
    """
    settings = state_of(request).settings
    value = request.cookies.get(FORM_COOKIE, "") or opaque.make()
    if not getattr(request.state, "csrf_token", ""):
        request.state.csrf_token = csrf_token(settings, value)
    return value


def keep_form_cookie(request: Request, response: Response, value: str) -> None:
    """Put the cookie of forms before the sign-in into an answer."""
    settings = state_of(request).settings
    response.set_cookie(
        FORM_COOKIE, value, httponly=True, samesite="lax", secure=settings.secure, max_age=86400
    )
