"""Impossible ratios: two numbers, each fine by itself, that cannot both be true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from qamtu.core.findings import Severity
from qamtu.programme.contradictions.record import Contradiction, contradiction
from qamtu.programme.quantity import Quantity
from qamtu.programme.records import Claim, Evidence
from qamtu.programme.standing import Ratio, Standing

__all__ = ["impossible_ratios"]


def impossible_ratios(
    standings: Sequence[Standing], ratios: Sequence[Ratio]
) -> list[Contradiction]:
    """Hold the promised, the reported and the shown values of pairs of metrics against bounds.

    Parameters
    ----------
    standings
        Commitments, of several scopes maybe; only values of one scope are put together.
    ratios
        The bounds, as the pack declares them.
    """
    by_metric = {(s.commitment.metric, s.scope): s for s in standings}
    found = []
    for ratio, scope in product(ratios, dict.fromkeys(s.scope for s in standings)):
        top = by_metric.get((ratio.numerator, scope))
        bottom = by_metric.get((ratio.denominator, scope))
        if top is None or bottom is None:
            continue
        for level, above, below in _pairs(top, bottom):
            if below.value == 0 or not ratio.low <= above.value / below.value <= ratio.high:
                found.append(_impossible(ratio, level, (top, bottom), (above, below)))
    return found


def _pairs(top: Standing, bottom: Standing) -> Iterator[tuple[str, Quantity, Quantity]]:
    """Give the pairs of values that speak of the same thing: targets, claims, evidence."""
    units = top.commitment.unit, bottom.commitment.unit
    levels = (
        ("target", top.commitment.target, bottom.commitment.target),
        ("reported", _value(top.reported), _value(bottom.reported)),
        ("shown", _value(top.best), _value(bottom.best)),
    )
    for level, above, below in levels:
        if above is not None and below is not None:
            yield level, Quantity(above, units[0]), Quantity(below, units[1])


def _value(record: Claim | Evidence | None) -> float | None:
    return None if record is None else record.value


def _impossible(
    ratio: Ratio, level: str, pair: tuple[Standing, Standing], values: tuple[Quantity, Quantity]
) -> Contradiction:
    above, below = values
    shown = [s.best for s in pair if s.best is not None] if level == "shown" else []
    said = [s.reported for s in pair if s.reported is not None] if level == "reported" else []
    return contradiction(
        f"ratio-{level}", Severity.ERROR, [s.commitment.record for s in pair],
        {
            "name": ratio.name, "above": above, "below": below,
            "ratio": above.value / below.value if below.value else float("inf"),
            "low": ratio.low, "high": ratio.high, "source": ratio.source,
        },
        key=ratio.id, evidence=shown, claims=said,
    )  # fmt: skip
