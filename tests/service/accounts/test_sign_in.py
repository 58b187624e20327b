"""Sign-in by password and code: sessions that are new, waits, codes that count once."""

from __future__ import annotations

import datetime as dt
import time

import pyotp
import pytest
from sqlalchemy import delete, select, update

from qamtu.service.accounts import invitations, passwords, second_factor, sessions
from qamtu.service.accounts.attempts import FREE_NAME, LONGEST_S
from qamtu.service.accounts.redirects import own_path
from qamtu.service.accounts.repository import get
from qamtu.service.accounts.tables import Account, Attempt, SignedIn
from qamtu.service.database.engine import writing
from tests.service.people import make_account

PASSWORD = "seven yellow camels"


@pytest.fixture(scope="session")
def kept() -> str:
    return passwords.hashed(PASSWORD)


@pytest.fixture
def aigerim(service, kept) -> str:
    return make_account(service.state, "auditor", login="Aigerim", password_hash=kept)


def field(text: str, name: str = "csrf_token") -> str:
    return text.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def enter(client, login="aigerim", password=PASSWORD, **more):
    token = field(client.get("/sign-in").text)
    form = {"login": login, "password": password, "csrf_token": token, **more}
    return client.post("/sign-in", data=form)


def who(client) -> str:
    return client.get("/api/v1/account").json()["id"]


