"""Where a value comes from: source, date, licence, checksum, and the run that made it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Source", "file_sha256"]


@dataclass(frozen=True, slots=True)
class Source:
    """One source of data as the catalogue knows it.

    Parameters
    ----------
    id
        Short stable name.
    title, origin, licence
        What it is, who publishes it, on what terms.
    date
        What day or period the data speaks of (ISO 8601, may be a year).
    sha256
        Checksum of the file as obtained; empty for a source that is not a file.
    note
        Known defects.
    """

    id: str
    title: str
    origin: str
    licence: str
    date: str
    sha256: str = ""
    note: str = ""


def file_sha256(path: Path) -> str:
    """Give the SHA-256 of a file's bytes as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
