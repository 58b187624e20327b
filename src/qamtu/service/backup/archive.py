"""The file of a backup: a compressed tar archive, written and read as a stream."""

from __future__ import annotations

import errno
import hashlib
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyarrow as pa

from qamtu.core.errors import InputError, StorageFailure

__all__ = ["Writer", "extract", "suffix_of", "writer"]

_CODECS = {".tar.zst": "zstd", ".tar.gz": "gzip", ".tgz": "gzip"}
_MAGIC = {b"\x28\xb5\x2f\xfd": "zstd", b"\x1f\x8b": "gzip"}
_CHUNK = 1 << 20


class Writer:
    """Adds members to an archive and remembers their SHA-256."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.members: dict[str, str] = {}

    def add_file(self, name: str, path: Path) -> None:
        """Add a file under a name."""
        with path.open("rb") as file:
            hashed = _Hashing(file)
            info = _info(name, path.stat().st_size)
            self._tar.addfile(info, hashed)
        self.members[name] = hashed.digest.hexdigest()

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add a content under a name."""
        self._tar.addfile(_info(name, len(content)), BytesIO(content))
        self.members[name] = hashlib.sha256(content).hexdigest()


class _Hashing:
    """A file that hashes what is read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.digest.update(content)
        return content


def suffix_of(path: Path) -> str:
    """Give the ending of a backup's file.

    Raises
    ------
    InputError
        If it is none of ``.tar.zst``, ``.tar.gz`` and ``.tgz``.
    """
    for suffix in _CODECS:
        if path.name.endswith(suffix):
            return suffix
    raise InputError(f"{path.name}: a backup's name ends with one of {', '.join(_CODECS)}")


@contextmanager
def writer(path: Path) -> Iterator[Writer]:
    """Open an archive for writing; its ending says how it is compressed."""
    codec = _CODECS[suffix_of(path)]
    with pa.CompressedOutputStream(str(path), codec) as stream:  # noqa: SIM117
        with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            yield Writer(tar)


def extract(path: Path, target: Path) -> dict[str, str]:
    """Extract an archive below a folder; gives the SHA-256 of each member.

    Only plain files with names below the folder are taken.

    Raises
    ------
    InputError
        If the file is no backup, is cut off or damaged, or has a member that is not plain.
    StorageFailure
        If the disk is full.
    """
    with path.open("rb") as file:
        magic = file.read(4)
    codec = next((name for start, name in _MAGIC.items() if magic.startswith(start)), None)
    if codec is None:
        raise InputError(f"{path} is no backup: it is neither zstd nor gzip")
    found: dict[str, str] = {}
    try:
        with (
            pa.CompressedInputStream(str(path), codec) as stream,
            tarfile.open(fileobj=stream, mode="r|") as tar,
        ):
            for member in tar:
                found[member.name] = _extract_member(tar, member, target)
    except (tarfile.TarError, EOFError, pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFailure(f"no room for the backup's content: {error}") from error
        raise InputError(f"{path} is damaged or cut off: {error}") from error
    return found


def _extract_member(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> str:
    name = PurePosixPath(member.name)
    if not member.isfile() or name.is_absolute() or ".." in name.parts or not name.parts:
        raise InputError(f"the backup has a member that is not a plain file: {member.name!r}")
    source: Any = tar.extractfile(member)
    place = target.joinpath(*name.parts)
    place.parent.mkdir(parents=True, exist_ok=True)
    hashed = _Hashing(source)
    with place.open("xb") as out:
        shutil.copyfileobj(hashed, out, _CHUNK)
    if place.stat().st_size != member.size:
        raise tarfile.ReadError("unexpected end of data")
    return hashed.digest.hexdigest()


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info
