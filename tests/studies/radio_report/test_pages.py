import base64
import gzip
import json
import re
from html import unescape

import pytest

from qamtu.studies.radio_report import write_corridors_report

KINDS = ("corridors", "mobile", "coverage")


def payload_of(html: str) -> dict:
    packed = re.search(r'id="payload">([^<]*)<', html).group(1)
    return json.loads(gzip.decompress(base64.b64decode(packed)))


@pytest.fixture(scope="module")
def payloads(pages):
    return {kind: payload_of(pages[kind].read_text("utf-8")) for kind in KINDS}


def test_the_pages_hold_every_row(payloads, corridors, mobile, coverage):
    for kind, tables in (("corridors", corridors.tables), ("mobile", mobile.tables)):
        for name, table in tables.items():
            assert payloads[kind]["tables"][name]["n"] == len(table), name
    assert payloads["coverage"]["tables"]["sectors"]["n"] == len(coverage.sectors)
    assert set(payloads["mobile"]["rasters"]) == {"a"}
    assert set(payloads["coverage"]["rasters"]) == {"best", "server"}


def test_roads_are_named_by_settlements_that_have_other_names_too(payloads):
    assert payloads["corridors"]["tables"]["roads"]["place_from_id"]["v"] == ["p0", "p2"]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_names_stay_data_and_nothing_is_fetched(pages, hostile, kind):
    html = pages[kind].read_text("utf-8")
    assert hostile not in html
    assert "default-src 'none'" in unescape(html)
    own = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
    assert not re.search(r"\b(src|srcset|data|action|poster)=", own)
    assert set(re.findall(r'href="([^"#]{5})', own)) == {"data:"}


def test_a_page_that_is_passed_on_names_no_folder(payloads):
    settings = payloads["coverage"]["summary"]["settings"]
    assert settings["sites"] == "sites.csv"
    assert "workers" not in settings


def test_the_same_study_gives_the_same_page(pages, corridors, country, tmp_path):
    path = write_corridors_report(tmp_path / "b", corridors.tables, corridors.summary, country)
    assert path.read_bytes() == pages["corridors"].read_bytes()
