"""Sign-in through a real OpenID Connect provider on this machine."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select

from qamtu.service.accounts import oidc
from qamtu.service.accounts.errors import Refused
from qamtu.service.accounts.tables import Identity, PendingSignIn
from qamtu.service.database.engine import reading, writing
from qamtu.service.settings import OidcSettings
from tests.service.people import make_account, sign_in
from tests.service.serving import bound

PEOPLE = [
    {"sub": "u1", "name": "Dana", "email": "dana@example.kz", "groups": ["staff"]},
    {"sub": "u2", "name": "Other", "email": "dana@example.kz"},
]


@pytest.fixture(scope="module")
def issuer():
    """Run the provider in a process of its own: a real server on a port of this machine."""
    listener = bound()
    port = listener.getsockname()[1]
    listener.close()
    words = [sys.executable, "-m", "oidc_provider_mock", "-n", "true", "-p", str(port)]
    words += [word for one in PEOPLE for word in ("--user-claims", json.dumps(one))]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as provider:
        url = f"http://127.0.0.1:{port}"
        try:
            for _ in range(600):
                assert provider.poll() is None, "the provider did not start"
                try:
                    httpx.get(f"{url}/.well-known/openid-configuration")
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            yield url
        finally:
            provider.terminate()


@pytest.fixture
def settings(settings, issuer):
    provider = OidcSettings("Provider", issuer, "qamtu", "secret", "groups", "staff=ministry")
    return dataclasses.replace(settings, oidc=(provider,), insecure_fetch_hosts=("127.0.0.1",))


def leave(client, **form) -> str:
    page = client.get("/sign-in").text
    token = page.split('csrf_token" value="')[1].split('"')[0]
    answer = client.post("/sign-in/provider/0", data={"csrf_token": token, **form})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def vouch(url: str, sub: str) -> str:
    """Do what a person does at the provider; gives where it leads back."""
    answer = httpx.post(url, data={"sub": sub})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"].removeprefix("http://qamtu.test")


def who(client):
    return client.get("/api/v1/account").json()


def test_a_person_signs_in_and_is_known_again(client, new_client, service) -> None:
    url = leave(client, next="/account")
    asked = parse_qs(urlsplit(url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == ["http://qamtu.test/sign-in/return"]
    assert len(asked["state"][0]) == len(asked["nonce"][0]) == 43
    answer = client.get(vouch(url, "u1"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    first = who(client)
    assert first["role"] == "ministry"  # by the mapping of the settings
    other = new_client()
    other.get(vouch(leave(other), "u1"))
    assert who(other)["id"] == first["id"]
    third = new_client()
    third.get(vouch(leave(third), "u2"))  # the same mail is another person, without a role
    assert who(third)["id"] not in {"", first["id"]}
    assert who(third)["role"] == "public"


def test_it_comes_back_once_and_to_the_same_browser(client, new_client, service) -> None:
    back = vouch(leave(client), "u1")
    thief = new_client()
    thief.get("/sign-in")
    assert thief.get(back).status_code == 422  # another browser; the sign-in is spent
    assert client.get(back).status_code == 422
    back = vouch(leave(client), "u1")
    assert client.get(back.replace("state=", "state=x")).status_code == 422
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 422
    assert client.get("/sign-in/return?error=access_denied").status_code == 422


@pytest.mark.parametrize("change", [{"nonce": "another"}, {"verifier": "x" * 43}])
def test_nonce_and_verifier_are_checked(client, service, change) -> None:
    back = vouch(leave(client), "u1")
    with writing(service.state.sessions) as session:
        row = session.scalar(select(PendingSignIn))
        for name, value in change.items():
            setattr(row, name, value)
    answer = client.get(back)
    if "verifier" in change:  # the provider of the test ignores PKCE; what is sent is the verifier
        assert answer.status_code in {303, 422}
    else:
        assert answer.status_code == 422
        assert who(client)["role"] == "public"


def test_another_audience_or_issuer_is_refused(client, service) -> None:
    back = vouch(leave(client), "u1")
    provider = service.settings.oidc[0]
    changed = dataclasses.replace(provider, client_id="somebody else")
    other = dataclasses.replace(service.settings, oidc=(changed,))
    state = dataclasses.replace(service.state, settings=other)
    asked = parse_qs(urlsplit(back).query)
    cookie = client.cookies.get("qamtu-form")
    with pytest.raises(Refused):
        oidc.finish(state, asked["state"][0], asked["code"][0], "", cookie)
    assert client.get(vouch(leave(client), "u1") + "&iss=https://evil.example").status_code == 422
    wrong = dataclasses.replace(provider, issuer=provider.issuer + "/")
    with pytest.raises(Refused):
        oidc.begin(state, wrong, "b", "/", None)


def test_a_private_provider_needs_its_name_in_the_settings(service) -> None:
    state = dataclasses.replace(
        service.state, settings=dataclasses.replace(service.settings, insecure_fetch_hosts=())
    )
    with pytest.raises(Refused):
        oidc.begin(state, service.settings.oidc[0], "b", "/", None)


def test_an_account_is_linked_by_its_owner(client, service) -> None:
    account = make_account(service.state, "auditor", name="Local")
    sign_in(client, service.state, account)
    page = client.get("/sign-in")
    client.cookies.update(page.cookies)
    answer = client.post("/sign-in/provider/0", data={"link": "yes", "next": "/account"})
    client.get(vouch(answer.headers["location"], "u2"))
    with reading(service.state.sessions) as session:
        assert session.scalars(select(Identity.account)).all() == [account]
