"""`qamtu report` and `qamtu exchange` from words to files, on the pack of Kazakhstan."""

import json

import pytest


def test_a_report_without_a_service_says_that_nothing_is_proven(qamtu, tmp_path) -> None:
    out = tmp_path / "report"
    said = qamtu("report", "kz", "--lang", "kk", "--on", "2026-11-23", "--out", out)
    assert said.code == 0, said.text
    assert sorted(one.name for one in out.iterdir()) == ["report.html", "report.json", "report.pdf"]
    document = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert len(document["lines"]) == 40
    assert [one["id"] for one in document["areas"]] == [
        "connectivity", "security", "economy", "govtech", "ai", "programme",
    ]  # fmt: skip
    assert document["proof"]["steps"] == []
    assert qamtu("report", "kz", "--out", out).code == 4


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--lang", "xx"), 2),
        (("--data", "nowhere"), 3),
        (("--plan", "nowhere"), 3),
        (("--records", "nowhere"), 3),
        (("--previous", "nowhere"), 3),
    ],
)
def test_wrong_words_are_told(qamtu, tmp_path, words, code) -> None:
    assert qamtu("report", "kz", "--out", tmp_path / "report", *words).code == code
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize("form", ["csv", "sdmx-ml"])
def test_what_is_exported_is_read_back(qamtu, tmp_path, form) -> None:
    out = tmp_path / "records"
    said = qamtu("exchange", "export", "kz", "--format", form, "--out", out)
    assert said.code == 0, said.text
    read = qamtu("exchange", "read", out)
    assert read.code == 0, read.text
    assert "claims" in read.text
    if form == "csv":
        assert "40 commitments" in read.text


def test_a_broken_file_is_told_with_its_row(qamtu, tmp_path) -> None:
    (tmp_path / "claims.csv").write_text("id,record\n1,1\n", encoding="utf-8")
    read = qamtu("exchange", "read", tmp_path / "claims.csv")
    assert read.code == 2
    assert "exchange-column-missing" in read.text
