"""People of the tests: an account and a client that is signed in to it, without passwords."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from qamtu.service.accounts import protect, repository, sessions
from qamtu.service.database.engine import writing
from qamtu.service.state import State

REGIONS = {"akimat": "almaty"}
ORGANISATIONS = {"operator": "operator-1", "regulator": "regulator-1"}


def make_account(
    state: State, role: str, region: str | None = None, organisation: str | None = None, **more: Any
) -> str:
    """Make an account and give its id."""
    with writing(state.sessions) as session:
        return repository.create(
            session,
            login=more.pop("login", None),
            name=more.pop("name", role),
            role=role,
            region=region or REGIONS.get(role),
            organisation=organisation or ORGANISATIONS.get(role),
            **more,
        ).id


def session_of(state: State, account: str) -> str:
    """Begin a session of an account and give the value of its cookie."""
    with writing(state.sessions) as session:
        return sessions.begin(session, account)


def sign_in(client: httpx.Client, state: State, account: str) -> httpx.Client:
    """Sign a client in to an account: its cookie, and the token of its forms as a header."""
    cookie = session_of(state, account)
    client.cookies.set(sessions.cookie_name(state.settings), cookie)
    client.headers["X-CSRF-Token"] = protect.csrf_token(state.settings, cookie)
    return client


def signing_in(new_client: Callable[..., httpx.Client], state: State) -> Callable[..., Any]:
    """Give ``as_role(role, region=None, organisation=None)``: a client signed in so."""

    def as_role(role: str, region: str | None = None, organisation: str | None = None) -> Any:
        if role == "public":
            return new_client()
        return sign_in(new_client(), state, make_account(state, role, region, organisation))

    return as_role
