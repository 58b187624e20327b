"""The manifest of a backup: what is in it, and what it must be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from qamtu.core.errors import InputError

__all__ = ["FORMAT", "MANIFEST", "Manifest", "read_manifest"]

FORMAT = "qamtu-backup/1"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup.

    Parameters
    ----------
    format
        `FORMAT`.
    version
        Of the program that made it.
    made_at
        When (UTC, ISO 8601).
    revision
        Form of the database (Alembic).
    log_size, log_root
        Entries of the log and root of its tree, hexadecimal.
    tables
        Rows by table.
    members
        SHA-256 by member of the archive.
    keys
        Whether the service's private keys are in it.
    """

    format: str
    version: str
    made_at: str
    revision: str
    log_size: int
    log_root: str
    tables: Mapping[str, int]
    members: Mapping[str, str]
    keys: bool

    def to_bytes(self) -> bytes:
        """Write it as JSON."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def read_manifest(raw: bytes) -> Manifest:
    """Read a manifest.

    Raises
    ------
    InputError
        If it is none of this format.
    """
    try:
        content = json.loads(raw)
        manifest = Manifest(**content)
    except (ValueError, TypeError) as error:
        raise InputError(f"the manifest of the backup cannot be read: {error}") from error
    if manifest.format != FORMAT:
        raise InputError(f"the backup is of the form {manifest.format!r}, known is {FORMAT!r}")
    return manifest
