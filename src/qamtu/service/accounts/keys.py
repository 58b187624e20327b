"""The service's secret and the keys made from it: one for each use."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from qamtu.service.settings import Settings

__all__ = ["key", "keyed_hash", "locked", "opened"]

_FILE = "secret.key"


@lru_cache(maxsize=64)
def key(settings: Settings, use: str) -> bytes:
    """Give the 32-byte key for one use (HKDF, RFC 5869) of the service's secret.

    Where the settings name no secret, one is made at the first call and kept in the data folder,
    readable by its owner alone.
    """
    secret = settings.secret.encode() or _kept(settings.data)
    return HKDF(SHA256(), 32, salt=None, info=f"qamtu {use}".encode()).derive(secret)


def _kept(folder: Path) -> bytes:
    path = folder / _FILE
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    if not path.exists():
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_hex(32).encode())
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(part, path)  # fails where another process was first: its secret counts
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return path.read_bytes().strip()


def keyed_hash(settings: Settings, use: str, value: str) -> str:
    """Give the HMAC-SHA256 of a value in hex: nobody without the secret can make or test it."""
    return hmac.new(key(settings, use), value.encode(), hashlib.sha256).hexdigest()


def locked(settings: Settings, value: str) -> str:
    """Encrypt a secret for the database (Fernet: AES-CBC with HMAC)."""
    return _fernet(settings).encrypt(value.encode()).decode()


def opened(settings: Settings, value: str) -> str | None:
    """Decrypt a secret from the database; None where the service's secret is another by now."""
    try:
        return _fernet(settings).decrypt(value.encode()).decode()
    except InvalidToken:
        return None


def _fernet(settings: Settings) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key(settings, "stored secrets")))
