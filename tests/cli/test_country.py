"""`qamtu country`, the helps and the version."""

from __future__ import annotations

import pandas as pd
import pytest

from qamtu import __version__
from tests import madeland as made
from tests.connectivity.villages.made import made_settlements


def test_the_version(qamtu) -> None:
    said = qamtu("--version")
    assert (said.code, said.out.strip()) == (0, f"qamtu {__version__}")


@pytest.mark.parametrize(
    ("words", "example"),
    [
        (["plan"], "qamtu plan kz --out"),
        (["explain"], "qamtu explain"),
        (["country", "build"], "qamtu country build kz"),
        (["country", "check"], "qamtu country check kz"),
        (["country", "init"], "qamtu country init my-country"),
        (["country", "list"], "qamtu country list"),
        (["country", "sources"], "qamtu country sources kz"),
    ],
)
def test_every_verb_has_help_with_an_example(qamtu, words, example) -> None:
    said = qamtu(*words, "--help")
    assert said.code == 0
    assert "Example" in said.text
    assert example in said.text.split("Example", 1)[1]


def test_the_help_documents_the_exit_codes(qamtu) -> None:
    said = qamtu("--help")
    for code in ("2 findings", "3 a file", "4 something", "5 no plan", "6 the disk", "130"):
        assert code in said.text


@pytest.mark.parametrize("words", [["fly"], ["plan"], ["plan", "kz"], ["plan", "kz", "--wings"]])
def test_a_wrong_word_ends_with_the_usage(qamtu, words) -> None:
    said = qamtu(*words)
    assert said.code == 2
    assert "Usage" in said.err


def test_packs_and_sources_are_listed(qamtu) -> None:
    said = qamtu("country", "list")
    assert said.code == 0
    assert "kz" in said.out
    said = qamtu("country", "sources", "kz")
    assert said.code == 0
    assert "licence" in said.out
    assert len(said.out.splitlines()) > 5


def test_a_good_pack_passes_the_check(qamtu, madeland) -> None:
    said = qamtu("country", "check", madeland)
    assert said.code == 0, said.text
    assert "0 error" in said.out


def test_the_check_tells_of_files_and_writes_its_findings(qamtu, madeland, tmp_path) -> None:
    good, bad = tmp_path / "settlements_good.csv", tmp_path / "settlements_bad.csv"
    made.write_settlements(good, made_settlements(5, seed=3))
    assert qamtu("country", "check", madeland, good).code == 0
    bad.write_text("settlement_id,lat,lon,population\nx,50.5,60.5,-3\nx,60.5,50.5,9\n")
    report = tmp_path / "findings.csv"
    said = qamtu("country", "check", madeland, good, bad, "--findings", report)
    assert said.code == 2
    table = pd.read_csv(report)
    assert {"id-duplicate", "population-negative", "coordinate-swapped"} <= set(table["id"])
    assert table["mend"].notna().all()
    before = report.read_bytes()
    assert qamtu("country", "check", madeland, bad, "--findings", report).code == 4
    assert report.read_bytes() == before
    assert qamtu("country", "check", madeland, bad, "--findings", report, "--overwrite").code == 2


def test_a_pack_is_begun_and_not_begun_over(qamtu, tmp_path) -> None:
    folder = tmp_path / "mine"
    said = qamtu("country", "init", folder, "--code", "mi", "--currency", "EUR")
    assert said.code == 0
    assert "qamtu country check" in said.text
    (folder / "settlements.csv").write_text("my work\n")
    assert qamtu("country", "init", folder).code == 4
    assert (folder / "settlements.csv").read_text() == "my work\n"
    assert qamtu("country", "init", folder, "--overwrite").code == 0
    assert qamtu("country", "check", folder).code == 3


def test_a_build_without_sources_says_so(qamtu, tmp_path) -> None:
    said = qamtu("country", "build", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert said.code == 3
    assert "error" in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_changes_is_known_by_its_header(qamtu, madeland, tmp_path) -> None:
    places = pd.read_csv(madeland / "settlements.csv")
    mine = tmp_path / "mine.csv"
    places[["settlement_id"]].head(3).assign(has_fibre="true").to_csv(mine, index=False)
    said = qamtu("country", "check", madeland, mine)
    assert said.code == 0, said.text
    assert "column-missing" not in said.text
