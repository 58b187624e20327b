"""What a plan's measures say, as evidence against the commitments of the same metrics.

A planned value is evidence of basis ``planned``, true on the day the plan gives; the state of
today is ``estimated``. Each value has one record, whatever plan it comes from: a newer plan of
the line is a new version of it, so that the older stays readable.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from qamtu.programme.records import Basis, Commitment, Evidence, EvidenceKind, EvidenceState, Grade
from qamtu.service.records.rows import new_id

__all__ = ["FILED_BY", "PREFIX", "evidence_of", "same"]

FILED_BY: Final = "qamtu"
"""Who files what a plan says: the program itself, for every account."""

PREFIX: Final = "plan:"
"""Beginning of the records of plans."""

_SHARES: Final = frozenset({"1", "share"})


def evidence_of(
    summary: Mapping[str, Any],
    plan: str,
    line: str,
    files: Mapping[str, str],
    commitments: Iterable[Commitment],
    now: dt.datetime,
) -> list[Evidence]:
    """Give the evidence that a plan's measures are.

    Parameters
    ----------
    summary
        Of the plan, with ``measures`` that state their basis.
    plan, line
        Id and line of the plan.
    files
        SHA-256 of its files.
    commitments
        Those in force; a measure whose metric none of them names, or names in another unit, is
        no evidence.
    now
        When it is learned.
    """
    by_metric: dict[str, list[Commitment]] = {}
    for commitment in commitments:
        by_metric.setdefault(commitment.metric, []).append(commitment)
    shared: dict[str, Any] = {
        "kind": EvidenceKind.MEASURE,
        "grade": Grade.A,
        "state": EvidenceState.ACCEPTED,
        "source": f"plan {plan}: {summary['title']}, made {summary['made_at']} with qamtu "
        f"{summary['version']}",
        "parameters": _parameters(summary),
        "files": dict(files),
        "filed_by": FILED_BY,
        "learned_at": now,
    }
    return [
        Evidence(
            id=new_id(),
            record=_record(line, commitment, row),
            commitment=commitment.record,
            basis=Basis(row["basis"]),
            value=float(row["value"]),
            unit=commitment.unit,
            scope=str(row["scope"]),
            true_on=dt.date.fromisoformat(row["date"]),
            title=_title(row, summary),
            provenance=(f"plan {plan}", *row["provenance"]),
            **shared,
        )
        for row in summary.get("measures") or ()
        if "basis" in row
        for commitment in by_metric.get(row["metric"], ())
        if commitment.unit == row["unit"] or {commitment.unit, row["unit"]} <= _SHARES
    ]


def same(old: Evidence, new: Evidence) -> bool:
    """Say whether two versions say the same of the same files."""
    return (old.value, old.unit, old.true_on, old.files, old.withdrawn) == (
        new.value, new.unit, new.true_on, new.files, new.withdrawn,
    )  # fmt: skip


def _record(line: str, commitment: Commitment, row: Mapping[str, Any]) -> str:
    day = f":{row['date']}" if row["basis"] == Basis.PLANNED else ""
    return f"{PREFIX}{line}:{commitment.record}:{row['scope']}:{row['basis']}{day}"


def _title(row: Mapping[str, Any], summary: Mapping[str, Any]) -> str:
    if row["basis"] == Basis.PLANNED:
        return f"Planned by the end of {row['date'][:4]}: {summary['title']}"
    return f"State on {row['date']} as the plan assumes it: {summary['title']}"


def _parameters(summary: Mapping[str, Any]) -> dict[str, str]:
    made = {
        str(row["name"]): f"{row['value']} {row['unit']}" for row in summary.get("parameters", ())
    }
    for name in ("seed", "price_year", "discount_rate", "horizon_years"):
        if name in summary:
            made[name] = str(summary[name])
    return made
