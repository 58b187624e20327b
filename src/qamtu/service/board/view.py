"""What the templates of the board get of a line: words, pictures and links, in one language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from qamtu.core.findings import Severity
from qamtu.programme.board import BoardLine
from qamtu.programme.records import Organisation
from qamtu.programme.texts import contradiction_message, reason_message, rule_name
from qamtu.service.board.course import draw
from qamtu.service.pages.environment import Speaker

__all__ = ["Group", "Mark", "Row", "counts", "grouped", "rows"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One contradiction in words, and what it rests on."""

    rule: str
    text: str
    error: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the board for a template."""

    line: BoardLine
    owner: Organisation | None
    reason: str
    picture: Markup
    marks: tuple[Mark, ...]

    @property
    def has_errors(self) -> bool:
        """Whether one of its contradictions cannot be."""
        return any(mark.error for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one area."""

    area: str
    rows: tuple[Row, ...]


def rows(
    lines: Iterable[BoardLine], organisations: Mapping[str, Organisation], speaker: Speaker,
    today: dt.date, *, large: bool = False,
) -> list[Row]:  # fmt: skip
    """Make rows of lines."""
    return [
        Row(
            line=line,
            owner=organisations.get(line.commitment.owner),
            reason=speaker.say(reason_message(line.light_reason)),
            picture=draw(line, speaker, today, large=large),
            marks=tuple(
                Mark(
                    speaker.t(rule_name(one)),
                    speaker.say(contradiction_message(one)),
                    one.severity is Severity.ERROR,
                    one.evidence,
                )
                for one in line.contradictions
            ),
        )
        for line in lines
    ]


def grouped(made: Sequence[Row]) -> list[Group]:
    """Group rows by area, each area where its first row stands."""
    order = {area: place for place, area in enumerate(dict.fromkeys(_area(row) for row in made))}
    ordered = sorted(made, key=lambda row: order[_area(row)])
    return [Group(area, tuple(some)) for area, some in groupby(ordered, key=_area)]


def counts(lines: Iterable[BoardLine]) -> dict[str, int]:
    """Count lines by light, in the order in which the lights are shown."""
    made = dict.fromkeys(("red", "amber", "green", "grey"), 0)
    for line in lines:
        made[line.light.value] += 1
    return made


def _area(row: Row) -> str:
    return row.line.commitment.area
