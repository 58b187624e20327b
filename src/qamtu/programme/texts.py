"""The words of the board: an English text with places, and the values that fill them.

A page translates the text (domain ``programme``) and writes the values as its language does;
`render` does both. Values are quantities, shares among them, days, counts, names, or texts by
language.
"""
# ruff: noqa: E501 - a text stands on one line, as its translators see it

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from qamtu.programme.contradictions import Contradiction
from qamtu.programme.light import Light, Reason
from qamtu.programme.quantity import Quantity
from qamtu.programme.records import Basis, EvidenceKind, EvidenceState, Grade
from qamtu.programme.trajectory import Method, PointKind, Trajectory

__all__ = [
    "AREAS",
    "BASES",
    "EVIDENCE_KINDS",
    "EVIDENCE_STATES",
    "GRADES",
    "KINDS",
    "LIGHTS",
    "POINT_KINDS",
    "RULES",
    "Message",
    "contradiction_message",
    "forecast_message",
    "msgids",
    "plain",
    "reason_message",
    "render",
    "rule_name",
]


@dataclass(frozen=True, slots=True)
class Message:
    """A text with places in braces, English, and the values that fill them by name."""

    msgid: str
    values: Mapping[str, Any] = field(default_factory=dict)


LIGHTS: Final[Mapping[Light, str]] = {
    Light.GREEN: "Green: kept or on course",
    Light.AMBER: "Amber: unsure or nearly on course",
    Light.RED: "Red: late or off course",
    Light.GREY: "Grey: nothing shown or no number promised",
}

GRADES: Final[Mapping[Grade, str]] = {
    Grade.A: "Reproducible from data",
    Grade.B: "Independent document",
    Grade.C: "The owner's own statement",
    Grade.D: "The press",
}

BASES: Final[Mapping[Basis, str]] = {
    Basis.OBSERVED: "Observed",
    Basis.ESTIMATED: "Estimated",
    Basis.PLANNED: "Planned",
}

EVIDENCE_KINDS: Final[Mapping[EvidenceKind, str]] = {
    EvidenceKind.MEASURE: "Measure",
    EvidenceKind.DOCUMENT: "Document",
    EvidenceKind.STATISTIC: "Statistic",
}

EVIDENCE_STATES: Final[Mapping[EvidenceState, str]] = {
    EvidenceState.FILED: "Filed",
    EvidenceState.ACCEPTED: "Accepted",
    EvidenceState.REJECTED: "Rejected",
}

POINT_KINDS: Final[Mapping[PointKind, str]] = {
    PointKind.BASELINE: "Baseline",
    PointKind.SEEN: "Evidence",
    PointKind.REPORTED: "Reported",
    PointKind.PLANNED: "Plan",
    PointKind.TARGET: "Target",
}

KINDS: Final[Mapping[str, str]] = {
    "target": "Target: to be reached",
    "status": "Status: reported as reached",
    "duty": "Duty: somebody must",
    "power": "Power: somebody may",
    "aim": "Aim: no number",
}

AREAS: Final[Mapping[str, str]] = {
    "connectivity": "Connectivity",
    "security": "Information security",
    "economy": "Digital economy",
    "govtech": "Digital government",
    "ai": "Artificial intelligence",
    "programme": "The programme itself",
}

_REASONS: Final[Mapping[str, str]] = {
    "no-target": "No number was promised.",
    "no-evidence": "Nothing is shown: there is neither a claim nor evidence.",
    "claim-only": "There is only what was said; no evidence shows it.",
    "plan-only": "There is only a plan; a plan does not count as kept.",
    "kept": "Kept: {value} against {target} promised.",
    "kept-by-estimate": "An estimate of {value} reaches the {target} promised; it is not observed.",
    "kept-within-band": "{value} reaches the {target} promised, but not with its whole uncertainty.",
    "overdue": "Was due on {due}: {value} against {target} promised, {gap} lacking.",
    "not-as-reported": "Reported as reached, but {value} is shown against {target}: {gap} lacking.",
    "no-due": "No day was named: {value} against {target} promised, {gap} lacking.",
    "on-course": "On course for {due}: between {low} and {high} are expected, {target} promised.",
    "course-unsure": "The course for {due} is unsure: between {low} and {high} are expected, {target} promised.",
    "off-course": "Off course for {due}: between {low} and {high} are expected, {target} promised.",
    "too-little-known": "{value} against {target} promised by {due}; too little is known to tell the course.",
    "on-line": "On the line to {due}: {share} of the way is done, {expected} of the time has passed.",
    "behind-line": "A little behind the line to {due}: {share} of the way is done, {expected} of the time has passed.",
    "far-behind-line": "Far behind the line to {due}: {share} of the way is done, {expected} of the time has passed.",
    "course-estimated": "On course for {due} by estimates alone: {value} against {target} promised.",
}

