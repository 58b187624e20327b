"""What a principal does with uploads: bring, see, download; each by the policies."""

from __future__ import annotations

from fastapi.responses import FileResponse
from sqlalchemy.orm import Session

from qamtu.service.accounts.current import Principal
from qamtu.service.errors import NotFound
from qamtu.service.policies import Resource, allowed, require
from qamtu.service.state import State
from qamtu.service.uploads import repository
from qamtu.service.uploads.content import TYPES
from qamtu.service.uploads.repository import Upload
from qamtu.service.uploads.store import Kept, stored_path

__all__ = ["PURPOSES", "bring", "document", "get", "may_bring"]

PURPOSES = ("document", "measurements", "input")
"""What an upload is for."""


def may_bring(by: Principal) -> None:
    """Go on only where a principal may upload; asked before a byte is read.

    Raises
    ------
    Forbidden
        If they may not.
    """
    require(by, "upload", Resource("document", "", by.region, by.organisation))


def bring(session: Session, kept: Kept, purpose: str, by: Principal) -> Upload:
    """Write down an upload; errors as `may_bring`."""
    may_bring(by)
    return repository.add(session, kept, purpose, by)


def get(session: Session, upload: str, by: Principal) -> Upload:
    """Give an upload that a principal may see.

    Raises
    ------
    NotFound
        If there is none, or it is not theirs to see.
    """
    found = repository.find(session, upload)
    if found is None or not allowed(by, "read", repository.resource_of(session, found)):
        if not by.signed_in:
            require(by, "upload", Resource("document"))
        raise NotFound(f"There is no upload {upload}.")
    return found


def document(state: State, session: Session, sha256: str, by: Principal) -> FileResponse:
    """Send a stored file to whoever may read one of its uploads.

    Only pictures and plain text are shown, in a sandbox; everything else is a download.

    Raises
    ------
    NotFound
        If there is none, or it is not theirs to see.
    """
    seen = [
        one
        for one in repository.of_hash(session, sha256)
        if allowed(by, "read", repository.resource_of(session, one))
    ]
    if not seen:
        raise NotFound("There is no such document.")
    path = stored_path(state.settings.data, sha256)
    if not path.is_file():
        raise NotFound("The document is no longer kept.")
    first = seen[0]
    kind = TYPES.get("." + first.name.rpartition(".")[2])
    shown = kind is not None and kind.shown
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
        "ETag": f'"{sha256}"',
    }
    return FileResponse(
        path, media_type=first.media_type if kind else "application/octet-stream",
        filename=first.name, headers=headers,
        content_disposition_type="inline" if shown else "attachment",
    )  # fmt: skip
