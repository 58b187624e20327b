import datetime as dt

from qamtu.programme.records import Commitment, EvidenceState
from qamtu.service.database.engine import reading, writing
from qamtu.service.records import repository as records

COMMITMENT = Commitment(
    id="c1-1", record="c1", learned_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    area="connectivity", line="villages", kind="target", promise={"en": "Villages <b>served</b>"},
    definition={"en": "d"}, metric="m", unit="share", target=1.0, owner="ministry",
)  # fmt: skip
HEAD = "commitment,scope,value,unit,true_on,basis,source\n"
EN = {"accept-language": "en"}


def prepared(service):
    with writing(service.state.sessions) as session:
        records.file_commitment(session, COMMITMENT)


def csrf(client, path="/uploads"):
    return client.get(path).text.split('name="csrf_token" value="')[1].split('"')[0]


def upload(client, content, name="m.csv", purpose="measurements"):
    data = {"csrf_token": csrf(client), "purpose": purpose}
    return client.post("/uploads", data=data, files={"file": (name, content)}, headers=EN)


def evidence(service, state=None):
    with reading(service.state.sessions) as session:
        return records.evidence_page(session, state=state).rows


def test_a_table_is_checked_filed_and_decided(as_role, service, client):
    prepared(service)
    akimat = as_role("akimat", region="KAZ001")
    good = HEAD + "c1,region:KAZ001,0.5,share,2026-01-31,observed,=HYPERLINK(1)\n"
    place = upload(akimat, good).headers["location"]
    page = akimat.get(place, headers=EN).text
    assert "1 row can be filed" in page
    token = csrf(akimat)
    assert akimat.post(f"{place}/file", data={"csrf_token": token}).status_code == 303
    assert akimat.post(f"{place}/file", data={"csrf_token": token}).status_code == 409
    [filed] = evidence(service, EvidenceState.FILED)
    assert (filed.record.value, filed.record.grade.value) == (0.5, "C")
    [digest] = filed.record.files.values()
    assert client.get(f"/documents/{digest}").status_code == 404  # nothing is decided yet
    assert as_role("akimat", region="KAZ002").get(f"/documents/{digest}").status_code == 404
    record = filed.record.record
    token = csrf(akimat)
    assert akimat.get("/review").status_code == 403
    refused = akimat.post(f"/review/{record}", data={"csrf_token": token, "decision": "accept"})
    assert refused.status_code == 403
    assert (
        akimat.post(f"/evidence/{record}/withdraw", data={"csrf_token": token}).status_code == 303
    )
    assert evidence(service) == ()
    assert akimat.post(f"/evidence/{record}/restore", data={"csrf_token": token}).status_code == 303
    ministry = as_role("ministry", organisation="ministry")
    assert record in ministry.get("/review").text
    decision = {"csrf_token": csrf(ministry), "decision": "accept", "grade": "B"}
    assert ministry.post(f"/review/{record}", data=decision).status_code == 303
    [accepted] = evidence(service, EvidenceState.ACCEPTED)
    assert (accepted.record.grade.value, accepted.number) == ("B", 4)
    assert (
        akimat.post(f"/evidence/{record}/withdraw", data={"csrf_token": token}).status_code == 409
    )
    assert ministry.post(f"/review/{record}", data=decision).status_code == 409
    sent = client.get(f"/documents/{digest}")
    assert sent.headers["content-disposition"].startswith("attachment")
    assert sent.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in sent.headers["content-security-policy"]


def test_all_findings_are_shown_by_row_and_field_and_nothing_is_filed(as_role, service):
    prepared(service)
    akimat = as_role("akimat", region="KAZ001")
    rows = (
        "none,region:KAZ001,1,share,2026-01-31,observed,s\n"
        "c1,region:KAZ002,0.5,share,2026-01-31,observed,s\n"
        "c1,country,0.5,share,2026-01-31,observed,s\n"
        "c1,region:KAZ001,95,%,2999-01-01,planned,s\n"
        "c1,region:KAZ001,x,share,31.01.2026,observed,s\n"
        "c1,moon,0.5,share,2026-01-31,observed,\n"
        "c1,region:KAZ001,0.4,share,2026-02-28,observed,s\n"
        "c1,region:KAZ001,0.5,share,2026-02-28,observed,s\n"
    )
    place = upload(akimat, HEAD + rows).headers["location"]
    found = akimat.get(f"/api/v1{place}/check").json()
    said = {(one["row"], one["field"], one["id"]) for one in found["findings"]}
    assert not found["good"]
    assert said >= {
        (2, "commitment", "commitment-unknown"), (3, "scope", "scope-not-yours"),
        (4, "scope", "scope-not-yours"), (5, "unit", "unit-other"), (5, "true_on", "day-outside"),
        (5, "basis", "value-unreadable"), (6, "value", "value-unreadable"),
        (6, "true_on", "day-unreadable"), (7, "scope", "scope-unknown"),
        (7, "source", "value-missing"), (9, "commitment", "row-twice"),
    }  # fmt: skip
    assert (5, "value", "share-outside") in said
    answer = akimat.post(f"{place}/file", data={"csrf_token": csrf(akimat)})
    assert answer.status_code == 422
    assert evidence(service) == ()
    table = akimat.get(f"{place}/findings.csv")
    assert table.headers["content-type"].startswith("text/csv")
    unreadable = upload(akimat, b"%PDF-1.7\n", "x.pdf")
    assert akimat.get(unreadable.headers["location"]).status_code == 200


