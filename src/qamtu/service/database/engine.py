"""The engine: SQLite in WAL mode or PostgreSQL, and transactions that do not deadlock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

__all__ = ["make_engine", "make_sessions", "reading", "writing"]


def make_engine(url: str) -> Engine:
    """Open a database.

    Parameters
    ----------
    url
        SQLAlchemy URL. SQLite is set to WAL, ``synchronous=NORMAL`` (a killed process loses
        nothing; a power cut may lose the last transactions, never the file), foreign keys on.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "cache_size=-65536",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Give the maker of sessions; objects stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def writing(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Open one transaction that writes: committed at the end, undone by an error.

    On SQLite it takes the write lock at its beginning, so that it never fails half-way.
    """
    with sessions() as session:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        try:
            yield session
        except BaseException:
            session.rollback()
            raise
        session.commit()


@contextmanager
def reading(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """Open one transaction that only reads; it sees one state of the database."""
    with sessions() as session:
        try:
            yield session
        finally:
            session.rollback()
