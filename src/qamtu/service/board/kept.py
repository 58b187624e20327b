"""What the board's pages keep between requests: assembled boards and rendered parts."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request

from qamtu.service.cache import Cache

__all__ = ["Store", "store_of"]

_BOARDS = 8
_PARTS = 512


@dataclass(frozen=True, slots=True)
class Store:
    """Boards and parts of one running service; their keys hold the size of the log."""

    boards: Cache = field(default_factory=lambda: Cache(_BOARDS))
    parts: Cache = field(default_factory=lambda: Cache(_PARTS))


def store_of(request: Request) -> Store:
    """Give what the service of a request keeps."""
    found = getattr(request.app.state, "board_store", None)
    if found is None:
        found = request.app.state.board_store = Store()
    made: Store = found
    return made
