"""Forms from elsewhere, texts with scripts, secrets in logs, data that is given and erased."""

from __future__ import annotations

import gc
import json

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select

from qamtu.service.accounts import api_tokens, keys, personal, repository, sessions
from qamtu.service.accounts.protect import csrf_token
from qamtu.service.accounts.tables import Account, AccountEvent, ApiToken, SignedIn
from qamtu.service.database.engine import reading, writing
from qamtu.service.log.tables import LogEntry
from tests.service.people import make_account, sign_in

SCRIPT = "<script>alert(1)</script>\"'{{7*7}}"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def unsafe_routes(app):
    def walk(routes):
        for route in routes:
            if isinstance(route, APIRoute):
                yield from ((route.path, m) for m in sorted(route.methods & UNSAFE))
            elif hasattr(route, "original_router"):
                yield from walk(route.original_router.routes)
            elif hasattr(route, "routes"):
                yield from walk(route.routes or [])

    return sorted(set(walk(app.routes)))


def test_every_unsafe_request_of_a_session_needs_its_token(client, service) -> None:
    account = make_account(service.state, "admin")
    sign_in(client, service.state, account)
    del client.headers["X-CSRF-Token"]
    found = unsafe_routes(service.app)
    assert len(found) > 15
    for path, method in found:
        for shown in ({}, {"X-CSRF-Token": "guess"}):
            answer = client.request(method, path.replace("{", "").replace("}", ""), headers=shown)
            assert answer.status_code == 403, (method, path, answer.status_code)


def test_forms_of_nobody_need_the_token_of_their_cookie(new_client, client) -> None:
    form = {"login": "a", "password": "b"}
    assert client.post("/sign-in", data=form).status_code == 403
    other = new_client()
    token = other.get("/sign-in").text.split('csrf_token" value="')[1].split('"')[0]
    assert client.post("/sign-in", data={**form, "csrf_token": token}).status_code == 403
    assert other.post("/sign-in", data={**form, "csrf_token": token}).status_code == 422


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_refused_form_leaves_no_file_open(client, service) -> None:
    sign_in(client, service.state, make_account(service.state, "ministry"))
    del client.headers["X-CSRF-Token"]
    large = b"x" * 2_000_000  # more than is kept in memory
    sent = client.post("/uploads", data={"csrf_token": "guess"}, files={"file": ("a.csv", large)})
    assert sent.status_code == 403
    gc.collect()  # an open file would warn, and warnings are errors here


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_brings_a_large_body(client) -> None:
    large = b"[" + b"1," * 2_000_000 + b"1]"

    def slowly():
        for start in range(0, len(large), 2**16):
            yield large[start : start + 2**16]

    kinds = ("application/json", "application/octet-stream", "multipart/form-data; boundary=x")
    for body in (large, slowly()):
        for kind in kinds if body is large else kinds[:1]:
            sent = client.post("/api/v1/evidence", content=body, headers={"content-type": kind})
            assert sent.status_code == 413, (kind, sent.text)
    form = {"login": "a", "password": "b" * 3_000_000}
    assert client.post("/sign-in", data=form).status_code == 413
    files = {"file": ("a.csv", b"x" * 3_000_000)}
    assert client.post("/uploads", files=files).status_code == 413  # nobody is signed in


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [("Origin", "https://evil.example", 403), ("Origin", "null", 403),
     ("Sec-Fetch-Site", "cross-site", 403), ("Sec-Fetch-Site", "same-site", 403),
     ("Sec-Fetch-Site", "same-origin", 303), ("Origin", "http://qamtu.test", 303)],
)  # fmt: skip
def test_requests_from_elsewhere_are_refused_even_with_a_token(
    client, service, header, value, status
) -> None:
    sign_in(client, service.state, make_account(service.state, "auditor"))
    assert client.post("/sign-out", headers={header: value}).status_code == status


def test_the_token_of_one_session_does_not_serve_another(client, service) -> None:
    account = make_account(service.state, "auditor")
    sign_in(client, service.state, account)
    client.headers["X-CSRF-Token"] = csrf_token(service.settings, "another session")
    assert client.post("/account/sessions/end").status_code == 403


