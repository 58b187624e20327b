"""The course of a commitment as SVG: what was seen, what is planned, the target, the band."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from qamtu.programme.board import BoardLine, Point, PointKind
from qamtu.programme.quantity import Quantity
from qamtu.programme.records import Basis
from qamtu.service.pages.environment import Speaker

__all__ = ["draw", "tell"]

_COURSE: Final = 2
"""A single value is no course: a sparkline of it would say nothing."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """From days and values to places on the picture."""

    first: int
    last: int
    low: float
    high: float
    width: float
    height: float
    left: float
    margin: float

    def x(self, day: dt.date) -> float:
        span = max(1, self.last - self.first)
        inner = self.width - self.left - self.margin
        return round(self.left + inner * (day.toordinal() - self.first) / span, 1)

    def y(self, value: float) -> float:
        inner = self.height - 2 * self.margin
        span = (self.high - self.low) or 1.0
        return round(self.height - self.margin - inner * (value - self.low) / span, 1)


def draw(line: BoardLine, speaker: Speaker, today: dt.date, *, large: bool = False) -> Markup:
    """Draw the course of a commitment.

    Parameters
    ----------
    line
        Line of the board.
    speaker
        Says the text alternative and the labels.
    today
        Day of the board.
    large
        With axes, for the commitment's own page; else a sparkline.

    Returns
    -------
    svg
        Empty where there is nothing to draw; a sparkline needs two values. All looks come from
        the style sheet.
    """
    points = line.trajectory.points
    values = _values(line)
    if not points or not values or (not large and len(points) < _COURSE):
        return Markup()
    scale = _scale(line, values, today, large=large)
    parts = [*_axes(line, scale, speaker, today)] if large else []
    parts += (
        _target(line, scale) + _band(line, scale) + _lines(points, scale) + _dots(points, scale)
    )
    size = f'viewBox="0 0 {scale.width:g} {scale.height:g}"'
    kind = "course large" if large else "course"
    label = escape(tell(line, speaker))
    return Markup(  # noqa: S704  # numbers of ours and an escaped label
        f'<svg class="{kind}" {size} role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )


def tell(line: BoardLine, speaker: Speaker) -> str:
    """Say the course in words."""
    unit, points = line.commitment.unit, line.trajectory.points
    seen = [p for p in points if p.kind in {PointKind.BASELINE, PointKind.SEEN}]
    planned = [p for p in points if p.kind is PointKind.PLANNED]
    said = []
    if seen:
        value = Quantity(seen[-1].value, unit)
        said.append(speaker.t("Shown: {value} on {day}.", value=value, day=seen[-1].on))
    if len(seen) > 1:
        value = Quantity(seen[0].value, unit)
        said.append(speaker.t("Before: {value} on {day}.", value=value, day=seen[0].on))
    if planned:
        value = Quantity(planned[-1].value, unit)
        said.append(speaker.t("Planned: {value} by {day}.", value=value, day=planned[-1].on))
    if line.commitment.target is not None:
        said.append(speaker.t("Target: {value}.", value=Quantity(line.commitment.target, unit)))
    return " ".join(said) or speaker.t("Nothing is shown yet.")


def _values(line: BoardLine) -> list[float]:
    band = line.trajectory.band
    bounds = [] if band is None else [band.low, band.high]
    target = [] if line.commitment.target is None else [line.commitment.target]
    return [point.value for point in line.trajectory.points] + bounds + target


def _scale(line: BoardLine, values: Sequence[float], today: dt.date, *, large: bool) -> _Scale:
    days = [point.on for point in line.trajectory.points]
    days += [day for day in (line.commitment.due,) if day is not None]
    if len(set(days)) < 2:
        days.append(max(today, max(days) + dt.timedelta(days=1)))
    low, high = min(0.0, *values), max(values)
    if high <= low:
        high = low + 1.0
    width, height = (760.0, 260.0) if large else (132.0, 44.0)
    left, margin = (96.0, 26.0) if large else (5.0, 5.0)
    first, last = min(days).toordinal(), max(days).toordinal()
    return _Scale(first, last, low, high, width, height, left, margin)


def _axes(line: BoardLine, scale: _Scale, speaker: Speaker, today: dt.date) -> list[str]:
    right, foot = scale.width - scale.margin, scale.height - 7
    made = []
    for value in _ticks(scale.low, scale.high):
        y = scale.y(value)
        label = speaker.formats.number(value, _scale_unit(line.commitment.unit))
        made.append(f'<path class="grid" d="M{scale.left:g} {y}H{right:g}"/>')
        made.append(_tick(scale.left - 8, y + 4, label, "end"))
    for ordinal, anchor in ((scale.first, "start"), (scale.last, "end")):
        day = dt.date.fromordinal(ordinal)
        made.append(_tick(scale.x(day), foot, speaker.formats.date(day), anchor))
    if scale.first < today.toordinal() < scale.last:
        x = scale.x(today)
        made.append(
            f'<path class="today" d="M{x} {scale.margin:g}V{scale.height - scale.margin:g}"/>'
        )
        made.append(_tick(x, scale.margin - 8, speaker.t("today"), "middle"))
    return made


def _ticks(low: float, high: float) -> list[float]:
    """Give the round values between two bounds: steps of 1, 2 or 5 of a power of ten."""
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((k * power for k in (1, 2, 5) if k * power >= rough * 0.999), 10 * power)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def _tick(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text class="tick" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'


def _path(points: Sequence[Point], scale: _Scale) -> str:
    return "M" + "L".join(f"{scale.x(point.on)} {scale.y(point.value)}" for point in points)


def _scale_unit(unit: str) -> str:
    return unit if unit in {"share", "1", "KZT", "USD"} else ""


def _target(line: BoardLine, scale: _Scale) -> list[str]:
    target = line.commitment.target
    if target is None:
        return []
    y = scale.y(target)
    return [f'<path class="target" d="M{scale.left:g} {y}H{scale.width - scale.margin:g}"/>']


def _band(line: BoardLine, scale: _Scale) -> list[str]:
    course, due = line.trajectory, line.commitment.due
    seen = [p for p in course.points if p.kind is PointKind.SEEN]
    if course.band is None or course.forecast_on_due is None or due is None or not seen:
        return []
    start = f"{scale.x(seen[-1].on)} {scale.y(seen[-1].value)}"
    x = scale.x(due)
    low, high = scale.y(course.band.low), scale.y(course.band.high)
    return [
        f'<path class="band" d="M{start}L{x} {high}V{low}Z"/>',
        f'<path class="forecast" d="M{start}L{x} {scale.y(course.forecast_on_due)}"/>',
    ]


def _lines(points: Sequence[Point], scale: _Scale) -> list[str]:
    seen = [p for p in points if p.kind in {PointKind.BASELINE, PointKind.SEEN}]
    planned = [p for p in points if p.kind is PointKind.PLANNED]
    made = [("planned", [*seen[-1:], *planned] if planned else []), ("seen", seen)]
    return [
        f'<path class="{name}" d="{_path(some, scale)}"/>' for name, some in made if len(some) > 1
    ]


def _dots(points: Sequence[Point], scale: _Scale) -> list[str]:
    made = []
    for point in points:
        x, y = scale.x(point.on), scale.y(point.value)
        if point.kind is PointKind.REPORTED:
            made.append(f'<path class="said" d="M{x} {y - 4}l4 4l-4 4l-4 -4z"/>')
        elif point.kind is not PointKind.TARGET:
            kind = "planned" if point.kind is PointKind.PLANNED else "seen"
            if point.basis is Basis.ESTIMATED:
                kind = "estimated"
            made.append(f'<circle class="dot {kind}" cx="{x}" cy="{y}" r="2.6"/>')
    return made
