"""The traffic light of a commitment, and the gap to its target; the rule is written down here.

The light looks at *shown* values alone: accepted evidence that is observed or estimated. What
somebody said and what a plan would bring never change it. A status that is reported without a
target (20 cities have 5G) is held against its reported value: the board gives that as the target
here. The first rule that fits decides:

======================================================================  =====  =================
the case                                                                light  code
======================================================================  =====  =================
no number was promised                                                  grey   no-target
nothing is shown: there is a claim / a plan / nothing at all            grey   claim-only,
                                                                               plan-only,
                                                                               no-evidence
the shown value reaches the target, its whole 90 % band too             green  kept
the same, but the value is an estimate                                  amber  kept-by-estimate
the same, but the band reaches below the target, and no later rule      amber  kept-within-band
makes the light green
no due day was named, but it is reported as reached (kind status)       red    not-as-reported
no due day was named                                                    amber  no-due
the due day has passed                                                  red    overdue
the forecast's band lies on the good side of the target                 green  on-course
the forecast's band holds the target                                    amber  course-unsure
the forecast's band lies on the bad side of the target                  red    off-course
no forecast, the start is unknown                                       amber  too-little-known
no forecast, on the straight line from baseline to target, or ahead     green  on-line
no forecast, behind that line by a fifth at most                        amber  behind-line
no forecast, further behind                                             red    far-behind-line
======================================================================  =====  =================

An estimate never makes a green light: where it would, the light is amber (``kept-by-estimate``,
``course-estimated``). All else being equal, a better value never makes a worse light.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from qamtu.programme.quantity import Quantity
from qamtu.programme.records import Commitment, Direction
from qamtu.programme.trajectory import Band

__all__ = ["Light", "Reason", "gap_of", "kept_share_of", "light_of", "reaches"]

BEHIND: Final = 0.8
"""Share of the straight line's progress from which a commitment counts as nearly on it."""
_ROUND: Final = 1e-9


class Light(StrEnum):
    """The state of a commitment at a glance."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a light shows what it shows; `qamtu.programme.texts` says it in words."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def reaches(value: float, target: float, direction: Direction) -> bool:
    """Tell whether a value is on the good side of a target, or on it."""
    if direction is Direction.UP:
        return value >= target - _ROUND * abs(target)
    return value <= target + _ROUND * abs(target)


def gap_of(value: float, target: float, direction: Direction) -> float:
    """Give what is lacking to the target, in its unit; 0 where it is reached."""
    if reaches(value, target, direction):
        return 0.0
    return abs(target - value)


def kept_share_of(commitment: Commitment, value: float) -> float | None:
    """Give the share of the way from the baseline to the target that is done.

    Without a baseline the way begins at 0 for a metric that should grow. A metric that should
    fall and has no baseline has no beginning: its share is None until the target is reached.

    Returns
    -------
    share
        0 or above; 1 where the target is reached, above 1 beyond it; None where unknown.
    """
    target = commitment.target
    if target is None:
        return None
    start = commitment.baseline
    if start is None and commitment.direction is Direction.UP:
        start = 0.0
    if start is None or start == target:
        return 1.0 if reaches(value, target, commitment.direction) else None
    return max(0.0, (value - start) / (target - start))


def light_of(
    commitment: Commitment, *, value: float | None, estimated: bool, half_width: float | None,
    band: Band | None, today: dt.date, claimed: bool = False, planned: bool = False,
) -> tuple[Light, Reason]:  # fmt: skip
    """Give the light of a commitment and why, after the table at the head of this module.

    Parameters
    ----------
    commitment
        The commitment.
    value
        The shown value, None where nothing is shown.
    estimated
        Whether it is an estimate.
    half_width
        Half width of its own 90 % band, None where unknown.
    band
        Band of the forecast for the due day, None without one.
    today
        The day of the board.
    claimed, planned
        Whether there is a claim, or a planned value.
    """
    target = commitment.target
    if target is None or value is None:
        shown = "claim-only" if claimed else "plan-only" if planned else "no-evidence"
        return Light.GREY, Reason("no-target" if target is None else shown)
    unit = commitment.unit
    said: dict[str, Any] = {"value": Quantity(value, unit), "target": Quantity(target, unit)}
    if reaches(value, target, commitment.direction):
        light, code = _kept(commitment, value, target, half_width, estimated=estimated)
        later = _ahead(commitment, value, target, band, today, said)
        if code == "kept-within-band" and later[0] is Light.GREEN:
            return later
        return light, Reason(code, said)
    said["gap"] = Quantity(gap_of(value, target, commitment.direction), unit)
    light, reason = _ahead(commitment, value, target, band, today, said)
    if light is Light.GREEN and estimated:
        return Light.AMBER, Reason("course-estimated", reason.values)
    return light, reason


def _kept(
    commitment: Commitment, value: float, target: float, half_width: float | None, *,
    estimated: bool,
) -> tuple[Light, str]:  # fmt: skip
    """Judge a value that reaches the target."""
    if estimated:
        return Light.AMBER, "kept-by-estimate"
    sign = 1.0 if commitment.direction is Direction.UP else -1.0
    worst = value - sign * (half_width or 0.0)
    if not reaches(worst, target, commitment.direction):
        return Light.AMBER, "kept-within-band"
    return Light.GREEN, "kept"


def _ahead(
    commitment: Commitment, value: float, target: float, band: Band | None, today: dt.date,
    said: Mapping[str, Any],
) -> tuple[Light, Reason]:  # fmt: skip
    """Judge a value by what comes: the due day, the forecast, the straight line."""
    due = commitment.due
    if due is None:
        reported = commitment.kind == "status"
        light, code = (Light.RED, "not-as-reported") if reported else (Light.AMBER, "no-due")
        return light, Reason(code, said)
    said = {**said, "due": due}
    if due < today:
        return Light.RED, Reason("overdue", said)
    if band is None:
        return _by_line(commitment, value, due, today, said)
    return _by_forecast(commitment, target, band, said)


def _by_forecast(
    commitment: Commitment, target: float, band: Band, said: Mapping[str, Any]
) -> tuple[Light, Reason]:
    """Judge a value below the target before its due day by where its course leads."""
    unit, way = commitment.unit, commitment.direction
    bad, good = (band.low, band.high) if way is Direction.UP else (band.high, band.low)
    said = {**said, "low": Quantity(band.low, unit), "high": Quantity(band.high, unit)}
    if reaches(bad, target, way):
        return Light.GREEN, Reason("on-course", said)
    if reaches(good, target, way):
        return Light.AMBER, Reason("course-unsure", said)
    return Light.RED, Reason("off-course", said)


def _by_line(
    commitment: Commitment, value: float, due: dt.date, today: dt.date, said: Mapping[str, Any]
) -> tuple[Light, Reason]:
    """Judge a value below the target before its due day by the straight line to the target."""
    start, share = commitment.baseline_on, kept_share_of(commitment, value)
    if start is None or commitment.baseline is None or share is None or start >= due:
        return Light.AMBER, Reason("too-little-known", said)
    gone = min(1.0, max(0.0, (today - start).days / (due - start).days))
    said = {**said, "share": Quantity(share, "share"), "expected": Quantity(gone, "share")}
    if share >= gone or math.isclose(share, gone):
        return Light.GREEN, Reason("on-line", said)
    if share >= BEHIND * gone:
        return Light.AMBER, Reason("behind-line", said)
    return Light.RED, Reason("far-behind-line", said)
