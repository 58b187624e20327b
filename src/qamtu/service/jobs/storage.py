"""The queue's storage in the service's own database, SQLite or PostgreSQL, by one class."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

from huey.constants import EmptyData
from huey.storage import BaseStorage
from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, update

from qamtu.service.jobs.tables import QueueCounterRow, QueueItemRow, QueueValueRow

__all__ = ["SqlStorage"]

_ITEM = cast("Table", QueueItemRow.__table__)
_VALUE = cast("Table", QueueValueRow.__table__)
_COUNTER = cast("Table", QueueCounterRow.__table__)


class SqlStorage(BaseStorage):  # type: ignore[misc]  # huey has no types
    """Keeps messages in tables of the service.

    Parameters
    ----------
    name
        Of the queue.
    engine
        The service's engine.
    """

    priority = True
    blocking = False

    def __init__(self, name: str = "qamtu", *, engine: Engine) -> None:
        super().__init__(name)
        self._engine = engine
        self._joined: ContextVar[Connection | None] = ContextVar("joined", default=None)

    @contextmanager
    def joined(self, connection: Connection) -> Iterator[None]:
        """Let what the block writes be part of an open transaction: both hold or neither."""
        before = self._joined.set(connection)
        try:
            yield
        finally:
            self._joined.reset(before)

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """Add a message."""
        self._put(data, priority or 0.0, None)

    def dequeue(self) -> bytes | None:
        """Take the first message; two workers never get the same one."""
        first = (
            select(_ITEM.c.id)
            .where(_ITEM.c.queue == self.name, _ITEM.c.due.is_(None))
            .order_by(_ITEM.c.priority.desc(), _ITEM.c.id)
            .limit(1)
        )
        with self._reading() as connection:  # most looks find nothing and take no lock
            if connection.execute(first).first() is None:
                return None
        with self._writing() as connection:
            place = connection.execute(first.with_for_update(skip_locked=True)).scalar()
            if place is None:
                return None
            taken = delete(_ITEM).where(_ITEM.c.id == place).returning(_ITEM.c.data)
            return connection.execute(taken).scalar()

    def queue_size(self) -> int:
        """Count the messages that are due."""
        return self._count(_ITEM.c.due.is_(None))

    def enqueued_items(self, limit: int | None = None) -> list[bytes]:
        """Give the messages that are due, in order."""
        order = (_ITEM.c.priority.desc(), _ITEM.c.id)
        return self._items(_ITEM.c.due.is_(None), order, limit)

    def flush_queue(self) -> None:
        """Drop the messages that are due."""
        self._drop(_ITEM, _ITEM.c.due.is_(None))

    def add_to_schedule(self, data: bytes, ts: dt.datetime) -> None:
        """Add a message for later."""
        self._put(data, 0.0, _seconds(ts))

    def read_schedule(self, ts: dt.datetime) -> list[bytes]:
        """Take the scheduled messages whose moment has come."""
        due = (_ITEM.c.queue == self.name, _ITEM.c.due <= _seconds(ts))
        with self._reading() as connection:
            if connection.execute(select(_ITEM.c.id).where(*due).limit(1)).first() is None:
                return []
        with self._writing() as connection:
            order = (_ITEM.c.due, _ITEM.c.id)
            query = select(_ITEM.c.id, _ITEM.c.data).where(*due).order_by(*order)
            rows = connection.execute(query.with_for_update(skip_locked=True)).all()
            taken = [row.id for row in rows]
            connection.execute(delete(_ITEM).where(_ITEM.c.id.in_(taken)))
            return [row.data for row in rows]

    def schedule_size(self) -> int:
        """Count the scheduled messages."""
        return self._count(_ITEM.c.due.is_not(None))

    def scheduled_items(self, limit: int | None = None) -> list[bytes]:
        """Give the scheduled messages, the soonest first."""
        return self._items(_ITEM.c.due.is_not(None), (_ITEM.c.due, _ITEM.c.id), limit)

    def flush_schedule(self) -> None:
        """Drop the scheduled messages."""
        self._drop(_ITEM, _ITEM.c.due.is_not(None))

    def put_data(self, key: str, value: bytes, is_result: bool = False) -> None:
        """Remember a value."""
        del is_result
        with self._writing() as connection:
            self._set(connection, _VALUE, key, value=value)

    def peek_data(self, key: str) -> Any:
        """Give a value."""
        return self.peek_many([key]).get(key, EmptyData)

    def peek_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Give the values that are there."""
        where = (_VALUE.c.queue == self.name, _VALUE.c.key.in_(list(keys)))
        with self._reading() as connection:
            rows = connection.execute(select(_VALUE.c.key, _VALUE.c.value).where(*where)).all()
        return {row.key: row.value for row in rows}

    def pop_data(self, key: str) -> Any:
        """Take a value."""
        if not self.has_data_for_key(key):
            return EmptyData
        where = (_VALUE.c.queue == self.name, _VALUE.c.key == key)
        with self._writing() as connection:
            taken = connection.execute(delete(_VALUE).where(*where).returning(_VALUE.c.value))
            value = taken.scalar()
        return EmptyData if value is None else value

    def has_data_for_key(self, key: str) -> bool:
        """Say whether there is a value."""
        return bool(self.peek_many([key]))

    def put_if_empty(self, key: str, value: bytes, ttl: float | None = None) -> bool:
        """Remember a value where there is none."""
        if ttl is not None:
            raise NotImplementedError("values do not expire")
        with self._writing() as connection:
            self._lock(connection)
            where = (_VALUE.c.queue == self.name, _VALUE.c.key == key)
            if connection.execute(select(_VALUE.c.key).where(*where)).first() is not None:
                return False
            connection.execute(insert(_VALUE).values(queue=self.name, key=key, value=value))
            return True

    def incr(self, key: str, amount: int = 1) -> int:
        """Count on and give the sum."""
        where = (_COUNTER.c.queue == self.name, _COUNTER.c.key == key)
        with self._writing() as connection:
            self._lock(connection)
            before = connection.execute(select(_COUNTER.c.count).where(*where)).scalar() or 0
            self._set(connection, _COUNTER, key, count=before + amount)
            return int(before) + amount

    def delete_counter(self, key: str) -> None:
        """Forget a count."""
        self._drop(_COUNTER, _COUNTER.c.key == key)

    def result_store_size(self) -> int:
        """Count the values."""
        return len(self.result_items())

    def result_items(self) -> dict[str, bytes]:
        """Give all values by key."""
        query = select(_VALUE.c.key, _VALUE.c.value).where(_VALUE.c.queue == self.name)
        with self._reading() as connection:
            return {row.key: row.value for row in connection.execute(query)}

    def flush_results(self) -> None:
        """Forget all values."""
        self._drop(_VALUE)

    def flush_counters(self) -> None:
        """Forget all counts."""
        self._drop(_COUNTER)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        joined = self._joined.get()
        if joined is not None:
            yield joined
            return
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        joined = self._joined.get()
        if joined is not None:
            yield joined
            return
        with self._engine.connect() as plain:
            connection = plain.execution_options(sqlite_begin="IMMEDIATE")
            with connection.begin():
                yield connection

    def _lock(self, connection: Connection) -> None:
        """Let the transactions that read before they write follow one another."""
        if connection.dialect.name == "postgresql":
            key = func.hashtext(f"qamtu.queue.{self.name}")
            connection.execute(select(func.pg_advisory_xact_lock(key)))

    def _set(self, connection: Connection, table: Any, key: str, **values: Any) -> None:
        where = (table.c.queue == self.name, table.c.key == key)
        if connection.execute(update(table).where(*where).values(**values)).rowcount == 0:
            connection.execute(insert(table).values(queue=self.name, key=key, **values))

    def _put(self, data: bytes, priority: float, due: float | None) -> None:
        row = {"queue": self.name, "data": data, "priority": priority, "due": due}
        with self._writing() as connection:
            connection.execute(insert(_ITEM).values(row))

    def _count(self, *where: Any) -> int:
        query = select(func.count()).select_from(_ITEM).where(_ITEM.c.queue == self.name, *where)
        with self._reading() as connection:
            return int(connection.execute(query).scalar_one())

    def _items(self, where: Any, order: Sequence[Any], limit: int | None) -> list[bytes]:
        query = select(_ITEM.c.data).where(_ITEM.c.queue == self.name, where).order_by(*order)
        with self._reading() as connection:
            return list(connection.scalars(query.limit(limit)))

    def _drop(self, table: Any, *where: Any) -> None:
        with self._writing() as connection:
            connection.execute(delete(table).where(table.c.queue == self.name, *where))


def _seconds(moment: dt.datetime) -> float:
    """Give the seconds since 1970; a moment without zone is in UTC, as the queue keeps it."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return aware.timestamp()
