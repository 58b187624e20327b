"""Signing in by name and password, then by code; changing the password."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from qamtu.service.accounts import attempts, passwords, repository, second_factor, sessions
from qamtu.service.accounts.errors import Refused
from qamtu.service.accounts.tables import Account
from qamtu.service.database.engine import reading, writing
from qamtu.service.state import State

__all__ = ["Begun", "Browser", "by_code", "by_password", "change_password", "enter"]

WRONG = "Name or password is wrong."


@dataclass(frozen=True, slots=True)
class Browser:
    """What is known of the browser that asks.

    Parameters
    ----------
    address
        Where it asks from.
    agent
        What it calls itself.
    cookie
        Id of the session it has, empty where none; that session ends at a sign-in.
    """

    address: str
    agent: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that has begun: the value of its cookie, and whether a code is still owed."""

    cookie: str
    code_owed: bool


def by_password(state: State, login: str, password: str, browser: Browser) -> Begun:
    """Sign in by name and password.

    Unknown names, wrong passwords and accounts that may not sign in get one answer after one
    amount of work. The hashing runs outside of any transaction.

    Raises
    ------
    TooManyAttempts
        If a wait runs for this name or address.
    Refused
        If the pair is wrong.
    """
    keys = attempts.keys_of(state.settings, login, browser.address)
    with reading(state.sessions) as session:
        attempts.check(session, keys)
        found = repository.by_login(session, login)
        known = found is not None and found.active
        kept, id_ = (found.password_hash, found.id) if found and known else (None, "")
    right = passwords.matches(kept, password)
    with writing(state.sessions) as session:
        if not right:
            attempts.failed(session, keys)
        else:
            account = repository.get(session, id_)
            if kept and passwords.outdated(kept):
                account.password_hash = passwords.hashed(password)
            owed = second_factor.owed(account)
            if not owed:
                attempts.succeeded(session, keys)
            return Begun(enter(session, account, browser, code_owed=owed), owed)
    raise Refused(WRONG)


def enter(session: Session, account: Account, browser: Browser, *, code_owed: bool = False) -> str:
    """Begin a session of an account and give its cookie; what the browser had before ends."""
    return sessions.begin(
        session,
        account.id,
        stage=sessions.CODE if code_owed else sessions.FULL,
        agent=browser.agent,
        replaces=browser.cookie,
    )


def by_code(state: State, code: str, browser: Browser) -> str:
    """Give the code that is owed; the session gets a new id.

    Raises
    ------
    TooManyAttempts
        If a wait runs for this account or address.
    Refused
        If the code is wrong or was used, or no code is owed.
    """
    with writing(state.sessions) as session:
        found = sessions.find(session, browser.cookie)
        if found is None or found[1].stage != sessions.CODE:
            raise Refused("Sign in again: too much time has passed.")
        account = found[0]
        keys = attempts.keys_of(state.settings, account.login or account.id, browser.address)
        attempts.check(session, keys)
        if second_factor.accepts(session, state.settings, account, code):
            attempts.succeeded(session, keys)
            return enter(session, account, browser)
        attempts.failed(session, keys)
    raise Refused("The code is wrong.")


def change_password(state: State, account_id: str, old: str, new: str, browser: Browser) -> str:
    """Change a password; every session ends but a new one, whose cookie is given.

    Raises
    ------
    TooManyAttempts
        If a wait runs.
    Refused
        If the old password is wrong or the new one cannot be taken.
    """
    keys = attempts.keys_of(state.settings, f"password of {account_id}", browser.address)
    with reading(state.sessions) as session:
        attempts.check(session, keys)
        kept = session.scalar(select(Account.password_hash).where(Account.id == account_id))
        account = repository.get(session, account_id)
        about = (account.login or "", account.name, account.email)
    if not passwords.matches(kept, old):
        with writing(state.sessions) as session:
            attempts.failed(session, keys)
        raise Refused("The old password is wrong.")
    passwords.check(new, about=about)
    fresh = passwords.hashed(new)
    with writing(state.sessions) as session:
        account = repository.get(session, account_id)
        account.password_hash, account.password_at = fresh, dt.datetime.now(dt.UTC)
        sessions.end_all(session, account.id)
        repository.note(session, account, "password changed", by=account.id)
        attempts.succeeded(session, keys)
        return enter(session, account, browser)
