"""The user's own files of a study: missing ones named at once, the others listed as sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from qamtu.core.errors import MissingInput
from qamtu.core.findings import Finding, Severity
from qamtu.core.provenance import Source, file_sha256
from qamtu.country import Pack

__all__ = ["own_sources", "refuse_missing", "with_own_sources"]


def refuse_missing(
    files: Mapping[str, Path | None], paths: Mapping[str, Path | None] | None = None
) -> None:
    """Name everything that was given and is not there, all at once.

    Parameters
    ----------
    files
        What must be a file, by the option that gave it; None was not given.
    paths
        What may be a folder too.

    Raises
    ------
    MissingInput
        With one finding for each.
    """
    missing = [(n, p) for n, p in files.items() if p is not None and not p.is_file()]
    missing += [(n, p) for n, p in (paths or {}).items() if p is not None and not p.exists()]
    found = [
        Finding("file-missing", Severity.ERROR, f"{name}: the file is not there",
                "check the path", str(path))
        for name, path in missing
    ]  # fmt: skip
    if found:
        msg = "files are missing"
        raise MissingInput(msg, found)


def own_sources(paths: Iterable[Path | None]) -> list[Source]:
    """List what the user gave as sources: a file with its checksum, a folder by its name."""
    return [
        Source(
            path.name, path.name, "the user's own file", "", "",
            file_sha256(path) if path.is_file() else "",
        )
        for path in paths
        if path is not None
    ]  # fmt: skip


def with_own_sources(
    pack: Pack, paths: Iterable[Path | None]
) -> tuple[list[Source], dict[str, str]]:
    """Give the pack's sources with the user's files among them, and all checksums."""
    own = own_sources(paths)
    checksums = dict(pack.checksums) | {one.id: one.sha256 for one in own if one.sha256}
    return [*pack.sources, *own], checksums
