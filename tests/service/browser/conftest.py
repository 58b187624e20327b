"""One browser and one running service for all pages: filled with made records, heard and watched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qamtu.programme.records import Basis, Grade
from qamtu.service.accounts import sessions
from qamtu.service.database.engine import writing
from qamtu.service.records.repository import file_many
from tests.service import made
from tests.service.people import make_account, session_of

AXE = (Path(__file__).parents[2] / "vendor" / "axe.min.js").read_text(encoding="utf-8")


def records() -> list[Any]:
    """Records that bring out every mark of the board: all lights, a band, contradictions."""
    base = [r for r in made.everything() if getattr(r, "record", "") != "mobile-5g"]
    months = [
        made.evidence(f"month-{m}", true_on=dt.date(2026, m, 15), value=1200.0 + 40 * m, uncertainty=20.0,
                      basis=Basis.OBSERVED if m % 2 else Basis.ESTIMATED, files={"table.csv": "ab" * 32})
        for m in range(2, 9)
    ]  # fmt: skip
    more = [
        made.commitment("kept", target=1000.0, unit="households", area="govtech", kind="status", due=None),
        made.evidence("kept-shown", commitment="kept", value=1100.0, unit="households", grade=Grade.A),
        made.commitment("late", unit="share", target=0.99, due=dt.date(2026, 1, 31), area="security", baseline=None, baseline_on=None),
        made.evidence("late-shown", commitment="late", value=0.42, unit="share"),
        made.evidence("late-north", commitment="late", value=0.2, unit="share", scope="region:KAZ001"),
        made.commitment("words", target=None, unit="stage", area="ai", kind="aim", baseline=None, baseline_on=None, due=None),
    ]  # fmt: skip
    return [*base, *months, *more]


@pytest.fixture(scope="session")
def site(running):
    """The running service with records and a person of each role; gives it and their cookies."""
    state = running.service.state
    with writing(state.sessions) as session:
        file_many(session, records())
    return Site(running, {})


class Site:
    """A running service, and the session cookie of each role asked for."""

    def __init__(self, running: Any, cookies: dict[str, str]) -> None:
        self.url, self.state, self._cookies = running.url, running.service.state, cookies

    def cookie(self, role: str, **of: Any) -> dict[str, str]:
        key = f"{role}:{sorted(of.items())}"
        if key not in self._cookies:
            self._cookies[key] = session_of(self.state, make_account(self.state, role, **of))
        name = sessions.cookie_name(self.state.settings)
        return {"name": name, "value": self._cookies[key], "url": self.url}


class Visitor:
    """One browser context a role; hears the console and watches what is asked for."""

    def __init__(self, browser: Any, site: Site) -> None:
        self.browser, self.site = browser, site
        self.complaints: list[str] = []
        self._contexts: dict[Any, Any] = {}

    def open(
        self,
        path: str,
        *,
        role: str = "public",
        width: int = 1280,
        lang: str = "en",
        of: dict[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        key = (role, width, str(of), tuple(sorted(options.items())))
        if key not in self._contexts:
            context = self.browser.new_context(
                viewport={"width": width, "height": 900},
                reduced_motion="reduce",
                color_scheme="light",
                **options,
            )
            if role != "public":
                context.add_cookies([self.site.cookie(role, **(of or {}))])
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.on("console", self._hear)
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
            page.on("request", self._watch)
            self._contexts[key] = page
        page = self._contexts[key]
        page.context.add_cookies([{"name": "language", "value": lang, "url": self.site.url}])
        page.last = page.goto(f"{self.site.url}{path}")
        return page

    def close(self) -> None:
        for page in self._contexts.values():
            page.context.close()

    def _hear(self, message: Any) -> None:
        missing = "status of 4" in message.text  # the page that is not there, on purpose
        if message.type in {"error", "warning"} and not missing and "WebGL" not in message.text:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _watch(self, request: Any) -> None:
        if not request.url.startswith((self.site.url, "blob:", "data:")):
            self.complaints.append(f"asked for {request.url}")


@pytest.fixture(scope="session")
def visitors(plain_browser, site) -> Iterator[Visitor]:
    made_visitor = Visitor(plain_browser, site)
    yield made_visitor
    made_visitor.close()


@pytest.fixture
def visit(visitors) -> Iterator[Visitor]:
    """Open pages; at the end nothing was complained of."""
    visitors.complaints.clear()
    yield visitors
    assert visitors.complaints == []
