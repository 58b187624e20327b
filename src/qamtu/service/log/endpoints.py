"""The log for everybody: head, key, entries, proofs, and figures that prove themselves.

The log is public: an entry holds ids and hashes, no content.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Response

from qamtu.core.errors import InputError
from qamtu.programme.log import key_id, leaf, leaf_hash
from qamtu.programme.log.figure import render
from qamtu.programme.log.heads import public_bytes
from qamtu.service.database.engine import reading
from qamtu.service.log import figures, repository
from qamtu.service.log.heads import current_head
from qamtu.service.log.keys import load_key, public_pem
from qamtu.service.log.schemas import (
    ConsistencyOut,
    EntriesOut,
    EntryOut,
    HeadOut,
    InclusionOut,
    KeyOut,
)
from qamtu.service.state import State, state_of

__all__ = ["router"]

router = APIRouter(tags=["log"])

Running = Annotated[State, Depends(state_of)]
Count = Annotated[int, Query(ge=0, le=2**53 - 1)]
_ABSENT: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such thing"}}


@router.get("/api/v1/log/head")
def read_head(state: Running) -> HeadOut:
    """Give a signed head: at most a minute old, or of the whole log."""
    return HeadOut(**current_head(state).content())


@router.get("/api/v1/log/key")
def read_key(state: Running) -> KeyOut:
    """Give the public key that signs heads; compare it with one from elsewhere."""
    key = load_key(state.settings.data)
    public = key.public_key()
    return KeyOut(
        key=key_id(public), public_key=public_bytes(public).hex(), pem=public_pem(key).decode()
    )


@router.get("/api/v1/log/entries")
def read_entries(
    state: Running, start: Count = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> EntriesOut:
    """Give entries from an index on."""
    with reading(state.sessions) as session:
        found = repository.entries(session, start, limit + 1)
    shown = [EntryOut(index=index, **entry.content()) for index, entry in found[:limit]]
    return EntriesOut(entries=shown, next=found[limit][0] if len(found) > limit else None)


@router.get("/api/v1/log/proof/inclusion", responses=_ABSENT)
def read_inclusion(state: Running, index: Count, size: Count | None = None) -> InclusionOut:
    """Prove that an entry is in the log of a size (now by default)."""
    with reading(state.sessions) as session:
        count = repository.size(session) if size is None else size
        try:
            path = repository.proof(session, index, count)
        except InputError as error:
            raise HTTPException(404, str(error)) from error
        ((_, entry),) = repository.entries(session, index, 1)
        root = repository.root(session, count)
    return InclusionOut(
        index=index,
        size=count,
        leaf=leaf_hash(leaf(entry)).hex(),
        root=root.hex(),
        path=[value.hex() for value in path],
    )


@router.get("/api/v1/log/proof/consistency", responses=_ABSENT)
def read_consistency(state: Running, old: Count, new: Count | None = None) -> ConsistencyOut:
    """Prove that the log of size ``new`` (now by default) begins with the log of size ``old``."""
    with reading(state.sessions) as session:
        count = repository.size(session) if new is None else new
        try:
            path = repository.consistency(session, old, count)
        except InputError as error:
            raise HTTPException(404, str(error)) from error
        before, after = repository.root(session, old), repository.root(session, count)
    return ConsistencyOut(
        old=old,
        new=count,
        old_root=before.hex(),
        new_root=after.hex(),
        path=[value.hex() for value in path],
    )


@router.get(
    "/api/figures/{evidence}.json",
    response_class=Response,
    responses={
        200: {"content": {"application/json": {"schema": {"type": "object"}}}},
        **_ABSENT,
    },
)
def read_figure(
    state: Running, evidence: Annotated[str, Path(max_length=200, pattern=r"^[^\x00]+$")]
) -> Response:
    """Give FIGURE.json of a piece of published evidence; check it with `qamtu verify`."""
    try:
        document = figures.figure(state, evidence)
    except LookupError as error:
        raise HTTPException(404, "there is no published evidence of this name") from error
    return Response(
        render(document),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="FIGURE.json"'},
    )
