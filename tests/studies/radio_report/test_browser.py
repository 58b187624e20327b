"""The radio pages in a real browser: whole, in three languages, within reach of everybody."""

from pathlib import Path

import pytest
from tests.studies.browser import Opener

from qamtu.studies.radio_report.page import page_texts

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "vendor" / "axe.min.js"
KINDS = ("corridors", "mobile", "coverage")
FIRST = {"corridors": "sites", "mobile": "centres", "coverage": "sites"}


def cells(page, table: str, place: int) -> list[str]:
    return page.locator(f"#{table} tbody tr > :nth-child({place})").all_inner_texts()


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_changes_with_the_language(open_radio, kind):
    page = open_radio(kind, "?lang=kk")
    page.evaluate(f"Q.openRow('{FIRST[kind]}', 0, {{}})")
    english = {t for t, other in page_texts("kk").items() if other != t and "{" not in t}
    shown = page.evaluate("""() => {
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const texts = [];
      while (walk.nextNode()) {
        if (!walk.currentNode.parentElement.closest("[lang=en], noscript, script, style")) texts.push(walk.currentNode.textContent.trim());
      }
      return texts;
    }""")
    assert [text for text in shown if text in english] == []
    assert "ойдан шығарылған" in page.locator("#made-label").inner_text().lower()
    assert "Дөрекі жер бедері" in page.locator("#map-terrain").inner_text()
    assert page.locator("#terrain-notice").is_visible()
    assert page.locator("main img").count() == 0  # a hostile name stays text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_of_wcag_a_and_aa(open_radio, kind, scheme):
    page = open_radio(kind, "?lang=ru", color_scheme=scheme, bypass_csp=True)
    page.evaluate(
        f"Q.openRow('{FIRST[kind]}', 0, {{}});"
        "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
    )
    page.add_script_tag(path=AXE)
    found = page.evaluate(
        "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })"
    )
    told = [
        (one["id"], [node["html"][:200] for node in one["nodes"][:3]])
        for one in found["violations"]
    ]
    assert told == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wider_than_a_small_screen(open_radio, kind):
    page = open_radio(kind, "?lang=ru", width=360, height=740)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_tables_are_filtered_and_open_cards_by_the_keyboard(open_radio):
    page = open_radio("corridors")
    assert cells(page, "road-rows", 1) == ["City – Village", "Woe – Mount"]
    page.select_option("#site-table [data-filter=role]", "relay")
    assert cells(page, "site-rows", 1) == ["s2"]
    page.locator("#site-rows tbody button").focus()
    page.keyboard.press("Enter")
    card = page.locator("#card")
    for text in ("70\xa0m", "relay only", "microwave", "Lake"):
        assert text in card.inner_text()
    page.keyboard.press("Escape")
    assert card.is_hidden()


def test_the_curve_follows_the_city_that_is_chosen(open_radio):
    page = open_radio("mobile")
    title = page.locator("#figure-curve h3")
    assert title.inner_text().endswith("all cities")
    page.select_option("#choice", "b")
    assert title.inner_text().endswith("Lake")
    assert "1" in page.locator("#city-rows").inner_text()
    assert "not met" in page.locator("#city-rows").inner_text()


def test_a_raster_is_drawn_and_read(drawing_browser, pages):
    opener = Opener(drawing_browser, pages["mobile"])
    page = opener()
    page.evaluate("document.getElementById('map').scrollIntoView(); Q.chooseCity('a')")
    codes = page.evaluate("""async () => {
      const raster = await Q.openRaster("a");
      return [Q.valueAt(raster, 60.1501, 50.5305), Q.valueAt(raster, 60.2479, 50.4722), Q.valueAt(raster, 60.3, 50.5)];
    }""")
    assert codes == [-130, -60, None]
    page.wait_for_timeout(800)
    drawn = "new Promise((done) => Q.whenMapReady((m) => done(Boolean(m.getLayer('raster')))))"
    assert page.evaluate(drawn)
    opener.close()
    assert opener.complaints == []
