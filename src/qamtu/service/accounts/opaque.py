"""Random values that open something, and the hashes under which they are kept."""

from __future__ import annotations

import hashlib
import secrets

__all__ = ["TOKEN_PREFIX", "digest", "make", "make_id"]

TOKEN_PREFIX = "qamtu_"  # noqa: S105 - the first letters of API tokens, so that scanners find them


def make() -> str:
    """Give 256 random bits as 43 letters that a URL can hold."""
    return secrets.token_urlsafe(32)


def make_id() -> str:
    """Give 128 random bits in hex: the id of a row, no secret."""
    return secrets.token_hex(16)


def digest(value: str) -> str:
    """Give the SHA-256 of a random value in hex.

    A plain hash is enough: 256 random bits cannot be guessed, so nothing is won by a slow one
    (OWASP Session Management Cheat Sheet; passwords go through argon2id instead).
    """
    return hashlib.sha256(value.encode()).hexdigest()
