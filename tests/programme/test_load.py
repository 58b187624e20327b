"""Kazakhstan's 40 commitments as records, held against the promises as obtained."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from qamtu.country import load_pack
from qamtu.country.programme import read_programme
from qamtu.programme.board import Light, assemble, assemble_regions
from qamtu.programme.load import Programme, from_tables
from qamtu.programme.records import Direction, Grade

RAW = Path(__file__).parents[2] / "packs" / "kz" / "sources" / "commitments.csv"
LANGUAGES = {"en", "ru", "kk"}


@pytest.fixture(scope="module")
def programme() -> Programme:
    return from_tables(*read_programme(load_pack("kz")))


@pytest.fixture(scope="module")
def raw() -> dict[str, dict[str, str]]:
    with RAW.open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def board(programme):
    return assemble(
        programme.commitments, programme.claims, (), true_on=dt.date(2026, 12, 1),
        known_at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC), organisations=programme.organisations,
        ratios=programme.ratios,
    )  # fmt: skip


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def test_all_40_load_with_the_numbers_given(programme, raw) -> None:
    assert [c.record for c in programme.commitments] == list(raw)
    assert len(raw) == 40
    for c in programme.commitments:
        row = raw[c.record]
        assert (c.area, c.line, c.kind, c.metric, c.unit) == (
            row["area"], row["line"], row["kind"], row["metric"], row["unit"],
        )  # fmt: skip
        assert c.target == number(row["target"])
        assert c.target_text == ("" if c.target is not None else row["target"])
        assert (c.due.isoformat() if c.due else "") == row["due"]
        assert c.promise["en"] == row["promise"]
        assert c.note.get("en", "") == row["note"]


def test_what_was_reported_is_claimed_at_grade_c_or_d(programme, raw) -> None:
    claims = {c.commitment: c for c in programme.claims}
    assert len(claims) == len(programme.claims)
    for record, row in raw.items():
        if row["reported"]:
            claim = claims[record]
            assert claim.value == number(row["reported"])
        if row["kind"] == "status":
            assert record in claims
    assert {c.grade for c in programme.claims} == {Grade.C, Grade.D}
    assert all("confirmed" in c.source for c in programme.claims)
    assert claims["law.code"].value is None


def test_every_text_is_there_in_three_languages(programme) -> None:
    for c in programme.commitments:
        for texts in (c.promise, c.definition, c.numerator):
            assert set(texts) == LANGUAGES, c.record
        for texts in (c.denominator, c.note):
            assert set(texts) in (LANGUAGES, set()), c.record
        assert bool(c.denominator) == (c.unit == "share"), c.record
        for texts in (c.promise, c.definition, c.numerator, c.denominator, c.note):
            assert len(set(texts.values())) == len(texts), c.record
    for o in programme.organisations:
        assert set(o.name) == LANGUAGES


def test_every_owner_is_an_organisation_and_every_region_has_its_akimat(programme) -> None:
    ids = {o.id for o in programme.organisations}
    assert {c.owner for c in programme.commitments} <= ids
    assert {c.said_by for c in programme.claims} <= ids
    regions = [o.region for o in programme.organisations if o.kind == "akimat"]
    assert sorted(regions) == sorted(load_pack("kz").tables["regions"]["region_id"])


def test_fewer_is_better_where_nothing_is_the_target(programme) -> None:
    down = {c.record for c in programme.commitments if c.direction is Direction.DOWN}
    assert down == {c.record for c in programme.commitments if c.target == 0.0}


def test_the_claims_speak_the_language_asked_for() -> None:
    tables = read_programme(load_pack("kz"))
    words = {
        language: from_tables(*tables, language=language).claims[0].text for language in LANGUAGES
    }
    assert len(set(words.values())) == 3


def test_the_people_of_a_household_are_too_many(board) -> None:
    found = {c.rule: c for c in board.contradictions}["ratio-target"]
    assert found.commitments == ("lastmile.people", "lastmile.households")
    assert found.values["ratio"] == 6.25
    assert found.values["high"] < 6.25


def test_nothing_is_green_before_anything_is_shown(board) -> None:
    assert len(board.lines) == 40
    assert {line.light for line in board.lines} == {Light.GREY}
    assert {line.grade for line in board.lines if line.value is not None} <= {Grade.C, Grade.D}
    cities = next(line for line in board.lines if line.commitment.record == "mobile.cities")
    assert (cities.value, cities.light_reason.code) == (20.0, "claim-only")


def test_nearly_and_overdue_are_found(board) -> None:
    by_rule: dict[str, set[str]] = {}
    for found in board.contradictions:
        by_rule.setdefault(found.rule, set()).update(found.commitments)
    assert "skills.trained" in by_rule["status-without-value"]
    assert by_rule["overdue-unshown"] == {
        "industry.revenue", "industry.exports", "platform.moratorium", "platform.audit",
    }  # fmt: skip
    assert "share-without-denominator" not in by_rule


def test_before_the_rows_were_written_nothing_was_known(programme) -> None:
    early = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    given = {"true_on": dt.date(2026, 12, 1), "known_at": early,
             "organisations": programme.organisations}  # fmt: skip
    assert assemble(programme.commitments, programme.claims, (), **given).lines == ()
    boards = assemble_regions(programme.commitments, programme.claims, (), **given)
    assert len(boards) == 20
