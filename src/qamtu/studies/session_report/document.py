"""The report as one document of plain values: what the page and the print both show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from qamtu import __version__
from qamtu.core.findings import Severity
from qamtu.programme.board import Board, BoardLine
from qamtu.programme.contradictions.record import Contradiction
from qamtu.programme.light import Light
from qamtu.programme.records import Organisation, Texts
from qamtu.programme.texts import AREAS, contradiction_message, rule_name
from qamtu.studies.session_report.charts import course_chart, lights_chart
from qamtu.studies.session_report.differences import FORMAT, differences
from qamtu.studies.session_report.labels import labels
from qamtu.studies.session_report.notes import Notes, Proofs
from qamtu.studies.session_report.region_map import MapData, draw_map
from qamtu.studies.session_report.sentences import line_of, value_of
from qamtu.studies.session_report.words import Words

__all__ = ["Country", "make_document"]

_OVERDUE: Final = frozenset({"overdue", "overdue-unshown"})


@dataclass(frozen=True, slots=True)
class Country:
    """Whose report it is.

    Parameters
    ----------
    code
        ISO 3166-1 alpha-2.
    name
        By language.
    organisations
        Who owes, says and files.
    """

    code: str
    name: Texts
    organisations: Sequence[Organisation] = field(default_factory=tuple)


def make_document(
    board: Board, words: Words, country: Country, *, made_on: dt.date,
    map_data: MapData | None, previous: Mapping[str, Any] | None, proofs: Proofs,
) -> dict[str, Any]:  # fmt: skip
    """Make the document.

    Parameters
    ----------
    board
        The board at its two times; every figure comes from it.
    words, country
        The language, and whose report it is.
    made_on
        Day written on the report.
    map_data, previous, proofs
        The map, the last report, the proofs; None or empty where there are none.

    Returns
    -------
    document
        Texts, numbers, lists and pictures only; the same for the same arguments.
    """
    names = {one.id: one.name for one in country.organisations}
    notes = Notes(words, proofs, names)
    areas = [_area(area, lines, words, notes, names) for area, lines in _by_area(board)]
    items = [item for area in areas for item in area["items"]]
    rows = [area["row"] for area in areas]
    contradictions = {one.id: words.programme(rule_name(one)) for one in board.contradictions}
    picture = lights_chart(rows, words, words.t("Lights by area"))
    return {
        "format": FORMAT,
        "language": words.language,
        "labels": labels(words),
        "country": {"code": country.code, "name": words.name(country.name)},
        "title": words.t("Report to the session of the Government"),
        "subtitle": words.t("Commitments of the programme, their evidence and their gaps"),
        "made_on": made_on.isoformat(),
        "made_text": words.day(made_on),
        "true_on": board.true_on.isoformat(),
        "known_at": board.known_at.astimezone(dt.UTC).isoformat(),
        "times": words.t(
            "State of: {day}; known on: {known}.",
            day=words.day(board.true_on),
            known=words.day(board.known_at.astimezone(dt.UTC).date()),
        ),
        "version": __version__,
        "summary": {"sentences": _summary(board, words), "rows": rows, "chart": picture,
                    "chart_alt": _said(rows, words)},
        "areas": areas,
        "map": None if map_data is None else draw_map(map_data, words),
        "differences": differences(previous, items, contradictions, words),
        "unsupported": [
            {"promise": words.name(one.commitment.promise), "value": value_of(one, words)}
            for one in board.lines if one.best is None
        ],
        "contradictions_shown": _contradictions(board, words, overdue=False),
        "overdue": _contradictions(board, words, overdue=True),
        "definitions": [_definition(one, words, names) for one in board.lines],
        "notes": notes.all,
        "proof": _proof(words, proofs, notes),
        "lines": [{k: v for k, v in item.items() if k not in _PICTURES} for item in items],
        "contradictions": sorted(contradictions),
    }  # fmt: skip


_PICTURES: Final = frozenset({"chart", "chart_alt"})


def _by_area(board: Board) -> list[tuple[str, list[BoardLine]]]:
    """Group the lines in the order of the six areas; an area of another name comes last."""
    found: dict[str, list[BoardLine]] = {}
    for line in board.lines:
        found.setdefault(line.commitment.area, []).append(line)
    order = [*AREAS, *sorted(set(found) - set(AREAS))]
    return [(area, found[area]) for area in order if area in found]


def _area(
    area: str, lines: Sequence[BoardLine], words: Words, notes: Notes, names: Mapping[str, Texts]
) -> dict[str, Any]:
    name = words.programme(AREAS.get(area, area))
    items = []
    for line in lines:
        owner = words.name(names.get(line.commitment.owner, {})) or line.commitment.owner
        item = line_of(line, words, notes, owner)
        alt = words.t("Course of: {promise}", promise=item["promise"])
        item["chart"] = course_chart(line, words, alt)
        item["chart_alt"] = f"{alt}. " + " ".join(one["text"] for one in item["sentences"])
        item["marks"] = list(
            dict.fromkeys(words.programme(rule_name(one)) for one in line.contradictions)
        )
        item["shown"] = value_of(line, words)
        item["asked"] = _asked(line, words)
        items.append(item)
    counts = {light.value: sum(line.light is light for line in lines) for light in Light}
    return {
        "id": area,
        "name": name,
        "items": items,
        "row": {"area": name, **counts, "total": len(lines)},
    }


def _asked(line: BoardLine, words: Words) -> str:
    one = line.commitment
    if one.target is None:
        return words.programme(one.target_text) if one.target_text else "–"
    return words.quantity(one.target, one.unit)


def _summary(board: Board, words: Words) -> list[str]:
    lines = board.lines
    shown = [one for one in lines if one.best is not None]
    only_said = [one for one in lines if one.best is None and one.reported is not None]
    planned = [one for one in lines if one.planned]
    count = words.number
    return [
        words.t("Commitments: {all}. Shown by accepted evidence: {shown}, of them by estimates "
                "alone: {estimated}.", all=count(len(lines)), shown=count(len(shown)),
                estimated=count(sum(one.estimated for one in shown))),
        words.t("Only said, shown by nothing: {said}. Neither said nor shown: {nothing}.",
                said=count(len(only_said)),
                nothing=count(len(lines) - len(shown) - len(only_said))),
        words.t("With a plan: {planned}; what is planned is never counted as achieved.",
                planned=count(len(planned))),
        words.t("Contradictions found by rule: {all}, of them impossible: {errors}.",
                all=count(len(board.contradictions)),
                errors=count(sum(_impossible(one) for one in board.contradictions))),
    ]  # fmt: skip


def _said(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """Say the chart of lights in words."""
    parts = [
        f"{row['area']}: "
        + ", ".join(f"{words.t(light.value)} {row[light.value]}" for light in Light)
        for row in rows
    ]
    return "; ".join(parts) or words.t("Lights by area")


def _impossible(one: Contradiction) -> bool:
    """Say whether it cannot be; what is late is late, not impossible."""
    return one.severity is Severity.ERROR and one.rule not in _OVERDUE


def _contradictions(board: Board, words: Words, *, overdue: bool) -> list[dict[str, str]]:
    promises = {one.commitment.record: words.name(one.commitment.promise) for one in board.lines}
    return [
        {
            "rule": words.programme(rule_name(one)),
            "severity": words.t("impossible") if _impossible(one) else words.t("to explain"),
            "promise": "; ".join(promises.get(name, name) for name in one.commitments),
            "text": words.say(contradiction_message(one)),
        }
        for one in board.contradictions
        if (one.rule in _OVERDUE) is overdue and one.rule != "claim-unsupported"
    ]


def _definition(line: BoardLine, words: Words, names: Mapping[str, Texts]) -> dict[str, str]:
    one = line.commitment
    return {
        "promise": words.name(one.promise),
        "definition": words.name(one.definition) or words.t("No definition is given."),
        "numerator": words.name(one.numerator),
        "denominator": words.name(one.denominator)
        or (words.t("none; nothing says of what the share is") if one.unit in {"share", "1"}
            else words.t("none; a number counted")),
        "note": words.name(one.note),
        "owner": words.name(names.get(one.owner, {})) or one.owner,
        "source": one.source,
    }  # fmt: skip


def _proof(words: Words, proofs: Proofs, notes: Notes) -> dict[str, Any]:
    """Say what is proven, and how to check it; without a log say plainly that nothing is."""
    if not proofs.figures:
        return {"sentences": [
            words.t("No proof exists: the report was made without the log of a service. Its "
                    "figures can be followed to their sources, but not proven unchanged."),
        ], "steps": [], "key": ""}  # fmt: skip
    evidence = [one for one in notes.all if one["kind"] == "evidence"]
    sizes = {one["log_size"] for one in evidence if one["log_size"]}
    return {
        "key": proofs.key,
        "sentences": [
            words.t("Pieces of evidence used: {all}; proven by a figure file: {proven}.",
                    all=words.number(len(evidence)), proven=words.number(len(notes.proven))),
            words.t("Entries of the log under the signed head: {size}.",
                    size=words.number(max(sizes, default=0))),
            words.t("Key of the log: {key}.", key=proofs.key),
        ],
        "steps": [
            words.t("Take the number of the note that stands behind the figure."),
            words.t("Find the note; it names a file in the folder figures beside this report."),
            words.t("Get the public key of the log from its keeper, not from this report."),
            words.t("Run: qamtu verify FILE --key KEY. It needs no network and names every "
                    "changed byte."),
            words.t("Annex B has the SHA-256 of the files of the plan. The service gives them at "
                    "/api/v1/plans/PLAN/files/NAME, where PLAN is the SHA-256 of summary.json."),
            words.t("In summary.json are all parameters, measures and sources of the data, each "
                    "with its date. The board of the service has a page for each commitment."),
        ],
    }  # fmt: skip
