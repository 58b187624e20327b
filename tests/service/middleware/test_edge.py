"""What every request meets: ids, log lines, headers, limits, errors; with the real application."""

from __future__ import annotations

import io
import ipaddress
import json
from pathlib import Path

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from tests.service.client import clients
from tests.service.conftest import BASE_URL, Service, settings_for

from qamtu.core.errors import InputError, MissingInput, QamtuError
from qamtu.core.findings import Finding, Severity
from qamtu.service.accounts.errors import Forbidden, TooManyAttempts
from qamtu.service.app import create_app
from qamtu.service.errors import Conflict, NotFound, Stale, problem_of
from qamtu.service.middleware.logs import make_log
from qamtu.service.middleware.proxied import address_behind
from qamtu.service.middleware.watched import request_id_of


def test_a_well_formed_request_id_is_kept(client: httpx.Client) -> None:
    assert (
        client.get("/healthz", headers={"X-Request-Id": "trace-12345678"}).headers["x-request-id"]
        == "trace-12345678"
    )
    made = client.get("/healthz", headers={"X-Request-Id": "a b"}).headers["x-request-id"]
    assert len(made) == 32
    assert request_id_of("x" * 65) != "x" * 65


def test_errors_of_the_api_are_problems_and_of_pages_are_pages(client: httpx.Client) -> None:
    problem = client.get("/api/v1/nothing")
    assert problem.status_code == 404
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["request_id"] == problem.headers["x-request-id"]
    page = client.get("/nothing")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/healthz", "/nothing", "/api/v1/nothing", "/about"])
def test_every_answer_has_the_headers_of_security(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "permissions-policy" in headers
    assert "strict-transport-security" not in headers
    assert "server" not in headers


def test_measures_are_for_this_machine_and_for_admins(new_client, service: Service) -> None:
    here = new_client().get("/metrics")
    assert here.status_code == 200
    assert "qamtu_log_entries 0" in here.text
    assert 'qamtu_jobs{state="queued"} 0' in here.text
    assert "qamtu_request_seconds_bucket" in new_client().get("/metrics").text
    assert new_client(address="203.0.113.9").get("/metrics").status_code == 401
    through = new_client().get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert through.status_code == 401


def test_health_says_what_is_wrong(service: Service, client: httpx.Client) -> None:
    assert client.get("/healthz").json()["checks"] == {"database": "ok", "log": "ok", "disk": "ok"}
    service.settings.data.rmdir()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["disk"] == "the data folder cannot be written"


def test_an_address_that_asks_too_often_waits(database_url: str, tmp_path: Path) -> None:
    settings = settings_for(
        database_url, tmp_path, rate_limit="3/hour", trusted_proxies=("10.0.0.0/8",)
    )
    app = create_app(settings, log_stream=io.StringIO())
    with clients(app, BASE_URL) as make:
        client = make()
        assert [client.get("/api/v1/nothing").status_code for _ in range(4)] == [404, 404, 404, 429]
        refused = client.get("/api/v1/nothing")
        assert 0 < int(refused.headers["retry-after"]) <= 3600
        assert refused.headers["content-type"] == "application/problem+json"
        assert client.get("/about").headers["content-type"].startswith("text/html")
        assert client.get("/healthz").status_code == 200
        forged = client.get("/api/v1/nothing", headers={"X-Forwarded-For": "198.51.100.7"})
        assert forged.status_code == 429
        behind = make(address="10.0.0.1")
        for last in range(5):
            answer = behind.get("/api/v1/x", headers={"X-Forwarded-For": f"198.51.100.{last}"})
            assert answer.status_code == 404


def test_tiles_are_counted_apart_and_static_files_not_at_all(
    database_url: str, tmp_path: Path
) -> None:
    settings = settings_for(database_url, tmp_path, rate_limit="2/hour")
    app = create_app(settings, log_stream=io.StringIO())
    tiles = ("/api/v1/tiles/base/x/0/0/0.mvt", "/api/v1/plans/x/tiles/0/0/0.mvt")
    with clients(app, BASE_URL) as make:
        client = make()
        answers = [client.get(tiles[n % 2]).status_code for n in range(41)]
        assert 429 not in answers[:40]
        assert answers[40] == 429
        assert [client.get("/api/v1/nothing").status_code for _ in range(3)] == [404, 404, 429]
        assert client.get("/api/v1/plans/x").status_code == 429
        assert client.get("/static/none").status_code != 429


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.1", "1.2.3.4", "203.0.113.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "9.9.9.9, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
    ],
)
def test_the_address_behind_proxies(peer: str, forwarded: str, address: str) -> None:
    assert address_behind(peer, forwarded, (ipaddress.ip_network("10.0.0.0/8"),)) == address


def test_the_log_holds_no_secret(database_url: str, tmp_path: Path) -> None:
    stream = io.StringIO()
    app = create_app(settings_for(database_url, tmp_path), log_stream=stream)
    with clients(app, BASE_URL) as make:
        make(cookies={"qamtu-session": "hush-cookie"}).post(
            "/sign-in?token=hush-query",
            data={"password": "hush-form", "csrf_token": "hush-csrf"},
            headers={"X-Request-Id": "trace-12345678", "Authorization": "Bearer hush-bearer"},
        )
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert any(line["request_id"] == "trace-12345678" for line in lines)
    assert "hush" not in stream.getvalue()


def test_secrets_are_hidden_wherever_they_stand() -> None:
    stream = io.StringIO()
    log = make_log(stream)
    try:
        int("password=hush-1 at postgresql://me:hush-2@db/x and Bearer hush-3")
    except ValueError:
        log.exception(
            "failed", password="hush-4", nested={"api_key": "hush-5", "list": ["token: hush-6"]},
            url="https://a.example/x?code=hush-7&b=1", path="/x?token=hush-8", cookie="hush-9",
            plain="kept",
        )  # fmt: skip
    assert "hush" not in stream.getvalue()
    assert json.loads(stream.getvalue())["plain"] == "kept"


FINDING = Finding("rule", Severity.ERROR, "is wrong", "mend it", row=3)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Forbidden("no", signed_in=True), 403),
        (Forbidden("no", signed_in=False), 401),
        (TooManyAttempts(30), 429),
        (NotFound("none"), 404),
        (MissingInput("none"), 404),
        (Conflict("two"), 409),
        (Stale("old"), 412),
        (InputError("bad", [FINDING]), 422),
        (OperationalError("select", None, Exception("locked")), 503),
        (QamtuError("odd"), 500),
        (ValueError("hush"), 500),
    ],
)
def test_each_error_has_its_status(error: Exception, status: int) -> None:
    problem = problem_of(error)
    assert problem.status == status
    if status >= 500:
        assert problem.detail == ""
    if isinstance(error, InputError) and error.findings:
        assert "3" in problem.errors[0]["where"]


def test_a_bug_is_answered_without_its_words(database_url: str, tmp_path: Path) -> None:
    stream = io.StringIO()
    app = create_app(settings_for(database_url, tmp_path), log_stream=stream)

    @app.get("/api/v1/broken")
    def broken() -> None:
        raise RuntimeError("inner words")

    with clients(app, BASE_URL) as make:
        answer = make().get("/api/v1/broken")
    assert answer.status_code == 500
    assert "inner words" not in answer.text
    assert "inner words" in stream.getvalue()
    assert "x-request-id" in answer.headers
    assert "content-security-policy" in answer.headers
