"""Accounts in the database: made, found, changed; each change is an event and an entry of the log.

The log learns only hashes with a salt of the account; erasing an account erases its salt, and
nobody can tell any more whom the entries were about.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qamtu.service.accounts import opaque
from qamtu.service.accounts.current import ROLES
from qamtu.service.accounts.errors import Refused
from qamtu.service.accounts.tables import Account, AccountEvent
from qamtu.service.log.repository import append, entry_of

__all__ = [
    "active_admins",
    "by_login",
    "check_place",
    "create",
    "events_of",
    "get",
    "listed",
    "note",
    "set_language",
    "set_name",
    "set_place",
    "tidy_login",
]

_LONGEST = 200


def tidy_login(text: str) -> str:
    """Give a sign-in name as it is kept: NFKC, without case and outer blanks."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def tidy_name(text: str) -> str:
    """Give a name without control characters and outer blanks.

    Raises
    ------
    Refused
        If nothing or too much is left.
    """
    kept = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    name = " ".join(unicodedata.normalize("NFC", kept).split())
    if not name or len(name) > _LONGEST:
        raise Refused("Give a name of at most 200 letters.")
    return name


def check_place(role: str, region: str | None, organisation: str | None) -> None:
    """Check that a role has what it stands for.

    Raises
    ------
    Refused
        If the role is unknown, an akimat has no region or an operator no organisation.
    """
    if role not in ROLES:
        raise Refused("There is no such role.")
    if role == "akimat" and not region:
        raise Refused("An akimat needs a region.")
    if role in {"operator", "regulator"} and not organisation:
        raise Refused("An operator and a regulator need an organisation.")


def create(
    session: Session,
    *,
    login: str | None,
    name: str,
    role: str,
    region: str | None = None,
    organisation: str | None = None,
    email: str = "",
    password_hash: str | None = None,
    language: str = "",
    by: str | None = None,
) -> Account:
    """Make an account.

    Raises
    ------
    Refused
        If the sign-in name is taken or too short, or the role lacks its region or organisation.
    """
    region, organisation = region or None, organisation or None
    check_place(role, region, organisation)
    if login is not None:
        login = tidy_login(login)
        if not 3 <= len(login) <= _LONGEST:
            raise Refused("A sign-in name has 3 to 200 letters.")
        if by_login(session, login) is not None:
            raise Refused("This sign-in name is taken.")
    now = dt.datetime.now(dt.UTC)
    account = Account(
        id=opaque.make_id(),
        login=login,
        name=tidy_name(name),
        email=email.strip()[:_LONGEST],
        role=role,
        region=region,
        organisation=organisation,
        language=language,
        active=True,
        password_hash=password_hash,
        password_at=now if password_hash else None,
        totp_step=0,
        salt=secrets.token_hex(32),
        created_at=now,
    )
    session.add(account)
    session.flush()
    note(session, account, "created", by=by, details=_place(account))
    return account


def _place(account: Account) -> dict[str, Any]:
    return {
        "role": account.role, "region": account.region, "organisation": account.organisation,
        "active": account.active,
    }  # fmt: skip


def note(
    session: Session,
    account: Account,
    event: str,
    *,
    by: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write what happened to an account down, and its salted hash into the log.

    Parameters
    ----------
    event
        ``created``, ``place changed``, ``password changed``, ``signed in``, …
    by
        Id of the account that did it, None for the person or the system itself.
    details
        No personal data: role, region, organisation, names of scopes.
    """
    now = dt.datetime.now(dt.UTC)
    row = AccountEvent(
        id=opaque.make_id(), account=account.id, event=event, by=by, at=now, details=details or {}
    )
    session.add(row)
    session.flush()
    content = {
        "account": account.id, "event": event, "by": by or "", "details": row.details,
        "salt": account.salt,
    }  # fmt: skip
    who = hashlib.sha256(f"{account.salt}{account.id}".encode()).hexdigest()
    append(session, [entry_of("account", who, row.id, content, now)])


def get(session: Session, account: str) -> Account:
    """Give an account.

    Raises
    ------
    Refused
        If there is none with this id.
    """
    found = session.get(Account, account)
    if found is None or found.erased_at is not None:
        raise Refused("There is no such account.")
    return found


def by_login(session: Session, login: str) -> Account | None:
    """Give the account with a sign-in name."""
    return session.scalar(select(Account).where(Account.login == tidy_login(login)))


def listed(session: Session, *, after: str = "", limit: int = 200) -> Sequence[Account]:
    """Give accounts that are not erased, by name, after the one with the name and id ``after``."""
    rows = select(Account).where(Account.erased_at.is_(None))
    if after:
        rows = rows.where(Account.name + "\n" + Account.id > after)
    return session.scalars(rows.order_by(Account.name + "\n" + Account.id).limit(limit)).all()


def active_admins(session: Session) -> int:
    """Count the admins that can sign in."""
    counted = session.scalar(
        select(func.count())
        .select_from(Account)
        .where(Account.role == "admin", Account.active.is_(True))
    )
    return int(counted or 0)


def set_name(session: Session, account: Account, name: str) -> None:
    """Change the name shown."""
    account.name = tidy_name(name)
    note(session, account, "name changed", by=account.id)


def set_language(account: Account, language: str) -> None:
    """Change the language of the pages; empty: as the browser wishes."""
    account.language = language


def set_place(
    session: Session,
    account: Account,
    *,
    role: str,
    region: str | None,
    organisation: str | None,
    active: bool,
    by: str,
) -> None:
    """Give an account another role or take its right to sign in.

    Raises
    ------
    Refused
        If no admin would be left, or the role lacks its region or organisation.
    """
    region, organisation = region or None, organisation or None
    check_place(role, region, organisation)
    was_admin = account.role == "admin" and account.active
    if was_admin and (role != "admin" or not active) and active_admins(session) < 2:
        raise Refused("The last admin stays an admin.")
    account.role, account.region, account.organisation = role, region, organisation
    account.active = active
    note(session, account, "place changed", by=by, details=_place(account))


def events_of(session: Session, account: str) -> Sequence[AccountEvent]:
    """Give what happened to an account, oldest first."""
    return session.scalars(
        select(AccountEvent)
        .where(AccountEvent.account == account)
        .order_by(AccountEvent.at, AccountEvent.id)
    ).all()
