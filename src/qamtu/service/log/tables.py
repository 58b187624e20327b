"""Tables of the log: entries, hashes of the whole subtrees, signed heads. Rows are only added."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from qamtu.service.database.base import Base

__all__ = ["LogEntry", "LogHead", "LogNode"]


class LogEntry(Base):
    """One change of one record; ``index`` counts from 0 without gaps."""

    __tablename__ = "log_entry"

    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32))
    record: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(String(200), index=True)
    content_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]


class LogNode(Base):
    """The hash of a whole subtree.

    ``place`` numbers the nodes in order: leaf i is 2i, the node (level, position) is
    position·2^(level+1) + 2^level − 1, so that a growing tree adds rows near the end of the table.
    """

    __tablename__ = "log_node"

    place: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class LogHead(Base):
    """A signed head; the public key stays with it, so that old heads outlive a change of key."""

    __tablename__ = "log_head"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    public_key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))
    timestamp: Mapped[str] = mapped_column(Text, default="")
