"""A small made programme for tests of the service: two commitments, their claim and evidence."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qamtu.programme.records import (
    Basis,
    Claim,
    Comment,
    Commitment,
    Direction,
    Evidence,
    EvidenceKind,
    EvidenceState,
    Grade,
    Organisation,
)

WHEN = dt.datetime(2026, 3, 1, 9, 0, tzinfo=dt.UTC)


def organisations() -> list[Organisation]:
    return [
        Organisation(
            "ministry", {"en": "Ministry", "ru": "Министерство", "kk": "Министрлік"}, "ministry"
        ),
        Organisation("akimat-north", {"en": "Akimat of North"}, "akimat", "north"),
        Organisation("akimat-south", {"en": "Akimat of South"}, "akimat", "south"),
        Organisation("telecom", {"en": "Telecom"}, "operator"),
        Organisation("other-telecom", {"en": "Other Telecom"}, "operator"),
    ]


def commitment(record: str = "villages-fibre", **changes: Any) -> Commitment:
    chosen: dict[str, Any] = {
        "id": f"{record}-v1",
        "record": record,
        "learned_at": WHEN,
        "area": "connectivity",
        "line": "villages",
        "kind": "target",
        "promise": {
            "en": "Fibre to 3,000 villages",
            "ru": "Оптика в 3 000 сёл",
            "kk": "3 000 ауылға оптика",
        },
        "definition": {
            "en": "Villages with a fibre node",
            "ru": "Сёла с узлом",
            "kk": "Түйіні бар ауылдар",
        },
        "metric": "villages_fibre",
        "unit": "settlements",
        "direction": Direction.UP,
        "baseline": 1000.0,
        "baseline_on": dt.date(2024, 1, 1),
        "target": 3000.0,
        "due": dt.date(2027, 12, 31),
        "owner": "ministry",
        "source": "the programme, page 1",
    }
    return Commitment(**chosen | changes)


def claim(record: str = "villages-said", **changes: Any) -> Claim:
    chosen: dict[str, Any] = {
        "id": f"{record}-v1",
        "record": record,
        "learned_at": WHEN,
        "commitment": "villages-fibre",
        "value": 1500.0,
        "text": "half the way",
        "said_by": "ministry",
        "said_on": dt.date(2026, 2, 1),
        "true_on": dt.date(2026, 1, 1),
        "source": "a speech",
    }
    return Claim(**chosen | changes)


def evidence(record: str = "villages-counted", **changes: Any) -> Evidence:
    chosen: dict[str, Any] = {
        "id": f"{record}-v1",
        "record": record,
        "learned_at": WHEN,
        "commitment": "villages-fibre",
        "kind": EvidenceKind.STATISTIC,
        "basis": Basis.OBSERVED,
        "grade": Grade.B,
        "state": EvidenceState.ACCEPTED,
        "value": 1200.0,
        "unit": "settlements",
        "true_on": dt.date(2026, 1, 1),
        "title": "Count of villages",
        "source": "statistics office",
        "provenance": ("stat",),
        "parameters": {"speed_down_mbps": "100"},
        "filed_by": "telecom",
    }
    return Evidence(**chosen | changes)


def comment(record: str = "remark", **changes: Any) -> Comment:
    chosen: dict[str, Any] = {
        "id": f"{record}-v1",
        "record": record,
        "learned_at": WHEN,
        "about": "villages-fibre",
        "author": "auditor-1",
        "text": "Which villages?",
    }
    return Comment(**chosen | changes)


def everything() -> list[Any]:
    """All of it, in an order in which it may be filed."""
    return [
        *organisations(),
        commitment(),
        commitment("mobile-5g", line="mobile", metric="cities_5g", unit="cities", target=20.0, baseline=2.0),
        claim(),
        evidence(),
        evidence("north-filed", scope="region:north", state=EvidenceState.FILED, value=40.0, filed_by="akimat-north"),
        evidence("south-filed", scope="region:south", state=EvidenceState.FILED, value=50.0, filed_by="akimat-south"),
        evidence("villages-planned", basis=Basis.PLANNED, grade=Grade.A, kind=EvidenceKind.MEASURE,
                 value=3100.0, true_on=dt.date(2027, 12, 31), title="The plan"),
        comment(),
    ]  # fmt: skip
