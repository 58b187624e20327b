"""The way to a provider of sign-in and back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from qamtu.service.accounts import oidc, protect, repository, second_factor, sign_in
from qamtu.service.accounts.errors import Refused
from qamtu.service.accounts.forms import browser_of, go, open_page, person, to_session
from qamtu.service.accounts.redirects import own_path
from qamtu.service.database.engine import writing
from qamtu.service.state import state_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.post("/sign-in/provider/{index}")
def leave(
    request: Request,
    index: int,
    target: Annotated[str, Form(alias="next")] = "/",
    link: Annotated[str, Form()] = "",
) -> Response:
    """Lead the browser to a provider."""
    state = state_of(request)
    link_to = person(request).id if link == "yes" else None
    browser = protect.form_cookie(request)
    try:
        if not 0 <= index < len(state.settings.oidc):
            raise Refused("There is no such provider.")  # noqa: TRY301
        url = oidc.begin(state, state.settings.oidc[index], browser, own_path(target), link_to)
    except Refused as error:
        return _failed(request, error)
    response = go(url)
    protect.keep_form_cookie(request, response, browser)
    return response


@router.get("/sign-in/return")
def come_back(request: Request, state: str = "", code: str = "", iss: str = "") -> Response:
    """Take the browser back and open a session."""
    service = state_of(request)
    browser = request.cookies.get(protect.FORM_COOKIE, "")
    try:
        returned = oidc.finish(service, state, code, iss, browser)
        with writing(service.sessions) as session:
            account = repository.get(session, returned.account)
            owed = second_factor.owed(account)
            asked = browser_of(request)
            cookie = sign_in.enter(session, account, asked, code_owed=owed)
    except Refused as error:
        return _failed(request, error)
    return to_session(request, cookie, "/sign-in/code" if owed else returned.target)


def _failed(request: Request, error: Refused) -> Response:
    providers = [(i, p.name) for i, p in enumerate(state_of(request).settings.oidc)]
    return open_page(
        request,
        "accounts/sign_in.html.j2",
        status=422,
        target="/",
        login="",
        error=error,
        providers=providers,
    )