def test_name_and_password_open_a_session(client, aigerim, service) -> None:
    answer = enter(client, "  AIGERIM ", next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert who(client) == aigerim
    cookie = next(c for c in answer.headers.get_list("set-cookie") if "session=" in c)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_over_https_the_cookie_is_bound_to_the_host(settings) -> None:
    import dataclasses

    from fastapi import Response

    secure = dataclasses.replace(settings, public_url="https://qamtu.example")
    response = Response()
    sessions.give_cookie(response, secure, "x")
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-qamtu-session=x")
    assert "Secure" in cookie


def test_the_session_is_a_new_one(client, aigerim, service) -> None:
    name = sessions.cookie_name(service.settings)
    client.cookies.set(name, "chosen-by-somebody-else", domain="qamtu.test")
    enter(client)
    first = client.cookies.get(name, domain="qamtu.test")
    assert first != "chosen-by-somebody-else"
    enter(client)
    assert client.cookies.get(name, domain="qamtu.test") != first
    with writing(service.state.sessions) as session:  # the one before has ended
        assert len(session.scalars(select(SignedIn)).all()) == 1


def test_unknown_names_wrong_passwords_and_stopped_accounts_are_one_answer(
    client, aigerim, service, kept
) -> None:
    make_account(service.state, "auditor", login="gone", password_hash=kept, email="")
    with writing(service.state.sessions) as session:
        session.execute(update(Account).where(Account.login == "gone").values(active=False))
    pages = []
    for login, word in (("nobody", PASSWORD), ("aigerim", "wrong wrong wrong"), ("gone", PASSWORD)):
        answer = enter(client, login, word)
        assert answer.status_code == 422
        pages.append(answer.text.replace(f'value="{login}"', ""))
    assert len({len(page) for page in pages}) == 1
    assert pages[0] == pages[1] == pages[2]


def test_unknown_names_cost_as_much_work(monkeypatch, kept) -> None:
    """Counted, not timed: each answer comes after exactly one argon2 run."""
    runs = []
    real = passwords._HASHER.verify

    class Counting:
        def verify(self, against, password):
            runs.append(against.split("$")[:4])
            return real(against, password)

        hash = staticmethod(passwords._HASHER.hash)

    passwords._nobodys()
    monkeypatch.setattr(passwords, "_HASHER", Counting())
    assert passwords.matches(kept, PASSWORD)
    assert not passwords.matches(kept, "wrong wrong wrong")
    assert not passwords.matches(None, PASSWORD)
    assert not passwords.matches(None, "the password of nobody")
    assert len(runs) == 4
    assert all(run == runs[0] for run in runs)  # same algorithm, same parameters


def test_failures_make_waits_that_grow(client, new_client, aigerim, service) -> None:
    for login in ("aigerim", "nobody"):  # a name that exists and one that does not
        for _ in range(FREE_NAME):
            assert enter(client, login, "wrong wrong wrong").status_code == 422
        answer = enter(client, login, PASSWORD)  # even the right one waits
        assert answer.status_code == 429
        assert "camels" not in answer.text
    with writing(service.state.sessions) as session:
        rows = session.scalars(select(Attempt)).all()
        assert not any("aigerim" in row.key for row in rows)
        session.execute(update(Attempt).values(failures=60, locked_until=dt.datetime.now(dt.UTC)))
    assert enter(new_client(address="10.1.1.1"), "aigerim", "wrong wrong wrong").status_code == 422
    with writing(service.state.sessions) as session:
        left = [
            (row.locked_until - dt.datetime.now(dt.UTC)).total_seconds()
            for row in session.scalars(select(Attempt).where(Attempt.failures == 61))
        ]
        assert len(left) == 1
        assert LONGEST_S - 60 < left[0] <= LONGEST_S
        session.execute(delete(Attempt))
    assert enter(client).status_code == 303


def test_an_address_that_tries_many_names_waits(new_client, service) -> None:
    from qamtu.service.accounts import attempts
    from qamtu.service.accounts.errors import TooManyAttempts

    with writing(service.state.sessions) as session:
        for i in range(attempts.FREE_ADDRESS):
            keys = attempts.keys_of(service.settings, f"name-{i}", f"2001:db8::{i:x}")
            attempts.check(session, keys)
            attempts.failed(session, keys)
        same = attempts.keys_of(service.settings, "fresh", "2001:db8::ffff")
        with pytest.raises(TooManyAttempts):
            attempts.check(session, same)
        attempts.check(session, attempts.keys_of(service.settings, "fresh", "2001:db8:1::1"))


def test_a_code_is_owed_and_counts_once(client, new_client, aigerim, service) -> None:
    enter(client)
    page = client.get("/account").text
    client.post("/account/codes/start", data={"csrf_token": field(page)})
    page = client.get("/account").text
    key = page.split("<code>")[1].split("</code>")[0]
    assert "data:image/svg+xml" in page
    totp = pyotp.TOTP(key)
    token = field(page)
    wrong = client.post("/account/codes/confirm", data={"csrf_token": token, "code": "000000"})
    assert wrong.status_code == 422
    code = totp.now()
    done = client.post("/account/codes/confirm", data={"csrf_token": token, "code": code}).text
    recovery = [x.split("</code>")[0] for x in done.split("<li><code>")[1:]]
    assert len(recovery) == 10
    with writing(service.state.sessions) as session:
        row = get(session, aigerim)
        assert key not in row.totp_secret
        row.totp_step -= 2  # as if the code had been seen a minute ago

    def with_code(code: str):
        other = new_client()
        answer = enter(other, next="/account")
        assert answer.headers["location"] == "/sign-in/code?next=%2Faccount"
        assert who(other) == ""  # not signed in before the code
        page = other.get("/sign-in/code?next=/account").text
        before = other.cookies.get("qamtu-session")
        form = {"csrf_token": field(page), "code": code, "next": "/account"}
        answer = other.post("/sign-in/code", data=form)
        if answer.status_code == 303:
            assert other.cookies.get("qamtu-session") != before
            assert who(other) == aigerim
        return answer.status_code

    now = totp.now()
    assert with_code(now) == 303
    assert with_code(now) == 422  # used
    assert with_code(recovery[0].upper()) == 303
    assert with_code(recovery[0]) == 422
    assert with_code("") == 422


def test_two_requests_cannot_use_one_code(service, aigerim) -> None:
    with writing(service.state.sessions) as session:
        account = get(session, aigerim)
        second_factor.start(service.settings, account)
        uri, key = second_factor.pending(service.settings, account)
        assert uri.startswith("otpauth://totp/")
        second_factor.confirm(session, service.settings, account, pyotp.TOTP(key).now())
        code = pyotp.TOTP(key).at(time.time() + 30)
        assert second_factor.accepts(session, service.settings, account, code)
        assert not second_factor.accepts(session, service.settings, account, code)
        assert not second_factor.accepts(session, service.settings, account, pyotp.TOTP(key).now())


def test_a_changed_password_ends_other_sessions(client, new_client, aigerim) -> None:
    enter(client)
    other = new_client()
    enter(other)
    token = field(client.get("/account").text)
    new = "nine patient marmots"
    for old, fresh in (("wrong wrong", new), (PASSWORD, "short"), (PASSWORD, "aigerim aigerim")):
        form = {"csrf_token": token, "old": old, "new": fresh}
        assert client.post("/account/password", data=form).status_code == 422
    form = {"csrf_token": token, "old": PASSWORD, "new": new}
    assert client.post("/account/password", data=form).status_code == 303
    assert who(client) == aigerim
    assert who(other) == ""
    assert enter(other).status_code == 422
    assert enter(other, password=new).status_code == 303


def test_signing_out_ends_the_session_and_everywhere_all(client, new_client, aigerim) -> None:
    other = new_client()
    for one in (client, other):
        enter(one)
    cookie = client.cookies.get("qamtu-session")
    client.post("/sign-out", data={"csrf_token": field(client.get("/account").text)})
    client.cookies.set("qamtu-session", cookie)
    assert who(client) == ""
    client.cookies.clear()
    assert who(other) == aigerim
    enter(client)
    other.post("/account/sessions/end", data={"csrf_token": field(other.get("/account").text)})
    assert {who(client), who(other)} == {""}


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "",
     "/\t/evil.example", "/ok\nX: y", "\\\\evil", "evil.example", "/" + "a" * 600],
)  # fmt: skip
def test_a_sign_in_leads_to_no_other_site(target) -> None:
    assert own_path(target) == "/"


