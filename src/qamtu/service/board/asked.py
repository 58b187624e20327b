"""What a reader asks of the board: filters, order and the two times, from the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request

from qamtu.programme.board import BoardLine

__all__ = ["SORTS", "Asked", "asked", "chosen", "times"]

SORTS: Final = ("area", "light", "gap", "due")
"""Orders of the board; the first is the order of the programme."""

_LIGHTS: Final = {"red": 0, "amber": 1, "green": 2, "grey": 3}
_NEVER: Final = dt.date.max


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the board is shown; an empty filter shows all.

    Parameters
    ----------
    area, owner, region, light
        Filters; a region shows that region's board.
    sort
        One of `SORTS`.
    true_on
        The day the board speaks of, None for today.
    known_at
        The day at whose end knowledge ends, None for now.
    """

    area: str = ""
    owner: str = ""
    region: str = ""
    light: str = ""
    sort: str = "area"
    true_on: dt.date | None = None
    known_at: dt.date | None = None

    @property
    def key(self) -> str:
        """Query string that asks the same, without what is usual."""
        usual = Asked()
        return urlencode(
            {
                name: str(getattr(self, name))
                for name in self.__slots__
                if getattr(self, name) != getattr(usual, name)
            }
        )

    def but(self, **changes: Any) -> str:
        """Query string that asks the same but for some changes, ``?`` in front."""
        return f"?{replace(self, **changes).key}"

    @property
    def filtered(self) -> bool:
        """Whether a filter hides lines."""
        return bool(self.area or self.owner or self.region or self.light)


def asked(request: Request) -> Asked:
    """Read what is asked from an address; what makes no sense counts as not asked."""
    query: Mapping[str, str] = request.query_params
    sort = query.get("sort", SORTS[0])
    light = query.get("light", "")
    return Asked(
        area=query.get("area", "")[:64],
        owner=query.get("owner", "")[:160],
        region=query.get("region", "")[:64],
        light=light if light in _LIGHTS else "",
        sort=sort if sort in SORTS else SORTS[0],
        true_on=_day(query.get("true_on", "")),
        known_at=_day(query.get("known_at", "")),
    )


def times(query: Asked, zone: dt.tzinfo) -> tuple[dt.date, dt.datetime | None]:
    """Give the day and the moment of knowledge that are asked for; None is now."""
    day = query.true_on or dt.datetime.now(zone).date()
    if query.known_at is None:
        return day, None
    end = dt.datetime.combine(query.known_at, dt.time.max, tzinfo=zone)
    return day, end.astimezone(dt.UTC)


def chosen(lines: Iterable[BoardLine], query: Asked) -> list[BoardLine]:
    """Give the lines that pass the filters, in the order asked for."""
    passed = [
        line
        for line in lines
        if query.area in {"", line.commitment.area}
        and query.owner in {"", line.commitment.owner}
        and query.light in {"", line.light.value}
    ]
    order = _ORDERS.get(query.sort)
    return passed if order is None else sorted(passed, key=order)


def _relative_gap(line: BoardLine) -> float:
    target = line.commitment.target
    if line.gap is None or target is None:
        return -1.0
    return line.gap / abs(target) if target else line.gap


_ORDERS: Final[Mapping[str, Callable[[BoardLine], Any]]] = {
    "light": lambda line: _LIGHTS[line.light.value],
    "gap": lambda line: -_relative_gap(line),
    "due": lambda line: line.commitment.due or _NEVER,
}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
