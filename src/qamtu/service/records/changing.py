"""The endpoints that file, correct and decide records."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from qamtu.core.errors import InputError
from qamtu.programme.records import Claim, Comment, Commitment, Evidence, EvidenceState, Grade
from qamtu.service.accounts.current import Principal
from qamtu.service.accounts.errors import Forbidden
from qamtu.service.conditional import check_match
from qamtu.service.database.engine import writing
from qamtu.service.errors import NotFound
from qamtu.service.log import repository as log
from qamtu.service.policies import allowed, require
from qamtu.service.records.asked import Asking, RecordId, asking
from qamtu.service.records.reading import out, tag_of
from qamtu.service.records.repository import decide, file_many, find
from qamtu.service.records.rows import KINDS, Record, Stored, new_id
from qamtu.service.records.rules import (
    about,
    decided,
    organisation_of,
    require_own,
    resource_of,
)
from qamtu.service.records.schemas import (
    ClaimIn,
    ClaimOut,
    CommentIn,
    CommentOut,
    CommitmentIn,
    CommitmentOut,
    Decision,
    EvidenceIn,
    EvidenceOut,
)

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["records"])

T = TypeVar("T", Commitment, Claim, Evidence, Comment)
Asks = Annotated[Asking, Depends(asking)]
_MATCH: dict[str, Any] = {
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
            "description": "The ETag of the version that is corrected: 412 if it is not newest.",
        }
    ]
}


@router.post("/commitments", status_code=201, response_model=CommitmentOut)
def file_commitment(body: CommitmentIn, response: Response, asks: Asks) -> Any:
    """File a commitment."""
    record = Commitment(**_new(), **body.model_dump())
    return _file(asks, record, response)


@router.put("/commitments/{record}", response_model=CommitmentOut, openapi_extra=_MATCH)
def correct_commitment(
    record: RecordId, body: CommitmentIn, request: Request, response: Response, asks: Asks
) -> Any:
    """Correct a commitment: a new version, the old ones stay readable."""
    return _correct(asks, Commitment, record, body.model_dump(), request, response)


@router.post("/claims", status_code=201, response_model=ClaimOut)
def file_claim(body: ClaimIn, response: Response, asks: Asks) -> Any:
    """File what somebody said about a commitment."""
    return _file(asks, Claim(**_new(), **body.model_dump()), response)


@router.put("/claims/{record}", response_model=ClaimOut, openapi_extra=_MATCH)
def correct_claim(
    record: RecordId, body: ClaimIn, request: Request, response: Response, asks: Asks
) -> Any:
    """Correct a claim: a new version, the old ones stay readable."""
    return _correct(asks, Claim, record, body.model_dump(), request, response)


@router.post("/evidence", status_code=201, response_model=EvidenceOut)
def file_evidence(body: EvidenceIn, response: Response, asks: Asks) -> Any:
    """File evidence; it waits for a decision."""
    return _file(asks, Evidence(**_new(), **_evidence(body)), response)


@router.put("/evidence/{record}", response_model=EvidenceOut, openapi_extra=_MATCH)
def correct_evidence(
    record: RecordId, body: EvidenceIn, request: Request, response: Response, asks: Asks
) -> Any:
    """Correct evidence: a new version that waits for a decision anew."""
    return _correct(asks, Evidence, record, _evidence(body), request, response)


@router.post("/evidence/{record}/decision", response_model=EvidenceOut, openapi_extra=_MATCH)
def decide_evidence(
    record: RecordId, body: Decision, request: Request, response: Response, asks: Asks
) -> Any:
    """Accept or reject evidence that somebody else filed."""
    with writing(asks.state.sessions) as session:
        log.lock(session)
        found = _found(session, Evidence, record)
        asked = decided(session, asks.principal, [found.record])[record]
        require(asks.principal, "decide", asked)
        check_match(request, tag_of(found))
        decide(session, record, body.state, asks.principal.id, grade=body.grade)
        return _shown(session, Evidence, record, response)


@router.post("/comments", status_code=201, response_model=CommentOut)
def file_comment(body: CommentIn, response: Response, asks: Asks) -> Any:
    """Comment on a commitment or a piece of evidence."""
    record = Comment(**_new(), **body.model_dump(), author=asks.principal.id)
    return _file(asks, record, response)


@router.put("/comments/{record}", response_model=CommentOut, openapi_extra=_MATCH)
def correct_comment(
    record: RecordId, body: CommentIn, request: Request, response: Response, asks: Asks
) -> Any:
    """Correct your own comment."""
    return _correct(asks, Comment, record, body.model_dump(), request, response)


def _new() -> dict[str, Any]:
    return {"id": new_id(), "record": new_id(), "learned_at": dt.datetime.now(dt.UTC)}


def _evidence(body: EvidenceIn) -> dict[str, Any]:
    given = body.model_dump()
    given["provenance"] = tuple(given["provenance"])
    given["filed_by"] = given["filed_by"] or ""
    return given


def _file(asks: Asking, record: Any, response: Response) -> dict[str, Any]:
    with writing(asks.state.sessions) as session:
        record = _signed(session, asks.principal, record)
        _require(session, asks.principal, "file", record)
        require_own(session, asks.principal, record)
        file_many(session, [record], by=asks.principal.id)
        response.headers["Location"] = f"{_PLURALS[type(record)]}/{record.record}"
        return _shown(session, type(record), record.record, response)


def _correct(
    asks: Asking,
    kind: type[T],
    record: str,
    given: dict[str, Any],
    request: Request,
    response: Response,
) -> dict[str, Any]:
    with writing(asks.state.sessions) as session:
        log.lock(session)
        found = _found(session, kind, record)
        _require(session, asks.principal, "correct", found.record)
        require_own(session, asks.principal, found.record)
        check_match(request, tag_of(found))
        fixed = _fixed(found.record, withdrawn=given["withdrawn"])
        version: Any = replace(
            found.record,
            **{**given, **fixed, "id": new_id(), "learned_at": dt.datetime.now(dt.UTC)},
        )
        version = _signed(session, asks.principal, version)
        _require(session, asks.principal, "correct", version)
        require_own(session, asks.principal, version)
        file_many(session, [version], by=asks.principal.id)
        return _shown(session, kind, record, response)


def _fixed(record: Record, *, withdrawn: bool) -> dict[str, Any]:
    """What a correction does not change."""
    match record:
        case Evidence():
            return {
                "commitment": record.commitment,
                "filed_by": record.filed_by,
                "state": record.state if withdrawn else EvidenceState.FILED,
            }
        case Claim():
            return {"commitment": record.commitment}
        case Comment():
            return {"about": record.about, "author": record.author}
        case _:
            return {}


def _signed(session: Session, principal: Principal, record: Any) -> Any:
    """Put the filer's organisation into evidence; refuse what may not be claimed."""
    if (
        isinstance(record, Claim | Evidence)
        and find(session, Commitment, record.commitment) is None
    ):
        raise InputError(f"There is no commitment {record.commitment}.")
    if isinstance(record, Evidence) and not record.filed_by:
        record = replace(record, filed_by=organisation_of(session, principal))
    if isinstance(record, Claim | Evidence) and record.grade in {Grade.A, Grade.B}:
        named = resource_of(record)
        if not allowed(principal, "decide", replace(named, kind="evidence")):
            raise InputError("Grades A and B are given by who decides; file at C or D.")
    return record


def _require(session: Session, principal: Principal, action: str, record: Record) -> None:
    if not isinstance(record, Comment):
        require(principal, action, resource_of(record))
        return
    thing = resource_of(about(session, record.about))
    require(principal, "comment", thing)
    if not principal.signed_in or record.author != principal.id:
        raise Forbidden("A comment is corrected by its author.", signed_in=principal.signed_in)


def _found(session: Session, kind: type[T], record: str) -> Stored[T]:
    found = find(session, kind, record)
    if found is None:
        raise NotFound(f"There is no {KINDS[kind][0]} {record}.")
    return found


def _shown(session: Session, kind: type[T], record: str, response: Response) -> dict[str, Any]:
    found = _found(session, kind, record)
    response.headers["ETag"] = tag_of(found)
    return out(found)


_PLURALS = {
    Commitment: "/api/v1/commitments",
    Claim: "/api/v1/claims",
    Evidence: "/api/v1/evidence",
    Comment: "/api/v1/comments",
}
