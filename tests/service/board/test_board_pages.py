"""The board's pages on both databases: filters, both times, what the public sees, comments."""

import datetime as dt
import re

import pytest
from tests.service import made

from qamtu.programme.records import EvidenceState
from qamtu.service.board.repository import beliefs
from qamtu.service.database.engine import reading, writing
from qamtu.service.records.repository import file_many

LEARNED = [dt.datetime(2026, month, 1, tzinfo=dt.UTC) for month in (3, 4, 5, 6)]


@pytest.fixture
def filled(service):
    """Four versions of what was known: a count, a newer one, its correction, its withdrawal."""
    _, second, third, fourth = LEARNED
    count = made.evidence("count", value=1300.0, true_on=dt.date(2026, 3, 20), learned_at=second)
    records = [
        *made.everything(),
        count,
        made.evidence("count", id="count-v2", value=1250.0, true_on=dt.date(2026, 3, 20), learned_at=third),
        made.evidence("count", id="count-v3", value=1250.0, true_on=dt.date(2026, 3, 20), learned_at=fourth, withdrawn=True),
        made.evidence("secret", value=2999.0, state=EvidenceState.FILED, title="Not decided", true_on=dt.date(2026, 5, 1)),
    ]  # fmt: skip
    with writing(service.state.sessions) as session:
        file_many(session, records)
    return service


def entries(text):
    return re.findall(r'<a href="/commitments/([^"]+)" lang="\w+">', text)


def test_the_board_shows_each_commitment_and_filters(filled, client):
    page = client.get("/?lang=en").text
    assert sorted(entries(page)) == ["mobile-5g", "villages-fibre"]
    assert "1,200 settlements" in page
    assert "3,000 settlements" in page
    assert entries(client.get("/?light=grey").text) == ["mobile-5g"]
    assert entries(client.get("/?area=none").text) == []
    assert len(entries(client.get("/?light=nonsense&sort=nonsense&true_on=never").text)) == 2
    assert entries(client.get("/?sort=light").text)[-1] == "mobile-5g"


def test_htmx_gets_the_lines_alone(filled, client):
    part = client.get("/?light=grey", headers={"hx-request": "true", "hx-target": "board"}).text
    assert "<html" not in part
    assert entries(part) == ["mobile-5g"]
    assert "hx-request" in client.get("/").headers["vary"].lower()


def test_what_was_believed_when(filled, client):
    with reading(filled.state.sessions) as session:
        found = beliefs(session, "villages-fibre", "country", dt.date(2026, 12, 31))
    assert [(one.value, one.since) for one in found] == [
        (1200.0, LEARNED[3]), (1250.0, LEARNED[2]), (1300.0, LEARNED[1]), (1200.0, made.WHEN),
    ]  # fmt: skip
    for day, value in (
        ("2026-03-02", "1,200"),
        ("2026-04-02", "1,300"),
        ("2026-05-02", "1,250"),
        ("2026-06-02", "1,200"),
    ):
        page = client.get(f"/commitments/villages-fibre?known_at={day}&lang=en").text
        shown = re.search(r"<dt>Shown</dt><dd>.*?<strong>(.*?)</strong>", page, re.DOTALL)[1]
        assert value in shown, day


def test_the_public_sees_accepted_evidence_alone(filled, client, as_role):
    page = client.get("/commitments/villages-fibre?lang=en").text
    assert "Count of villages" in page
    assert "Not decided" not in page
    assert "2,999" not in page
    assert "Not decided" in as_role("ministry").get("/commitments/villages-fibre").text
    assert "/api/figures/villages-counted.json" in page


def test_texts_of_records_are_never_markup(filled, client):
    with writing(filled.state.sessions) as session:
        file_many(
            session,
            [
                made.commitment("x", promise={"en": "<script>alert(1)</script>"}),
                made.evidence("x1", commitment="x", title="<img onerror=x>", source='"><b>'),
            ],
        )
    for path in ("/?lang=en", "/commitments/x?lang=en"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "><b>" not in page


def test_comments_are_the_auditor_s(filled, client, as_role):
    path = "/commitments/villages-fibre/comments"
    assert client.post(path, data={"text": "no"}).status_code in {401, 403}
    assert as_role("operator").post(path, data={"text": "no"}).status_code == 403
    auditor = as_role("auditor")
    assert auditor.post(path, data={"text": "   "}).status_code == 422
    assert auditor.post("/commitments/none/comments", data={"text": "x"}).status_code == 404
    answer = auditor.post(path, data={"text": "Whose count?"})
    assert answer.status_code == 303
    assert "Whose count?" in client.get("/commitments/villages-fibre").text


def test_pages_of_evidence_are_turned(filled, client):
    many = [
        made.evidence(f"n{i}", title=f"Number {i}", true_on=dt.date(2025, 1, 1)) for i in range(40)
    ]
    with writing(filled.state.sessions) as session:
        file_many(session, many)
    first = client.get("/commitments/villages-fibre?lang=en").text
    older = re.search(r'href="(/commitments/villages-fibre[^"]*before=\d+)', first)[1].replace(
        "&amp;", "&"
    )
    second = client.get(older).text
    assert "Number 39" in first
    assert "Number 0<" not in first
    assert "Number 0<" in second
    assert "Number 39" not in second


def test_a_region_sees_what_it_owes_and_what_is_planned(filled, client):
    akimats = made.commitment("land", owner="akimat-north", kind="duty", unit="share", target=1.0)
    north = made.evidence(
        "land-north", commitment="land", unit="share", value=0.4, scope="region:KAZ001"
    )
    with writing(filled.state.sessions) as session:
        file_many(
            session,
            [
                made.Organisation("akimat-north", {"en": "Akimat of North"}, "akimat", "KAZ001"),
                akimats,
                north,
            ],
        )
    page = client.get("/regions/KAZ001?lang=en").text
    assert "Akimat of North" in page
    assert "land" in entries(page)
    assert "40%" in page
    assert "land" not in entries(client.get("/regions/KAZ002?lang=en").text)
    assert client.get("/regions/none", headers={"accept": "text/html"}).status_code == 404
    assert client.get("/regions").text.count('<th scope="row">') == 20


def test_a_page_that_did_not_change_is_not_sent_again(filled, client):
    tag = client.get("/").headers["etag"]
    assert client.get("/", headers={"if-none-match": tag}).status_code == 304
    with writing(filled.state.sessions) as session:
        file_many(session, [made.evidence("newer", value=2500.0, true_on=dt.date(2026, 6, 1))])
    assert client.get("/", headers={"if-none-match": tag}).status_code == 200
