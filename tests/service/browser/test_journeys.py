"""What people do: change the language, filter and go back, use the keyboard, comment."""

import pytest

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")


def until(page, number):
    """Wait until so many commitments are on the board."""
    sync_api.expect(page.locator(".entry")).to_have_count(number)


def test_the_language_is_switched_and_kept(visit):
    page = visit.open("/commitments/villages-fibre", lang="en")
    assert page.locator("h1").inner_text() == "Fibre to 3,000 villages"
    page.get_by_role("link", name="Русский").click()
    assert page.evaluate("document.documentElement.lang") == "ru"
    assert page.locator("h1").inner_text() == "Оптика в 3\u00a0000 сёл"
    page.goto(f"{visit.site.url}/")
    assert page.evaluate("document.documentElement.lang") == "ru"
    page.get_by_role("link", name="Қазақша").click()
    assert page.locator("nav a[aria-current]").inner_text() == "Тақта"


def test_filters_change_the_board_in_place_and_the_way_back_undoes_them(visit):
    page = visit.open("/", lang="en")
    assert page.locator(".entry").count() == 4
    page.evaluate("window.kept = true")
    page.select_option("#f-light", "grey")
    until(page, 1)
    assert page.evaluate("window.kept") is True
    assert "light=grey" in page.url
    assert page.locator(".entry h3").inner_text()
    assert "1 commitment of 4" in page.get_by_role("status").inner_text()
    page.go_back()
    until(page, 4)
    assert page.input_value("#f-light") == ""
    page.goto(f"{visit.site.url}/?light=grey")
    assert page.locator(".entry").count() == 1
    assert page.input_value("#f-light") == "grey"


def test_the_board_works_without_script(visit):
    page = visit.open("/", lang="en", java_script_enabled=False)
    page.select_option("#f-area", "security")
    page.get_by_role("button", name="Show").click()
    assert page.locator(".entry").count() == 1
    page.locator("a.tally.green").click()
    assert page.get_by_text("No commitment fits these filters.").is_visible()


def test_the_keyboard_is_enough(visit):
    page = visit.open("/", lang="en", has_touch=False)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # into the content: the link of the marks
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "f-area"
    page.keyboard.press("I")  # the area that begins so
    until(page, 1)
    page.locator("a.tally.red").focus()
    page.keyboard.press("Enter")
    until(page, 1)


def test_light_and_dark_are_remembered(visit):
    page = visit.open("/", lang="en", locale="en-GB")
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_an_auditor_comments_and_everybody_reads_it_as_text(visit):
    page = visit.open("/commitments/kept", role="auditor")
    page.fill("#comment-text", "<img src=x onerror=alert(1)> Which households?")
    page.get_by_role("button", name="Send the comment").click()
    assert page.locator(".comment").first.inner_text().startswith("<img src=x")
    assert page.locator(".comment img").count() == 0
    public = visit.open("/commitments/kept", lang="en")
    assert "Which households?" in public.locator("#comments").inner_text()
    assert public.locator("#comment-text").count() == 0
