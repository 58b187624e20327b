"""Who is known by what: cookies, tokens, ends of sessions."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends
from sqlalchemy import update

from qamtu.service.accounts import api_tokens, sessions
from qamtu.service.accounts.current import PUBLIC, Principal, principal
from qamtu.service.accounts.errors import Refused
from qamtu.service.accounts.repository import get, set_place
from qamtu.service.accounts.tables import Account, ApiToken, SignedIn
from qamtu.service.database.engine import writing
from tests.service.people import make_account, session_of, sign_in


@pytest.fixture
def who(service):
    """Give what a client is taken for."""
    router = APIRouter()

    @router.get("/who")
    def answer(asker: Annotated[Principal, Depends(principal)]) -> dict:
        return {"id": asker.id, "role": asker.role, "region": asker.region,
                "scopes": sorted(asker.scopes or [])}  # fmt: skip

    service.app.include_router(router)
    return lambda client: client.get("/who").json()


def test_nobody_is_the_public(who, client) -> None:
    assert who(client) == {"id": "", "role": "public", "region": None, "scopes": []}
    client.cookies.set("qamtu-session", "made-up")
    assert who(client)["role"] == "public"
    assert not PUBLIC.signed_in


def test_a_session_is_known_until_it_ends(who, client, service) -> None:
    account = make_account(service.state, "akimat", region="abai")
    sign_in(client, service.state, account)
    assert who(client) == {"id": account, "role": "akimat", "region": "abai", "scopes": []}
    for change in ({"seen_at": sessions.IDLE}, {"expires_at": dt.timedelta()}):
        sign_in(client, service.state, account)
        assert who(client)["id"] == account
        with writing(service.state.sessions) as session:
            moments = {name: dt.datetime.now(dt.UTC) - ago for name, ago in change.items()}
            session.execute(update(SignedIn).values(**moments))
        assert who(client)["role"] == "public"


def test_use_keeps_a_session_awake(who, client, service) -> None:
    sign_in(client, service.state, make_account(service.state, "auditor"))
    before = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=50)
    with writing(service.state.sessions) as session:
        session.execute(update(SignedIn).values(seen_at=before))
    assert who(client)["role"] == "auditor"
    with writing(service.state.sessions) as session:
        assert session.query(SignedIn).one().seen_at > before + sessions.TOUCH_AFTER


def test_only_the_hash_of_a_session_is_kept(service) -> None:
    value = session_of(service.state, make_account(service.state, "auditor"))
    with writing(service.state.sessions) as session:
        assert value not in session.query(SignedIn).one().id_hash


def test_an_account_that_was_stopped_is_nobody(who, client, service) -> None:
    account = make_account(service.state, "ministry")
    sign_in(client, service.state, account)
    with writing(service.state.sessions) as session:
        session.execute(update(Account).where(Account.id == account).values(active=False))
    assert who(client)["role"] == "public"


def test_a_new_role_counts_at_once(who, client, service) -> None:
    admin, account = make_account(service.state, "admin"), make_account(service.state, "public")
    sign_in(client, service.state, account)
    with writing(service.state.sessions) as session:
        set_place(session, get(session, account), role="auditor", region=None, organisation=None,
                  active=True, by=admin)  # fmt: skip
    assert who(client)["role"] == "auditor"


def test_a_token_is_known_until_it_ends(who, client, service) -> None:
    account = make_account(service.state, "operator")
    with writing(service.state.sessions) as session:
        value, row = api_tokens.make(session, account, "probe", ["read", "file"], 30)
    client.headers["Authorization"] = f"Bearer {value}"
    assert who(client)["scopes"] == ["file", "read"]
    with writing(service.state.sessions) as session:
        kept = session.get(ApiToken, row.id)
        assert kept.used_at is not None
        assert value not in kept.token_hash
        kept.expires_at = dt.datetime.now(dt.UTC)
    with writing(service.state.sessions) as session:
        assert api_tokens.find(session, value) is None
        api_tokens.revoke(session, account, row.id)
        assert api_tokens.of_account(session, account) == []


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", ["read"], 1), ("x", [], 1), ("x", ["all"], 1), ("x", ["read"], 0), ("x", ["read"], 400)],
)
def test_tokens_without_sense_are_refused(name, scopes, days) -> None:
    with pytest.raises(Refused):
        api_tokens.make(None, "account", name, scopes, days)  # type: ignore[arg-type]


def test_secure_services_bind_the_cookie_to_the_host(settings) -> None:
    assert sessions.cookie_name(settings) == "qamtu-session"
    assert settings.public_url.startswith("http:")