RULES: Final[Mapping[str, str]] = {
    "values-differ": "Two values contradict each other",
    "claim-differs": "Claim and evidence contradict each other",
    "parts-sum": "The regions do not add up to the country",
    "parts-exceed": "Some regions add up to more than the country",
    "parts-share": "The country's share lies outside those of its regions",
    "ratio-target": "Impossible ratio of two promises",
    "ratio-reported": "Impossible ratio of two claims",
    "ratio-shown": "Impossible ratio of two shown values",
    "share-outside": "Share outside 0 to 1",
    "share-without-denominator": "Share without a denominator",
    "overdue": "Overdue",
    "overdue-unshown": "Overdue, and nothing shows it kept",
    "status-below-target": "Reported as reached below its own target",
    "status-without-value": "Status reported without a value",
    "claim-unsupported": "Claim that no evidence supports",
    "evidence-without-source": "Evidence without a source",
    "unit-differs": "Evidence in another unit",
}
"""What each rule is called."""

_CONTRADICTIONS: Final[Mapping[str, str]] = {
    "values-differ": "On {day} the values lie between {low} (grade {low_grade}) and {high} (grade {high_grade}); a difference of {tolerance} is tolerated. Values: {count}; days like this: {days}.",
    "claim-differs": "{said} was said for {said_on}, evidence of grade {grade} shows {shown} for {shown_on}; a difference of {tolerance} is tolerated.",
    "parts-sum": "The regions add up to {sum} on {day}, the country has {whole}. Days like this: {days}.",
    "parts-exceed": "The values of some regions (number: {count}) add up to {sum} on {day}, the country has only {whole}. Days like this: {days}.",
    "parts-share": "The regions have shares from {low} to {high} on {day}, the country has {whole}. Days like this: {days}.",
    "ratio-target": "{above} and {below} are promised: {ratio} {name}; between {low} and {high} can be true.",
    "ratio-reported": "{above} and {below} are reported: {ratio} {name}; between {low} and {high} can be true.",
    "ratio-shown": "{above} and {below} are shown: {ratio} {name}; between {low} and {high} can be true.",
    "share-outside": "A share of {value} cannot be: a share lies between 0 and 1. Number of values: {count}.",
    "share-without-denominator": "{metric} is a share, and nothing says of what.",
    "overdue": "Due on {due}, {days} days ago: {value} is shown against {target} promised.",
    "overdue-unshown": "Due on {due}, {days} days ago, and no evidence shows it kept.",
    "status-below-target": "Reported as reached with {value}; the target is {target}.",
    "status-without-value": "Reported in words alone (“{words}”); no value says whether the target of {target} is met.",
    "claim-unsupported": "Said on {day} (grade {grade}); no accepted evidence supports it.",
    "evidence-without-source": "Accepted evidence names neither a source nor where its value comes from. Number of records: {count}.",
    "unit-differs": "Accepted evidence has the unit {other}, the commitment has {unit}; it does not count. Number of records: {count}.",
}

_METHODS: Final[Mapping[Method, str]] = {
    Method.THEIL_SEN: "Forecast for the due day: {value}, with a chance of 90 % between {low} and {high} (Theil-Sen line).",
    Method.FEW_POINTS: "No forecast: fewer than three days have a value.",
    Method.NO_DUE: "No forecast: there is no due day ahead.",
}


def reason_message(reason: Reason) -> Message:
    """Say why a light shows what it shows."""
    return Message(_REASONS[reason.code], reason.values)


def contradiction_message(contradiction: Contradiction) -> Message:
    """Say what does not fit together."""
    return Message(_CONTRADICTIONS[contradiction.rule], contradiction.values)


def rule_name(contradiction: Contradiction) -> str:
    """Give the name of the rule that found a contradiction (a text to translate)."""
    return RULES[contradiction.rule]


def forecast_message(course: Trajectory, unit: str) -> Message:
    """Say what the course leads to, or why nothing is forecast."""
    text = _METHODS[course.method]
    if course.forecast_on_due is None or course.band is None:
        return Message(text)
    values = {"value": course.forecast_on_due, "low": course.band.low, "high": course.band.high}
    return Message(text, {name: Quantity(value, unit) for name, value in values.items()})


def msgids() -> tuple[str, ...]:
    """Give every text of the domain, each once."""
    tables: tuple[Mapping[Any, str], ...] = (
        LIGHTS, GRADES, BASES, EVIDENCE_KINDS, EVIDENCE_STATES, POINT_KINDS, KINDS, AREAS,
        _REASONS, RULES, _CONTRADICTIONS, _METHODS,
    )  # fmt: skip
    return tuple(dict.fromkeys(text for table in tables for text in table.values()))


def render(
    message: Message, translate: Callable[[str], str] = str, show: Callable[[Any], str] = str
) -> str:
    """Write a message.

    Parameters
    ----------
    message
        Text and values.
    translate
        Gives the text in the reader's language (``gettext``).
    show
        Writes one value as the reader's language does; see `plain` for the kinds of values.
    """
    shown = {name: show(value) for name, value in message.values.items()}
    return translate(message.msgid).format(**shown)


def plain(value: Any) -> str:
    """Write a value in English: quantities with their unit, shares as per cent, days as ISO."""
    match value:
        case Quantity(value=number, unit="share" | "1"):
            return f"{number * 100:.4g} %"
        case Quantity(value=number, unit=unit):
            return f"{_number(number)} {unit}"
        case int() | float():
            return _number(value)
        case Mapping():
            return str(value.get("en", next(iter(value.values()), "")))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"
