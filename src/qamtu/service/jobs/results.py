"""The results of a job as files to download; a page among them is shown in a sandbox only."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi.responses import FileResponse

from qamtu.service.errors import NotFound

__all__ = ["ResultFile", "result_files", "serve"]

_TYPES: Final = {
    ".parquet": "application/vnd.apache.parquet",
    ".gpkg": "application/geopackage+sqlite3",
    ".geojson": "application/geo+json",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".toml": "application/toml",
}
SANDBOX: Final = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline' blob:; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; worker-src blob:; "
    "connect-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""A report has its script within: it runs in an origin of its own and reaches nothing here."""


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A file of the results: its name below the folder, its type and its size [bytes]."""

    name: str
    media_type: str
    size_bytes: int


def result_files(folder: Path) -> list[ResultFile]:
    """List the files of a folder of results, by name; links are left out."""
    if not folder.is_dir():
        return []
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return [
        ResultFile(path.relative_to(folder).as_posix(), _type_of(path), path.stat().st_size)
        for path in sorted(found)
    ]


def serve(folder: Path, name: str, *, shown: bool) -> FileResponse:
    """Give a file of the results.

    Parameters
    ----------
    folder
        The job's results.
    name
        One of the names that `result_files` gives; nothing else is looked up.
    shown
        Whether to show a page (HTML) in its sandbox instead of sending it as a download.

    Raises
    ------
    NotFound
        If there is no such file.
    """
    found = next((one for one in result_files(folder) if one.name == name), None)
    if found is None:
        raise NotFound(f"There is no file {name[:100]}.")
    inline = shown and found.media_type == "text/html"
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": SANDBOX if inline else "sandbox; default-src 'none'",
        "Cache-Control": "private, no-cache",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return FileResponse(
        folder / name, media_type=found.media_type, filename=Path(name).name, headers=headers,
        content_disposition_type="inline" if inline else "attachment",
    )  # fmt: skip


def _type_of(path: Path) -> str:
    known = _TYPES.get(path.suffix.lower())
    return known or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
