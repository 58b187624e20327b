"""`qamtu programme` from words to a table, a CSV file and an exit code."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from qamtu.programme.exchange import Bundle, Format, Heading, write_files
from tests.programme.made import evidence


@pytest.fixture
def records(tmp_path):
    """Write evidence as a folder of CSV files."""
    filed = (
        evidence("mobile.cities", 21.0, dt.date(2026, 6, 1), unit="cities"),
        evidence("villages.fibre", 40.0, dt.date(2026, 6, 1), scope="region:KAZ001"),
    )
    written = write_files(Bundle(evidence=filed), Format.CSV, Heading("KZ", "KZ-1"),
                          dt.datetime(2026, 6, 2, tzinfo=dt.UTC))  # fmt: skip
    folder = tmp_path / "export"
    folder.mkdir()
    for name, content in written.files.items():
        (folder / name).write_bytes(content)
    return folder


def test_the_board_is_shown_and_written(qamtu, tmp_path) -> None:
    out = tmp_path / "board.csv"
    said = qamtu("programme", "board", "kz", "--as-of", "2026-12-01", "--known-at", "2026-12-01",
                 "--csv", out)  # fmt: skip
    assert said.code == 0, said.text
    assert "(20 cities)" in said.out
    assert "40 grey" in said.out
    with out.open(encoding="utf-8", newline="") as stream:
        rows = {row["commitment"]: row for row in csv.DictReader(stream)}
    assert len(rows) == 40
    assert (rows["hub.foreign"]["value"], rows["hub.foreign"]["grade"]) == ("0.25", "C")
    assert "ratio-target" in rows["lastmile.people"]["contradictions"]
    again = qamtu("programme", "board", "kz", "--csv", out)
    assert again.code == 4


def test_records_are_added(qamtu, records) -> None:
    args = ("--known-at", "2026-12-01", "--records", records)
    said = qamtu("programme", "board", "kz", *args, "--as-of", "2026-12-01")
    assert said.code == 0, said.text
    assert "1 green" in said.out
    assert "Kept: 21 cities against 20 cities promised." in said.out
    region = qamtu("programme", "board", "kz", *args, "--region", "KAZ001")
    assert "40 settlements" in region.out
    assert qamtu("programme", "board", "kz", *args, "--region", "KAZ999").code == 2


def test_the_board_of_an_earlier_moment_knows_less(qamtu) -> None:
    said = qamtu("programme", "board", "kz", "--known-at", "2026-01-01")
    assert "0 green, 0 amber, 0 red, 0 grey" in said.out


def test_contradictions_are_told_and_end_with_two(qamtu) -> None:
    said = qamtu("programme", "check", "kz", "--as-of", "2026-12-01", "--known-at", "2026-12-01")
    assert said.code == 2
    assert "6.25 people a household" in said.out
    assert "nearly 1 million" in said.out


def test_what_is_not_there_is_told(qamtu, madeland, tmp_path) -> None:
    assert qamtu("programme", "board", madeland).code == 3
    assert qamtu("programme", "board", "kz", "--records", tmp_path / "nothing").code == 3
    assert qamtu("programme", "board", "kz", "--as-of", "soon").code == 2


@pytest.mark.parametrize("verb", ["board", "check"])
def test_the_helps_have_examples(qamtu, verb) -> None:
    said = qamtu("programme", verb, "--help")
    assert f"qamtu programme {verb} kz" in said.text.split("Example", 1)[1]
