"""Reports of a service: who makes them, what is filed, and an auditor's way from print to proof."""

import hashlib
import io
import json
import zipfile

from tests.service.made import everything

from qamtu.programme.log import entry_of
from qamtu.programme.log.figure import verify
from qamtu.service.database.engine import reading, writing
from qamtu.service.log import repository as log
from qamtu.service.log.keys import load_key, public_pem
from qamtu.service.records.repository import file_many
from qamtu.service.reports import repository

DAY = "2026-06-01"


def filed(service) -> None:
    with writing(service.state.sessions) as session:
        file_many(session, everything())


def made(service, client, language: str = "en", on: str = DAY) -> repository.Report:
    answer = client.post("/reports", data={"language": language, "on": on})
    assert answer.status_code == 303, answer.text
    with reading(service.state.sessions) as session:
        return repository.reports(session)[0]


def test_an_auditor_follows_a_number_to_its_proof(service, as_role, qamtu, tmp_path) -> None:
    filed(service)
    report = made(service, as_role("ministry"))
    reader = as_role("public")
    archive = zipfile.ZipFile(io.BytesIO(reader.get(f"/reports/{report.id}/all.zip").content))
    archive.extractall(tmp_path)
    document = json.loads((tmp_path / "report.json").read_text())
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")

    line = next(one for one in document["lines"] if one["basis"] in {"observed", "estimated"})
    sentence = next(
        one for one in line["sentences"] if one["text"].startswith(("Shown by", "Estimated"))
    )
    note = document["notes"][sentence["notes"][0] - 1]
    assert note["value"] == line["value"]
    figure = tmp_path / note["figure"]
    key = load_key(service.settings.data)
    assert not verify(figure, [key.public_key()])
    shown = json.loads(figure.read_text())
    assert shown["shown"]["value"] == line["value"]
    assert shown["evidence"]["index"] == note["log_index"]

    (tmp_path / "head.pub").write_bytes(public_pem(key))
    said = qamtu("verify", figure, "--key", tmp_path / "head.pub")
    assert said.code == 0, said.text
    assert "proved" in said.text
    changed = figure.read_text().replace(f'"value": {line["value"]}', '"value": 999999.0')
    assert changed != figure.read_text()
    figure.write_text(changed)
    assert qamtu("verify", figure, "--key", tmp_path / "head.pub").code == 2


def test_the_files_are_in_the_log_by_their_hash(service, as_role) -> None:
    filed(service)
    client = as_role("ministry")
    report = made(service, client, "kk")
    for name, digest in report.files.items():
        content = client.get(f"/reports/{report.id}/{name}").content
        assert hashlib.sha256(content).hexdigest() == digest
    content = {"files": dict(report.files), "language": "kk", "true_on": DAY}
    with reading(service.state.sessions) as session:
        ((_, entry),) = log.entries(session, report.log_index, 1)
    assert entry == entry_of("report", report.id, report.id, content, report.made_at)


def test_the_next_report_says_what_changed(service, as_role) -> None:
    filed(service)
    client = as_role("ministry")
    made(service, client, "ru")
    second = made(service, client, "en")
    document = client.get(f"/reports/{second.id}/report.json").json()
    assert "No light and no value changed." in document["differences"]["sentences"]


def test_only_those_who_may_make_a_report(service, as_role) -> None:
    for role in ("public", "auditor", "akimat", "operator", "regulator"):
        client = as_role(role)
        assert client.post("/reports", data={"language": "en"}).status_code in {401, 403}
        assert "<form" not in client.get("/reports").text.partition("<main")[2]
    with reading(service.state.sessions) as session:
        assert not repository.reports(session)


def test_wrong_forms_and_foreign_paths_are_refused(service, as_role) -> None:
    client = as_role("ministry")
    for data in (
        {"language": "xx"},
        {"language": "en", "on": "x"},
        {"language": "en", "on": "2999-01-01"},
    ):
        answer = client.post("/reports", data=data)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    report = made(service, client)
    for name in ("../../keys/key.pem", "..%2f..%2fqamtu.sqlite", "report.exe"):
        assert client.get(f"/reports/{report.id}/{name}").status_code == 404
    assert client.get("/reports/none/report.pdf").status_code == 404


def test_the_page_lists_the_reports(service, as_role) -> None:
    report = made(service, as_role("ministry"))
    text = as_role("public").get("/reports?lang=kk").text
    assert f"/reports/{report.id}/report.pdf" in text
    assert "Үкімет отырысына арналған есептер" in text
    answer = as_role("public").get(f"/reports/{report.id}/report.html")
    assert "attachment" in answer.headers["content-disposition"]
