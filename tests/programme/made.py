"""Records for tests, each with only what a test cares about."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from qamtu.programme.records import (
    Basis,
    Claim,
    Commitment,
    Evidence,
    EvidenceKind,
    EvidenceState,
    Grade,
    Organisation,
)

DAY = dt.date(2026, 6, 1)
NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
EARLY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
REGIONS = (
    Organisation("akimat-a", {"en": "Akimat of A"}, "akimat", "A"),
    Organisation("akimat-b", {"en": "Akimat of B"}, "akimat", "B"),
)
_ids = count()


def _recorded(record: str, given: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"{record}#{next(_ids)}", "record": record, "learned_at": EARLY} | given


def commitment(record: str = "villages.fibre", **given: Any) -> Commitment:
    defaults = {
        "area": "connectivity", "line": "villages", "kind": "target",
        "promise": {"en": "A promise"}, "definition": {"en": "A definition"},
        "metric": record.replace(".", "_"), "unit": "settlements", "target": 100.0,
        "owner": "ministry", "source": "a report",
    }  # fmt: skip
    return Commitment(**_recorded(record, defaults | given))


def claim(of: str = "villages.fibre", value: float | None = 10.0, **given: Any) -> Claim:
    defaults = {
        "commitment": of, "value": value, "text": "some words", "said_by": "ministry",
        "said_on": DAY, "true_on": DAY, "grade": Grade.C, "source": "a report",
    }  # fmt: skip
    record = given.pop("record", f"claim-{next(_ids)}")
    return Claim(**_recorded(record, defaults | given))


def evidence(
    of: str = "villages.fibre", value: float | None = 10.0, on: dt.date = DAY, **given: Any
) -> Evidence:
    defaults = {
        "commitment": of, "kind": EvidenceKind.MEASURE, "basis": Basis.OBSERVED,
        "grade": Grade.A, "state": EvidenceState.ACCEPTED, "value": value,
        "unit": "settlements", "true_on": on, "title": "a measure", "source": "a run",
        "filed_by": "ministry",
    }  # fmt: skip
    record = given.pop("record", f"evidence-{next(_ids)}")
    return Evidence(**_recorded(record, defaults | given))
