import base64
import gzip
import json
import re

from qamtu.studies.radio_report import write_corridors_report


def payload_of(html: str) -> dict:
    packed = re.search(r'id="payload">([^<]*)<', html).group(1)
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def test_the_page_holds_every_row_and_names_in_all_languages(corridors, country, hostile, tmp_path):
    path = write_corridors_report(
        tmp_path / "report.html", corridors.tables, corridors.summary, country
    )
    html = path.read_text("utf-8")
    payload = payload_of(html)
    for name, table in corridors.tables.items():
        assert payload["tables"][name]["n"] == len(table)
    assert hostile not in html
    assert hostile in str(payload["places"])
    assert payload["tables"]["roads"]["place_from_id"]["v"] == ["p0", "p2"]
    assert "measures" not in payload["summary"]


def test_the_same_study_gives_the_same_page(corridors, country, hostile, tmp_path):
    paths = [
        write_corridors_report(tmp_path / name, corridors.tables, corridors.summary, country)
        for name in ("a.html", "b.html")
    ]
    assert paths[0].read_bytes() == paths[1].read_bytes()
