"""The page of a made plan, open in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.studies.browser import Opener

from qamtu.studies.report import write_report


@pytest.fixture(scope="session")
def report_file(made_plan, tmp_path_factory) -> Path:
    return write_report(
        tmp_path_factory.mktemp("report") / "report.html", made_plan.tables, made_plan.summary,
        made_plan.regions, districts=made_plan.districts, roads=made_plan.roads, water=made_plan.water,
    )  # fmt: skip


@pytest.fixture
def open_page(plain_browser, report_file):
    opener = Opener(plain_browser, report_file)
    yield opener
    opener.close()
    assert opener.complaints == []


@pytest.fixture(scope="module")
def map_page(drawing_browser, report_file):
    """One page with its map drawn, for all tests of the map."""
    opener = Opener(drawing_browser, report_file)
    page = opener()
    page.evaluate("document.getElementById('map').scrollIntoView()")
    yield page
    opener.close()
    assert opener.complaints == []