def test_a_sign_in_leads_to_a_path(client, aigerim) -> None:
    assert own_path("/commitments/x?scope=region:a#b") == "/commitments/x?scope=region:a#b"
    assert 'value="//evil' not in client.get("/sign-in?next=//evil.example").text
    assert enter(client, next="//evil.example").headers["location"] == "/"


def test_the_first_run_makes_one_admin(client, service) -> None:
    with writing(service.state.sessions) as session:
        old = invitations.first_run(session)
        code = invitations.first_run(session)
    page = client.get("/first-run").text
    form = {
        "csrf_token": field(page),
        "code": old,
        "login": "root",
        "name": "Root",
        "password": PASSWORD,
    }
    assert client.post("/invitation", data=form).status_code == 422
    answer = client.post("/invitation", data={**form, "code": code})
    assert answer.headers["location"] == "/account"
    assert client.get("/api/v1/account").json()["role"] == "admin"
    with writing(service.state.sessions) as session:
        assert invitations.first_run(session) is None
    form["csrf_token"] = field(client.get("/account").text)
    assert client.post("/invitation", data={**form, "code": code}).status_code == 422


@pytest.mark.parametrize(
    "password",
    ["short", "passwordpassword", "qwertyuiop12", "123456789012", "aaaaaaaaaaaa", "йцукенгшщзхъ",
     "aigerim1aigerim", "abcdefghijklm", "x" * 257],
)  # fmt: skip
def test_easy_passwords_are_refused(password) -> None:
    from qamtu.service.accounts.errors import Refused

    with pytest.raises(Refused):
        passwords.check(password, about=("aigerim", "Aigerim B", "a@b.kz"))


@pytest.mark.parametrize(
    "password", [PASSWORD, "жеті сары түйе келді", "xK9$vT2#mQ7&", "🐪" * 3 + "three camels"]
)
def test_long_ones_of_any_letters_are_taken(password) -> None:
    passwords.check(password, about=("aigerim",))


def test_one_way_to_write_a_password_is_enough() -> None:
    assert passwords.matches(
        passwords.hashed("seven yellow cafe\u0301s"), "seven yellow caf\u00e9s"
    )
    assert not passwords.matches("not a hash", PASSWORD)
