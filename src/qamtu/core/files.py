"""Writing without accidents: beside, then rename; never over something unasked."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from qamtu.core.errors import OutputExists, StorageFailure

__all__ = ["refuse_existing", "replaced_folder", "write_bytes", "write_text"]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    StorageFailure
        If the disk is full or the place cannot be written; the old file is still there.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise _storage_failure(path, error) from error


def write_text(path: Path, content: str) -> None:
    """Write UTF-8 text whole or not at all; see `write_bytes`."""
    write_bytes(path, content.encode("utf-8"))


@contextmanager
def replaced_folder(target: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Give a scratch folder that becomes ``target`` when the block ends well.

    If the block raises, the scratch is removed and ``target`` is as it was.

    Parameters
    ----------
    target
        The folder to make.
    overwrite
        Whether a folder with something in it may be replaced.

    Raises
    ------
    OutputExists
        If ``target`` has something in it and ``overwrite`` is false.
    StorageFailure
        If the disk is full or the place cannot be written.
    """
    refuse_existing(target, overwrite=overwrite)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        scratch.chmod(0o755)
    except OSError as error:
        raise _storage_failure(target, error) from error
    try:
        yield scratch
        _swap(scratch, target)
    except OSError as error:
        if error.errno in _FULL:
            raise _storage_failure(target, error) from error
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def refuse_existing(target: Path, *, overwrite: bool) -> None:
    """Raise `OutputExists` where ``target`` would be replaced unasked."""
    if overwrite or not target.exists():
        return
    if not target.is_dir() or any(target.iterdir()):
        msg = f"{target} is already there; name another place, or say --overwrite to replace it"
        raise OutputExists(msg)


def _swap(scratch: Path, target: Path) -> None:
    """Put ``scratch`` in the place of ``target``, keeping the old one until it stands."""
    old = None
    if target.exists():
        old = target.with_name(f".{target.name}.{os.getpid()}.old")
        target.rename(old)
    try:
        scratch.rename(target)
    except OSError:
        if old is not None:
            old.rename(target)
        raise
    if old is not None:
        if old.is_dir():
            shutil.rmtree(old)
        else:
            old.unlink()


def _storage_failure(path: Path, error: OSError) -> StorageFailure:
    reason = os.strerror(error.errno) if error.errno else str(error)
    return StorageFailure(f"{path} could not be written ({reason}); nothing half-written is left")
