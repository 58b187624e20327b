"""Signed heads: what the log was at a moment, signed with Ed25519, so that nobody can unsay it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from qamtu.core.errors import InputError
from qamtu.programme.log.canonical_json import canonical, moment

__all__ = [
    "HEAD_FORMAT",
    "SignedHead",
    "key_id",
    "public_bytes",
    "read_public_key",
    "sign_head",
    "verify_head",
]

HEAD_FORMAT = "qamtu-log-head/1"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The size and root of the log at a moment, with a signature.

    Parameters
    ----------
    size
        Entries of the log.
    root
        Root of its tree, in hexadecimal.
    at
        When it was signed (UTC, ``2026-11-23T10:00:00.000000Z``).
    key
        Id of the key: see `key_id`.
    public_key
        The key's 32 bytes in hexadecimal. It says who signed only if the reader knows it from
        elsewhere.
    signature
        Ed25519 (RFC 8032) over `statement`, in hexadecimal.
    timestamp
        RFC 3161 response over `stamped`, Base64; empty where no time-stamp server is configured.
    """

    size: int
    root: str
    at: str
    key: str
    public_key: str
    signature: str
    timestamp: str = ""

    def statement(self) -> bytes:
        """Give what is signed: the canonical text of format, size, root, moment and key."""
        return canonical(
            {
                "format": HEAD_FORMAT,
                "size": self.size,
                "root": self.root,
                "at": self.at,
                "key": self.key,
            }
        )

    def stamped(self) -> bytes:
        """Give what a time-stamp server stamps: the statement and its signature."""
        return self.statement() + b"\n" + self.signature.encode()

    def content(self) -> dict[str, Any]:
        """Give the head as plain values."""
        return {
            "format": HEAD_FORMAT,
            "size": self.size,
            "root": self.root,
            "at": self.at,
            "key": self.key,
            "public_key": self.public_key,
            "signature": self.signature,
            "timestamp": self.timestamp,
        }


def public_bytes(key: Ed25519PublicKey) -> bytes:
    """Give the 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(key: Ed25519PublicKey) -> str:
    """Give the id of a key: the first 16 bytes of the SHA-256 of its 32 bytes, hexadecimal."""
    return hashlib.sha256(public_bytes(key)).hexdigest()[:32]


def sign_head(size: int, root: bytes, at: dt.datetime, key: Ed25519PrivateKey) -> SignedHead:
    """Sign the size and root of the log."""
    public = key.public_key()
    bare = SignedHead(
        size=size,
        root=root.hex(),
        at=moment(at),
        key=key_id(public),
        public_key=public_bytes(public).hex(),
        signature="",
    )
    return replace(bare, signature=key.sign(bare.statement()).hex())


def verify_head(head: SignedHead, key: Ed25519PublicKey) -> bool:
    """Say whether this key signed this head."""
    if head.key != key_id(key):
        return False
    try:
        key.verify(bytes.fromhex(head.signature), head.statement())
    except (InvalidSignature, ValueError):
        return False
    return True


def read_public_key(text: str) -> Ed25519PublicKey:
    """Read a public key: PEM, or its 32 bytes in hexadecimal.

    Raises
    ------
    InputError
        If it is neither.
    """
    try:
        if "BEGIN PUBLIC KEY" not in text:
            return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text.strip()))
        key = load_pem_public_key(text.encode())
    except ValueError as error:
        raise InputError(f"this is no Ed25519 public key, PEM or hexadecimal: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise InputError("the key is not one of Ed25519")
    return key
