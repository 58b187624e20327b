"""Sessions: kept in the database, random, made anew at each sign-in, ending by themselves."""

from __future__ import annotations

import datetime as dt

from fastapi import Response
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from qamtu.service.accounts import opaque
from qamtu.service.accounts.tables import Account, SignedIn
from qamtu.service.database.engine import writing
from qamtu.service.settings import Settings
from qamtu.service.state import State

__all__ = [
    "ABSOLUTE",
    "CODE",
    "FULL",
    "IDLE",
    "begin",
    "cookie_name",
    "end",
    "end_all",
    "find",
    "forget_cookie",
    "give_cookie",
    "of_account",
    "touch",
]

IDLE = dt.timedelta(minutes=60)
"""A session that is not used for so long has ended."""
ABSOLUTE = dt.timedelta(hours=12)
"""No session lasts longer, however much it is used."""
CODE_TIME = dt.timedelta(minutes=5)
TOUCH_AFTER = dt.timedelta(minutes=2)
FULL, CODE = "full", "code"


def cookie_name(settings: Settings) -> str:
    """Name of the cookie; ``__Host-`` makes browsers insist on Secure, this host, path ``/``."""
    return "__Host-qamtu-session" if settings.secure else "qamtu-session"


def begin(
    session: Session, account: str, *, stage: str = FULL, agent: str = "", replaces: str = ""
) -> str:
    """Make a new session and give its id: never one that the browser brought.

    Parameters
    ----------
    account
        Id of the account.
    stage
        ``full``, or ``code`` while a one-time code is still owed.
    agent
        First words of the browser's name, for the list of sessions.
    replaces
        Id the browser had before; that session ends.
    """
    now = dt.datetime.now(dt.UTC)
    if replaces:
        end(session, replaces)
    session.execute(delete(SignedIn).where(SignedIn.expires_at < now))
    value = opaque.make()
    session.add(
        SignedIn(
            id_hash=opaque.digest(value),
            account=account,
            stage=stage,
            agent=agent[:100],
            created_at=now,
            seen_at=now,
            expires_at=now + (ABSOLUTE if stage == FULL else CODE_TIME),
        )
    )
    session.flush()
    return value


def find(session: Session, value: str) -> tuple[Account, SignedIn] | None:
    """Give account and session of a cookie; None where it has ended or never was."""
    now = dt.datetime.now(dt.UTC)
    row = session.execute(
        select(Account, SignedIn)
        .join(SignedIn, SignedIn.account == Account.id)
        .where(SignedIn.id_hash == opaque.digest(value))
        .where(SignedIn.expires_at > now, SignedIn.seen_at > now - IDLE)
        .where(Account.active.is_(True))
    ).first()
    return None if row is None else (row[0], row[1])


def touch(state: State, value: str, seen_at: dt.datetime) -> None:
    """Note that a session last seen then is in use, at most once in two minutes."""
    now = dt.datetime.now(dt.UTC)
    if now - seen_at > TOUCH_AFTER:
        with writing(state.sessions) as session:
            session.execute(
                update(SignedIn).where(SignedIn.id_hash == opaque.digest(value)).values(seen_at=now)
            )


def of_account(session: Session, account: str) -> list[SignedIn]:
    """Give the sessions of an account that have not ended, newest first."""
    now = dt.datetime.now(dt.UTC)
    return list(
        session.scalars(
            select(SignedIn)
            .where(SignedIn.account == account, SignedIn.stage == FULL)
            .where(SignedIn.expires_at > now, SignedIn.seen_at > now - IDLE)
            .order_by(SignedIn.created_at.desc())
        )
    )


def end(session: Session, value: str) -> None:
    """End the session with this id."""
    session.execute(delete(SignedIn).where(SignedIn.id_hash == opaque.digest(value)))


def end_all(session: Session, account: str, *, but: str = "") -> None:
    """End every session of an account, except the one with id ``but``."""
    kept = opaque.digest(but) if but else ""
    session.execute(
        delete(SignedIn).where(
            SignedIn.account == account, or_(SignedIn.id_hash != kept, SignedIn.stage == CODE)
        )
    )


def give_cookie(response: Response, settings: Settings, value: str) -> None:
    """Put the id of a session into a cookie that no script reads."""
    response.set_cookie(
        cookie_name(settings), value, httponly=True, samesite="lax", secure=settings.secure
    )


def forget_cookie(response: Response, settings: Settings) -> None:
    """Take the cookie back."""
    response.delete_cookie(
        cookie_name(settings), httponly=True, samesite="lax", secure=settings.secure
    )
