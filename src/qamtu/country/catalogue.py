"""The catalogue of a pack's sources: what each file is, on what terms, and whether it changed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from qamtu.core.errors import InputError, MissingInput
from qamtu.core.findings import Finding, Findings, Severity
from qamtu.core.provenance import Source, file_sha256

__all__ = ["SourceCatalogue", "check_sources", "load_catalogue"]

_NEEDED: Final = ("id", "file", "title", "origin", "licence", "date", "sha256")
_KNOWN: Final = frozenset({*_NEEDED, "rows", "defects"})


@dataclass(frozen=True, slots=True)
class SourceCatalogue:
    """The sources of a pack and the files they lie in.

    Parameters
    ----------
    folder
        Folder of the source files.
    sources
        What the catalogue says of each, in its order.
    files
        Name of the file of each source id.
    """

    folder: Path
    sources: tuple[Source, ...]
    files: Mapping[str, str]

    def path(self, source_id: str) -> Path:
        """Give the path of a source's file.

        Raises
        ------
        MissingInput
            If the catalogue does not know the source or the file is not there.
        """
        if source_id not in self.files:
            raise MissingInput(f"the catalogue of {self.folder} knows no source {source_id!r}")
        path = self.folder / self.files[source_id]
        if not path.is_file():
            finding = Finding(
                "source-missing", Severity.ERROR, f"the file of source {source_id!r} is not there",
                "put it back, or fetch it from the origin that the catalogue names", str(path),
            )  # fmt: skip
            raise MissingInput(f"{path} is not there", [finding])
        return path


def load_catalogue(folder: Path) -> SourceCatalogue:
    """Read ``catalogue.toml`` of a builder's folder; the files lie in ``sources/`` beside it.

    Raises
    ------
    MissingInput
        If there is no catalogue.
    InputError
        If it is no TOML, or a source lacks a key, has a strange one or is named twice.
    """
    path = folder / "catalogue.toml"
    if not path.is_file():
        raise MissingInput(f"{path} is not there: sources without a catalogue are not used")
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8")).get("source", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a TOML file: {error}") from error
    sources = tuple(_source(entry, path) for entry in listed)
    ids = [source.id for source in sources]
    if len(set(ids)) != len(ids):
        raise InputError(f"{path}: a source is named twice")
    files = {str(entry["id"]): str(entry["file"]) for entry in listed}
    return SourceCatalogue(folder / "sources", sources, files)


def _source(entry: Mapping[str, Any], path: Path) -> Source:
    lacking = [key for key in _NEEDED if key not in entry]
    strange = sorted(set(entry) - _KNOWN)
    if lacking or strange:
        what = f"lacks {', '.join(lacking) or 'nothing'}, strange {', '.join(strange) or 'nothing'}"
        raise InputError(f"{path}: source {entry.get('id', '?')!r} {what}")
    return Source(
        id=str(entry["id"]), title=str(entry["title"]), origin=str(entry["origin"]),
        licence=str(entry["licence"]), date=str(entry["date"]), sha256=str(entry["sha256"]),
        note=str(entry.get("defects", "")),
    )  # fmt: skip


def check_sources(catalogue: SourceCatalogue) -> Findings:
    """Tell every source file that is missing or is no longer the catalogued one."""
    found: list[Finding] = []
    for source in catalogue.sources:
        path = catalogue.folder / catalogue.files[source.id]
        if not path.is_file():
            found.append(
                Finding(
                    "source-missing", Severity.ERROR, f"the file of {source.id!r} is not there",
                    f"fetch it again: {source.origin}", str(path),
                )
            )  # fmt: skip
        elif (now := file_sha256(path)) != source.sha256:
            found.append(
                Finding(
                    "source-changed", Severity.WARNING,
                    f"the file changed: catalogued {source.sha256[:12]}…, found {now[:12]}…",
                    "if the change is wanted, write its date and the new sha256 "
                    f"({now}) into catalogue.toml and build again", str(path),
                )
            )  # fmt: skip
    return Findings(tuple(found))
