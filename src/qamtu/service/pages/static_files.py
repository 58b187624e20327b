"""The static files of all resources: one address that changes with their content, kept for good.

Each resource may have ``service/<resource>/static/<resource>/…``; a file is then
``/static/<build>/<resource>/…``, where *build* is the hash of all static files together, so that
scripts may name their neighbours by a relative path. The map's library is served from where the
reports keep it, as ``vendor/maplibre-gl.js`` and ``vendor/maplibre-gl.css``.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response

__all__ = ["StaticFile", "all_files", "build", "router", "static_url"]

_SERVICE: Final = "qamtu.service"
_MAP_LIBRARY: Final = ("maplibre-gl.js", "maplibre-gl.css", "maplibre-gl.LICENSE.txt")
_TEXT: Final = frozenset({".css", ".js", ".svg", ".txt", ".json", ".md"})
_FOREVER: Final = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, plain and compressed."""

    content: bytes
    media_type: str
    gzipped: bytes | None


@cache
def _paths() -> dict[str, Path]:
    service = Path(str(files(_SERVICE)))
    found = {
        path.relative_to(folder).as_posix(): path
        for folder in sorted(service.glob("*/static"))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    vendor = Path(str(files("qamtu.studies.report"))) / "vendor"
    found.update({f"vendor/{name}": vendor / name for name in _MAP_LIBRARY})
    return found


@cache
def build() -> str:
    """Give the hash of all static files."""
    digest = hashlib.sha256()
    for name, path in sorted(_paths().items()):
        digest.update(name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def all_files() -> tuple[str, ...]:
    """Give the names of all static files."""
    return tuple(_paths())


def static_url(name: str) -> str:
    """Give the address of a static file.

    Raises
    ------
    KeyError
        If there is no such file.
    """
    if name not in _paths():
        raise KeyError(f"there is no static file {name!r}")
    return f"/static/{build()}/{name}"


@cache
def _load(name: str) -> StaticFile | None:
    path = _paths().get(name)
    if path is None:
        return None
    content = path.read_bytes()
    if name.startswith("vendor/"):  # its source map is not shipped
        lines = content.split(b"\n")
        content = b"\n".join(x for x in lines if not x.startswith(b"//# sourceMappingURL="))
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    gzipped = gzip.compress(content, 9, mtime=0) if path.suffix in _TEXT else None
    return StaticFile(content, media_type, gzipped)


@router.get("/static/{version}/{name:path}")
async def static_file(request: Request, version: str, name: str) -> Response:
    """Give a static file, compressed where the reader takes it."""
    found = _load(name)
    if found is None:
        return Response("not found", status_code=404, media_type="text/plain")
    headers = {
        "Cache-Control": _FOREVER if version == build() else "no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    content = found.content
    if found.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        content = found.gzipped
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=found.media_type, headers=headers)


@router.get("/favicon.ico")
async def icon() -> Response:
    """Give the sign of the browser's tab."""
    found = _load("pages/icon.svg")
    content = found.content if found else b""
    return Response(content, media_type="image/svg+xml", headers={"Cache-Control": _FOREVER})
