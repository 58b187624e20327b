"""Each rule finds what it says, and nothing where all fits."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qamtu.core.findings import Severity
from qamtu.programme.board import Ratio, assemble
from qamtu.programme.records import Basis, Direction, EvidenceKind, Grade
from qamtu.programme.texts import contradiction_message, plain, render
from tests.programme.made import DAY, NOW, REGIONS, claim, commitment, evidence

PLAN = Basis.PLANNED


def found(commitments, claims=(), filed=(), ratios=()):
    board = assemble(commitments, claims, filed, true_on=DAY, known_at=NOW, organisations=REGIONS,
                     ratios=ratios)  # fmt: skip
    for one in board.contradictions:
        said = render(contradiction_message(one), show=plain)
        assert "{" not in said
    ids = [one.id for one in board.contradictions]
    assert len(set(ids)) == len(ids)
    return {one.rule: one for one in board.contradictions}


def test_nothing_is_found_where_all_fits() -> None:
    filed = [evidence(value=10.0), evidence(value=10.2, grade=Grade.B),
             evidence(value=4.0, scope="region:A"), evidence(value=6.0, scope="region:B")]  # fmt: skip
    assert found([commitment()], [claim(value=10.0)], filed) == {}


def test_two_values_of_one_day_beyond_tolerance() -> None:
    one, other = evidence(value=100.0), evidence(value=110.0, grade=Grade.B)
    made = found([commitment()], (), [one, other])["values-differ"]
    assert set(made.evidence) == {one.record, other.record}
    assert made.severity is Severity.ERROR
    assert "values-differ" not in found([commitment(tolerance=0.1)], (), [one, other])
    wide = evidence(value=110.0, uncertainty=6.0)
    assert "values-differ" not in found([commitment()], (), [one, wide])
    later = evidence(value=110.0, on=DAY - dt.timedelta(days=1))
    assert "values-differ" not in found([commitment()], (), [one, later])
    plan = evidence(value=500.0, basis=PLAN)
    assert "values-differ" not in found([commitment()], (), [one, plan])


def test_many_days_of_one_rule_are_told_once() -> None:
    days = [DAY - dt.timedelta(days=i) for i in range(5)]
    filed = [evidence(value=v, on=day) for day in days for v in (100.0, 200.0)]
    filed += [evidence(value=500.0, on=day, scope="region:A") for day in days]
    rules = found([commitment()], (), filed)
    assert set(rules) == {"values-differ", "parts-exceed"}
    for made in rules.values():
        assert (made.values["days"], made.values["day"]) == (5, DAY)


VALUES = st.tuples(st.floats(1, 100), st.floats(0, 10))


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    (v, u), (w, x) = one, other
    return abs(v - w) - u - x - 0.05 * max(v, w)


@settings(deadline=None)
@given(VALUES, VALUES)
def test_two_values_differ_exactly_beyond_tolerance_and_doubt(one, other) -> None:
    assume(abs(apart(one, other)) > 1e-6)
    filed = [evidence(value=v, uncertainty=u) for v, u in (one, other)]
    assert ("values-differ" in found([commitment()], (), filed)) == (apart(one, other) > 0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(50, 60), st.floats(4, 10)), min_size=2, max_size=6))
def test_values_of_which_no_pair_is_apart_do_not_differ(pairs) -> None:
    assume(all(apart(one, other) < -1e-6 for one in pairs for other in pairs if one != other))
    filed = [evidence(value=v, uncertainty=u) for v, u in pairs]
    assert "values-differ" not in found([commitment()], (), filed)


def test_a_claim_against_the_nearest_evidence() -> None:
    near = evidence(value=60.0, on=DAY - dt.timedelta(days=80))
    made = found([commitment()], [claim(value=100.0)], [near])["claim-differs"]
    assert made.evidence == (near.record,)
    far = evidence(value=60.0, on=DAY - dt.timedelta(days=200))
    assert "claim-differs" not in found([commitment()], [claim(value=100.0)], [far])


@pytest.mark.parametrize(
    ("whole", "parts", "rule"),
    [
        (100.0, {"A": 60.0, "B": 60.0}, "parts-sum"),
        (100.0, {"A": 20.0, "B": 20.0}, "parts-sum"),
        (100.0, {"A": 49.0, "B": 50.0}, None),
        (100.0, {"A": 20.0}, None),
        (100.0, {"A": 120.0}, "parts-exceed"),
    ],
)
@pytest.mark.parametrize("basis", [Basis.OBSERVED, PLAN])
def test_parts_add_up(whole, parts, rule, basis) -> None:
    filed = [evidence(value=whole, basis=basis)]
    filed += [evidence(value=v, scope=f"region:{r}", basis=basis) for r, v in parts.items()]
    assert set(found([commitment()], (), filed)) == ({rule} if rule else set())


def test_a_share_of_the_country_lies_among_its_regions() -> None:
    promise = commitment(unit="share", target=0.99, denominator={"en": "all people"})
    parts = [evidence(value=v, scope=f"region:{r}", unit="1") for r, v in (("A", 0.4), ("B", 0.5))]
    off = [evidence(value=0.9, unit="share"), *parts]
    assert set(found([promise], (), off)) == {"parts-share"}
    assert found([promise], (), [evidence(value=0.45, unit="share"), *parts]) == {}


RATIO = Ratio("size", "people", "homes", 1.0, 5.0, {"en": "people a household"}, "a census")
PAIR = (
    commitment("a.people", metric="people", unit="people", target=2_500_000.0),
    commitment("a.homes", metric="homes", unit="households", target=400_000.0),
)


def test_an_impossible_ratio_of_promises() -> None:
    made = found(PAIR, ratios=[RATIO])["ratio-target"]
    assert made.values["ratio"] == 6.25
    assert made.commitments == ("a.people", "a.homes")
    assert "6.25 people a household" in render(contradiction_message(made), show=plain)
    assert found(PAIR) == {}


def test_an_impossible_ratio_of_claims_and_of_evidence() -> None:
    said = [claim("a.people", 100.0), claim("a.homes", 0.0)]
    shown = [evidence("a.people", 30.0, unit="people"), evidence("a.homes", 3.0, unit="households")]
    rules = found(PAIR, said, shown, [RATIO])
    assert {"ratio-target", "ratio-reported", "ratio-shown"} <= set(rules)
    assert rules["ratio-shown"].evidence == tuple(sorted(e.record for e in shown))


def test_a_ratio_is_made_of_one_scope() -> None:
    region = commitment("b.people", metric="people", unit="people", target=1e6, scope="region:A")
    assert set(found([*PAIR, region], ratios=[RATIO])) == {"ratio-target"}
    assert found([region, PAIR[1]], ratios=[RATIO]) == {}


def test_shares_outside_and_without_a_denominator() -> None:
    promise = commitment(unit="share", target=1.2)
    rules = found([promise], [claim(value=-0.1)], [evidence(value=1.5, unit="1")])
    assert {"share-outside", "share-without-denominator"} <= set(rules)
    good = commitment(unit="share", target=1.0, denominator={"en": "all"})
    assert "share-outside" not in found([good], [claim(value=0.4)], [evidence(value=0.4, unit="1")])
    count = found([commitment()], (), [evidence(value=1.5)])
    assert count == {}


def test_overdue() -> None:
    past = {"due": DAY - dt.timedelta(days=10)}
    assert found([commitment(**past)])["overdue-unshown"].values["days"] == 10
    assert "overdue" in found([commitment(**past)], (), [evidence(value=99.0)])
    assert "overdue-unshown" in found([commitment(**past)], [claim(value=100.0)])
    plan = evidence(value=100.0, basis=PLAN)
    assert "overdue-unshown" in found([commitment(**past)], (), [plan])
    assert found([commitment(**past)], (), [evidence(value=100.0)]) == {}
    assert found([commitment(due=DAY)]) == {}
    down = commitment(target=0.0, direction=Direction.DOWN, **past)
    assert found([down], (), [evidence(value=0.0)]) == {}


def test_a_status_below_its_own_target_or_without_a_value() -> None:
    status = commitment(kind="status")
    proof = [evidence(value=90.0)]
    assert "status-below-target" in found([status], [claim(value=90.0)], proof)
    nearly = found([status], [claim(value=None, text="nearly 100")])["status-without-value"]
    assert "nearly 100" in render(contradiction_message(nearly), show=plain)
    assert "status-below-target" not in found([status], [claim(value=100.0)], proof)


def test_a_claim_that_no_evidence_supports() -> None:
    said = [claim(value=10.0)]
    assert set(found([commitment()], said)) == {"claim-unsupported"}
    assert "claim-unsupported" in found([commitment()], said, [evidence(basis=PLAN)])
    paper = evidence(value=None, kind=EvidenceKind.DOCUMENT, grade=Grade.B)
    assert found([commitment()], said, [paper]) == {}


def test_evidence_without_a_source_and_in_another_unit() -> None:
    bare = [evidence(source=" ") for _ in range(30)]
    made = found([commitment()], (), bare)["evidence-without-source"]
    assert (made.values["count"], len(made.evidence)) == (30, 20)
    assert found([commitment()], (), [evidence(source="", provenance=("run:1",))]) == {}
    assert "unit-differs" in found([commitment()], (), [evidence(unit="km")])
