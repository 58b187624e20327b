"""The sentences on one commitment: each figure comes from the board and carries its note."""

from __future__ import annotations

from typing import Any

from qamtu.programme.board import BoardLine
from qamtu.programme.light import Light
from qamtu.programme.quantity import Quantity
from qamtu.programme.records import Evidence
from qamtu.programme.texts import forecast_message, reason_message
from qamtu.studies.session_report.notes import Notes
from qamtu.studies.session_report.words import Words

__all__ = ["LIGHTS", "line_of", "promised", "value_of"]

LIGHTS = {
    Light.GREEN: "green",
    Light.AMBER: "amber",
    Light.RED: "red",
    Light.GREY: "grey",
}
"""Words of the lights, to be translated."""

Sentence = dict[str, Any]


def line_of(line: BoardLine, words: Words, notes: Notes, owner: str) -> dict[str, Any]:
    """Say what is known of a commitment.

    Returns
    -------
    item
        Promise, owner, light with its reason, and sentences, each with the numbers of its notes.
    """
    commitment = line.commitment
    sentences = [promised(line, words), *_stated(line, words, notes), *_course(line, words, notes)]
    return {
        "commitment": commitment.record,
        "promise": words.name(commitment.promise),
        "owner": words.t("Responsible: {name}", name=owner),
        "light": line.light.value,
        "light_word": words.t(LIGHTS[line.light]),
        "why": words.say(reason_message(line.light_reason)),
        "estimated": line.estimated,
        "sentences": sentences,
        "value": line.value,
        "unit": commitment.unit,
        "value_on": line.value_on.isoformat() if line.value_on else None,
        "basis": _basis(line),
        "grade": line.grade.value if line.grade else None,
        "target": commitment.target,
        "due": commitment.due.isoformat() if commitment.due else None,
        "contradictions": [one.id for one in line.contradictions],
    }


def promised(line: BoardLine, words: Words) -> Sentence:
    """Say what was promised, and for when."""
    one = line.commitment
    if one.target is not None:
        figure = words.quantity(one.target, one.unit)
    elif one.target_text:
        figure = words.programme(one.target_text)
    else:
        return {"text": words.t("Promised: no number was named."), "notes": []}
    if one.due is None:
        return {
            "text": words.t("Promised: {target}; no day was named.", target=figure),
            "notes": [],
        }
    text = words.t("Promised: {target}; due: {day}.", target=figure, day=words.day(one.due))
    return {"text": text, "notes": []}


def value_of(line: BoardLine, words: Words) -> str:
    """Give the value of a line for a table; what is not shown by evidence is marked."""
    if line.value is None:
        return "–"
    text = words.quantity(line.value, line.commitment.unit)
    if line.best is None:
        return words.t("{value} (said)", value=text)
    return words.t("{value} (estimate)", value=text) if line.estimated else text


def _basis(line: BoardLine) -> str | None:
    if line.value_basis:
        return line.value_basis.value
    return "claimed" if line.reported else None


def _stated(line: BoardLine, words: Words, notes: Notes) -> list[Sentence]:
    """Say what evidence shows, then what was said."""
    made: list[Sentence] = []
    unit = line.commitment.unit
    if line.best is not None and line.best.value is not None:
        made.append(_shown(line.best, unit, words, notes, estimated=line.estimated))
    claim = line.reported
    if claim is not None and claim.value is not None:
        text = (
            words.t("Said: {value} ({day}); no evidence shows it.",
                    value=words.quantity(claim.value, unit), day=words.day(claim.true_on))
            if line.best is None
            else words.t("Said: {value} ({day}).",
                         value=words.quantity(claim.value, unit), day=words.day(claim.true_on))
        )  # fmt: skip
        made.append({"text": text, "notes": [notes.claim(claim)]})
    elif claim is not None:
        text = (
            words.t("Said in words only: “{words}”; no evidence shows it.", words=claim.text)
            if line.best is None
            else words.t("Said in words: “{words}”.", words=claim.text)
        )
        made.append({"text": text, "notes": [notes.claim(claim)]})
    elif line.best is None:
        made.append({"text": words.t("Nothing was said, and no evidence shows it."), "notes": []})
    return made


def _shown(best: Evidence, unit: str, words: Words, notes: Notes, *, estimated: bool) -> Sentence:
    assert best.value is not None
    value, day = words.quantity(best.value, unit), words.day(best.true_on)
    text = (
        words.t("Estimated: {value} ({day}); an estimate, not an observation.",
                value=value, day=day)
        if estimated
        else words.t("Shown by evidence: {value} ({day}).", value=value, day=day)
    )  # fmt: skip
    return {"text": text, "notes": [notes.evidence(best)]}


def _course(line: BoardLine, words: Words, notes: Notes) -> list[Sentence]:
    """Say where a plan and the course lead; a plan never counts as kept."""
    made: list[Sentence] = []
    planned = [one for one in line.planned if one.value is not None]
    if planned:
        last = planned[-1]
        text = words.t(
            "Planned, not achieved: {value} ({day}).",
            value=words.any(Quantity(last.value or 0.0, line.commitment.unit)),
            day=words.day(last.true_on),
        )
        made.append({"text": text, "notes": [notes.evidence(last)]})
    if line.trajectory.forecast_on_due is not None:
        text = words.say(forecast_message(line.trajectory, line.commitment.unit))
        made.append({"text": text, "notes": []})
    return made
