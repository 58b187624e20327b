"""What the address of a request asks for: filters, the two times, the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response
from pydantic import AwareDatetime, Field
from sqlalchemy import ColumnElement

from qamtu.programme.records import Basis, EvidenceState, Grade
from qamtu.service.accounts.current import Principal, principal
from qamtu.service.conditional import check_none_match, headers_of, tag_of_log
from qamtu.service.database.engine import reading
from qamtu.service.log import repository as log
from qamtu.service.records.schemas import Id, Scope
from qamtu.service.state import State, state_of

__all__ = [
    "AsOf",
    "Asking",
    "Filters",
    "KnownAt",
    "PageOf",
    "RecordId",
    "asking",
    "conditions",
    "filters",
    "fresh",
    "page_of",
]

_FIRST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LAST = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)

KnownAt = Annotated[
    Annotated[AwareDatetime, Field(ge=_FIRST, le=_LAST)] | None,
    Query(description="As known at this moment; now where left out."),
]
AsOf = Annotated[dt.date | None, Query(description="Only what speaks of days up to this one.")]
RecordId = Annotated[Id, Path(description="Id of the record.", examples=["villages-fibre"])]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, of which service."""

    state: State
    principal: Principal


def asking(request: Request, who: Annotated[Principal, Depends(principal)]) -> Asking:
    """Give who asks (a FastAPI dependency)."""
    return Asking(state_of(request), who)


def fresh(request: Request, response: Response, asks: Annotated[Asking, Depends(asking)]) -> None:
    """Answer 304 where the reader has it already; else name the version (a dependency)."""
    with reading(asks.state.sessions) as session:
        tag = tag_of_log(log.size(session), asks.principal)
    check_none_match(request, tag)
    response.headers.update(headers_of(tag))


@dataclass(frozen=True, slots=True)
class PageOf:
    """Which of the records: so many, learned before an entry of the log."""

    limit: int
    before: int | None


def page_of(
    limit: Annotated[int, Query(ge=1, le=500, description="Most records given.")] = 100,
    before: Annotated[
        int | None, Query(ge=0, le=2**62, description="The ``next`` of the page before.")
    ] = None,
) -> PageOf:
    """Read which page is asked for (a dependency)."""
    return PageOf(limit, before)


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions of a list; each kind of record takes those that its table has."""

    equal: dict[str, Any]
    as_of: dt.date | None


def filters(
    area: Annotated[Id | None, Query(description="Of commitments.")] = None,
    line: Annotated[Id | None, Query(description="Of commitments.")] = None,
    owner: Annotated[Id | None, Query(description="Of commitments.")] = None,
    commitment: Annotated[Id | None, Query(description="Of claims and evidence.")] = None,
    scope: Annotated[Scope | None, Query(description="What it speaks of.")] = None,
    basis: Annotated[Basis | None, Query(description="Of evidence.")] = None,
    grade: Annotated[Grade | None, Query(description="Of claims and evidence.")] = None,
    state: Annotated[EvidenceState | None, Query(description="Of evidence.")] = None,
    filed_by: Annotated[Id | None, Query(description="Of evidence.")] = None,
    about: Annotated[Id | None, Query(description="Of comments.")] = None,
    as_of: AsOf = None,
) -> Filters:
    """Read the filters of a list (a dependency)."""
    given = {
        "area": area, "line": line, "owner": owner, "commitment": commitment, "scope": scope,
        "basis": basis, "grade": grade, "state": state, "filed_by": filed_by, "about": about,
    }  # fmt: skip
    return Filters({name: one for name, one in given.items() if one is not None}, as_of)


def conditions(table: Any, asked: Filters) -> Iterable[ColumnElement[bool]]:
    """Give the conditions on a table; filters that it has no column for say nothing."""
    for name, value in asked.equal.items():
        column = getattr(table, name, None)
        if column is not None:
            yield column == str(value)
    if asked.as_of is not None and hasattr(table, "true_on"):
        yield table.true_on <= asked.as_of
