"""Pages before there is a session: sign-in, code, sign-out, invitation, first run."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response

from qamtu.service.accounts import invitations, sessions, sign_in
from qamtu.service.accounts.errors import Refused
from qamtu.service.accounts.forms import browser_of, go, open_page, refusal, to_session
from qamtu.service.accounts.redirects import own_path
from qamtu.service.database.engine import writing
from qamtu.service.pages.render import language_of
from qamtu.service.state import state_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - its name in links
    """Show the form of name and password."""
    return _sign_in(request, target=own_path(next))


@router.post("/sign-in")
def sign_in_form(
    request: Request,
    login: Annotated[str, Form(max_length=1000)] = "",
    password: Annotated[str, Form(max_length=5000)] = "",
    target: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Take name and password."""
    target = own_path(target)
    try:
        begun = sign_in.by_password(state_of(request), login, password, browser_of(request))
    except Refused as error:
        return _sign_in(request, target=target, login=login, error=error)
    if begun.code_owed:
        target = f"/sign-in/code?{urlencode({'next': target})}"
    return to_session(request, begun.cookie, target)


def _sign_in(
    request: Request, *, target: str, login: str = "", error: Refused | None = None
) -> Response:
    return open_page(
        request,
        "accounts/sign_in.html.j2",
        status=refusal(error) if error else 200,
        target=target,
        login=login,
        error=error,
        providers=[(i, p.name) for i, p in enumerate(state_of(request).settings.oidc)],
    )


@router.get("/sign-in/code")
def code_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - its name in links
    """Show the form of the one-time code."""
    return open_page(request, "accounts/code.html.j2", target=own_path(next), error=None)


@router.post("/sign-in/code")
def code_form(
    request: Request,
    code: Annotated[str, Form(max_length=100)] = "",
    target: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Take the one-time code."""
    target = own_path(target)
    try:
        cookie = sign_in.by_code(state_of(request), code, browser_of(request))
    except Refused as error:
        return open_page(
            request, "accounts/code.html.j2", status=refusal(error), target=target, error=error
        )
    return to_session(request, cookie, target)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session of this browser."""
    state = state_of(request)
    with writing(state.sessions) as session:
        sessions.end(session, browser_of(request).cookie)
    response = go("/")
    sessions.forget_cookie(response, state.settings)
    return response


@router.get("/invitation")
@router.get("/first-run")
def invitation_page(request: Request) -> Response:
    """Show the form of an invitation; the code of its link is filled in by the browser."""
    return _invitation(request)


@router.post("/invitation")
def invitation_form(
    request: Request,
    code: Annotated[str, Form(max_length=200)] = "",
    login: Annotated[str, Form(max_length=1000)] = "",
    name: Annotated[str, Form(max_length=1000)] = "",
    password: Annotated[str, Form(max_length=5000)] = "",
) -> Response:
    """Make the account of an invitation and sign in to it."""
    state, browser = state_of(request), browser_of(request)
    language = language_of(request)
    try:
        with writing(state.sessions) as session:
            account = invitations.accept(
                session, code, login=login, name=name, password=password, language=language
            )
            cookie = sign_in.enter(session, account, browser)
    except Refused as error:
        return _invitation(request, code=code, login=login, name=name, error=error)
    return to_session(request, cookie, "/account")


def _invitation(
    request: Request,
    *,
    code: str = "",
    login: str = "",
    name: str = "",
    error: Refused | None = None,
) -> Response:
    return open_page(
        request,
        "accounts/invitation.html.j2",
        status=refusal(error) if error else 200,
        first=request.url.path == "/first-run",
        code=code,
        login=login,
        name=name,
        error=error,
    )
