"""What a new process does before the first reader comes: the board's page in every language."""

from __future__ import annotations

import threading
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request
from sqlalchemy.exc import SQLAlchemyError

from qamtu.core.errors import QamtuError
from qamtu.service.board.asked import Asked, times
from qamtu.service.board.endpoints import board
from qamtu.service.pages.country import country
from qamtu.service.records.board import region
from qamtu.service.state import State

__all__ = ["start_warming", "warm"]


def start_warming(app: FastAPI) -> threading.Thread:
    """Warm in a thread that ends with the process; readers are answered meanwhile."""
    thread = threading.Thread(target=warm, args=(app,), name="warm", daemon=True)
    thread.start()
    return thread


def warm(app: FastAPI) -> None:
    """Make the board as the public asks for it in each language, then the boards of the regions.

    It keeps what they made; where that fails the first reader is told why.
    """
    state: State = app.state.qamtu
    try:
        for language in state.settings.languages:
            board(_asking(app, language))
        place = country(state.settings.pack)
        day, _ = times(Asked(), ZoneInfo(place.zone))
        for one in place.regions:
            region(state, f"region:{one.id}", true_on=day)
    except (QamtuError, SQLAlchemyError) as error:
        state.log.warning("warm.failed", error=type(error).__name__)


def _asking(app: FastAPI, language: str) -> Request:
    """Make the request of a reader who is not signed in for the board in a language."""
    headers = {"host": "localhost", "accept-encoding": "gzip", "cookie": f"language={language}"}
    return Request(
        {
            "type": "http", "method": "GET", "path": "/", "query_string": b"", "app": app,
            "scheme": "http", "server": ("localhost", 80), "root_path": "", "state": {},
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
    )  # fmt: skip
