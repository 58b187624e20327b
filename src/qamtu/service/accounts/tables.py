"""Tables of accounts: people, sessions, codes, tokens, invitations, attempts, outside identities.

Nothing here holds a secret that could be used as it stands: passwords are argon2id hashes, ids of
sessions, tokens and codes are SHA-256 hashes of random values, the key of one-time codes is
encrypted with a key derived from the service's secret.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from qamtu.service.database.base import Base

__all__ = [
    "Account",
    "AccountEvent",
    "ApiToken",
    "Attempt",
    "Identity",
    "Invitation",
    "PendingSignIn",
    "RecoveryCode",
    "SignedIn",
]

ID, HASH, NAME = String(32), String(64), String(200)


class Account(Base):
    """One person; after an erasure only ``id``, role and times are left."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    login: Mapped[str | None] = mapped_column(NAME, unique=True)
    name: Mapped[str] = mapped_column(NAME)
    email: Mapped[str] = mapped_column(NAME, default="")
    role: Mapped[str] = mapped_column(String(20))
    region: Mapped[str | None] = mapped_column(String(100))
    organisation: Mapped[str | None] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(8), default="")
    active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_at: Mapped[dt.datetime | None]
    totp_secret: Mapped[str | None] = mapped_column(String(300))
    totp_pending: Mapped[str | None] = mapped_column(String(300))
    totp_step: Mapped[int] = mapped_column(default=0)
    salt: Mapped[str] = mapped_column(HASH)
    created_at: Mapped[dt.datetime]
    erased_at: Mapped[dt.datetime | None]


class SignedIn(Base):
    """One session of one browser; ``stage`` is ``full``, or ``code`` until the code is given."""

    __tablename__ = "account_session"

    id_hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    stage: Mapped[str] = mapped_column(String(10))
    agent: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)


class RecoveryCode(Base):
    """A code that replaces a one-time code once."""

    __tablename__ = "account_recovery_code"

    code_hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    used_at: Mapped[dt.datetime | None]


class ApiToken(Base):
    """A bearer token of a program that acts for an account."""

    __tablename__ = "account_token"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    token_hash: Mapped[str] = mapped_column(HASH, unique=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(NAME)
    scopes: Mapped[list[str]]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class Invitation(Base):
    """A code with which one person makes one account; ``first_run`` marks the first admin's."""

    __tablename__ = "account_invitation"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    code_hash: Mapped[str] = mapped_column(HASH, unique=True)
    email: Mapped[str] = mapped_column(NAME, default="")
    role: Mapped[str] = mapped_column(String(20))
    region: Mapped[str | None] = mapped_column(String(100))
    organisation: Mapped[str | None] = mapped_column(String(100))
    first_run: Mapped[bool] = mapped_column(default=False)
    invited_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    used_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))


class Attempt(Base):
    """Failed attempts under one key: the keyed hash of a sign-in name or of an address."""

    __tablename__ = "account_attempt"

    key: Mapped[str] = mapped_column(HASH, primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[dt.datetime] = mapped_column(index=True)
    locked_until: Mapped[dt.datetime | None]


class Identity(Base):
    """What an OpenID Connect provider calls an account; nothing else ever links them."""

    __tablename__ = "account_identity"

    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(String(300), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    linked_at: Mapped[dt.datetime]


class PendingSignIn(Base):
    """A sign-in that is away at its provider; it comes back once, to the same browser."""

    __tablename__ = "account_pending"

    state_hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    browser_hash: Mapped[str] = mapped_column(HASH)
    issuer: Mapped[str] = mapped_column(String(300))
    nonce: Mapped[str] = mapped_column(String(100))
    verifier: Mapped[str] = mapped_column(String(200))
    target: Mapped[str] = mapped_column(String(500))
    link_to: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)


class AccountEvent(Base):
    """What happened to an account; the log holds a salted hash of it."""

    __tablename__ = "account_event"
    __table_args__ = (Index("ix_account_event_account_at", "account", "at"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("account.id"))
    event: Mapped[str] = mapped_column(String(40))
    by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[dt.datetime]
    details: Mapped[dict[str, Any]]
