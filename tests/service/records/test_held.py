"""Boards kept in memory are those that would be assembled from the whole database."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from random import Random

import pytest
from tests.service import made
from tests.service.conftest import Service

from qamtu.programme.board import Board, assemble, assemble_regions
from qamtu.programme.records import Basis, Evidence, EvidenceState, Grade
from qamtu.service.database.engine import reading, writing
from qamtu.service.log import repository as log
from qamtu.service.records import board as boards
from qamtu.service.records import held
from qamtu.service.records.held import COUNTRY, Keeper
from qamtu.service.records.repository import (
    decide,
    file_comment,
    file_evidence,
    file_many,
    programme,
)

TODAY = dt.datetime.now(dt.UTC).date()
SCOPES = (COUNTRY, "region:north", "region:south")


@pytest.fixture
def filed(service: Service) -> Service:
    with writing(service.state.sessions) as session:
        file_many(session, made.everything())
    return service


def random_evidence(chance: Random, number: int) -> Evidence:
    planned = chance.random() < 0.2
    return made.evidence(
        f"r{number}",
        commitment=chance.choice(["villages-fibre", "mobile-5g"]),
        basis=Basis.PLANNED if planned else chance.choice([Basis.OBSERVED, Basis.ESTIMATED]),
        grade=chance.choice(list(Grade)),
        state=chance.choice([EvidenceState.ACCEPTED, EvidenceState.FILED]),
        value=float(chance.randrange(3000)),
        scope=chance.choice(SCOPES),
        true_on=dt.date(2026, 1, 1) + dt.timedelta(days=chance.randrange(90)),
    )


def said(board: Board | None) -> object:
    return None if board is None else (board.lines, board.contradictions)


def check(service: Service) -> None:
    """Compare the kept boards with boards of all that is in the database."""
    now = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    with reading(service.state.sessions) as session:
        country = programme(session, true_on=TODAY, months_of=COUNTRY)
        everything = programme(session, true_on=TODAY)
    given = {"true_on": TODAY, "known_at": now, "ratios": boards._ratios(service.state)}
    assert said(boards.board(service.state)) == said(
        assemble(*country[:3], organisations=country[3], **given)
    )
    regions = assemble_regions(*everything[:3], organisations=everything[3], **given)
    assert regions.keys() == set(SCOPES) - {COUNTRY}
    for scope, board in regions.items():
        assert said(boards.region(service.state, scope)) == said(board)


def test_boards_follow_filings_corrections_decisions_and_withdrawals(filed: Service) -> None:
    chance = Random(1)
    check(filed)
    filed_now: list[Evidence] = []
    for turn in range(8):
        some = [random_evidence(chance, 10 * turn + n) for n in range(4)]
        with writing(filed.state.sessions) as session:
            file_many(session, some)
        filed_now += some
        check(filed)
        one = chance.choice(filed_now)
        moved = replace(
            one, id=f"moved-{turn}", scope=chance.choice(SCOPES), withdrawn=chance.random() < 0.4,
            learned_at=dt.datetime.now(dt.UTC),
        )  # fmt: skip
        with writing(filed.state.sessions) as session:
            decide(session, chance.choice(filed_now).record, EvidenceState.REJECTED, "decider")
            file_evidence(session, moved)
        check(filed)


def test_a_new_commitment_and_a_new_claim_reach_every_board(filed: Service) -> None:
    check(filed)
    later = dt.datetime.now(dt.UTC)
    with writing(filed.state.sessions) as session:
        file_many(session, [made.commitment("third", learned_at=later)])
    check(filed)
    assert len(boards.board(filed.state).lines) == 3
    with writing(filed.state.sessions) as session:
        file_many(session, [made.claim("said", scope="region:north", learned_at=later)])
    check(filed)
    there = boards.region(filed.state, "region:north")
    assert there is not None
    assert there.lines[0].reported is not None


def test_what_changes_nothing_on_a_board_leaves_it(filed: Service) -> None:
    country, north = boards.board(filed.state), boards.region(filed.state, "region:north")
    with writing(filed.state.sessions) as session:
        file_comment(session, made.comment("other"))
        file_evidence(
            session, made.evidence("south", scope="region:south", state=EvidenceState.FILED)
        )
    assert boards.board(filed.state) is country
    assert boards.region(filed.state, "region:north") is north
    with writing(filed.state.sessions) as session:
        decide(session, "south", EvidenceState.ACCEPTED, "decider")
    assert boards.board(filed.state) is not country
    assert boards.region(filed.state, "region:north") is north


def test_many_filings_at_once_are_read_whole(
    filed: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "_MOST_RECORDS", 3)
    monkeypatch.setattr(held, "_MOST_GROUPS", 2)
    check(filed)
    chance = Random(2)
    for number in (3, 6):
        with writing(filed.state.sessions) as session:
            file_many(session, [random_evidence(chance, 100 * number + n) for n in range(number)])
        check(filed)


def test_other_times_are_read_from_the_database(filed: Service) -> None:
    day = dt.timedelta(days=1)
    before = boards.board(filed.state, known_at=made.WHEN - day)
    assert before.lines == ()
    assert boards.region(filed.state, "region:north", known_at=made.WHEN - day) is None
    earlier = boards.board(filed.state, true_on=dt.date(2025, 12, 31))
    assert [line.best for line in earlier.lines] == [None, None]
    assert boards.region(filed.state, "region:nowhere") is None


def test_days_that_have_passed_are_forgotten(filed: Service) -> None:
    keeper, day = Keeper(), dt.timedelta(days=1)
    for ahead in range(4):
        keeper.at(filed.state.sessions, TODAY + ahead * day)
    assert sorted(keeper._held) == [TODAY + 2 * day, TODAY + 3 * day]
    with reading(filed.state.sessions) as session:
        assert keeper.at(filed.state.sessions, TODAY + 3 * day).size == log.size(session)
