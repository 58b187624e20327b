"""Both times: what is known later changes nothing about what was known before."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qamtu.core.errors import InputError
from qamtu.programme.bitemporal import known, versions, what_holds
from qamtu.programme.records import Basis, EvidenceState

from .made import DAY, EARLY, NOW, claim, commitment, evidence

moments = st.integers(0, 365 * 24).map(lambda hours: EARLY + dt.timedelta(hours=hours))
records = st.lists(
    st.builds(
        lambda record, value, at, gone: evidence(
            value=value, record=record, learned_at=at, withdrawn=gone
        ),
        st.sampled_from(["a", "b", "c"]), st.floats(0, 100), moments, st.booleans(),
    ),
    max_size=12, unique_by=lambda e: (e.record, e.learned_at),
)  # fmt: skip


@given(records, records, moments)
def test_a_correction_never_changes_what_was_known_before(before, later, at) -> None:
    after = [e for e in later if e.learned_at > at]
    assert what_holds([*before, *after], at) == what_holds(before, at)


@given(records, moments)
def test_one_version_a_record_holds_and_it_is_the_newest(given_, at) -> None:
    held = what_holds(given_, at)
    assert len({e.record for e in held}) == len(held)
    for e in held:
        rivals = [r.learned_at for r in given_ if r.record == e.record and r.learned_at <= at]
        assert e.learned_at == max(rivals)
        assert not e.withdrawn


@given(records, moments, st.randoms())
def test_the_order_of_the_records_does_not_matter(given_, at, random) -> None:
    shuffled = list(given_)
    random.shuffle(shuffled)
    assert {e.id for e in what_holds(shuffled, at)} == {e.id for e in what_holds(given_, at)}


@given(records)
def test_no_version_is_lost(given_) -> None:
    found = [e for record in ("a", "b", "c") for e in versions(given_, record)]
    assert sorted(e.id for e in found) == sorted(e.id for e in given_)
    for record in ("a", "b", "c"):
        times = [e.learned_at for e in versions(given_, record)]
        assert times == sorted(times)


def test_of_one_moment_the_later_entry_holds() -> None:
    first, second = (evidence(value=v, record="x", learned_at=NOW) for v in (1.0, 2.0))
    assert what_holds([first, second], NOW) == (second,)


def test_a_withdrawn_record_is_readable_before_and_gone_after() -> None:
    said = evidence(record="x", learned_at=EARLY)
    back = evidence(record="x", learned_at=NOW, withdrawn=True)
    assert what_holds([said, back], NOW - dt.timedelta(seconds=1)) == (said,)
    assert what_holds([said, back], NOW) == ()


def test_days_states_and_plans_are_chosen() -> None:
    tomorrow = DAY + dt.timedelta(days=1)
    good = evidence()
    late = evidence(on=tomorrow)
    plan = evidence(on=dt.date(2030, 1, 1), basis=Basis.PLANNED)
    filed = evidence(state=EvidenceState.FILED)
    rejected = evidence(state=EvidenceState.REJECTED)
    chosen = known(
        [commitment()], [claim(), claim(true_on=tomorrow)],
        [good, late, plan, filed, rejected], true_on=DAY, known_at=NOW,
    )  # fmt: skip
    assert chosen.evidence == (good, plan)
    assert [c.true_on for c in chosen.claims] == [DAY]


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match="time zone"):
        what_holds([evidence()], NOW.replace(tzinfo=None))
