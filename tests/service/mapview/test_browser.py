"""The map in a real browser: tiles load, layers toggle, the address keeps it, nothing leaves."""

from __future__ import annotations

import geopandas as gpd
import pytest

from qamtu.service.database.engine import writing
from qamtu.service.plans import repository as plans

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def planned(running, madeland_plan):
    service = running.service
    with writing(service.state.sessions) as session:
        plan = plans.register(service.state, session, madeland_plan.folder, by="somebody")
    yield running
    with writing(service.state.sessions) as session:  # other tests of the session have no plan
        plans.unpublish(service.state, session, plan.id, by="somebody")


@pytest.fixture
def opened(drawing_browser, planned):
    context = drawing_browser.new_context(
        viewport={"width": 1100, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.complaints, page.tiles = [], []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))

    def watch(request):
        if not request.url.startswith((planned.url, "blob:", "data:")):
            page.complaints.append(f"asked for {request.url}")
        if ".mvt" in request.url:
            page.tiles.append(request.url)

    page.on("request", watch)
    yield page
    context.close()
    assert page.complaints == []


def ready(page, address):
    page.goto(address)
    page.wait_for_selector('html[data-map="ready"]', state="attached")


def visibility(page, layer):
    return page.evaluate(f"qamtuMap.getLayoutProperty('{layer}', 'visibility')")


def rendered(page, layer):
    return page.evaluate(f"qamtuMap.queryRenderedFeatures({{layers: ['{layer}']}}).length")


def test_the_map_draws_toggles_and_keeps_its_address(opened, planned, madeland_plan) -> None:
    page = opened
    table = gpd.read_parquet(madeland_plan.folder / "plan_settlements.parquet")
    row = table[table["option"] == "fibre"].sort_values("population").iloc[-1]
    place = f"8/{row['lat_deg']:.4f}/{row['lon_deg']:.4f}"
    ready(page, f"{planned.url}/map?lang=en#at={place}")
    assert any("/tiles/base/" in url for url in page.tiles)
    assert any("/plans/" in url for url in page.tiles)
    assert rendered(page, "settlements") > 0
    page.uncheck("[data-layer=settlements]")
    assert visibility(page, "settlements") == "none"
    assert "settlements" not in page.url.split("layers=")[1]
    page.check("[data-layer=settlements]")
    page.select_option("#colour", "year")
    first = page.get_attribute("#year", "min")
    page.fill("#year", first)
    assert page.text_content("#year-shown") == "today"
    assert page.evaluate("qamtuMap.getFilter('settlements')[2]") == int(first)
    page.fill("#year", page.get_attribute("#year", "max"))
    page.wait_for_selector("#in-view-list button")
    page.focus("#in-view-list button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".maplibregl-popup a[href^='/settlements/']")
    assert "year=" in page.url
    assert "colour=year" in page.url
    address = page.url
    page.goto("about:blank")
    ready(page, address)
    assert page.input_value("#colour") == "year"
    assert abs(page.evaluate("qamtuMap.getZoom()") - 8) < 0.01


def test_the_small_map_of_a_settlement(opened, planned, madeland_plan) -> None:
    table = gpd.read_parquet(madeland_plan.folder / "plan_settlements.parquet")
    ready(opened, f"{planned.url}/settlements/{table['settlement_id'].iloc[0]}?lang=en")
    assert opened.locator("#place-map canvas").count() == 1
