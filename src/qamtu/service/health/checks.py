"""What must be well for the service to work: the database, the log, the disk."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from qamtu.core.errors import QamtuError
from qamtu.service.database.engine import reading
from qamtu.service.log import repository as log
from qamtu.service.state import State

__all__ = ["CHECKS", "LEAST_FREE_BYTES", "examine"]

LEAST_FREE_BYTES = 256 * 2**20
"""Free space of the disk below which the service is not well."""


def examine(state: State) -> dict[str, str]:
    """Give ``ok`` or what is wrong, by the name of each check."""
    return {name: check(state) for name, check in CHECKS.items()}


def _database(state: State) -> str:
    try:
        with reading(state.sessions) as session:
            session.execute(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        return "the database does not answer"
    return "ok"


def _log(state: State) -> str:
    try:
        with reading(state.sessions) as session:
            log.root(session)
    except (SQLAlchemyError, QamtuError):
        return "the log cannot be read"
    return "ok"


def _disk(state: State) -> str:
    try:
        with tempfile.TemporaryFile(dir=state.settings.data):
            free = shutil.disk_usage(state.settings.data).free
    except OSError:
        return "the data folder cannot be written"
    return "ok" if free >= LEAST_FREE_BYTES else "the disk is nearly full"


CHECKS: dict[str, Callable[[State], str]] = {"database": _database, "log": _log, "disk": _disk}
"""What is examined, by name."""
