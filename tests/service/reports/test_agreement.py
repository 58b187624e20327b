"""One database, one truth: report, API and exchange say the same numbers."""

import csv
import io
import re
import zipfile

from tests.service.made import everything

from qamtu.service.database.engine import writing
from qamtu.service.records.repository import file_many

DAY = "2026-06-01"


def test_report_api_and_exchange_say_the_same(service, as_role) -> None:
    with writing(service.state.sessions) as session:
        file_many(session, everything())
    ministry = as_role("ministry")
    page = ministry.post("/reports", data={"language": "en", "on": DAY})
    assert page.status_code == 303
    (name, *_) = re.findall(r"/reports/([0-9a-z-]+)/report[.]json", ministry.get("/reports").text)
    document = ministry.get(f"/reports/{name}/report.json").json()
    board = ministry.get("/api/v1/board", params={"as_of": DAY}).json()
    assert board["true_on"] == document["true_on"] == DAY
    lines = {one["commitment"]: one for one in board["lines"]}
    assert lines.keys() == {one["commitment"] for one in document["lines"]}
    for one in document["lines"]:
        shown = lines[one["commitment"]]
        assert (one["light"], one["value"], one["target"], one["estimated"]) == (
            shown["light"], shown["value"], shown["target"], shown["estimated"],
        )  # fmt: skip
        assert one["contradictions"] == shown["contradictions"]
    given = ministry.get("/api/v1/exchange/csv").content
    archive = zipfile.ZipFile(io.BytesIO(given))
    text = archive.read("evidence.csv").decode("utf-8-sig")
    rows = {one["record"]: one for one in csv.DictReader(io.StringIO(text))}
    for note in document["notes"]:
        if note["kind"] == "evidence":
            assert float(rows[note["record"]]["value"]) == note["value"]
            assert rows[note["record"]]["basis"] == note["basis"]