def test_one_piece_of_evidence_with_its_document(as_role, service):
    prepared(service)
    operator = as_role("operator", organisation="telecom")
    form = {
        "csrf_token": csrf(operator), "commitment": "c1", "kind": "measure", "basis": "observed",
        "value": "0,75", "scope": "country", "true_on": "2026-03-31",
        "title": "<script>alert(1)</script>", "source": "own & measured",
    }  # fmt: skip
    files = {"document": ("../../<img src=x>.pdf", b"%PDF-1.7\n")}
    assert operator.post("/file-evidence", data=form, files=files).status_code == 303
    [filed] = evidence(service)
    assert (filed.record.value, filed.record.filed_by) == (0.75, "telecom")
    assert list(filed.record.files) == ["_img src=x_.pdf"]
    page = operator.get("/uploads", headers=EN).text
    assert "<script>alert" not in page
    assert "Villages &lt;b&gt;served" in page
    other = as_role("operator", organisation="other")
    assert filed.record.record not in other.get("/uploads").text
    token = {"csrf_token": csrf(other)}
    refused = other.post(f"/evidence/{filed.record.record}/withdraw", data=token)
    assert refused.status_code in {403, 404}
    ministry = as_role("ministry", organisation="ministry")
    assert "<script>alert" not in ministry.get("/review").text
    for wrong in ({"value": "x"}, {"true_on": "2999-01-01"}, {"basis": "planned"}, {"title": ""}):
        assert operator.post("/file-evidence", data={**form, **wrong}).status_code == 422
    assert operator.post("/file-evidence", data={**form, "value": ""}).status_code == 422
    assert operator.post("/file-evidence", data={**form, "commitment": "no"}).status_code == 404
    akimat = as_role("akimat", region="KAZ001")
    foreign = {**form, "csrf_token": csrf(akimat), "scope": "region:KAZ002"}
    assert akimat.post("/file-evidence", data=foreign).status_code == 403


def test_uploads_are_refused_by_type_size_right_and_missing_token(as_role, client, service):
    operator = as_role("operator", organisation="telecom")
    assert upload(operator, b"<html>", "x.pdf").status_code == 422
    assert upload(operator, b"MZ", "x.csv", "document").status_code == 422
    token = operator.headers.pop("x-csrf-token")
    assert operator.post("/uploads", data={"purpose": "document"}).status_code == 403
    operator.headers["x-csrf-token"] = token
    limit = service.settings.upload_limit_bytes
    headers = {"x-csrf-token": csrf(operator)}
    asked = "/api/v1/uploads?name=a.csv"

    def endless():
        for _ in range(limit // 2**20 + 3):
            yield b"a,b\n" * 2**18

    announced = {**headers, "content-length": str(limit + 2**21)}
    assert operator.post(asked, content=b"", headers=announced).status_code == 413
    assert operator.post(asked, content=endless(), headers=headers).status_code == 413
    assert list((service.settings.data / "documents" / "coming").iterdir()) == []
    kept = operator.post(asked, content=b"a,b\n1,2\n", headers=headers)
    assert kept.status_code == 201
    for reader in (client, as_role("operator", organisation="other")):
        assert reader.get(f"/api/v1/documents/{kept.json()['sha256']}").status_code == 404
    for path in ("..%2f..%2fqamtu.sqlite", "../../x", "0" * 63):
        assert operator.get(f"/documents/{path}").status_code in {404, 422}
    assert client.get("/api/v1/uploads").status_code == 401
    assert as_role("auditor").post(asked, content=b"x", headers=headers).status_code == 403


def test_the_page_of_decisions_keeps_four_eyes(as_role, service):
    prepared(service)
    operator = as_role("operator", organisation="telecom")
    good = HEAD + "c1,country,0.5,share,2026-01-31,observed,measured\n"
    place = upload(operator, good).headers["location"]
    assert operator.post(f"{place}/file", data={"csrf_token": csrf(operator)}).status_code == 303
    record = evidence(service, EvidenceState.FILED)[0].record.record
    ministry, regulator = as_role("ministry"), as_role("regulator")
    page = ministry.get("/review", headers=EN).text
    assert "An operator filed this" in page
    assert f'action="/review/{record}"' not in page
    decision = {"csrf_token": csrf(ministry), "decision": "accept", "grade": "B"}
    assert ministry.post(f"/review/{record}", data=decision).status_code == 403
    assert f'action="/review/{record}"' in regulator.get("/review").text
    decision["csrf_token"] = csrf(regulator)
    assert regulator.post(f"/review/{record}", data=decision).status_code == 303