def test_a_bearer_token_needs_no_form_but_changes_no_account(client, service) -> None:
    account = make_account(service.state, "admin")
    with writing(service.state.sessions) as session:
        value, _ = api_tokens.make(session, account, "x", list(api_tokens.SCOPES), 1)
    client.headers["Authorization"] = f"Bearer {value}"
    assert client.get("/api/v1/account").json()["id"] == account
    for path in ("/account/sessions/end", "/admin/invitations", "/account/erase"):
        assert client.post(path).status_code == 403
    assert client.get("/account/export.json").status_code == 403
    client.headers["Authorization"] = "Bearer qamtu_made-up"
    assert client.get("/api/v1/account").status_code == 401


def test_every_text_is_shown_as_text(client, service) -> None:
    admin = sign_in(client, service.state, make_account(service.state, "admin", name=SCRIPT))
    other = make_account(
        service.state, "akimat", name=SCRIPT, login=SCRIPT, region=SCRIPT, organisation=SCRIPT,
        email=SCRIPT,
    )  # fmt: skip
    admin.headers["User-Agent"] = SCRIPT
    admin.post("/account/profile", data={"name": SCRIPT, "language": SCRIPT})
    admin.post("/account/tokens", data={"name": SCRIPT, "scopes": "read", "days": "5"})
    admin.post("/admin/invitations", data={"role": "akimat", "region": SCRIPT, "organisation": SCRIPT, "email": SCRIPT})  # fmt: skip
    with writing(service.state.sessions) as session:
        sessions.begin(session, other, agent=SCRIPT)
    for path in ("/account", "/admin", "/admin/accounts", "/admin/sessions", "/admin/policies",
                 f"/sign-in?next=/{SCRIPT}", f"/sign-in/code?next=/{SCRIPT}"):  # fmt: skip
        answer = admin.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.text, path
        assert (
            "49" not in answer.text
            or "{{7*7}}" in answer.text
            or path in {"/admin", "/admin/policies"}
        )
    form = {"code": SCRIPT, "login": SCRIPT, "name": SCRIPT, "password": "x"}
    assert "<script>alert" not in admin.post("/invitation", data=form).text
    login = admin.post("/sign-in", data={"login": SCRIPT, "password": SCRIPT}).text
    assert "<script>alert" not in login
    assert "&lt;script&gt;alert(1)" in login


def test_pages_carry_their_headers(client, as_role) -> None:
    for answer in (
        client.get("/sign-in"),
        as_role("admin").get("/admin"),
        as_role("auditor").get("/account"),
    ):
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert " style=" not in answer.text
        assert " onclick=" not in answer.text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_pages_are_there_in_each_language(client, as_role, language) -> None:
    admin = as_role("admin")
    pages = [
        client.get(f"/{path}?lang={language}")
        for path in ("sign-in", "sign-in/code", "invitation", "first-run")
    ]
    pages += [
        admin.get(f"/{path}?lang={language}")
        for path in ("account", "admin", "admin/accounts", "admin/sessions", "admin/policies")
    ]
    assert {page.status_code for page in pages} == {200}
    assert all(f'lang="{language}"' in page.text[:60] for page in pages)


def test_only_admins_manage_and_auditors_look(as_role, client) -> None:
    assert client.get("/admin", follow_redirects=False).headers["location"].startswith("/sign-in")
    for role in ("ministry", "akimat", "operator", "regulator"):
        assert as_role(role).get("/admin").status_code == 403
    auditor = as_role("auditor")
    assert auditor.get("/admin").status_code == 200
    assert auditor.get("/admin/policies").status_code == 200
    assert auditor.get("/admin/accounts").status_code == 403
    assert auditor.post("/admin/invitations", data={"role": "admin"}).status_code == 403


