"""The start of the service: settings, the programme loaded once, one command that serves."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from tests.service import made
from tests.service.conftest import Service

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.progress import silent
from qamtu.programme.load import Programme
from qamtu.programme.records import Commitment
from qamtu.service.database.engine import reading, writing
from qamtu.service.log import repository as log
from qamtu.service.records import repository
from qamtu.service.settings import Settings
from qamtu.service.start.configure import read_settings
from qamtu.service.start.prepare import load_programme, prepare

_MAIN = "from qamtu.cli.main import main; main()"
PROGRAMME = Programme((made.commitment(),), tuple(made.organisations()), (made.claim(),))


def test_a_start_loads_the_pack_and_a_second_one_changes_nothing(
    service: Service, tmp_path: Path
) -> None:
    wrong = tmp_path / "out" / "mobile"
    wrong.mkdir(parents=True)
    (wrong / "summary.json").write_text("{}")
    first = prepare(service.state, tmp_path / "out", silent)
    assert first.written > 40
    assert first.code is not None
    assert [folder.name for folder, _reason in first.refused] == ["mobile"]
    with reading(service.state.sessions) as session:
        size = log.size(session)
        assert len(repository.current(session, Commitment)) == 40
    second = prepare(service.state, None, silent)
    assert second.written == 0
    assert second.code != first.code
    with reading(service.state.sessions) as session:
        assert log.size(session) == size


def test_only_what_changed_becomes_a_version(service: Service) -> None:
    with writing(service.state.sessions) as session:
        assert load_programme(session, PROGRAMME) == 7
        assert load_programme(session, PROGRAMME) == 0
    changed = replace(PROGRAMME, commitments=(made.commitment(target=3200.0),))
    with writing(service.state.sessions) as session:
        assert load_programme(session, changed) == 1
        assert load_programme(session, changed) == 0
    with reading(service.state.sessions) as session:
        versions = repository.history(session, Commitment, "villages-fibre")
    assert [one.record.target for one in versions] == [3000.0, 3200.0]


def test_what_a_person_corrected_stays(service: Service) -> None:
    with writing(service.state.sessions) as session:
        load_programme(session, PROGRAMME)
        repository.file_commitment(session, made.commitment(id="v2", target=2500.0), by="someone")
    with writing(service.state.sessions) as session:
        assert load_programme(session, PROGRAMME) == 0
    with reading(service.state.sessions) as session:
        found = repository.find(session, Commitment, "villages-fibre")
    assert found is not None
    assert found.record.target == 2500.0


def test_settings_come_from_file_environment_and_options(tmp_path: Path) -> None:
    file = tmp_path / "service.toml"
    file.write_text(
        'data = "kept"\npublic_url = "https://a.example"\ntrusted_proxies = ["10.0.0.0/8"]\n'
        'workers = 2\n[[oidc]]\nname = "State"\nissuer = "https://id.example"\n'
        'client_id = "qamtu"\nclient_secret = "hush"\n'
    )
    settings = read_settings(file, {"QAMTU_WORKERS": "3", "QAMTU_SECRET": "s"}, {"pack": "x"})
    assert settings == Settings(
        data=Path("kept"), public_url="https://a.example", trusted_proxies=("10.0.0.0/8",),
        workers=3, secret="s", pack="x", oidc=settings.oidc,
    )  # fmt: skip
    assert settings.oidc[0].client_secret == "hush"
    assert "hush" not in repr(settings)
    assert settings.secure


@pytest.mark.parametrize(
    "text",
    ["colour = 1", "pack = 1", "workers = 0", 'trusted_proxies = "10.0.0.1"', "oidc = [{}]", "["],
)
def test_settings_that_cannot_be_used_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "service.toml"
    file.write_text(text)
    with pytest.raises(InputError) as refused:
        read_settings(file, {}, {"data": "x"})
    assert refused.value.findings
    with pytest.raises(MissingInput):
        read_settings(tmp_path / "none.toml", {}, {"data": "x"})


@pytest.mark.parametrize("workers", [1, 2])
def test_one_command_serves_and_ends_in_peace(tmp_path: Path, workers: int) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("QAMTU_")}
    process = subprocess.Popen(
        [
            sys.executable, "-c", _MAIN, "serve", "--data", tmp_path / "data", "--port", "0",
            "--plans", tmp_path, "--workers", str(workers), "--no-jobs",
        ],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = ""
        while not address:
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            address = found.group() if found else ""
        process.stdout.readline()
        link = process.stdout.readline()
        assert re.fullmatch(rf"{address}/first-run#[\w-]+", link.strip())
        with httpx.Client(base_url=address, timeout=30) as client:
            assert _healthy(client) == "ok"
            assert len(client.get("/api/v1/commitments").json()["items"]) == 40
            assert "qamtu_requests_total" in client.get("/metrics").text
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert "stopped" in said
    assert "first-run#" not in said


def test_a_port_in_use_is_said(qamtu, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = qamtu("serve", "--data", tmp_path, "--port", taken.getsockname()[1])
    assert said.code == 1
    assert "is in use" in said.err


def test_help_has_examples(qamtu) -> None:
    said = qamtu("serve", "--help")
    assert said.code == 0
    assert "qamtu serve --database postgresql://" in said.out


def _healthy(client: httpx.Client) -> str:
    end = time.monotonic() + 120
    while True:
        try:
            return str(client.get("/healthz").json()["status"])
        except httpx.TransportError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
