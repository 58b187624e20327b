"""Files as they come and as they stay: hashed while written, kept by their SHA-256, never twice."""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from qamtu.core.errors import QamtuError, StorageFailure
from qamtu.service.uploads.content import ContentType, recognise, safe_name

__all__ = ["Kept", "Receiving", "TooLarge", "stored_path"]

_SHA256 = re.compile(r"[0-9a-f]{64}")


class TooLarge(QamtuError):
    """More bytes came than are taken."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept: its hash, its size [bytes], its type and its cleaned name."""

    sha256: str
    size_bytes: int
    type: ContentType
    name: str


def stored_path(data: Path, sha256: str) -> Path:
    """Give where the file of a hash lies.

    Raises
    ------
    ValueError
        If it is no SHA-256.
    """
    if not _SHA256.fullmatch(sha256):
        raise ValueError("no SHA-256")
    return data / "documents" / sha256[:2] / sha256


class Receiving:
    """A file on its way in: a context that leaves nothing behind unless it was kept.

    Parameters
    ----------
    data
        The service's folder.
    limit_bytes
        Largest file taken.
    """

    def __init__(self, data: Path, limit_bytes: int) -> None:
        folder = data / "documents" / "coming"
        folder.mkdir(parents=True, exist_ok=True)
        self._data, self._limit = data, limit_bytes
        self._path = folder / uuid.uuid4().hex
        self._stream = self._path.open("xb")
        self._hash = hashlib.sha256()
        self._size = 0

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove what was not kept."""
        self._stream.close()
        self._path.unlink(missing_ok=True)

    def feed(self, block: bytes) -> None:
        """Take some bytes.

        Raises
        ------
        TooLarge
            As soon as there are too many.
        StorageFailure
            If the disk is full.
        """
        self._size += len(block)
        if self._size > self._limit:
            raise TooLarge(f"the file is larger than {self._limit:,} bytes")
        self._hash.update(block)
        try:
            self._stream.write(block)
        except OSError as error:
            raise StorageFailure(f"the file cannot be kept: {error.strerror}") from error

    def keep(self, name: str) -> Kept:
        """Look at the whole file and keep it by its hash, readable for the service only.

        Raises
        ------
        InputError
            If its type is not taken.
        StorageFailure
            If it cannot be kept.
        """
        try:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()
        except OSError as error:
            raise StorageFailure(f"the file cannot be kept: {error.strerror}") from error
        kind = recognise(self._path, name)
        sha256 = self._hash.hexdigest()
        place = stored_path(self._data, sha256)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            self._path.chmod(0o600)
            self._path.replace(place)
        except OSError as error:
            raise StorageFailure(f"the file cannot be kept: {error.strerror}") from error
        return Kept(sha256, self._size, kind, safe_name(name, kind.suffix))
