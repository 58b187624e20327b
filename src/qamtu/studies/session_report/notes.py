"""The notes of a report: what a figure rests on, numbered in the order of first use."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qamtu.programme.records import Claim, Evidence
from qamtu.programme.texts import BASES, GRADES
from qamtu.studies.session_report.words import Words

__all__ = ["Notes", "Proofs", "figure_name"]


@dataclass(frozen=True, slots=True)
class Proofs:
    """What proves the figures of a report.

    Parameters
    ----------
    figures
        Bytes of ``FIGURE.json`` by record of evidence.
    key
        Id of the log's key, to be compared with one from elsewhere.
    """

    figures: Mapping[str, bytes] = field(default_factory=dict)
    key: str = ""


def figure_name(record: str) -> str:
    """Give the file name of a figure: readable, and no two records share one."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", record).strip("-.")[:60] or "figure"
    return f"{readable}-{hashlib.sha256(record.encode()).hexdigest()[:8]}.json"


class Notes:
    """Collects notes while sentences are made.

    Parameters
    ----------
    words
        The language.
    proofs
        Figures that prove evidence.
    organisations
        Names by id.
    """

    def __init__(
        self, words: Words, proofs: Proofs, organisations: Mapping[str, Mapping[str, str]]
    ) -> None:
        self._words, self._proofs, self._organisations = words, proofs, organisations
        self._made: dict[str, dict[str, Any]] = {}

    def evidence(self, one: Evidence) -> int:
        """Give the number of the note on a piece of evidence."""
        known = self._made.get(one.record)
        return int(known["number"]) if known else self._add(one.record, self._evidence(one))

    def claim(self, one: Claim) -> int:
        """Give the number of the note on a claim."""
        known = self._made.get(one.record)
        return int(known["number"]) if known else self._add(one.record, self._claim(one))

    @property
    def all(self) -> list[dict[str, Any]]:
        """All notes in their order."""
        return list(self._made.values())

    @property
    def proven(self) -> list[str]:
        """Records of the evidence that a figure proves."""
        return [one["record"] for one in self._made.values() if one["figure"]]

    def _add(self, record: str, note: dict[str, Any]) -> int:
        number = len(self._made) + 1
        self._made[record] = {"number": number, "record": record} | note
        return number

    def _evidence(self, one: Evidence) -> dict[str, Any]:
        words = self._words
        facts = [
            words.t("Source: {source}", source=one.source or words.t("none named")),
            words.t("true on {day}", day=words.day(one.true_on)),
            words.programme(BASES[one.basis]),
            words.t("grade {grade}: {meaning}", grade=one.grade.value,
                    meaning=words.programme(GRADES[one.grade])),
        ]  # fmt: skip
        figure = self._proofs.figures.get(one.record)
        place: dict[str, Any] = {"figure": None, "log_index": None, "log_size": None}
        if figure is not None:
            document = json.loads(figure)
            place = {
                "figure": f"figures/{figure_name(one.record)}",
                "log_index": document["evidence"]["index"],
                "log_size": document["head"]["size"],
            }
            facts.append(
                words.t(
                    "entry {index} of the log, proven by {file}",
                    index=words.number(place["log_index"]),
                    file=place["figure"],
                )
            )
        else:
            facts.append(words.t("no proof is given"))
        return place | {
            "kind": "evidence",
            "title": one.title,
            "text": "; ".join(facts) + ".",
            "value": one.value,
            "unit": one.unit,
            "true_on": one.true_on.isoformat(),
            "basis": one.basis.value,
            "grade": one.grade.value,
            "source": one.source,
            "provenance": list(one.provenance),
            "parameters": dict(sorted(one.parameters.items())),
            "files": dict(sorted(one.files.items())),
        }

    def _claim(self, one: Claim) -> dict[str, Any]:
        words = self._words
        by = words.name(self._organisations.get(one.said_by, {})) or one.said_by
        facts = [
            words.t("Said by: {name}", name=by),
            words.t("on {day}", day=words.day(one.said_on)),
            words.t("Source: {source}", source=one.source or words.t("none named")),
            words.t("grade {grade}: {meaning}", grade=one.grade.value,
                    meaning=words.programme(GRADES[one.grade])),
            words.t("a statement, not evidence"),
        ]  # fmt: skip
        return {
            "kind": "claim",
            "title": one.text or by,
            "text": "; ".join(facts) + ".",
            "figure": None,
            "log_index": None,
            "log_size": None,
            "value": one.value,
            "unit": "",
            "true_on": one.true_on.isoformat(),
            "basis": "claimed",
            "grade": one.grade.value,
            "source": one.source,
            "provenance": [],
            "parameters": {},
            "files": {},
        }