def test_the_admin_gives_roles_and_the_last_one_stays(as_role, service) -> None:
    admin = as_role("admin")
    me = admin.get("/api/v1/account").json()["id"]
    other = make_account(service.state, "public")
    form = {"role": "akimat", "region": "", "active": "yes"}
    assert admin.post(f"/admin/accounts/{other}/place", data=form).status_code == 422
    form["region"] = "KAZ001"
    assert admin.post(f"/admin/accounts/{other}/place", data=form).status_code == 303
    with reading(service.state.sessions) as session:
        assert (repository.get(session, other).role, repository.get(session, other).region) == (
            "akimat",
            "KAZ001",
        )
    for path, form in (
        ("place", {"role": "public", "active": "yes"}),
        ("place", {"role": "admin"}),
        ("erase", {"sure": "yes"}),
    ):
        assert admin.post(f"/admin/accounts/{me}/{path}", data=form).status_code == 422
    assert admin.post(f"/admin/accounts/{other}/erase", data={}).status_code == 422
    assert admin.post(f"/admin/accounts/{other}/erase", data={"sure": "yes"}).status_code == 303
    assert admin.post("/admin/accounts/nobody/place", data=form).status_code == 422


def test_secrets_are_shown_once_and_nowhere_else(as_role, service, capfd) -> None:
    admin = as_role("admin")
    page = admin.post("/account/tokens", data={"name": "x", "scopes": "read", "days": "5"}).text
    token = page.split('account-secret">')[1].split("<")[0]
    invited = admin.post("/admin/invitations", data={"role": "auditor"}).text
    code = invited.split('account-secret">')[1].split("<")[0].split("#")[1]
    overview = admin.get("/admin").text
    for secret in (token, code, service.settings.secret):
        assert (
            secret not in overview + admin.get("/account").text + admin.get("/admin/accounts").text
        )
        assert secret not in repr(service.settings)
    logged = "".join(capfd.readouterr())
    assert token not in logged
    assert code not in logged
    cookie = next(c.value for c in admin.cookies.jar if c.name == "qamtu-session")
    assert cookie not in logged


def test_data_is_given_and_erased_and_the_log_stays(as_role, service) -> None:
    client = as_role("auditor")
    id_ = client.get("/api/v1/account").json()["id"]
    client.post("/account/profile", data={"name": "Aigerim Q", "language": "kk"})
    given = client.get("/account/export.json")
    content = given.json()
    assert content["account"]["name"] == "Aigerim Q"
    assert {e["event"] for e in content["events"]} == {"created", "name changed"}
    for secret in ("hash", "salt", "secret"):
        assert secret not in json.dumps(content)
    with reading(service.state.sessions) as session:
        entries = [
            (e.record, e.content_sha256)
            for e in session.scalars(select(LogEntry).where(LogEntry.kind == "account"))
        ]
        assert not any(id_ in text for entry in entries for text in entry)
    assert client.post("/account/erase", data={}).status_code == 422
    assert client.post("/account/erase", data={"sure": "yes"}).status_code == 303
    assert client.get("/api/v1/account").json()["role"] == "public"
    with reading(service.state.sessions) as session:
        row = session.get(Account, id_)
        assert (row.name, row.login, row.email, row.salt, row.active) == ("", None, "", "", False)
        for table in (SignedIn, ApiToken):
            assert not session.scalars(select(table).where(table.account == id_)).all()
        after = [
            (e.record, e.content_sha256)
            for e in session.scalars(select(LogEntry).where(LogEntry.kind == "account"))
        ]
        assert after[: len(entries)] == entries
        assert "Aigerim" not in str([e.details for e in session.scalars(select(AccountEvent))])
        assert personal.name_of(session, id_) == ""


def test_the_secret_is_made_once_and_belongs_to_its_owner(tmp_path) -> None:
    from qamtu.service.settings import Settings

    settings = Settings(data=tmp_path / "data")
    first = keys.key(settings, "forms")
    keys.key.cache_clear()
    assert keys.key(settings, "forms") == first != keys.key(settings, "attempts")
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o077 == 0
    assert [p.name for p in (tmp_path / "data").iterdir()] == ["secret.key"]
    assert keys.opened(settings, keys.locked(settings, "x")) == "x"
    assert keys.opened(Settings(data=tmp_path, secret="other"), keys.locked(settings, "x")) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_akimat_of_nowhere_is_invited(as_role) -> None:
    admin = as_role("admin")
    asked = {"role": "akimat", "region": "nowhere"}
    assert admin.post("/admin/invitations", data=asked).status_code == 422
    page = admin.get("/admin/accounts").text
    region = page.split('name="region"')[1].split('<option value="')[2].split('"')[0]
    made = admin.post("/admin/invitations", data={"role": "akimat", "region": region})
    assert made.status_code == 200
