"""The API of the records: lists, both times, filing, correcting, deciding, by role."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from tests.service import made
from tests.service.conftest import Service

from qamtu.core.spreadsheets import guarded
from qamtu.programme.records import Evidence
from qamtu.service.accounts.current import Principal
from qamtu.service.database.engine import reading, writing
from qamtu.service.policies import allowed
from qamtu.service.records import repository
from qamtu.service.records.rows import KINDS
from qamtu.service.records.rules import resource_of, visible

AsRole = Callable[..., httpx.Client]

EVIDENCE: dict[str, Any] = {
    "commitment": "villages-fibre",
    "kind": "statistic",
    "basis": "observed",
    "value": 41.0,
    "unit": "settlements",
    "scope": "region:north",
    "true_on": "2026-02-01",
    "title": "Counted in the north",
    "source": "akimat",
}


@pytest.fixture(autouse=True)
def filed(service: Service) -> None:
    with writing(service.state.sessions) as session:
        repository.file_many(session, made.everything())


def names(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {one["record"] for one in answer.json()["items"]}


def test_the_public_reads_what_is_published(client: httpx.Client) -> None:
    assert names(client.get("/api/v1/commitments")) == {"villages-fibre", "mobile-5g"}
    assert names(client.get("/api/v1/claims")) == {"villages-said"}
    assert names(client.get("/api/v1/evidence")) == {"villages-counted", "villages-planned"}
    assert names(client.get("/api/v1/comments")) == {"remark"}
    assert len(names(client.get("/api/v1/organisations"))) == 5
    assert client.get("/api/v1/evidence/north-filed").status_code == 404
    assert client.get("/api/v1/evidence/north-filed/history").status_code == 404
    assert client.get("/api/v1/evidence/villages-counted").json()["value"] == 1200.0


def test_each_role_sees_its_own(as_role: AsRole) -> None:
    published = {"villages-counted", "villages-planned"}
    path = "/api/v1/evidence"
    assert names(as_role("akimat", region="north").get(path)) == published | {"north-filed"}
    assert names(as_role("operator", organisation="telecom").get(path)) == published
    everything = published | {"north-filed", "south-filed"}
    for role in ("ministry", "regulator", "auditor", "admin"):
        assert names(as_role(role).get(path)) == everything


def test_nobody_decides_what_they_filed(as_role: AsRole, client: httpx.Client) -> None:
    first, second = as_role("ministry"), as_role("ministry")
    operator = as_role("operator", organisation="telecom")
    regulator = as_role("regulator", organisation="office")
    path, accept = "/api/v1/evidence", {"state": "accepted"}
    country = EVIDENCE | {"scope": "country"}

    def decide(who: httpx.Client, place: str) -> int:
        return who.post(f"{place}/decision", json=accept).status_code

    own = first.post(path, json=country).headers["location"]
    assert [decide(one, own) for one in (first, operator, regulator)] == [403, 403, 403]
    assert decide(second, own) == 200
    assert decide(first, own) == 403  # not even once it is decided
    theirs = operator.post(path, json=country).headers["location"]
    assert [decide(one, theirs) for one in (operator, first, as_role("auditor"))] == [403] * 3
    assert first.put(theirs, json=country | {"value": 43}).status_code == 200
    assert decide(first, theirs) == 403  # whoever corrects it has filed it, too
    assert decide(regulator, theirs) == 200
    shown = client.get(f"{theirs}/history").json()
    assert [one["state"] for one in shown] == ["accepted"]  # what was filed stays private
    assert len(operator.get(f"{theirs}/history").json()) == 3


def test_a_region_speaks_in_its_own_name(as_role: AsRole) -> None:
    akimat = as_role("akimat", region="north")
    operator = as_role("operator", organisation="telecom")
    said = {
        "commitment": "villages-fibre", "value": 5, "said_by": "ministry", "scope": "region:north",
        "said_on": "2026-02-01", "true_on": "2026-01-01",
    }  # fmt: skip
    assert akimat.post("/api/v1/claims", json=said).status_code == 403
    own = said | {"said_by": "akimat-north"}
    assert akimat.post("/api/v1/claims", json=own).status_code == 201
    graded = said | {"said_by": "telecom", "grade": "A"}
    assert operator.post("/api/v1/claims", json=graded).status_code == 422
    theirs = operator.post("/api/v1/evidence", json=EVIDENCE).headers["location"]
    taken = akimat.put(theirs, json=EVIDENCE | {"withdrawn": True})
    assert taken.status_code == 403


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_lists_show_exactly_what_the_policies_let_read(service: Service) -> None:
    with reading(service.state.sessions) as session:
        everything = repository.current(session, Evidence)
        for role in ("admin", "ministry", "akimat", "operator", "regulator", "auditor", "public"):
            for region in (None, "north"):
                for organisation in (None, "telecom", "akimat-south"):
                    who = Principal("me", role, region, organisation)
                    shown = repository.current(session, Evidence, visible(who, Evidence))
                    may = [one for one in everything if allowed(who, "read", resource_of(one))]
                    assert shown == may, (role, region, organisation)


def test_lists_are_filtered_and_paged(client: httpx.Client) -> None:
    assert names(client.get("/api/v1/evidence?basis=planned")) == {"villages-planned"}
    assert names(client.get("/api/v1/evidence?as_of=2026-06-01")) == {"villages-counted"}
    assert names(client.get("/api/v1/commitments?line=mobile")) == {"mobile-5g"}
    first = client.get("/api/v1/organisations?limit=2")
    assert len(first.json()["items"]) == 2
    assert first.links["next"]["url"].startswith("/api/v1/organisations?")
    seen, answer = names(first), first
    while "next" in answer.links:
        answer = client.get(answer.links["next"]["url"])
        seen |= names(answer)
    assert len(seen) == 5
    assert client.get("/api/v1/evidence?basis=hoped").status_code == 422
    assert client.get("/api/v1/evidence?limit=0").status_code == 422


def test_an_unchanged_list_is_not_sent_again(client: httpx.Client, as_role: AsRole) -> None:
    tag = client.get("/api/v1/evidence").headers["etag"]
    assert tag.startswith('W/"')
    again = client.get("/api/v1/evidence", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.content == b""
    ministry = as_role("ministry")
    assert ministry.get("/api/v1/evidence", headers={"If-None-Match": tag}).status_code == 200
    assert ministry.post("/api/v1/evidence", json=EVIDENCE).status_code == 201
    assert client.get("/api/v1/evidence", headers={"If-None-Match": tag}).status_code == 200
    one = client.get("/api/v1/commitments/villages-fibre")
    tag = one.headers["etag"]
    path = "/api/v1/commitments/villages-fibre"
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_evidence_is_filed_decided_corrected_and_read_at_both_times(
    as_role: AsRole, client: httpx.Client
) -> None:
    akimat, ministry = as_role("akimat", region="north"), as_role("ministry")
    filed = akimat.post("/api/v1/evidence", json=EVIDENCE)
    assert filed.status_code == 201, filed.text
    record, path = filed.json()["record"], filed.headers["location"]
    assert filed.json()["filed_by"] == "akimat-north"
    assert filed.json()["state"] == "filed"
    assert client.get(path).status_code == 404
    assert akimat.post(f"{path}/decision", json={"state": "accepted"}).status_code == 403
    decided = ministry.post(f"{path}/decision", json={"state": "accepted", "grade": "B"})
    assert decided.status_code == 200
    assert decided.json()["grade"] == "B"
    known = client.get(path).json()
    assert known["state"] == "accepted"
    stale = akimat.put(path, json=EVIDENCE | {"value": 42}, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    match = {"If-Match": client.get(path).headers["etag"]}
    corrected = akimat.put(path, json=EVIDENCE | {"value": 42}, headers=match)
    assert corrected.status_code == 200, corrected.text
    assert corrected.json()["state"] == "filed"
    assert [one["value"] for one in ministry.get(f"{path}/history").json()] == [41, 41, 42]
    before = client.get(path, params={"known_at": known["learned_at"]})
    assert before.json()["value"] == 41
    assert before.json()["record"] == record
    assert client.get(path).status_code == 404


def test_an_akimat_and_an_operator_write_only_their_own(as_role: AsRole) -> None:
    akimat = as_role("akimat", region="south")
    operator = as_role("operator", organisation="other-telecom")
    assert akimat.post("/api/v1/evidence", json=EVIDENCE).status_code == 403
    assert akimat.put("/api/v1/evidence/north-filed", json=EVIDENCE).status_code == 403
    south = EVIDENCE | {"scope": "region:south"}
    moved = akimat.put("/api/v1/evidence/south-filed", json=EVIDENCE)
    assert moved.status_code == 403
    assert akimat.put("/api/v1/evidence/south-filed", json=south).status_code == 200
    forged = akimat.post("/api/v1/evidence", json=south | {"filed_by": "ministry"})
    assert forged.status_code == 403
    forged = operator.post("/api/v1/evidence", json=EVIDENCE | {"filed_by": "telecom"})
    assert forged.status_code == 403
    assert operator.put("/api/v1/evidence/villages-counted", json=EVIDENCE).status_code == 403
    own = operator.post("/api/v1/evidence", json=EVIDENCE)
    assert own.json()["filed_by"] == "other-telecom"
    best = operator.post("/api/v1/evidence", json=EVIDENCE | {"grade": "A"})
    assert best.status_code == 422
    promise = as_role("akimat", region="north").get("/api/v1/commitments/villages-fibre").json()
    inside = {
        key: promise[key]
        for key in ("area", "line", "kind", "promise", "definition", "metric", "unit", "owner")
    }
    assert operator.put("/api/v1/commitments/villages-fibre", json=inside).status_code == 403


def test_nobody_writes_without_signing_in(client: httpx.Client) -> None:
    answer = client.post("/api/v1/evidence", json=EVIDENCE)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


def test_comments_belong_to_their_authors(as_role: AsRole, client: httpx.Client) -> None:
    auditor, other = as_role("auditor"), as_role("auditor")
    said = auditor.post("/api/v1/comments", json={"about": "villages-fibre", "text": "<b>Why?</b>"})
    assert said.status_code == 201
    path = said.headers["location"]
    body = {"about": "villages-fibre", "text": "Why?"}
    assert other.put(path, json=body).status_code == 403
    assert auditor.put(path, json=body).json()["text"] == "Why?"
    assert client.get(path).json()["text"] == "Why?"
    hidden = auditor.post("/api/v1/comments", json={"about": "north-filed", "text": "Proof?"})
    assert client.get(hidden.headers["location"]).status_code == 404
    assert hidden.json()["record"] not in names(client.get("/api/v1/comments"))
    assert auditor.get(hidden.headers["location"]).status_code == 200


def test_what_is_not_as_described_is_refused_without_repeating_it(as_role: AsRole) -> None:
    ministry = as_role("ministry")
    for change in (
        {"commitment": "none"}, {"title": "a\x00b"}, {"scope": "moon"}, {"unknown": 1},
        {"value": "NaN"}, {"true_on": "yesterday"},
    ):  # fmt: skip
        answer = ministry.post("/api/v1/evidence", json=EVIDENCE | change)
        assert answer.status_code == 422, change
        assert answer.headers["content-type"] == "application/problem+json"
    assert "yesterday" not in answer.text


def test_exports_are_whole_and_run_in_no_spreadsheet(as_role: AsRole) -> None:
    ministry = as_role("ministry")
    evil = EVIDENCE | {"title": '=HYPERLINK("http://x")', "value": -3.5}
    assert ministry.post("/api/v1/evidence", json=evil).status_code == 201
    answer = ministry.get("/api/v1/exports/evidence.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 5
    assert rows[0]["title"] == '\'=HYPERLINK("http://x")'
    assert rows[0]["value"] == "-3.5"
    parquet = ministry.get("/api/v1/exports/evidence.parquet?state=filed")
    table = pq.read_table(io.BytesIO(parquet.content))
    assert table.num_rows == 3
    assert table.column("true_on").to_pylist()[0] == dt.date(2026, 2, 1)
    assert ministry.get("/api/v1/exports/evidence.xls").status_code == 422


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\tx", "\rx", "  =1"])
def test_a_dangerous_cell_is_defused(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert guarded("a=1") == "a=1"
    assert guarded(-1.5) == -1.5


def test_the_board_speaks_of_both_times(client: httpx.Client, as_role: AsRole) -> None:
    lines = {one["commitment"]: one for one in client.get("/api/v1/board").json()["lines"]}
    assert lines["villages-fibre"]["value"] == 1200.0
    assert lines["villages-fibre"]["kept_share"] == pytest.approx(0.1)
    assert lines["mobile-5g"]["light"] == "grey"
    before = client.get("/api/v1/board", params={"known_at": "2026-02-01T00:00:00Z"})
    assert before.json()["lines"] == []
    north = client.get("/api/v1/board?scope=region:north")
    assert north.status_code == 200
    assert client.get("/api/v1/board?scope=region:moon").status_code == 404
    ministry = as_role("ministry")
    ministry.post("/api/v1/evidence/north-filed/decision", json={"state": "accepted"})
    line = client.get("/api/v1/board?scope=region:north").json()["lines"][0]
    assert line["value"] == 40.0


def test_every_kind_has_its_table() -> None:
    assert {name for name, _ in KINDS.values()} == {
        "organisation", "commitment", "claim", "evidence", "comment",
    }  # fmt: skip
