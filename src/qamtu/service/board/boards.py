"""The boards of the country and of its regions, kept as long as the log does not grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from qamtu.country.programme import read_programme
from qamtu.programme.board import Board, Ratio, assemble, assemble_regions
from qamtu.programme.load import from_tables
from qamtu.programme.records import Organisation
from qamtu.service.cache import Cache
from qamtu.service.database.engine import reading
from qamtu.service.pages.country import pack_of
from qamtu.service.records.repository import programme
from qamtu.service.state import State

__all__ = ["Boards", "boards_of"]


@dataclass(frozen=True, slots=True)
class Boards:
    """The board of the country, those of its regions by scope, and who owns what."""

    country: Board
    regions: Mapping[str, Board]
    organisations: Mapping[str, Organisation]


def boards_of(
    state: State, kept: Cache, *, size: int, true_on: dt.date, known_at: dt.datetime | None
) -> Boards:
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
    """
    key = (size, true_on, known_at)
    made: Boards = kept.get(key, lambda: _assemble(state, true_on, known_at))
    return made


def _assemble(state: State, true_on: dt.date, known_at: dt.datetime | None) -> Boards:
    with reading(state.sessions) as session:
        commitments, claims, evidence, organisations = programme(session, known_at)
    moment = known_at or dt.datetime.now(dt.UTC)
    ratios = _ratios(state.settings.pack)
    country = assemble(
        commitments, claims, evidence,
        true_on=true_on, known_at=moment, organisations=organisations, ratios=ratios,
    )  # fmt: skip
    regions = assemble_regions(
        commitments, claims, evidence,
        true_on=true_on, known_at=moment, organisations=organisations, ratios=ratios,
    )  # fmt: skip
    return Boards(country, regions, {one.id: one for one in organisations})


@cache
def _ratios(pack: str) -> tuple[Ratio, ...]:
    return from_tables(*read_programme(pack_of(pack))).ratios
