"""The report's page in a real browser: accessible, narrow, and silent."""

from pathlib import Path

import pytest
from tests.studies.session_report.made import COUNTRY, DAY, board, map_data

from qamtu.studies.session_report import LANGUAGES, make_report

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "vendor" / "axe.min.js"
RULES = "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_accessible_and_asks_for_nothing(plain_browser, language, tmp_path) -> None:
    path = tmp_path / "report.html"
    report = make_report(
        board(), language=language, country=COUNTRY, made_on=DAY, map_data=map_data()
    )
    path.write_bytes(report.html)
    context = plain_browser.new_context(bypass_csp=True, viewport={"width": 360, "height": 740})
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(RULES)["violations"]
        told = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]
        assert told == []
        assert asked == [path.as_uri()]
    finally:
        context.close()
