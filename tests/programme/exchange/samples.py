"""A small programme of every kind of record."""

import datetime as dt

from qamtu.programme.exchange import Bundle
from qamtu.programme.records import (
    Basis,
    Claim,
    Comment,
    Commitment,
    Evidence,
    EvidenceKind,
    EvidenceState,
    Grade,
    Organisation,
)

LEARNED = dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)
COMMITMENT = Commitment(
    id="population.coverage/1",
    record="population.coverage",
    learned_at=LEARNED,
    area="connectivity",
    line="villages",
    kind="target",
    promise={"en": "99 % of the people have high speed", "kk": "Халықтың 99 %-ы"},
    definition={"en": "People at 100 Mbit/s and more"},
    denominator={"en": "All people"},
    metric="population_share_high_speed",
    unit="share",
    baseline=0.9,
    baseline_on=dt.date(2025, 1, 1),
    target=0.99,
    due=dt.date(2027, 12, 31),
    owner="ministry",
)


def evidence(name: str, basis: Basis, value: float | None, **fields: object) -> Evidence:
    given = {
        "id": name,
        "record": name,
        "learned_at": LEARNED,
        "commitment": COMMITMENT.record,
        "kind": EvidenceKind.MEASURE,
        "basis": basis,
        "grade": Grade.A,
        "state": EvidenceState.ACCEPTED,
        "value": value,
        "unit": "share",
        "true_on": dt.date(2026, 1, 1),
        "title": f"Title of {name}",
        "source": "https://example.org/a",
        "provenance": ("run",),
        "parameters": {"speed_down_mbps": "100"},
        "files": {"plan.csv": "0" * 64},
        "filed_by": "ministry",
    }
    return Evidence(**(given | fields))


SEEN = evidence("seen", Basis.OBSERVED, 0.934, scope="region:KAZ001")
PLANNED = evidence("planned", Basis.PLANNED, 0.991, true_on=dt.date(2027, 12, 31))
FILED = evidence("filed", Basis.OBSERVED, 0.5, state=EvidenceState.FILED)
BUNDLE = Bundle(
    organisations=(Organisation("ministry", {"en": "Ministry"}, "ministry"),),
    commitments=(COMMITMENT,),
    claims=(
        Claim(
            id="said",
            record="said",
            learned_at=LEARNED,
            commitment=COMMITMENT.record,
            value=0.934,
            text="93.4 %",
            said_by="ministry",
            said_on=dt.date(2026, 2, 1),
            true_on=dt.date(2026, 1, 1),
        ),
    ),
    evidence=(SEEN, PLANNED, FILED),
    comments=(
        Comment(id="c", record="c", learned_at=LEARNED, about="seen", author="1", text="=HYPER"),
    ),
)
