"""What is published can be downloaded in each format, and nothing else."""

import io
import zipfile

import pytest
from tests.service.made import everything

from qamtu.programme.exchange import Format, read_files
from qamtu.programme.records import EvidenceState
from qamtu.service.database.engine import writing
from qamtu.service.records.repository import file_many


@pytest.fixture
def filed(service):
    with writing(service.state.sessions) as session:
        file_many(session, everything())
    return service


def test_each_format_gives_back_what_is_published(filed, client) -> None:
    for form in Format:
        answer = client.get(f"/api/v1/exchange/{form}")
        assert answer.status_code == 200
        if answer.headers["content-type"] == "application/zip":
            archive = zipfile.ZipFile(io.BytesIO(answer.content))
            files = {one: archive.read(one) for one in archive.namelist()}
        else:
            files = {"a.xml": answer.content}
        read = read_files(files)
        assert not read.findings.errors
        assert not read.bundle.comments
        assert all(one.state is EvidenceState.ACCEPTED for one in read.bundle.evidence)
        again = client.get(
            f"/api/v1/exchange/{form}", headers={"If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304
    assert client.get("/api/v1/exchange/xls").status_code == 422


def test_an_empty_service_gives_empty_files(client) -> None:
    for form in Format:
        assert client.get(f"/api/v1/exchange/{form}").status_code == 200
