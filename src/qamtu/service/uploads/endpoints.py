"""The API of uploads: bring a file, list, look, check and file a table, download a document."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from qamtu.service.accounts.current import Principal, principal
from qamtu.service.database.engine import reading, writing
from qamtu.service.pages.country import country
from qamtu.service.policies import Resource, allowed
from qamtu.service.state import State, state_of
from qamtu.service.uploads import acting, filing, repository
from qamtu.service.uploads.receiving import keep_stream
from qamtu.service.uploads.repository import Upload

__all__ = ["regions_of", "router"]

router = APIRouter(prefix="/api/v1", tags=["uploads"])

Running = Annotated[State, Depends(state_of)]
Asker = Annotated[Principal, Depends(principal)]
UploadId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}}}


class UploadOut(BaseModel):
    """An upload."""

    id: str
    sha256: str
    name: str
    media_type: str
    size_bytes: int
    purpose: str
    created_at: dt.datetime
    filed_at: dt.datetime | None


class UploadsOut(BaseModel):
    """Uploads, the newest first."""

    uploads: list[UploadOut]


class CheckOut(BaseModel):
    """A table of measurements held against its contract."""

    rows: int
    good: bool
    findings: list[dict[str, Any]]


class FiledOut(BaseModel):
    """Records of the evidence that was filed."""

    evidence: list[str]


@router.post("/uploads", status_code=201, openapi_extra=_BODY)
async def bring(
    request: Request,
    by: Asker,
    name: Annotated[str, Query(min_length=1, max_length=300)],
    purpose: Literal["document", "measurements", "input"] = "document",
) -> UploadOut:
    """Bring a file as the body of the request; what it is, its content says."""
    state = state_of(request)
    acting.may_bring(by)
    kept = await keep_stream(request, name)

    def write() -> Upload:
        with writing(state.sessions) as session:
            return acting.bring(session, kept, purpose, by)

    return _out(await run_in_threadpool(write))


@router.get("/uploads")
def list_uploads(
    state: Running, by: Asker, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> UploadsOut:
    """List the uploads of the asker's house; all where the asker may read all."""
    acting.may_bring(by)
    everyone = allowed(by, "read", Resource("document"))
    with reading(state.sessions) as session:
        found = repository.uploads(session, by, everyone=everyone, limit=limit)
    return UploadsOut(uploads=[_out(one) for one in found])


@router.get("/uploads/{upload}")
def read_upload(state: Running, by: Asker, upload: UploadId) -> UploadOut:
    """Give an upload."""
    with reading(state.sessions) as session:
        return _out(acting.get(session, upload, by))


@router.get("/uploads/{upload}/check")
def check_upload(state: Running, by: Asker, upload: UploadId) -> CheckOut:
    """Hold a table of measurements against its contract: all findings by row and field."""
    with reading(state.sessions) as session:
        found = acting.get(session, upload, by)
        checked = filing.check_upload(session, state.settings.data, found, by, regions_of(state))
    listed = [asdict(one) | {"severity": one.severity.value} for one in checked.findings]
    return CheckOut(rows=len(checked.rows), good=checked.good, findings=listed[:1000])


@router.post("/uploads/{upload}/file", status_code=201)
def file_rows(state: Running, by: Asker, upload: UploadId) -> FiledOut:
    """File the rows of a table of measurements as evidence, all or none."""
    with writing(state.sessions) as session:
        found = acting.get(session, upload, by)
        checked = filing.check_upload(session, state.settings.data, found, by, regions_of(state))
        return FiledOut(evidence=filing.file_rows(session, found, checked, by))


@router.get("/documents/{sha256}", response_class=FileResponse, responses=_FILE)
def read_document(state: Running, by: Asker, sha256: Sha256) -> FileResponse:
    """Send a stored file."""
    with reading(state.sessions) as session:
        return acting.document(state, session, sha256, by)


def regions_of(state: State) -> frozenset[str]:
    """Give the ids of the country's regions."""
    return frozenset(one.id for one in country(state.settings.pack).regions)


def _out(upload: Upload) -> UploadOut:
    return UploadOut(
        id=upload.id, sha256=upload.sha256, name=upload.name, media_type=upload.media_type,
        size_bytes=upload.size_bytes, purpose=upload.purpose, created_at=upload.created_at,
        filed_at=upload.filed_at,
    )  # fmt: skip
