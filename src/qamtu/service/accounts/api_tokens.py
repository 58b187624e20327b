"""API tokens: hashed, with scopes and an end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from qamtu.service.accounts import opaque
from qamtu.service.accounts.errors import Refused
from qamtu.service.accounts.tables import Account, ApiToken
from qamtu.service.database.engine import writing
from qamtu.service.state import State

__all__ = ["LONGEST", "SCOPES", "find", "make", "of_account", "revoke", "touch"]

SCOPES = ("read", "file", "jobs", "reports")
"""What a token may be used for; `qamtu.service.policies.scopes` says which actions these are."""
LONGEST = dt.timedelta(days=366)
TOUCH_AFTER = dt.timedelta(minutes=5)


def make(
    session: Session, account: str, name: str, scopes: Sequence[str], days: int
) -> tuple[str, ApiToken]:
    """Make a token and give it: it is shown once and kept only as a hash.

    Raises
    ------
    Refused
        If it has no name or scope, an unknown scope, or would hold for more than a year.
    """
    name = name.strip()
    if not name or len(name) > 100:
        raise Refused("Give the token a name of at most 100 letters.")
    if not scopes or set(scopes) - set(SCOPES):
        raise Refused("Choose what the token may be used for.")
    if not 1 <= days <= LONGEST.days:
        raise Refused("A token holds for 1 to {days} days.", days=LONGEST.days)
    now = dt.datetime.now(dt.UTC)
    value = opaque.TOKEN_PREFIX + opaque.make()
    row = ApiToken(
        id=opaque.make_id(),
        token_hash=opaque.digest(value),
        account=account,
        name=name,
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    session.add(row)
    session.flush()
    return value, row


def find(session: Session, value: str) -> tuple[Account, ApiToken] | None:
    """Give account and row of a token; None where it is unknown or no longer holds."""
    now = dt.datetime.now(dt.UTC)
    row = session.execute(
        select(Account, ApiToken)
        .join(ApiToken, ApiToken.account == Account.id)
        .where(ApiToken.token_hash == opaque.digest(value), ApiToken.expires_at > now)
        .where(Account.active.is_(True))
    ).first()
    return None if row is None else (row[0], row[1])


def touch(state: State, token: str, used_at: dt.datetime | None) -> None:
    """Note that a token last used then is in use, at most once in five minutes."""
    now = dt.datetime.now(dt.UTC)
    if used_at is None or now - used_at > TOUCH_AFTER:
        with writing(state.sessions) as session:
            session.execute(update(ApiToken).where(ApiToken.id == token).values(used_at=now))


def of_account(session: Session, account: str) -> list[ApiToken]:
    """Give the tokens of an account, newest first."""
    return list(
        session.scalars(
            select(ApiToken)
            .where(ApiToken.account == account)
            .order_by(ApiToken.created_at.desc(), ApiToken.id)
        )
    )


def revoke(session: Session, account: str, token: str) -> None:
    """Take a token of an account back."""
    session.execute(delete(ApiToken).where(ApiToken.account == account, ApiToken.id == token))
