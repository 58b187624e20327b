"""Claims that no evidence supports, and evidence that cannot be followed or compared."""

from __future__ import annotations

from qamtu.core.findings import Severity
from qamtu.programme.contradictions.record import Contradiction, contradiction
from qamtu.programme.quantity import same_unit
from qamtu.programme.records import Basis
from qamtu.programme.standing import Standing

__all__ = ["claims_unsupported", "evidence_in_another_unit", "evidence_without_source"]


def claims_unsupported(standing: Standing) -> list[Contradiction]:
    """Find claims about a commitment for which nothing observed or estimated was accepted."""
    shown = standing.seen or any(e.basis is not Basis.PLANNED for e in standing.other)
    if shown or not standing.claims:
        return []
    newest = standing.claims[-1]
    return [
        contradiction(
            "claim-unsupported", Severity.WARNING, [standing.commitment.record],
            {"count": len(standing.claims), "grade": newest.grade.value, "day": newest.said_on},
            key=standing.scope, claims=standing.claims,
        )
    ]  # fmt: skip


def evidence_without_source(standing: Standing) -> list[Contradiction]:
    """Find accepted evidence that names neither a source nor where its value comes from."""
    filed = (*standing.seen, *standing.planned, *standing.other, *standing.parts)
    bare = [e for e in filed if not e.source.strip() and not e.provenance]
    if not bare:
        return []
    return [
        contradiction(
            "evidence-without-source", Severity.ERROR, [standing.commitment.record],
            {"count": len(bare)}, key=standing.scope, evidence=bare,
        )
    ]  # fmt: skip


def evidence_in_another_unit(standing: Standing) -> list[Contradiction]:
    """Find accepted evidence whose value is in another unit than the commitment's."""
    unit = standing.commitment.unit
    odd = [e for e in standing.other if e.value is not None and not same_unit(e.unit, unit)]
    if not odd:
        return []
    return [
        contradiction(
            "unit-differs", Severity.ERROR, [standing.commitment.record],
            {"count": len(odd), "unit": unit, "other": odd[0].unit},
            key=standing.scope, evidence=odd,
        )
    ]  # fmt: skip
