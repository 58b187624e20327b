"""Every page in a real browser: accessible, within the screen, silent, and its own."""

import pytest

from tests.service.pages_list import PAGES

from .conftest import AXE

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHECK = """async ([tags, contrast]) => {
  const options = { runOnly: tags, resultTypes: ["violations"], rules: { "color-contrast": { enabled: contrast } } };
  const found = await axe.run(document, options);
  return found.violations.map((v) => [v.id, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200) + " " + ((n.any[0] || n.all[0] || n.none[0] || {}).message || ""))]);
}"""


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("listed", PAGES, ids=lambda page: f"{page.role}:{page.path}")
def test_page_is_accessible_and_fits(visit, listed, width):
    page = visit.open(
        listed.path,
        role=listed.role,
        width=width,
        lang="ru" if width == 360 else "kk",
        bypass_csp=True,
    )
    assert page.last.status == listed.status
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.lang") == ("ru" if width == 360 else "kk")
    page.evaluate(AXE)
    assert page.evaluate(CHECK, [RULES, width == 1280]) == []  # colours are the same when narrow
