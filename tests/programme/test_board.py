"""The board: best evidence, plans that never count, both times, regions, speed by count."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qamtu.core.errors import InputError
from qamtu.programme.board import Light, assemble, assemble_regions
from qamtu.programme.records import Basis, EvidenceState, Grade

from .made import DAY, EARLY, NOW, REGIONS, claim, commitment, evidence


def line_of(commitments, claims=(), filed=(), *, on=DAY, at=NOW):
    board = assemble(commitments, claims, filed, true_on=on, known_at=at, organisations=REGIONS)
    return board.lines[0]


def test_the_newest_day_counts_then_the_grade_then_what_was_seen() -> None:
    old = evidence(value=1.0, on=DAY - dt.timedelta(days=1), grade=Grade.A)
    press = evidence(value=2.0, grade=Grade.D)
    guess = evidence(value=3.0, grade=Grade.B, basis=Basis.ESTIMATED)
    seen = evidence(value=4.0, grade=Grade.B)
    for order in itertools.permutations([old, press, guess, seen]):
        assert line_of([commitment()], (), order).best == seen
    line = line_of([commitment()], (), [old, press, guess])
    assert (line.value, line.grade, line.estimated) == (3.0, Grade.B, True)
    assert line.value_basis is Basis.ESTIMATED


def test_a_reported_value_stands_in_at_its_grade_and_the_light_stays_grey() -> None:
    line = line_of([commitment()], [claim(value=100.0, grade=Grade.D)])
    assert (line.value, line.grade, line.value_basis) == (100.0, Grade.D, None)
    assert (line.light, line.light_reason.code) == (Light.GREY, "claim-only")
    assert line.kept_share is None
    assert line.gap == 0.0


def test_words_alone_have_no_value_but_a_grade() -> None:
    line = line_of([commitment()], [claim(value=None)])
    assert (line.value, line.grade, line.gap) == (None, Grade.C, None)


def test_a_status_is_held_against_its_reported_value() -> None:
    status = commitment(kind="status", target=None)
    said = [claim(value=20.0)]
    assert line_of([status], said).light_reason.code == "claim-only"
    assert line_of([status], said).gap is None
    short = line_of([status], said, [evidence(value=15.0)])
    assert (short.light, short.gap, short.kept_share) == (Light.RED, 5.0, 0.75)
    assert short.commitment.target is None
    assert line_of([status], said, [evidence(value=20.0)]).light is Light.GREEN


@given(st.lists(st.tuples(st.floats(0, 1e6), st.integers(0, 2000)), max_size=8))
def test_a_plan_never_counts_as_kept(plans) -> None:
    filed = [
        evidence(value=v, on=DAY + dt.timedelta(days=d - 1000), basis=Basis.PLANNED)
        for v, d in plans
    ]
    bare, planned = line_of([commitment()]), line_of([commitment()], (), filed)
    assert planned.light is bare.light is Light.GREY
    assert (planned.value, planned.kept_share, planned.gap) == (None, None, None)
    assert len(planned.planned) == len(filed)
    shown = [evidence(value=50.0)]
    one, other = line_of([commitment()], (), shown), line_of([commitment()], (), shown + filed)
    assert (one.light, one.value, one.kept_share) == (other.light, other.value, other.kept_share)


def test_of_several_plans_the_course_shows_one_a_day() -> None:
    year = dt.date(2027, 1, 1)
    plans = [evidence(value=v, on=year, basis=Basis.PLANNED, learned_at=at)
             for v, at in ((60.0, EARLY), (70.0, NOW))]  # fmt: skip
    line = line_of([commitment()], (), plans)
    assert line.planned == tuple(plans)
    assert [p.value for p in line.trajectory.points] == [70.0]


def test_filed_and_rejected_evidence_does_not_count() -> None:
    filed = [evidence(state=s) for s in (EvidenceState.FILED, EvidenceState.REJECTED)]
    assert line_of([commitment()], (), filed).best is None


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_what_has_no_finite_value_supports_and_does_not_measure(value) -> None:
    line = line_of([commitment()], [claim(value=5.0)], [evidence(value=value)])
    assert (line.best, line.value, line.grade) == (None, 5.0, Grade.C)
    assert "claim-unsupported" not in {c.rule for c in line.contradictions}


def test_the_board_of_a_day_is_the_same_for_ever() -> None:
    """What is learned later shows on later boards and on no earlier one."""
    first = evidence(value=10.0, record="e", learned_at=EARLY)
    mended = evidence(value=12.0, record="e", learned_at=NOW)
    before = NOW - dt.timedelta(days=1)
    args = {"true_on": DAY, "organisations": REGIONS}
    then = assemble([commitment(id="c")], (), [first], known_at=before, **args)
    again = assemble([commitment(id="c")], (), [first, mended], known_at=before, **args)
    assert then == again
    now = assemble([commitment(id="c")], (), [first, mended], known_at=NOW, **args)
    assert now.lines[0].value == 12.0


def test_a_corrected_commitment_holds_from_when_it_was_learned() -> None:
    old = commitment(target=100.0, learned_at=EARLY)
    new = commitment(target=50.0, learned_at=NOW)
    filed = [evidence(value=60.0)]
    assert line_of([old, new], (), filed, at=NOW).light is Light.GREEN
    assert line_of([old, new], (), filed, at=NOW - dt.timedelta(days=1)).light is Light.AMBER


def test_regions_have_boards_of_what_is_known_there() -> None:
    count = commitment()
    share = commitment("p.share", unit="share", target=0.99, denominator={"en": "all"})
    own = commitment("own.a", scope="region:A", target=7.0)
    filed = [
        evidence(value=9.0, scope="region:A"),
        evidence("p.share", 0.5, scope="region:A", unit="1"),
        evidence("own.a", 7.0, scope="region:A"),
        evidence(value=100.0),
    ]
    boards = assemble_regions([count, share, own], (), filed, true_on=DAY, known_at=NOW,
                              organisations=REGIONS)  # fmt: skip
    assert list(boards) == ["region:A", "region:B"]
    assert boards["region:B"].lines == ()
    lines = {line.commitment.record: line for line in boards["region:A"].lines}
    assert lines["villages.fibre"].value == 9.0
    assert lines["villages.fibre"].commitment.target is None  # 100 are promised for the country
    assert lines["p.share"].gap == pytest.approx(0.49)
    assert lines["own.a"].light is Light.GREEN
    assert {line.commitment.scope for line in lines.values()} == {"region:A"}


def test_contradictions_stand_on_their_lines_too() -> None:
    board = assemble([commitment(), commitment("other")], [claim()], (), true_on=DAY,
                     known_at=NOW, organisations=())  # fmt: skip
    assert [c.rule for c in board.contradictions] == ["claim-unsupported"]
    assert board.lines[0].contradictions == board.contradictions
    assert board.lines[1].contradictions == ()


def test_an_empty_programme_has_an_empty_board() -> None:
    board = assemble((), (), (), true_on=DAY, known_at=NOW, organisations=())
    assert (board.lines, board.contradictions) == ((), ())


def test_a_moment_needs_a_zone() -> None:
    with pytest.raises(InputError, match="time zone"):
        assemble([commitment()], (), (), true_on=DAY, known_at=NOW.replace(tzinfo=None),
                 organisations=())  # fmt: skip
