"""One-time codes (TOTP, RFC 6238) and the recovery codes that replace a lost telephone."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import io
import secrets

import pyotp
import segno
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from qamtu.service.accounts import opaque, sessions
from qamtu.service.accounts.errors import Refused
from qamtu.service.accounts.keys import locked, opened
from qamtu.service.accounts.repository import note
from qamtu.service.accounts.tables import Account, RecoveryCode
from qamtu.service.settings import Settings

__all__ = ["accepts", "confirm", "owed", "pending", "qr_data", "recovery_left", "remove", "start"]

_STEP_S = 30
_CODES = 10


def start(settings: Settings, account: Account) -> str:
    """Make a key that counts once `confirm` has seen a code of it; gives its ``otpauth`` URI."""
    key = pyotp.random_base32()
    account.totp_pending = locked(settings, key)
    return _uri(account, key)


def pending(settings: Settings, account: Account) -> tuple[str, str] | None:
    """Give URI and key that wait for their first code."""
    key = opened(settings, account.totp_pending) if account.totp_pending else None
    return (_uri(account, key), key) if key else None


def _uri(account: Account, key: str) -> str:
    return pyotp.TOTP(key).provisioning_uri(name=account.login or account.name, issuer_name="qamtu")


def qr_data(uri: str) -> str:
    """Draw a URI as a QR code: a ``data:`` address of an SVG image."""
    drawn = io.BytesIO()
    segno.make(uri, error="m").save(drawn, kind="svg", scale=5, border=4, light="white")
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()


def confirm(session: Session, settings: Settings, account: Account, code: str) -> list[str]:
    """Switch one-time codes on and give new recovery codes, which are shown once.

    Raises
    ------
    Refused
        If nothing was started or the code is wrong.
    """
    key = opened(settings, account.totp_pending) if account.totp_pending else None
    step = _step(key, code) if key else None
    if key is None or step is None:
        raise Refused("The code is wrong.")
    account.totp_secret, account.totp_pending, account.totp_step = locked(settings, key), None, step
    session.execute(delete(RecoveryCode).where(RecoveryCode.account == account.id))
    codes = [_grouped(secrets.token_bytes(10)) for _ in range(_CODES)]
    session.add_all(
        RecoveryCode(code_hash=_code_hash(account, code), account=account.id) for code in codes
    )
    session.flush()
    note(session, account, "one-time codes on", by=account.id)
    return codes


def owed(account: Account) -> bool:
    """Say whether an account gives a code after its password."""
    return account.totp_secret is not None


def accepts(session: Session, settings: Settings, account: Account, code: str) -> bool:
    """Say whether a code opens the account; each opens it once.

    The step of a one-time code must be later than the last one taken (RFC 6238, section 5.2),
    and the row is changed only where that still holds, so two requests cannot use one code.
    """
    key = opened(settings, account.totp_secret) if account.totp_secret else None
    step = _step(key, code) if key else None
    if step is not None:
        taken = session.execute(
            update(Account)
            .where(Account.id == account.id, Account.totp_step < step)
            .values(totp_step=step)
            .returning(Account.id)
        )
        return taken.first() is not None
    used = session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.code_hash == _code_hash(account, code))
        .where(RecoveryCode.account == account.id, RecoveryCode.used_at.is_(None))
        .values(used_at=dt.datetime.now(dt.UTC))
        .returning(RecoveryCode.account)
    )
    return used.first() is not None


def recovery_left(session: Session, account: Account) -> int:
    """Count the recovery codes that were not used."""
    counted = session.scalar(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account == account.id, RecoveryCode.used_at.is_(None))
    )
    return int(counted or 0)


def remove(session: Session, account: Account, *, by: str) -> None:
    """Switch one-time codes off; every session ends."""
    account.totp_secret, account.totp_pending = None, None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account == account.id))
    sessions.end_all(session, account.id)
    note(session, account, "one-time codes off", by=by)


def _step(key: str, code: str) -> int | None:
    """Give the time step whose code this is: now, one before or one after."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit()):
        return None
    totp, now = pyotp.TOTP(key), int(dt.datetime.now(dt.UTC).timestamp()) // _STEP_S
    found = None
    for step in (now - 1, now, now + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits):
            found = step
    return found


def _grouped(value: bytes) -> str:
    text = base64.b32encode(value).decode().lower()
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def _code_hash(account: Account, code: str) -> str:
    tidy = "".join(c for c in code.lower() if c.isalnum())
    return opaque.digest(f"{account.id}:{tidy}")
