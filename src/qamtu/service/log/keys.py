"""The key that signs heads of the log: made at the first start, kept in the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from qamtu.core.errors import InputError, StorageFailure

__all__ = ["key_folder", "load_key", "public_pem"]


def key_folder(data: Path) -> Path:
    """Give the folder of the keys below the data folder."""
    return data / "keys"


def load_key(data: Path) -> Ed25519PrivateKey:
    """Read the key, and make it where there is none: ``keys/head.pem`` (only its owner may read).

    ``keys/head.pub`` beside it is the public key, for handing out. Processes that start together
    agree on one key.

    Raises
    ------
    InputError
        If the file holds something else.
    StorageFailure
        If the folder cannot be written.
    """
    path = key_folder(data) / "head.pem"
    if not path.exists():
        try:
            _make(path)
        except OSError as error:
            raise StorageFailure(f"the signing key {path} cannot be written: {error}") from error
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except ValueError as error:
        raise InputError(f"{path} is no private key (PEM): {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(f"{path} is not a key of Ed25519")
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """Give the public key as PEM."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    key = Ed25519PrivateKey.generate()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)  # fails where another process was first
        path.with_suffix(".pub").write_bytes(public_pem(key))
    except FileExistsError:
        pass
    finally:
        beside.unlink()
