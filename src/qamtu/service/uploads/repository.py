"""All SQL of uploads: who brought what, who may see it, which evidence rests on it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from qamtu.programme.records import Evidence, EvidenceState
from qamtu.service.accounts.current import Principal
from qamtu.service.policies import Resource
from qamtu.service.records import repository as records
from qamtu.service.uploads.store import Kept
from qamtu.service.uploads.tables import UploadRow, UploadUseRow

__all__ = [
    "Upload",
    "add",
    "find",
    "mark_filed",
    "of_hash",
    "published",
    "resource_of",
    "uploads",
    "use",
]


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload.

    Parameters
    ----------
    id, sha256, name, media_type, size_bytes
        The file; ``name`` is safe to show.
    purpose
        ``document``, ``measurements`` or ``input``.
    created_at, made_by, organisation, region
        When and by whom.
    filed_at
        When its rows were filed as evidence, None if they were not.
    """

    id: str
    sha256: str
    name: str
    media_type: str
    size_bytes: int
    purpose: str
    created_at: dt.datetime
    made_by: str
    organisation: str | None
    region: str | None
    filed_at: dt.datetime | None


def add(session: Session, kept: Kept, purpose: str, by: Principal) -> Upload:
    """Write down an upload."""
    row = UploadRow(
        id=uuid.uuid4().hex, sha256=kept.sha256, name=kept.name, media_type=kept.type.media_type,
        size_bytes=kept.size_bytes, purpose=purpose, created_at=dt.datetime.now(tz=dt.UTC),
        made_by=by.id, organisation=by.organisation, region=by.region,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return _upload(row)


def find(session: Session, upload: str) -> Upload | None:
    """Give an upload, None where there is none."""
    row = session.get(UploadRow, upload)
    return None if row is None else _upload(row)


def of_hash(session: Session, sha256: str) -> list[Upload]:
    """Give the uploads of one content, the oldest first."""
    query = select(UploadRow).where(UploadRow.sha256 == sha256).order_by(UploadRow.created_at)
    return [_upload(row) for row in session.scalars(query)]


def uploads(session: Session, by: Principal, *, everyone: bool, limit: int = 100) -> list[Upload]:
    """List uploads, the newest first: all, or those of a principal's own house."""
    query = select(UploadRow).order_by(UploadRow.created_at.desc(), UploadRow.id.desc())
    if not everyone:
        query = query.where(_own(by))
    return [_upload(row) for row in session.scalars(query.limit(limit))]


def use(session: Session, evidence: str, hashes: Iterable[str]) -> None:
    """Write down the files that evidence rests on."""
    session.add_all(UploadUseRow(evidence=evidence, sha256=one) for one in sorted(set(hashes)))
    session.flush()


def published(session: Session, sha256: str) -> bool:
    """Say whether accepted evidence rests on a file: then everyone may read it."""
    query = select(UploadUseRow.evidence).where(UploadUseRow.sha256 == sha256)
    for record in session.scalars(query):
        found = records.find(session, Evidence, record)
        if (
            found is not None
            and not found.withdrawn
            and found.record.state is EvidenceState.ACCEPTED
        ):
            return True
    return False


def resource_of(session: Session, upload: Upload) -> Resource:
    """Give what the policies are asked about an upload."""
    return Resource(
        "document", upload.id, upload.region, upload.organisation,
        published(session, upload.sha256),
    )  # fmt: skip


def mark_filed(session: Session, upload: str) -> bool:
    """Write down that the rows of a table were filed; False where they were before."""
    row = session.get(UploadRow, upload, with_for_update=True)
    if row is None or row.filed_at is not None:
        return False
    row.filed_at = dt.datetime.now(tz=dt.UTC)
    session.flush()
    return True


def _own(by: Principal) -> ColumnElement[bool]:
    own = UploadRow.made_by == by.id
    if by.organisation is not None:
        own |= UploadRow.organisation == by.organisation
    if by.region is not None:
        own |= UploadRow.region == by.region
    return own


def _upload(row: UploadRow) -> Upload:
    return Upload(
        id=row.id, sha256=row.sha256, name=row.name, media_type=row.media_type,
        size_bytes=row.size_bytes, purpose=row.purpose, created_at=row.created_at,
        made_by=row.made_by, organisation=row.organisation, region=row.region,
        filed_at=row.filed_at,
    )  # fmt: skip
