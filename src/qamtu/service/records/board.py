"""The board of a running service: assembled from the database, kept until the log grows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, cast

from qamtu.country.pack import load_pack
from qamtu.country.programme import read_programme
from qamtu.programme.board import Board, Ratio, assemble, assemble_regions
from qamtu.programme.load import from_tables
from qamtu.service.database.engine import reading
from qamtu.service.log import repository as log
from qamtu.service.records.repository import programme
from qamtu.service.state import State

__all__ = ["board", "regions"]


def board(
    state: State,
    *,
    true_on: dt.date | None = None,
    known_at: dt.datetime | None = None,
    public: bool = True,
) -> Board:
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
    return cast("Board", _kept(state, "board", true_on, known_at, assemble, "country"))


def regions(
    state: State, *, true_on: dt.date | None = None, known_at: dt.datetime | None = None
) -> Mapping[str, Board]:
    """Give a board a region, by scope ``region:<id>``; arguments as of `board`."""
    return cast("Mapping[str, Board]", _kept(state, "regions", true_on, known_at, assemble_regions))


def _kept(
    state: State,
    name: str,
    true_on: dt.date | None,
    known_at: dt.datetime | None,
    assembled: Callable[..., Any],
    months_of: str | None = None,
) -> Any:
    day = true_on or dt.datetime.now(dt.UTC).date()
    with reading(state.sessions) as session:
        size = log.size(session)

    def make() -> Any:
        with reading(state.sessions) as session:
            commitments, claims, evidence, organisations = programme(
                session, known_at, true_on=day, months_of=months_of
            )
        return assembled(
            commitments,
            claims,
            evidence,
            true_on=day,
            known_at=known_at or dt.datetime.now(dt.UTC),
            organisations=organisations,
            ratios=_ratios(state),
        )

    return state.cache.get((name, size, day, known_at), make)


def _ratios(state: State) -> tuple[Ratio, ...]:
    pack = state.settings.pack
    made = state.cache.get(
        ("ratios", pack), lambda: from_tables(*read_programme(load_pack(pack))).ratios
    )
    return cast("tuple[Ratio, ...]", made)
