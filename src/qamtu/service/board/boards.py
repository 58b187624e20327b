"""The boards of the country and of its regions, with the bodies that own what stands there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from qamtu.programme.board import Board
from qamtu.programme.records import Organisation
from qamtu.service.cache import Cache
from qamtu.service.database.engine import reading
from qamtu.service.records import board as records
from qamtu.service.records.repository import current
from qamtu.service.state import State

__all__ = ["Boards", "boards_of"]


@dataclass(frozen=True, slots=True)
class Boards:
    """The board of the country, who owns what, and, where asked for, the boards of regions."""

    country: Board
    organisations: Mapping[str, Organisation]
    regions: Mapping[str, Board]


def boards_of(
    state: State, kept: Cache, *, size: int, true_on: dt.date, known_at: dt.datetime | None,
    regions: Collection[str] = (),
) -> Boards:  # fmt: skip
    """Give the boards at two times.

    Parameters
    ----------
    state
        The service.
    kept
        Where they are kept.
    size
        Of the log: what was assembled at one size holds until it grows.
    true_on
        The day they speak of.
    known_at
        The moment of knowledge, None for now.
    regions
        Ids of the regions whose boards are needed, too.
    """

    def make() -> Boards:
        with reading(state.sessions) as session:
            bodies = current(session, Organisation, known_at=known_at)
        country = records.board(state, true_on=true_on, known_at=known_at)
        scopes = [f"region:{one}" for one in regions]
        found = {
            scope: records.region(state, scope, true_on=true_on, known_at=known_at)
            for scope in scopes
        }
        there = {scope: one for scope, one in found.items() if one is not None}
        return Boards(country, {body.id: body for body in bodies}, there)

    made: Boards = kept.get((size, true_on, known_at, tuple(regions)), make)
    return made
