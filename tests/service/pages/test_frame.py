"""The frame: languages, headers, static files, errors as pages."""

import re

import pytest

from qamtu.service.pages import static_files
from qamtu.service.pages.environment import speaker
from qamtu.service.pages.languages import accepted_language
from qamtu.service.pages.navigation import ways

HTML = {"accept": "text/html"}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "kk"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("de,en;q=0.7,ru;q=0.3", "en"),
        ("de-DE", "kk"),
        ("ru;q=0,en;q=0.1", "en"),
        ("ru;q=nonsense, kk;q=0.5", "kk"),
    ],
)
def test_the_browser_s_wish_is_heard(header, language):
    assert accepted_language(header, ("kk", "ru", "en")) == language


def test_the_address_counts_before_the_cookie_and_is_remembered(client):
    first = client.get("/about?lang=ru", headers={"accept-language": "en"})
    assert '<html lang="ru"' in first.text
    assert first.headers["content-language"] == "ru"
    assert '<html lang="ru"' in client.get("/about", headers={"accept-language": "en"}).text
    assert '<html lang="en"' in client.get("/about?lang=en").text
    assert '<html lang="en"' in client.get("/about?lang=xx").text


def test_a_page_is_strict_and_known_again(client):
    page = client.get("/about")
    policy = page.headers["content-security-policy"]
    assert "'unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"<script(?![^>]* src=)|\sstyle=|\son\w+=", page.text)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
    again = client.get("/about", headers={"if-none-match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/about?lang=ru").headers["etag"] != page.headers["etag"]


def test_static_files_are_compressed_and_kept_for_good(client):
    page = client.get("/about")
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    assert len(addresses) > 5
    for address in addresses:
        answer = client.get(address, headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        assert (
            client.get(address, headers={"accept-encoding": "identity"}).content == answer.content
        )
    old = addresses[0].replace(static_files.build(), "000000000000")
    assert client.get(old).headers["cache-control"] == "no-cache"
    for outside in ("../settings.py", "%2e%2e/%2e%2e/settings.py", "/etc/passwd", "pages/none.css"):
        answer = client.get(f"/static/{static_files.build()}/{outside}", follow_redirects=True)
        assert answer.status_code == 404


def test_the_map_s_library_is_served_from_where_the_reports_keep_it(client):
    answer = client.get(static_files.static_url("vendor/maplibre-gl.js"))
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "sourceMappingURL" not in answer.text
    with pytest.raises(KeyError):
        static_files.static_url("vendor/nothing.js")


def test_errors_are_pages_for_people_and_problems_for_programs(client):
    page = client.get("/nothing", headers={**HTML, "accept-language": "ru"})
    assert page.status_code == 404
    assert "Такой страницы нет" in page.text
    problem = client.get("/api/v1/nothing")
    assert problem.headers["content-type"].startswith("application/problem+json")


def test_the_header_shows_what_the_reader_may_do(client, as_role):
    assert 'href="/jobs"' not in client.get("/about").text
    ministry = as_role("ministry").get("/about").text
    assert 'href="/jobs"' in ministry
    assert 'href="/admin"' not in ministry
    assert 'href="/admin"' in as_role("admin").get("/about").text
    assert len(ways(lambda _action, _kind: False)) == 6


def test_values_in_a_text_are_written_and_escaped():
    from markupsafe import Markup

    russian = speaker("ru")
    assert russian.t("Planned: {value} by {day}.", value="<b>", day="2026 г.").endswith("к 2026 г.")
    marked = russian.t(
        "Run {command}: it needs no network and names any byte that was changed.",
        command=Markup("<code>x</code>"),
    )
    assert "<code>x</code>" in marked
    assert str(russian.t("Data: {names}", names=Markup("&amp;")) + "<").endswith("&lt;")
    assert russian.quantity(2, "cities") == "2 города"
    assert russian.quantity(6.25, "people").replace("\xa0", " ") == "6,25 человека"
    assert russian.quantity(5e9, "KZT").replace("\xa0", " ") == "5 млрд ₸"
    assert speaker("kk").quantity(0.25, "share").replace("\xa0", " ") == "25%"
    assert russian.name({"kk": "ауыл"}) == "ауыл"
    assert russian.spoken({"kk": "ауыл"}) == "kk"
