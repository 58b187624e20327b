"""What the pages of administration read besides accounts: sessions, places, folders, settings."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from qamtu.service.accounts import sessions
from qamtu.service.accounts.tables import Account, SignedIn
from qamtu.service.settings import Settings

__all__ = ["Stored", "open_sessions", "shown_settings", "stored", "tables"]

_SECRET = frozenset({"secret", "oidc", "database_url"})


@dataclasses.dataclass(frozen=True, slots=True)
class Stored:
    """One folder or file of the data folder: its name, files and size [bytes]."""

    name: str
    files: int
    size_bytes: int


def open_sessions(session: Session, limit: int = 200) -> list[tuple[Account, SignedIn]]:
    """Give sessions that have not ended with their accounts, last used first."""
    now = dt.datetime.now(dt.UTC)
    found = session.execute(
        select(Account, SignedIn)
        .join(SignedIn, SignedIn.account == Account.id)
        .where(SignedIn.expires_at > now, SignedIn.seen_at > now - sessions.IDLE)
        .where(SignedIn.stage == sessions.FULL)
        .order_by(SignedIn.seen_at.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in found]


def shown_settings(settings: Settings) -> list[tuple[str, str]]:
    """Give the settings as texts; secrets and what may hold one are left out or cut."""
    plain = [
        (field.name, _text(getattr(settings, field.name)))
        for field in dataclasses.fields(settings)
        if field.name not in _SECRET
    ]
    providers = [("oidc", f"{p.name}: {p.issuer}") for p in settings.oidc]
    return [*plain, ("database_url", _without_password(settings.database)), *providers]


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def stored(folder: Path) -> list[Stored]:
    """Measure what lies in the data folder; links are not followed."""
    if not folder.is_dir():
        return []
    return [_measure(path) for path in sorted(folder.iterdir()) if not path.is_symlink()]


def _measure(path: Path) -> Stored:
    found = [path] if path.is_file() else [p for p in path.rglob("*") if not p.is_symlink()]
    sizes = []
    for one in found:
        try:
            if one.is_file():
                sizes.append(one.stat().st_size)
        except OSError:  # taken away meanwhile
            continue
    return Stored(path.name, len(sizes), sum(sizes))


def tables(session: Session) -> int:
    """Count the tables of the database."""
    return len(inspect(session.get_bind()).get_table_names())
