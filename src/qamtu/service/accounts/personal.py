"""Personal data of an account: given to the person it is about, and erased.

Erasing takes name, sign-in name, mail, password, codes, sessions, tokens and outside identities,
and the salt, without which the entries in the log can be tied to nobody. What is left is the id
that records and comments name, the role, and times.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from qamtu.service.accounts import repository, second_factor
from qamtu.service.accounts.errors import Refused
from qamtu.service.accounts.tables import (
    Account,
    ApiToken,
    Identity,
    Invitation,
    PendingSignIn,
    RecoveryCode,
    SignedIn,
)

__all__ = ["erase", "export", "name_of"]


def export(session: Session, account_id: str) -> dict[str, Any]:
    """Give everything kept about an account, as plain values; no hash, key or secret."""
    account = repository.get(session, account_id)
    sessions = session.scalars(select(SignedIn).where(SignedIn.account == account.id))
    tokens = session.scalars(select(ApiToken).where(ApiToken.account == account.id))
    identities = session.scalars(select(Identity).where(Identity.account == account.id))
    invited = session.scalars(select(Invitation).where(Invitation.used_by == account.id))
    return {
        "account": {
            "id": account.id, "login": account.login, "name": account.name,
            "email": account.email, "role": account.role, "region": account.region,
            "organisation": account.organisation, "language": account.language,
            "active": account.active, "created_at": _text(account.created_at),
            "password_at": _text(account.password_at),
            "one_time_codes": account.totp_secret is not None,
            "recovery_codes_left": second_factor.recovery_left(session, account),
        },
        "sessions": [
            {"agent": s.agent, "created_at": _text(s.created_at), "seen_at": _text(s.seen_at)}
            for s in sessions
        ],
        "tokens": [
            {"name": t.name, "scopes": t.scopes, "created_at": _text(t.created_at),
             "expires_at": _text(t.expires_at), "used_at": _text(t.used_at)}
            for t in tokens
        ],
        "identities": [
            {"issuer": i.issuer, "subject": i.subject, "linked_at": _text(i.linked_at)}
            for i in identities
        ],
        "invitation": [{"email": i.email, "created_at": _text(i.created_at)} for i in invited],
        "events": [
            {"event": e.event, "at": _text(e.at), "details": e.details}
            for e in repository.events_of(session, account.id)
        ],
    }  # fmt: skip


def erase(session: Session, account_id: str, *, by: str) -> None:
    """Erase the personal data of an account; nobody can sign in to it again.

    Raises
    ------
    Refused
        If it is the last admin.
    """
    account = repository.get(session, account_id)
    last = repository.active_admins(session) < 2
    if account.role == "admin" and account.active and last:
        raise Refused("The last admin stays an admin.")
    repository.note(session, account, "erased", by=by)
    for table in (SignedIn, ApiToken, Identity, RecoveryCode):
        session.execute(delete(table).where(table.account == account.id))
    session.execute(delete(PendingSignIn).where(PendingSignIn.link_to == account.id))
    session.execute(update(Invitation).where(Invitation.used_by == account.id).values(email=""))
    account.login, account.name, account.email, account.language = None, "", "", ""
    account.password_hash, account.password_at = None, None
    account.totp_secret, account.totp_pending = None, None
    account.salt, account.active = "", False
    account.erased_at = dt.datetime.now(dt.UTC)
    session.flush()


def name_of(session: Session, account_id: str) -> str:
    """Give the name of an account for a page; empty where it was erased or never was."""
    account = session.get(Account, account_id)
    return account.name if account else ""


def _text(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None
