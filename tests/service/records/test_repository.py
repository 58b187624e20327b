"""Records are filed once, corrected by new versions, and read as known at any moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError
from tests.service import made
from tests.service.conftest import Service

from qamtu.programme.records import (
    Claim,
    Comment,
    Commitment,
    Evidence,
    EvidenceState,
    Organisation,
)
from qamtu.service.database.engine import reading, writing
from qamtu.service.errors import NotFound
from qamtu.service.log import repository as log
from qamtu.service.records import repository
from qamtu.service.records.rows import content_of
from qamtu.service.records.tables import EvidenceRow

DAY = dt.timedelta(days=1)


@pytest.fixture
def filed(service: Service) -> Service:
    with writing(service.state.sessions) as session:
        repository.file_many(session, made.everything(), by="tester")
    return service


def test_what_is_filed_is_read_back_as_it_was(filed: Service) -> None:
    with reading(filed.state.sessions) as session:
        for record in made.everything():
            name = record.id if isinstance(record, Organisation) else record.record
            found = repository.find(session, type(record), name)
            assert found is not None
            assert found.record == record
            assert content_of(found.record) == content_of(record)
            assert found.number == 1
            assert found.written_by == "tester"


def test_each_version_is_one_entry_of_the_log(filed: Service) -> None:
    everything = made.everything()
    with reading(filed.state.sessions) as session:
        assert log.size(session) == len(everything)
        found = repository.find(session, Evidence, "villages-counted")
    assert found is not None
    assert found.log_index == everything.index(made.evidence())


def test_a_correction_keeps_what_was_said_before(filed: Service) -> None:
    corrected = made.evidence(id="v2", value=1250.0, learned_at=made.WHEN + DAY)
    with writing(filed.state.sessions) as session:
        repository.file_evidence(session, corrected)
    with reading(filed.state.sessions) as session:
        versions = repository.history(session, Evidence, "villages-counted")
        assert [one.record.value for one in versions] == [1200.0, 1250.0]
        assert repository.find(session, Evidence, "villages-counted").record == corrected
        before = repository.find(
            session, Evidence, "villages-counted", known_at=made.WHEN + DAY / 2
        )
        assert before.record.value == 1200.0
        assert (
            repository.find(session, Evidence, "villages-counted", known_at=made.WHEN - DAY) is None
        )
        now = {one.record: one.value for one in repository.current(session, Evidence)}
        assert now["villages-counted"] == 1250.0
        then = repository.current(session, Evidence, known_at=made.WHEN)
        assert {one.record: one.value for one in then}["villages-counted"] == 1200.0


def test_withdrawn_records_are_not_current_but_stay_in_history(filed: Service) -> None:
    taken_back = made.claim(id="v2", withdrawn=True, learned_at=made.WHEN + DAY)
    with writing(filed.state.sessions) as session:
        repository.file_claim(session, taken_back)
    with reading(filed.state.sessions) as session:
        assert repository.current(session, Claim) == []
        assert repository.current(session, Claim, withdrawn=True) == [taken_back]
        assert len(repository.history(session, Claim, "villages-said")) == 2
        assert repository.current(session, Claim, known_at=made.WHEN) == [made.claim()]


def test_a_decision_is_a_version(filed: Service) -> None:
    with writing(filed.state.sessions) as session:
        repository.decide(session, "north-filed", EvidenceState.ACCEPTED, "decider")
    with reading(filed.state.sessions) as session:
        states = [one.record.state for one in repository.history(session, Evidence, "north-filed")]
        assert states == [EvidenceState.FILED, EvidenceState.ACCEPTED]
        assert repository.history(session, Evidence, "north-filed")[-1].written_by == "decider"
    with writing(filed.state.sessions) as session, pytest.raises(NotFound):
        repository.decide(session, "none", EvidenceState.ACCEPTED, "decider")


def test_versions_filed_together_are_ordered_in_time(service: Service) -> None:
    versions = [made.evidence(id=f"v{n}", value=float(n)) for n in range(3)]
    with writing(service.state.sessions) as session:
        repository.file_many(session, versions)
    with reading(service.state.sessions) as session:
        found = repository.history(session, Evidence, "villages-counted")
    moments = [one.learned_at for one in found]
    assert moments == sorted(set(moments))
    assert [one.number for one in found] == [1, 2, 3]


def test_the_same_version_is_not_written_twice_and_leaves_no_entry(filed: Service) -> None:
    with reading(filed.state.sessions) as session:
        before = log.size(session)
    with pytest.raises(IntegrityError), writing(filed.state.sessions) as session:
        repository.file_evidence(session, made.evidence())
    with reading(filed.state.sessions) as session:
        assert log.size(session) == before


def test_pages_give_everything_once(service: Service) -> None:
    many = [made.evidence(f"e{n}", value=float(n)) for n in range(25)]
    with writing(service.state.sessions) as session:
        repository.file_many(session, many)
    seen: list[str] = []
    before: int | None = None
    with reading(service.state.sessions) as session:
        while True:
            page = repository.evidence_page(session, before=before, limit=10)
            seen += [one.record.record for one in page.rows]
            before = page.next
            if before is None:
                break
    assert seen == [one.record for one in reversed(many)]


def test_lists_are_filtered(filed: Service) -> None:
    with reading(filed.state.sessions) as session:
        page = repository.evidence_page(session, scope="region:north")
        assert [one.record.record for one in page.rows] == ["north-filed"]
        page = repository.evidence_page(session, state=EvidenceState.ACCEPTED)
        assert {one.record.record for one in page.rows} == {"villages-counted", "villages-planned"}
        found = repository.current(session, Evidence, EvidenceRow.filed_by == "akimat-south")
        assert [one.record for one in found] == ["south-filed"]


def test_the_programme_is_what_a_board_needs(filed: Service) -> None:
    older = [
        made.evidence(f"day-{n}", true_on=dt.date(2025, 12, n + 1), value=float(n))
        for n in range(20)
    ]
    with writing(filed.state.sessions) as session:
        repository.file_many(session, older)
    with reading(filed.state.sessions) as session:
        commitments, claims, evidence, organisations = repository.programme(
            session, scope="country"
        )
        assert {one.record for one in commitments} == {"villages-fibre", "mobile-5g"}
        assert claims == [made.claim()]
        assert {one.record for one in evidence} == {
            "villages-counted", "villages-planned", "day-19",
        }  # fmt: skip
        assert organisations == made.organisations()
        assert repository.as_of(session, made.WHEN - DAY)[0] == []


def test_comments_are_corrected_too(filed: Service) -> None:
    with writing(filed.state.sessions) as session:
        repository.file_comment(session, replace(made.comment(), id="v2", text="Answered."))
    with reading(filed.state.sessions) as session:
        assert [one.text for one in repository.current(session, Comment)] == ["Answered."]
        assert len(repository.current(session, Commitment)) == 2
