"""A contradiction: what does not fit together, how bad it is, and the records it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final

from qamtu.core.findings import Severity
from qamtu.programme.records import Claim, Evidence

__all__ = ["SHOWN", "Contradiction", "contradiction"]

SHOWN: Final = 20
"""Most records that one contradiction names; it says how many there are."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something that does not fit together.

    Parameters
    ----------
    id
        Stable name: rule, commitment and what tells it from others of the same rule.
    rule
        Kebab-case name of the rule; `qamtu.programme.texts` says it in words.
    commitments
        Records of the commitments that it touches.
    severity
        Error: it cannot be. Warning: somebody must say more.
    values
        What the words need: quantities, days, counts, texts by language.
    evidence, claims
        Records of the evidence and the claims it rests on, 20 of each at most.
    """

    id: str
    rule: str
    commitments: tuple[str, ...]
    severity: Severity
    values: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


def contradiction(
    rule: str, severity: Severity, commitments: Sequence[str], values: Mapping[str, Any], *,
    key: str = "", evidence: Sequence[Evidence] = (), claims: Sequence[Claim] = (),
) -> Contradiction:  # fmt: skip
    """Make a contradiction; its id is rule, commitments and ``key``."""
    name = ":".join(part for part in (rule, "+".join(commitments), key) if part)
    return Contradiction(
        name, rule, tuple(commitments), severity, dict(values),
        tuple(e.record for e in sorted(evidence, key=attrgetter("record"))[:SHOWN]),
        tuple(c.record for c in sorted(claims, key=attrgetter("record"))[:SHOWN]),
    )  # fmt: skip
