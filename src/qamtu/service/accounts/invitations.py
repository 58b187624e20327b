"""Invitations: a code, sent by an admin, with which one person makes one account; and the first.

The first admin is invited by the service itself: `first_run` gives a code as long as no admin
exists. Codes stand in the part of a link that browsers send to nobody (after ``#``), so that no
server's log holds them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from qamtu.service.accounts import opaque, passwords, repository
from qamtu.service.accounts.errors import Refused
from qamtu.service.accounts.tables import Account, Invitation

__all__ = ["HOLDS", "accept", "find", "first_run", "invite", "open_ones", "revoke"]

HOLDS = dt.timedelta(days=7)


def invite(
    session: Session,
    *,
    role: str,
    region: str | None,
    organisation: str | None,
    email: str,
    by: str | None,
    first: bool = False,
) -> tuple[str, Invitation]:
    """Make an invitation and give its code, which is kept only as a hash.

    Raises
    ------
    Refused
        If the role lacks its region or organisation.
    """
    region, organisation = region or None, organisation or None
    repository.check_place(role, region, organisation)
    now = dt.datetime.now(dt.UTC)
    code = opaque.make()
    row = Invitation(
        id=opaque.make_id(),
        code_hash=opaque.digest(code),
        email=email.strip()[:200],
        role=role,
        region=region,
        organisation=organisation,
        first_run=first,
        invited_by=by,
        created_at=now,
        expires_at=now + HOLDS,
    )
    session.add(row)
    session.flush()
    return code, row


def first_run(session: Session) -> str | None:
    """Give a fresh code for the first admin; earlier ones no longer hold.

    Returns
    -------
    code
        None where an admin exists.
    """
    if repository.active_admins(session):
        return None
    session.execute(
        delete(Invitation).where(Invitation.first_run.is_(True), Invitation.used_at.is_(None))
    )
    code, _ = invite(
        session, role="admin", region=None, organisation=None, email="", by=None, first=True
    )
    return code


def find(session: Session, code: str) -> Invitation | None:
    """Give an invitation that can still be accepted."""
    row = session.scalar(
        select(Invitation)
        .where(Invitation.code_hash == opaque.digest(code.strip()))
        .where(Invitation.used_at.is_(None), Invitation.expires_at > dt.datetime.now(dt.UTC))
    )
    if row is not None and row.first_run and repository.active_admins(session):
        return None
    return row


def accept(
    session: Session, code: str, *, login: str, name: str, password: str, language: str = ""
) -> Account:
    """Make the account of an invitation; the code is used up.

    Raises
    ------
    Refused
        If the code is unknown, used or too old, or the name or password cannot be taken.
    """
    found = find(session, code)
    if found is None:
        raise Refused("The invitation is unknown, used or too old.")
    passwords.check(password, about=(login, name, found.email))
    now = dt.datetime.now(dt.UTC)
    taken = session.execute(
        update(Invitation)
        .where(Invitation.id == found.id, Invitation.used_at.is_(None))
        .values(used_at=now)
        .returning(Invitation.id)
    )
    if taken.first() is None:
        raise Refused("The invitation is unknown, used or too old.")
    account = repository.create(
        session,
        login=login,
        name=name,
        role=found.role,
        region=found.region,
        organisation=found.organisation,
        email=found.email,
        password_hash=passwords.hashed(password),
        language=language,
        by=found.invited_by,
    )
    found.used_by = account.id
    session.flush()
    return account


def open_ones(session: Session) -> Sequence[Invitation]:
    """Give the invitations that wait, newest first."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.used_at.is_(None), Invitation.expires_at > dt.datetime.now(dt.UTC))
        .where(Invitation.first_run.is_(False))
        .order_by(Invitation.created_at.desc(), Invitation.id)
        .limit(500)
    ).all()


def revoke(session: Session, invitation: str) -> None:
    """Take an invitation back."""
    session.execute(
        delete(Invitation).where(Invitation.id == invitation, Invitation.used_at.is_(None))
    )
