import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib.resources import files

import pandas as pd
import pytest

from qamtu.core.errors import StorageFailure
from qamtu.studies.report import write_report
from qamtu.studies.report.page import SCRIPTS, STYLES, render_report

HOSTILE = "</script><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.texts, self.open = [], {}, None

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self.open = (tag, len(self.tags) - 1)

    def handle_data(self, data):
        if self.open:
            self.texts[self.open] = self.texts.get(self.open, "") + data

    def handle_endtag(self, tag):
        if self.open and tag == self.open[0]:
            self.open = None


def render(plan, **changes):
    given = {
        "tables": plan.tables, "summary": plan.summary, "regions": plan.regions,
        "districts": plan.districts, "roads": plan.roads, "water": plan.water,
    } | changes  # fmt: skip
    return render_report(given.pop("tables"), given.pop("summary"), given.pop("regions"), **given)


def payload_of(html):
    packed = re.search(r'id="payload">([^<]*)<', html).group(1)
    return json.loads(gzip.decompress(base64.b64decode(packed)))


@pytest.fixture(scope="module")
def html(made_plan):
    return render(made_plan)


@pytest.fixture(scope="module")
def page(html):
    parsed = Page()
    parsed.feed(html)
    return parsed


def test_nothing_is_fetched_from_anywhere(page):
    for tag, attributes in page.tags:
        for name in ("src", "data", "poster", "srcset", "action"):
            assert name not in attributes, (tag, attributes)
        if tag == "link":
            assert attributes["href"].startswith("data:")
        if tag == "a":
            assert attributes["href"].startswith("#")
    assert "@import" not in "".join(t for (tag, _), t in page.texts.items() if tag == "style")


def test_the_policy_lets_only_its_own_scripts_and_styles_run(page):
    policy = next(a["content"] for t, a in page.tags if a.get("http-equiv"))
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    found = 0
    for (tag, place), text in page.texts.items():
        if page.tags[place][1].get("type") == "application/octet-stream":
            continue
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy, tag
        found += 1
    assert found == 2 + 1 + len(STYLES)


def test_no_inline_handler_or_style(page):
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag


def test_hostile_names_stay_data(html, made_plan):
    assert HOSTILE not in html
    assert HOSTILE in payload_of(html)["settlements"]["name_kk"]["v"]
    hostile = dict(made_plan.summary) | {"title": HOSTILE}
    assert HOSTILE not in render(made_plan, summary=hostile)


def test_scripts_cannot_end_early():
    for name in SCRIPTS:
        text = files("qamtu.studies.report").joinpath("assets", "js", name).read_text("utf-8")
        assert "</" not in text
        assert "<!--" not in text


def test_own_scripts_never_make_markup_from_text():
    for name in SCRIPTS:
        text = files("qamtu.studies.report").joinpath("assets", "js", name).read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text
        )
        assert text.startswith("// "), name


def test_every_asset_is_used():
    folder = files("qamtu.studies.report").joinpath("assets")
    assert {f.name for f in folder.joinpath("js").iterdir()} == set(SCRIPTS)
    assert {f.name for f in folder.joinpath("css").iterdir()} == set(STYLES)


def test_the_same_plan_gives_the_same_page(html, made_plan):
    assert render(made_plan) == html


def test_payload_holds_every_settlement_and_route(html, made_plan):
    payload = payload_of(html)
    assert payload["settlements"]["n"] == len(made_plan.tables["settlements"])
    assert payload["routes"]["n"] == len(made_plan.tables["routes"])
    assert len(payload["routes"]["line"]["p"]) == payload["routes"]["n"]
    assert payload["summary"]["findings"][0]["gap"] is None
    assert set(payload["text"]) == {"en", "ru", "kk"}


def test_roads_end_at_the_border(html, made_plan):
    line = payload_of(html)["roads"]
    west, _, east, _ = made_plan.regions.total_bounds
    x = pd.Series(line["x"]).cumsum() / 1e5
    assert x.min() >= west - 1e-5
    assert x.max() <= east + 1e-5


def test_only_tables_and_regions_are_needed(made_plan):
    bare = render(made_plan, summary={}, districts=None, roads=None, water=None)
    payload = payload_of(bare)
    assert payload["districts"] is payload["roads"] is payload["water"] is None
    assert "<title>Plan – qamtu</title>" in bare


def test_a_plan_without_routes_is_shown(made_plan):
    tables = dict(made_plan.tables) | {"routes": made_plan.tables["routes"].iloc[:0]}
    assert payload_of(render(made_plan, tables=tables))["routes"]["n"] == 0


def test_a_country_of_ten_thousand_settlements_stays_small(large_plan):
    assert len(render(large_plan).encode()) < 5_000_000


def test_write_report_says_where_it_could_not(made_plan, tmp_path):
    path = write_report(
        tmp_path / "report.html", made_plan.tables, made_plan.summary, made_plan.regions
    )
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageFailure, match="folder"):
        write_report(tmp_path / "folder", made_plan.tables, made_plan.summary, made_plan.regions)
