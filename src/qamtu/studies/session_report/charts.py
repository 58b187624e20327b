"""Charts as SVG, made once for the page and the print: lights by area, the course of a commitment.

Every mark is told by shape or words as well as by colour; no style sheet and no script is needed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape

from qamtu.programme.board import BoardLine
from qamtu.programme.records import Basis
from qamtu.programme.trajectory import Point, PointKind
from qamtu.studies.session_report.words import Words

__all__ = ["COLOURS", "FONT", "INK", "course_chart", "lights_chart", "svg", "text"]

FONT: Final = "Libertinus Serif, Georgia, serif"
INK: Final = "#1d2733"
MUTED: Final = "#55606e"
RULE: Final = "#c5ccd4"
COLOURS: Final = {"green": "#1b7f4b", "amber": "#b26a00", "red": "#b3261e", "grey": "#6b7480"}
_PLAN: Final = "#3a5ba0"


def svg(width: float, height: float, body: Sequence[str], label: str) -> str:
    """Wrap marks into a picture with a text for those who do not see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{_quoted(label)}">'
        f'<g font-family="{FONT}" font-size="11" fill="{INK}">{"".join(body)}</g></svg>'
    )


def text(x: float, y: float, words: str, *, anchor: str = "start", fill: str = INK) -> str:
    """Write words at a place."""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"'
    return f"<text {place}>{escape(words)}</text>"


def lights_chart(rows: Sequence[Mapping[str, object]], words: Words, label: str) -> str:
    """Draw the lights by area as bars of counted parts, each with its number.

    Parameters
    ----------
    rows
        Areas with ``area`` and the number of each light.
    words, label
        The language, and what the picture shows in words.
    """
    left, wide, step = 190.0, 330.0, 26.0
    most = max((_total(row) for row in rows), default=1) or 1
    body: list[str] = []
    for place, row in enumerate(rows):
        y = 8 + place * step
        body.append(text(left - 10, y + 13, str(row["area"]), anchor="end"))
        x = left
        for light, colour in COLOURS.items():
            count = _count(row, light)
            if not count:
                continue
            size = wide * count / most
            box = f'x="{x:.1f}" y="{y:.1f}" width="{size - 1.5:.1f}" height="18"'
            body.append(f'<rect {box} fill="{colour}"/>')
            body.append(text(x + size / 2, y + 13, str(count), anchor="middle", fill="#ffffff"))
            x += size
    y = 8 + len(rows) * step + 14
    x = left
    for light, colour in COLOURS.items():
        body.append(_shape(light, x + 5, y - 4, colour))
        body.append(text(x + 15, y, words.t(light)))
        x += 82
    return svg(left + wide + 10, y + 10, body, label)


def course_chart(line: BoardLine, words: Words, label: str) -> str | None:
    """Draw the course of a commitment; None where there are not two days to draw.

    Seen values are filled, estimates hollow, what was said a cross, plans a dashed line, the
    target a line across with its day.
    """
    points = [p for p in line.trajectory.points if abs(p.value) < 1e18]
    days = sorted({p.on for p in points})
    if len(days) < 2:
        return None
    scale = _Scale(days[0], days[-1], [p.value for p in points])
    base = f'x1="{scale.left}" y1="{scale.bottom}" x2="{scale.right}" y2="{scale.bottom}"'
    body = [
        f'<line {base} stroke="{RULE}"/>',
        text(scale.left, scale.bottom + 14, words.day(days[0]), fill=MUTED),
        text(scale.right, scale.bottom + 14, words.day(days[-1]), anchor="end", fill=MUTED),
    ]
    unit = line.commitment.unit
    if line.commitment.target is not None:
        y = scale.y(line.commitment.target)
        body.append(
            f'<line x1="{scale.left}" y1="{y:.1f}" x2="{scale.right}" y2="{y:.1f}" stroke="{INK}" '
            'stroke-dasharray="1 3"/>'
        )
        target = words.quantity(line.commitment.target, unit)
        body.append(text(scale.left, y - 5, words.t("target: {value}", value=target)))
    body += _path(scale, [p for p in points if p.kind is PointKind.SEEN], INK, "")
    body += _path(scale, [p for p in points if p.kind is PointKind.PLANNED], _PLAN, "5 3")
    body += [_mark(scale, p) for p in points if p.kind is not PointKind.TARGET]
    planned = [p for p in points if p.kind is PointKind.PLANNED]
    if planned:
        end = planned[-1]
        plan = words.t("plan: {value}", value=words.quantity(end.value, unit))
        body.append(text(scale.x(end.on), scale.bottom - 6, plan, anchor="end", fill=_PLAN))
    return svg(530, scale.bottom + 22, body, label)


class _Scale:
    """Days and values on the picture; values begin at zero."""

    left, right, top, bottom = 10.0, 520.0, 20.0, 104.0

    def __init__(self, first: dt.date, last: dt.date, values: Sequence[float]) -> None:
        self._first, self._days = first, max((last - first).days, 1)
        self._low, self._high = min(0.0, *values), max(0.0, *values)

    def x(self, day: dt.date) -> float:
        return self.left + (self.right - self.left) * (day - self._first).days / self._days

    def y(self, value: float) -> float:
        span = (self._high - self._low) or 1.0
        return self.bottom - (self.bottom - self.top) * (value - self._low) / span


def _path(scale: _Scale, points: Sequence[Point], colour: str, dashes: str) -> list[str]:
    if len(points) < 2:
        return []
    places = " ".join(f"{scale.x(p.on):.1f},{scale.y(p.value):.1f}" for p in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return [
        f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="1.5"{dashed}/>'
    ]


def _mark(scale: _Scale, point: Point) -> str:
    x, y = scale.x(point.on), scale.y(point.value)
    if point.kind is PointKind.REPORTED:
        return (
            f'<path d="M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8" stroke="{COLOURS["grey"]}" '
            'stroke-width="2" fill="none"/>'
        )
    colour = _PLAN if point.kind is PointKind.PLANNED else INK
    hollow = point.basis is Basis.ESTIMATED or point.kind is PointKind.PLANNED
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" stroke="{colour}" stroke-width="1.5" '
        f'fill="{"#ffffff" if hollow else colour}"/>'
    )


def _shape(light: str, x: float, y: float, colour: str) -> str:
    match light:
        case "green":
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>'
        case "amber":
            return f'<path d="M{x - 6:.1f} {y + 5:.1f}h12l-6 -11z" fill="{colour}"/>'
        case "red":
            return f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="{colour}"/>'
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.3" fill="none" stroke="{colour}" '
        'stroke-width="1.6"/>'
    )


def _count(row: Mapping[str, object], light: str) -> int:
    return int(str(row[light]))


def _total(row: Mapping[str, object]) -> int:
    return sum(_count(row, light) for light in COLOURS)


def _quoted(words: str) -> str:
    return escape(words, {'"': "&quot;"})
