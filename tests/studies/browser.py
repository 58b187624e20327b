"""A real browser for pages, where Debian's chromium is there: fixtures and what they give."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]
WITH_MAP = [*ARGUMENTS, "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WITHOUT_MAP = [*ARGUMENTS, "--disable-gpu", "--disable-3d-apis"]


@pytest.fixture(scope="session")
def launch():
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    with sync_api.sync_playwright() as playwright:
        yield lambda arguments: playwright.chromium.launch(executable_path=path, args=arguments)


@pytest.fixture(scope="session")
def drawing_browser(launch):
    """A browser that draws the map, slowly, without a graphics card."""
    browser = launch(WITH_MAP)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def plain_browser(launch):
    """A browser without WebGL: the page must work there too, and opens fast."""
    browser = launch(WITHOUT_MAP)
    yield browser
    browser.close()


class Opener:
    """Opens the page as a file and hears what it says on the console or asks of a network."""

    def __init__(self, browser, path: Path) -> None:
        self.browser, self.path = browser, path
        self.contexts, self.complaints = [], []

    def __call__(self, query="?lang=en", *, width=1280, height=900, path=None, **options):
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(90_000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._watch)
        page.goto(f"{(path or self.path).as_uri()}{query}")
        page.wait_for_selector("html[data-ready]", state="attached")
        page.wait_for_selector("html[data-map]", state="attached")
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _hear(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _watch(self, request) -> None:
        if not request.url.startswith(("file:", "blob:", "data:")):
            self.complaints.append(f"asked for {request.url}")
