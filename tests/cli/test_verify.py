"""`qamtu verify` from the command line: proved, changed, and with what an auditor brings along."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typer.testing import CliRunner

from qamtu.cli.main import app
from qamtu.core.errors import InputError, MissingInput
from qamtu.programme.log.figure import render
from tests.programme.log.made_figure import KEY, OTHER_KEY, made


@pytest.fixture
def folder(tmp_path):
    """A figure, the log's key, a stranger's key, and a document the evidence rests on."""
    document = tmp_path / "count.pdf"
    document.write_bytes(b"a count")
    files = {"count.pdf": hashlib.sha256(b"a count").hexdigest()}
    (tmp_path / "FIGURE.json").write_bytes(render(made(files=files)))
    for name, key in (("head.pub", KEY), ("other.pub", OTHER_KEY)):
        pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (tmp_path / name).write_bytes(pem)
    return tmp_path


def run(folder, *arguments):
    words = ["verify", str(folder / "FIGURE.json")]
    words += [a if a.startswith("--") else str(folder / a) for a in arguments]
    return CliRunner().invoke(app, words, env={"COLUMNS": "300"})


def test_a_proved_figure(folder):
    result = run(
        folder, "--key", "other.pub", "--key", "head.pub", "--document", "count.pdf", "--strict"
    )
    assert result.exit_code == 0, result.output
    assert "proved: 1200.5 settlements (observed, country, 2026-01-01)" in result.output
    assert "evidence counted (grade B), entry 8 of 11 of the log" in result.output


def test_without_a_key_it_says_what_is_missing(folder):
    result = run(folder)
    assert result.exit_code == 0
    assert "agrees with itself: 1200.5" in result.output
    assert "no trusted key was given" in result.output
    assert isinstance(run(folder, "--strict").exception, InputError)


def test_a_changed_figure_ends_with_the_change_named(folder):
    path = folder / "FIGURE.json"
    path.write_bytes(
        path.read_bytes().replace(b'"speed_down_mbps": "100"', b'"speed_down_mbps": "10"')
    )
    error = run(folder, "--key", "head.pub").exception
    assert isinstance(error, InputError)
    assert error.exit_code == 2
    assert "evidence.parameters is not what the log holds the hash of" in str(error)


def test_what_is_brought_along_is_judged(folder):
    (folder / "count.pdf").write_bytes(b"another count")
    error = run(folder, "--key", "head.pub", "--document", "count.pdf").exception
    assert "figure-document" in str(error)
    assert isinstance(run(folder, "--key", "absent.pub").exception, MissingInput)
    assert isinstance(run(folder, "--tsa", "count.pdf").exception, InputError)
