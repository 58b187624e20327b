"""The endpoints that give whole lists as files, and the board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, get_args, get_type_hints

from fastapi import APIRouter, Depends, Path, Query, Response

from qamtu.programme.board import Board, BoardLine
from qamtu.programme.quantity import Quantity
from qamtu.programme.records import Claim, Comment, Commitment, Evidence, Organisation
from qamtu.service.database.engine import reading
from qamtu.service.errors import NotFound
from qamtu.service.policies import Resource, require
from qamtu.service.records.asked import (
    Asking,
    AsOf,
    Filters,
    KnownAt,
    asking,
    conditions,
    filters,
    fresh,
)
from qamtu.service.records.board import board, region
from qamtu.service.records.reading import out
from qamtu.service.records.repository import page
from qamtu.service.records.rows import KINDS
from qamtu.service.records.rules import visible
from qamtu.service.records.schemas import (
    BoardOut,
    ClaimOut,
    CommentOut,
    CommitmentOut,
    EvidenceOut,
    OrganisationOut,
    Scope,
)
from qamtu.service.records.tabular import as_csv, as_parquet

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["records"])

_MOST_ROWS = 1_000_000


class Kind(StrEnum):
    """What may be taken away as a file."""

    COMMITMENTS = "commitments"
    CLAIMS = "claims"
    EVIDENCE = "evidence"
    COMMENTS = "comments"
    ORGANISATIONS = "organisations"


class Form(StrEnum):
    """As which file."""

    CSV = "csv"
    PARQUET = "parquet"


_SHAPES: Mapping[Kind, tuple[type[Any], type[Any]]] = {
    Kind.COMMITMENTS: (Commitment, CommitmentOut),
    Kind.CLAIMS: (Claim, ClaimOut),
    Kind.EVIDENCE: (Evidence, EvidenceOut),
    Kind.COMMENTS: (Comment, CommentOut),
    Kind.ORGANISATIONS: (Organisation, OrganisationOut),
}
_MEDIA = {Form.CSV: "text/csv; charset=utf-8", Form.PARQUET: "application/vnd.apache.parquet"}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {"text/csv": {"schema": {"type": "string"}}, _MEDIA[Form.PARQUET]: _BINARY},
    }
}


@router.get(
    "/exports/{kind}.{form}", response_class=Response, responses=_FILES,
    dependencies=[Depends(fresh)],
)  # fmt: skip
def export(
    kind: Annotated[Kind, Path()],
    form: Annotated[Form, Path()],
    asks: Annotated[Asking, Depends(asking)],
    asked: Annotated[Filters, Depends(filters)],
    response: Response,
    known_at: KnownAt = None,
) -> Response:
    """Give a whole list as CSV or Parquet; texts that spreadsheets would run are defused."""
    record, shape = _SHAPES[kind]
    table = KINDS[record][1]
    with reading(asks.state.sessions) as session:
        found = page(
            session, record, visible(asks.principal, record), *conditions(table, asked),
            known_at=known_at, limit=_MOST_ROWS,
        )  # fmt: skip
    rows = [out(one) for one in found.rows]
    columns = {
        name: _plain(hint)
        for name, hint in get_type_hints(shape).items()
        if name in shape.model_fields
    }
    content = as_csv(rows, columns) if form is Form.CSV else as_parquet(rows, columns)
    headers = {
        **response.headers,
        "Content-Disposition": f'attachment; filename="{kind}.{form}"',
    }
    headers.pop("content-length", None)
    return Response(content, media_type=_MEDIA[form], headers=headers)


@router.get("/board", response_model=BoardOut, dependencies=[Depends(fresh)])
def get_board(
    asks: Annotated[Asking, Depends(asking)],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    scope: Annotated[Scope, Query(description="The country or a region.")] = "country",
) -> Any:
    """Give the board: each commitment with its value, gap, light and contradictions."""
    require(asks.principal, "read", Resource("board"))
    if scope == "country":
        return _board(board(asks.state, true_on=as_of, known_at=known_at))
    found = region(asks.state, scope, true_on=as_of, known_at=known_at)
    if found is None:
        raise NotFound(f"There is no board of {scope}.")
    return _board(found)


def _board(made: Board) -> dict[str, Any]:
    return {
        "true_on": made.true_on,
        "known_at": made.known_at,
        "lines": [_line(line) for line in made.lines],
        "contradictions": [
            {
                "id": one.id,
                "severity": str(one.severity.value),
                "commitments": list(one.commitments),
                "evidence": list(one.evidence),
                "values": {key: _json(value) for key, value in one.values.items()},
            }
            for one in made.contradictions
        ],
    }


def _line(line: BoardLine) -> dict[str, Any]:
    promise = line.commitment
    return {
        "commitment": promise.record,
        "scope": promise.scope,
        "metric": promise.metric,
        "unit": promise.unit,
        "target": promise.target,
        "due": promise.due,
        "value": line.value,
        "value_on": line.value_on,
        "basis": line.value_basis,
        "grade": line.grade,
        "estimated": line.estimated,
        "reported": line.reported and line.reported.record,
        "evidence": line.best and line.best.record,
        "kept_share": line.kept_share,
        "gap": line.gap,
        "light": str(line.light),
        "reason": line.light_reason.code,
        "reason_values": {key: _json(value) for key, value in line.light_reason.values.items()},
        "forecast_on_due": line.trajectory.forecast_on_due,
        "contradictions": [one.id for one in line.contradictions],
    }


def _json(value: Any) -> Any:
    if isinstance(value, Quantity):
        return {"value": value.value, "unit": value.unit}
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _plain(hint: Any) -> Any:
    """Give the type of a column without its None and its bounds."""
    if isinstance(hint, UnionType):
        hint = next(one for one in get_args(hint) if one is not type(None))
    return dt.datetime if "AwareDatetime" in str(hint) else hint
