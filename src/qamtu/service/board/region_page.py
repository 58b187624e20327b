"""What the pages of the regions show: what is owed, what is late, what is planned by year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from qamtu.programme.board import Board, Light
from qamtu.programme.records import Organisation
from qamtu.service.board.boards import Boards
from qamtu.service.board.view import counts, rows
from qamtu.service.database.engine import reading
from qamtu.service.pages.country import Country, Region
from qamtu.service.pages.environment import Speaker
from qamtu.service.plans import duck
from qamtu.service.plans import repository as plans
from qamtu.service.state import State

__all__ = ["Overview", "context", "overview"]

_BY_YEAR: Final = """
    SELECT year, count(*) AS settlements, count(*) FILTER (option = 'fibre') AS fibre,
           sum(population) AS population, sum(capex) AS capex
    FROM read_parquet(?) WHERE region_id = ? AND year IS NOT NULL GROUP BY year ORDER BY year
"""
_EMPTY: Final = Board((), (), dt.date.min, dt.datetime.min.replace(tzinfo=dt.UTC))


@dataclass(frozen=True, slots=True)
class Overview:
    """One region of the list: its lights and how many commitments say something about it."""

    region: Region
    counts: dict[str, int]
    number: int


def overview(boards: Boards, place: Country) -> list[Overview]:
    """Give all regions of the country with their lights."""
    made = []
    for region in place.regions:
        board = boards.regions.get(f"region:{region.id}", _EMPTY)
        made.append(Overview(region, counts(board.lines), len(board.lines)))
    return made


def context(
    state: State, boards: Boards, region: Region, voice: Speaker, day: dt.date
) -> dict[str, Any]:
    """Give what the template of a region needs.

    What is owed is what its akimat, or all akimats together, own; what is late is red there.
    """
    board = boards.regions.get(f"region:{region.id}", _EMPTY)
    there = {line.commitment.record: line for line in board.lines}
    owed = [
        there.get(line.commitment.record, line)
        for line in boards.country.lines
        if _owes(boards.organisations.get(line.commitment.owner), region)
    ]
    late = [line for line in board.lines if line.light is Light.RED]
    return {
        "place": region,
        "owed": rows(owed, boards.organisations, voice, day),
        "late": rows(late, boards.organisations, voice, day),
        "measures": rows(board.lines, boards.organisations, voice, day),
        "counts": counts(board.lines),
        "years": years(state, region.id),
        "akimat": next((o for o in boards.organisations.values() if o.region == region.id), None),
    }


def _owes(owner: Organisation | None, region: Region) -> bool:
    """Tell whether an owner is the region's akimat, or all akimats together."""
    if owner is None or not owner.kind.startswith("akimat"):
        return False
    return owner.region in {None, region.id}


def years(state: State, region: str) -> list[dict[str, Any]]:
    """Give, by year of the current plan of the villages, what it builds in a region.

    Returns
    -------
    years
        ``year``, ``settlements``, ``fibre`` (of them by fibre), ``population`` and ``capex``;
        empty without a published plan.
    """
    with reading(state.sessions) as session:
        plan = plans.current(session, "villages")
    if plan is None:
        return []
    path = plans.folder_of(state, plan) / "plan_settlements.parquet"
    with duck.reading() as cursor:
        found = cursor.execute(_BY_YEAR, [str(path), region])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
