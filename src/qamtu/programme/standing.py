"""Where each commitment stands at one scope: what was seen, planned and said."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from qamtu.programme.bitemporal import Known
from qamtu.programme.quantity import same_unit
from qamtu.programme.records import Basis, Claim, Commitment, Evidence, Grade, Organisation

__all__ = ["Ratio", "Standing", "better", "daily", "regional", "standings", "standings_by_region"]

_COUNTRY = "country"
_REGION = "region:"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Bounds that the ratio of two metrics must lie in; a rule of the pack, not of the code.

    Parameters
    ----------
    id
        Short stable name.
    numerator, denominator
        Metrics of commitments.
    low, high
        Least and greatest ratio that can be true.
    name
        What the ratio is, by language.
    source
        Where the bounds come from.
    """

    id: str
    numerator: str
    denominator: str
    low: float
    high: float
    name: Mapping[str, str]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One commitment at one scope, with everything that is known of it.

    Parameters
    ----------
    commitment
        The commitment; for a region without a target of its own, see `regional`.
    scope
        What the values speak of.
    claims
        By day of which they speak, the newest last.
    seen
        Observed and estimated evidence with a value in the commitment's unit, by day.
    planned
        Planned evidence with a value in the commitment's unit, by day.
    other
        Accepted evidence without a value, or in another unit: it supports, it does not measure.
    parts
        Evidence of the regions for the country's commitment, with a value in its unit.
    """

    commitment: Commitment
    scope: str
    claims: tuple[Claim, ...] = ()
    seen: tuple[Evidence, ...] = ()
    planned: tuple[Evidence, ...] = ()
    other: tuple[Evidence, ...] = ()
    parts: tuple[Evidence, ...] = ()

    @property
    def best(self) -> Evidence | None:
        """The newest seen evidence; of one day the best grade, observed before estimated."""
        return max(self.seen, key=better, default=None)

    @property
    def reported(self) -> Claim | None:
        """The claim about the newest day; of one day the one said last."""
        return self.claims[-1] if self.claims else None

    @property
    def daily(self) -> tuple[Evidence, ...]:
        """The best seen evidence of each day, by day."""
        return daily(self.seen)


def daily(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Give the best evidence of each day, by day."""
    return tuple({e.true_on: e for e in sorted(evidence, key=better)}.values())


def better(evidence: Evidence) -> tuple[dt.date, int, bool, dt.datetime, str]:
    """Order evidence: newer, then of better grade, then observed, then learned later."""
    return (
        evidence.true_on, -_RANK[evidence.grade], evidence.basis is Basis.OBSERVED,
        evidence.learned_at, evidence.id,
    )  # fmt: skip


_RANK = {grade: rank for rank, grade in enumerate(Grade)}


def standings(known: Known) -> tuple[Standing, ...]:
    """Give each commitment at its own scope, in the order of the commitments."""
    evidence, claims = _grouped(known)
    parts: dict[str, list[Evidence]] = defaultdict(list)
    for (record, scope), found in evidence.items():
        if scope.startswith(_REGION):
            parts[record] += found
    return tuple(
        _standing(
            commitment, commitment.scope, claims, evidence,
            parts[commitment.record] if commitment.scope == _COUNTRY else (),
        )
        for commitment in known.commitments
    )  # fmt: skip


def standings_by_region(
    known: Known, organisations: Iterable[Organisation]
) -> dict[str, tuple[Standing, ...]]:
    """Give, for each region, the commitments about which something is known there.

    Parameters
    ----------
    known
        What the boards stand on.
    organisations
        Those with a region name the regions; a scope found in the evidence is one too.

    Returns
    -------
    standings
        By scope ``region:<id>``, sorted; a region about which nothing is known has none.
    """
    evidence, claims = _grouped(known)
    scopes = {f"{_REGION}{o.region}" for o in organisations if o.region}
    scopes |= {scope for _, scope in (*evidence, *claims) if scope.startswith(_REGION)}
    scopes |= {c.scope for c in known.commitments if c.scope.startswith(_REGION)}
    made: dict[str, tuple[Standing, ...]] = {}
    for scope in sorted(scopes):
        made[scope] = tuple(
            _standing(regional(c, scope), scope, claims, evidence, ())
            for c in known.commitments
            if c.scope == scope
            or (
                c.scope == _COUNTRY
                and ((c.record, scope) in evidence or (c.record, scope) in claims)
            )
        )
    return made


def regional(commitment: Commitment, scope: str) -> Commitment:
    """Give a country's commitment as a region is held against it.

    A share that the country promises is asked of each region too. A number that the country
    promises (3,000 villages) says nothing about one region: there the target and the baseline
    are unknown.
    """
    if commitment.scope == scope:
        return commitment
    if same_unit(commitment.unit, "share"):
        return replace(commitment, scope=scope, baseline=None, baseline_on=None)
    return replace(
        commitment, scope=scope, target=None, target_text="", baseline=None, baseline_on=None
    )


Keyed = dict[tuple[str, str], list[Evidence]]


def _grouped(known: Known) -> tuple[Keyed, dict[tuple[str, str], list[Claim]]]:
    evidence: Keyed = defaultdict(list)
    for e in known.evidence:
        evidence[e.commitment, e.scope].append(e)
    claims: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for c in known.claims:
        claims[c.commitment, c.scope].append(c)
    return dict(evidence), dict(claims)


def _standing(
    commitment: Commitment, scope: str, claims: Mapping[tuple[str, str], list[Claim]],
    evidence: Keyed, parts: Sequence[Evidence],
) -> Standing:  # fmt: skip
    key, unit = (commitment.record, scope), commitment.unit
    found = sorted(evidence.get(key, ()), key=lambda e: e.true_on)
    seen, planned, other = [], [], []
    for e in found:
        if not _measures(e, unit):
            other.append(e)
        elif e.basis is Basis.PLANNED:
            planned.append(e)
        else:
            seen.append(e)
    return Standing(
        commitment, scope,
        tuple(sorted(claims.get(key, ()), key=lambda c: (c.true_on, c.said_on, c.learned_at))),
        tuple(seen), tuple(planned), tuple(other),
        tuple(e for e in parts if _measures(e, unit)),
    )  # fmt: skip


def _measures(evidence: Evidence, unit: str) -> bool:
    """Tell whether evidence has a value, a finite one, in a unit."""
    value = evidence.value
    return value is not None and math.isfinite(value) and same_unit(evidence.unit, unit)
