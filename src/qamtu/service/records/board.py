"""The boards of a running service: assembled from the database, kept until what they show changes.

What is asked of today is kept with `held.Keeper`: after a filing the country's board is assembled
again from what is in memory, and a region's board only where evidence of that region was filed.
What is asked of other days or moments of knowledge is read from the database.
"""

from __future__ import annotations

import datetime as dt
from typing import cast

from qamtu.country.pack import load_pack
from qamtu.country.programme import read_programme
from qamtu.programme.board import Board, Ratio, assemble, assemble_regions
from qamtu.programme.load import from_tables
from qamtu.programme.records import Evidence
from qamtu.service.database.engine import reading
from qamtu.service.log import repository as log
from qamtu.service.records.held import COUNTRY, Held, Keeper
from qamtu.service.records.repository import Programme, programme
from qamtu.service.records.thinned import for_boards
from qamtu.service.state import State

__all__ = ["board", "region"]


def board(
    state: State, *, true_on: dt.date | None = None, known_at: dt.datetime | None = None,
    public: bool = True,
) -> Board:  # fmt: skip
    """Give the board of the country.

    Parameters
    ----------
    state
        The service.
    true_on
        The day it speaks of, today by default.
    known_at
        The moment of knowledge, now by default.
    public
        Whether it is shown to everyone. Only accepted evidence counts on any board, and that is
        public, so both are the same.
    """
    del public
    day = true_on or _today()
    held = _held(state, day, known_at)

    def make() -> Board:
        return _assembled(state, _of_country(state, held, day, known_at), day, known_at)

    at = _size(state) if held is None else held.board_at
    return cast("Board", state.cache.get((COUNTRY, at, day, known_at), make))


def region(
    state: State, scope: str, *, true_on: dt.date | None = None,
    known_at: dt.datetime | None = None,
) -> Board | None:  # fmt: skip
    """Give the board of a region; None where there is no such region.

    Parameters
    ----------
    scope
        ``region:<id>``. The other arguments are those of `board`.
    """
    day = true_on or _today()
    held = _held(state, day, known_at)

    def make() -> Board | None:
        known = _of_region(state, held, scope, day, known_at)
        return _assembled_region(state, known, scope, day, known_at)

    at = _size(state) if held is None else held.region_at(scope)
    return cast("Board | None", state.cache.get((scope, at, day, known_at), make))


def _held(state: State, day: dt.date, known_at: dt.datetime | None) -> Held | None:
    """Give what is kept of today (of any zone of the world); None for other days and moments."""
    if known_at is not None or abs((day - _today()).days) > 1:
        return None
    keeper: Keeper = state.cache.get("held", Keeper)
    return keeper.at(state.sessions, day)


def _of_country(
    state: State, held: Held | None, day: dt.date, known_at: dt.datetime | None
) -> Programme:
    if held is None:
        with reading(state.sessions) as session:
            return programme(session, known_at, true_on=day, months_of=COUNTRY)
    return _framed(held, held.all_evidence())


def _of_region(
    state: State, held: Held | None, scope: str, day: dt.date, known_at: dt.datetime | None
) -> Programme:
    with reading(state.sessions) as session:
        if held is None:
            return programme(session, known_at, scope=scope, true_on=day)
        return _framed(held, for_boards(session, true_on=day, scope=scope))


def _framed(held: Held, evidence: list[Evidence]) -> Programme:
    return list(held.commitments), list(held.claims), evidence, list(held.organisations)


def _assembled(state: State, known: Programme, day: dt.date, known_at: dt.datetime | None) -> Board:
    commitments, claims, evidence, organisations = known
    return assemble(
        commitments, claims, evidence, true_on=day, known_at=known_at or dt.datetime.now(dt.UTC),
        organisations=organisations, ratios=_ratios(state),
    )  # fmt: skip


def _assembled_region(
    state: State, known: Programme, scope: str, day: dt.date, known_at: dt.datetime | None
) -> Board | None:
    commitments, claims, evidence, organisations = known
    return assemble_regions(
        commitments, claims, evidence, true_on=day, known_at=known_at or dt.datetime.now(dt.UTC),
        organisations=organisations, ratios=_ratios(state), scopes={scope},
    ).get(scope)  # fmt: skip


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _size(state: State) -> int:
    with reading(state.sessions) as session:
        return log.size(session)


def _ratios(state: State) -> tuple[Ratio, ...]:
    pack = state.settings.pack
    made = state.cache.get(
        ("ratios", pack), lambda: from_tables(*read_programme(load_pack(pack))).ratios
    )
    return cast("tuple[Ratio, ...]", made)
