"""Who sends this request: by session cookie, by API token, or nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fastapi import Request

from qamtu.service.accounts import api_tokens, sessions
from qamtu.service.accounts.errors import Forbidden
from qamtu.service.accounts.tables import Account
from qamtu.service.database.engine import reading
from qamtu.service.state import State, state_of

__all__ = ["PUBLIC", "ROLES", "Principal", "principal", "principal_of"]

ROLES = ("admin", "ministry", "akimat", "operator", "regulator", "auditor", "public")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Parameters
    ----------
    id
        Id of the account; empty where nobody is signed in.
    role
        One of `ROLES`; ``public`` where nobody is signed in, or no role was given yet.
    region, organisation
        What an akimat and an operator stand for.
    name, language
        For the pages; ``language`` is empty where the account has no wish.
    scopes
        What an API token may be used for; None where a person is signed in by cookie.
    """

    id: str
    role: str
    region: str | None = None
    organisation: str | None = None
    name: str = ""
    language: str = ""
    scopes: frozenset[str] | None = None

    @property
    def signed_in(self) -> bool:
        """Whether this is an account."""
        return bool(self.id)


PUBLIC = Principal(id="", role="public")
"""Nobody is signed in."""


def principal_of(account: Account, scopes: frozenset[str] | None = None) -> Principal:
    """Give the principal of an account."""
    return Principal(
        id=account.id,
        role=account.role,
        region=account.region,
        organisation=account.organisation,
        name=account.name,
        language=account.language,
        scopes=scopes,
    )


def principal(request: Request) -> Principal:
    """Say who sends the request (a FastAPI dependency; may also be called).

    Looked up once a request. An ``Authorization: Bearer`` header wins over the cookie.

    Raises
    ------
    Forbidden
        If a bearer token is given that is unknown, expired or whose account is not active.
    """
    known = getattr(request.state, "principal", None)
    if known is None:
        known = request.state.principal = _look_up(request, state_of(request))
    return cast("Principal", known)


def _look_up(request: Request, state: State) -> Principal:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _by_token(state, token.strip())
    cookie = request.cookies.get(sessions.cookie_name(state.settings), "")
    return _by_cookie(state, cookie) if cookie else PUBLIC


def _by_token(state: State, value: str) -> Principal:
    with reading(state.sessions) as session:
        found = api_tokens.find(session, value)
        if found is None:
            raise Forbidden("The token is unknown or has expired.", signed_in=False)
        account, token = found
        asker, id_, used_at = (
            principal_of(account, frozenset(token.scopes)),
            token.id,
            token.used_at,
        )
    api_tokens.touch(state, id_, used_at)
    return asker


def _by_cookie(state: State, value: str) -> Principal:
    with reading(state.sessions) as session:
        found = sessions.find(session, value)
        if found is None or found[1].stage != sessions.FULL:
            return PUBLIC
        asker, seen_at = principal_of(found[0]), found[1].seen_at
    sessions.touch(state, value, seen_at)
    return asker
