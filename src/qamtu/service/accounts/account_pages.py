"""The page of one's own account: name, language, password, codes, tokens, sessions, data."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from qamtu.service.accounts import (
    api_tokens,
    passwords,
    personal,
    repository,
    second_factor,
    sessions,
    sign_in,
)
from qamtu.service.accounts.errors import Refused
from qamtu.service.accounts.forms import browser_of, go, person, private_page, refusal, to_session
from qamtu.service.accounts.tables import Account, Identity
from qamtu.service.database.engine import reading, writing
from qamtu.service.policies import Resource, require
from qamtu.service.state import state_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
HERE = "/account"


@router.get("/account")
def account_page(request: Request) -> Response:
    """Show one's own account."""
    return _page(request)


def _page(request: Request, error: Refused | None = None, **shown: Any) -> Response:
    state, asker = state_of(request), person(request)
    require(asker, "read_account", Resource("account", asker.id))
    with reading(state.sessions) as session:
        account = repository.get(session, asker.id)
        pending = second_factor.pending(state.settings, account)
        context = {
            "account": _shown(account),
            "pending": {"key": pending[1], "qr": second_factor.qr_data(pending[0])}
            if pending
            else None,
            "recovery_left": second_factor.recovery_left(session, account),
            "tokens": [
                {"id": t.id, "name": t.name, "scopes": t.scopes, "expires_at": t.expires_at,
                 "used_at": t.used_at}
                for t in api_tokens.of_account(session, asker.id)
            ],
            "sessions": [
                {"agent": s.agent, "created_at": s.created_at, "seen_at": s.seen_at}
                for s in sessions.of_account(session, asker.id)
            ],
            "identities": [
                i.issuer for i in session.query(Identity).filter_by(account=asker.id)
            ],
        }  # fmt: skip
    return private_page(
        request,
        "accounts/account.html.j2",
        status=refusal(error) if error else 200,
        error=error,
        scopes=api_tokens.SCOPES,
        languages=state.settings.languages,
        providers=[(i, p.name) for i, p in enumerate(state.settings.oidc)],
        new_token=shown.pop("new_token", ""),
        codes=shown.pop("codes", ()),
        **context,
    )


def _shown(account: Account) -> dict[str, Any]:
    return {
        "login": account.login or "", "name": account.name, "email": account.email,
        "role": account.role, "region": account.region or "",
        "organisation": account.organisation or "", "language": account.language,
        "has_password": account.password_hash is not None,
        "has_codes": account.totp_secret is not None, "created_at": account.created_at,
    }  # fmt: skip


@router.post("/account/profile")
def change_profile(
    request: Request,
    name: Annotated[str, Form(max_length=1000)] = "",
    language: Annotated[str, Form()] = "",
) -> Response:
    """Change the name shown and the language of the pages."""
    state, asker = state_of(request), person(request)
    if language and language not in state.settings.languages:
        language = ""
    try:
        with writing(state.sessions) as session:
            account = repository.get(session, asker.id)
            if name.strip() != account.name:
                repository.set_name(session, account, name)
            repository.set_language(account, language)
    except Refused as error:
        return _page(request, error)
    return go(f"{HERE}?lang={language}" if language else HERE)


@router.post("/account/password")
def change_password(
    request: Request,
    old: Annotated[str, Form(max_length=5000)] = "",
    new: Annotated[str, Form(max_length=5000)] = "",
) -> Response:
    """Change the password; all other sessions end."""
    asker = person(request)
    try:
        cookie = sign_in.change_password(state_of(request), asker.id, old, new, browser_of(request))
    except Refused as error:
        return _page(request, error)
    return to_session(request, cookie, HERE)


@router.post("/account/codes/start")
def start_codes(request: Request) -> Response:
    """Make a key for one-time codes and show it."""
    state, asker = state_of(request), person(request)
    with writing(state.sessions) as session:
        second_factor.start(state.settings, repository.get(session, asker.id))
    return go(f"{HERE}#codes")


@router.post("/account/codes/confirm")
def confirm_codes(request: Request, code: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Switch one-time codes on; the recovery codes are shown this once."""
    state, asker = state_of(request), person(request)
    try:
        with writing(state.sessions) as session:
            account = repository.get(session, asker.id)
            codes = second_factor.confirm(session, state.settings, account, code)
    except Refused as error:
        return _page(request, error)
    return _page(request, codes=codes)


@router.post("/account/codes/remove")
def remove_codes(request: Request, code: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Switch one-time codes off, against one; every session ends."""
    state, asker = state_of(request), person(request)
    with writing(state.sessions) as session:
        account = repository.get(session, asker.id)
        right = second_factor.accepts(session, state.settings, account, code)
        if right:
            second_factor.remove(session, account, by=asker.id)
    return go("/sign-in") if right else _page(request, Refused("The code is wrong."))


@router.post("/account/tokens")
def make_token(
    request: Request,
    name: Annotated[str, Form(max_length=1000)] = "",
    scopes: Annotated[list[str] | None, Form()] = None,
    days: Annotated[int, Form()] = 90,
) -> Response:
    """Make an API token and show it this once."""
    state, asker, scopes = state_of(request), person(request), scopes or []
    try:
        with writing(state.sessions) as session:
            value, _ = api_tokens.make(session, asker.id, name, scopes, days)
            account = repository.get(session, asker.id)
            details = {"scopes": sorted(scopes)}
            repository.note(session, account, "token made", by=asker.id, details=details)
    except Refused as error:
        return _page(request, error)
    return _page(request, new_token=value)


@router.post("/account/tokens/{token}/revoke")
def revoke_token(request: Request, token: str) -> Response:
    """Take a token back."""
    state, asker = state_of(request), person(request)
    with writing(state.sessions) as session:
        api_tokens.revoke(session, asker.id, token)
    return go(f"{HERE}#tokens")


@router.post("/account/sessions/end")
def end_sessions(request: Request) -> Response:
    """Sign out everywhere."""
    state, asker = state_of(request), person(request)
    with writing(state.sessions) as session:
        sessions.end_all(session, asker.id)
    response = go("/sign-in")
    sessions.forget_cookie(response, state.settings)
    return response


@router.get("/account/export.json")
def export(request: Request) -> Response:
    """Give everything kept about one's account."""
    state, asker = state_of(request), person(request)
    require(asker, "export_account", Resource("account", asker.id))
    with reading(state.sessions) as session:
        content = personal.export(session, asker.id)
    return Response(
        json.dumps(content, ensure_ascii=False, indent=1),
        media_type="application/json",
        headers={
            "Content-Disposition": 'attachment; filename="account.json"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@router.post("/account/erase")
def erase(
    request: Request,
    password: Annotated[str, Form(max_length=5000)] = "",
    sure: Annotated[str, Form()] = "",
) -> Response:
    """Erase one's account, against its password where it has one."""
    state, asker = state_of(request), person(request)
    require(asker, "erase_account", Resource("account", asker.id))
    with reading(state.sessions) as session:
        kept = repository.get(session, asker.id).password_hash
    if sure != "yes" or (kept is not None and not passwords.matches(kept, password)):
        return _page(request, Refused("Tick the box and give your password to erase the account."))
    try:
        with writing(state.sessions) as session:
            personal.erase(session, asker.id, by=asker.id)
    except Refused as error:
        return _page(request, error)
    response = go("/")
    sessions.forget_cookie(response, state.settings)
    return response
