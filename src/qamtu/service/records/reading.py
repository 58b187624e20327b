"""The endpoints that read records: lists, single records, their histories."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from qamtu.programme.records import Claim, Comment, Commitment, Evidence, Organisation
from qamtu.service.conditional import check_none_match, headers_of
from qamtu.service.database.engine import reading
from qamtu.service.errors import NotFound
from qamtu.service.records.asked import (
    Asking,
    Filters,
    KnownAt,
    PageOf,
    RecordId,
    asking,
    conditions,
    filters,
    fresh,
    page_of,
)
from qamtu.service.records.repository import find, history, page
from qamtu.service.records.rows import KINDS, Stored
from qamtu.service.records.rules import readable, require_read, visible
from qamtu.service.records.schemas import (
    ClaimOut,
    CommentOut,
    CommitmentOut,
    EvidenceOut,
    Listed,
    OrganisationOut,
)

__all__ = ["out", "router", "tag_of"]

router = APIRouter(prefix="/api/v1", tags=["records"])

_SHOWN: tuple[tuple[str, type[Any], tuple[Any, Any, Any]], ...] = (
    ("commitments", Commitment, (CommitmentOut, Listed[CommitmentOut], list[CommitmentOut])),
    ("claims", Claim, (ClaimOut, Listed[ClaimOut], list[ClaimOut])),
    ("evidence", Evidence, (EvidenceOut, Listed[EvidenceOut], list[EvidenceOut])),
    ("comments", Comment, (CommentOut, Listed[CommentOut], list[CommentOut])),
    (
        "organisations",
        Organisation,
        (OrganisationOut, Listed[OrganisationOut], list[OrganisationOut]),
    ),
)
"""Path, type of the records, and what is given: one version, a list, a history."""


def out(found: Stored[Any]) -> dict[str, Any]:
    """Give a version as the API shows it."""
    record: Any = found.record
    return asdict(record) | {
        "id": found.version,
        "record": getattr(record, "record", record.id),
        "number": found.number,
        "learned_at": found.learned_at,
        "withdrawn": found.withdrawn,
        "log_index": found.log_index,
    }


def tag_of(found: Stored[Any]) -> str:
    """Give the entity tag of a version: its place in the log."""
    return f'"{found.log_index}"'


def _offer(plural: str, kind: type[Any], shapes: tuple[Any, Any, Any]) -> None:
    word, (shape, listed, versions) = KINDS[kind][0], shapes

    def list_records(
        request: Request,
        response: Response,
        asks: Annotated[Asking, Depends(asking)],
        asked: Annotated[Filters, Depends(filters)],
        some: Annotated[PageOf, Depends(page_of)],
        known_at: KnownAt = None,
    ) -> Any:
        table = KINDS[kind][1]
        with reading(asks.state.sessions) as session:
            found = page(
                session, kind, visible(asks.principal, kind), *conditions(table, asked),
                known_at=known_at, before=some.before, limit=some.limit,
            )  # fmt: skip
        if found.next is not None:
            following = request.url.include_query_params(before=found.next)
            response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
        return {"items": [out(one) for one in found.rows], "next": found.next}

    def get_record(
        request: Request,
        response: Response,
        record: RecordId,
        asks: Annotated[Asking, Depends(asking)],
        known_at: KnownAt = None,
    ) -> Any:
        with reading(asks.state.sessions) as session:
            found = find(session, kind, record, known_at=known_at)
            if found is None:
                raise NotFound(f"There is no {word} {record}.")
            require_read(session, asks.principal, found.record)
        check_none_match(request, tag_of(found))
        response.headers.update(headers_of(tag_of(found)))
        return out(found)

    def get_history(record: RecordId, asks: Annotated[Asking, Depends(asking)]) -> Any:
        with reading(asks.state.sessions) as session:
            found = history(session, kind, record)
            if not found:
                raise NotFound(f"There is no {word} {record}.")
            shown = readable(session, asks.principal, found)
        return [out(one) for one in shown]

    get_a = f"Get a version of one {word}: the newest, or the one known at a moment."
    get_all = f"Get all versions of one {word}, the first learned first."
    router.get(
        f"/{plural}", response_model=listed, name=f"list {plural}",
        description=f"List {plural} that hold, the newest version first.",
        dependencies=[Depends(fresh)],
    )(list_records)  # fmt: skip
    one = f"/{plural}/{{record}}"
    router.get(one, response_model=shape, name=f"get {word}", description=get_a)(get_record)
    router.get(
        f"{one}/history", response_model=versions, name=f"history of {word}",
        description=get_all, dependencies=[Depends(fresh)],
    )(get_history)  # fmt: skip


for _plural, _kind, _shapes in _SHOWN:
    _offer(_plural, _kind, _shapes)
