"""Who may see and change which record: the policies, asked for rows and for whole lists."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from qamtu.programme.records import (
    Claim,
    Comment,
    Commitment,
    Evidence,
    EvidenceState,
    Organisation,
)
from qamtu.service.accounts.current import Principal
from qamtu.service.errors import NotFound
from qamtu.service.policies import Resource, allowed, require
from qamtu.service.records.repository import find
from qamtu.service.records.rows import KINDS, Record
from qamtu.service.records.tables import CommentRow, CommitmentRow, EvidenceRow

__all__ = ["about", "organisation_of", "region_of", "require_read", "resource_of", "visible"]

_REGION = "region:"


def region_of(scope: str) -> str | None:
    """Give the region of a scope, None for the country and for districts."""
    return scope.removeprefix(_REGION) if scope.startswith(_REGION) else None


def resource_of(record: Record) -> Resource:
    """Say what a record is to the policies; accepted evidence, promises and claims are public."""
    match record:
        case Commitment():
            region, owner, published = region_of(record.scope), record.owner, True
        case Claim():
            region, owner, published = region_of(record.scope), record.said_by, True
        case Evidence():
            region, owner = region_of(record.scope), record.filed_by
            published = record.state is EvidenceState.ACCEPTED
        case Organisation():
            return Resource("commitment", record.id, record.region, record.id, published=True)
        case Comment():
            return Resource("comment", record.record)
    kind, _table = KINDS[type(record)]
    return Resource(kind, record.record, region, owner, published)


def about(session: Session, record: str) -> Commitment | Evidence:
    """Give what a comment is about.

    Raises
    ------
    NotFound
        If there is neither a commitment nor a piece of evidence of this record.
    """
    commitment = find(session, Commitment, record)
    if commitment is not None:
        return commitment.record
    evidence = find(session, Evidence, record)
    if evidence is None:
        raise NotFound(f"There is no commitment and no evidence {record}.")
    return evidence.record


def require_read(session: Session, principal: Principal, record: Record) -> None:
    """Go on where a principal may read a record; a comment is read with what it is about.

    Raises
    ------
    NotFound
        If not: who may not read a record does not learn that it is there.
    """
    thing = about(session, record.about) if isinstance(record, Comment) else record
    if not allowed(principal, "read", resource_of(thing)):
        raise NotFound("There is no such record.")


def visible(principal: Principal, kind: type[Any]) -> ColumnElement[bool]:
    """Give the condition on the rows of a list that a principal may read.

    Raises
    ------
    Forbidden
        If it may not even read what is published.
    """
    name = "commitment" if kind in {Organisation, Comment} else KINDS[kind][0]
    require(principal, "read", Resource(name, published=True))
    if kind is Evidence:
        return _evidence(principal)
    if kind is Comment:
        mine = select(EvidenceRow.record).where(_evidence(principal))
        return or_(CommentRow.about.in_(select(CommitmentRow.record)), CommentRow.about.in_(mine))
    return true()


def organisation_of(session: Session, principal: Principal) -> str:
    """Give the organisation in whose name an account files: its own, else its region's akimat."""
    if principal.organisation:
        return principal.organisation
    if principal.region:
        table = KINDS[Organisation][1]
        query = select(table.record).where(table.region == principal.region, table.kind == "akimat")
        return session.scalar(query.limit(1)) or f"akimat:{principal.region}"
    return principal.role


def _evidence(principal: Principal) -> ColumnElement[bool]:
    if allowed(principal, "read", Resource("evidence")):
        return true()
    parts: list[ColumnElement[bool]] = [EvidenceRow.state == EvidenceState.ACCEPTED.value]
    region, organisation = principal.region, principal.organisation
    mine = Resource("evidence", region=region)
    parts.append(
        EvidenceRow.scope == f"{_REGION}{region}"
        if region and allowed(principal, "read", mine)
        else false()
    )
    mine = Resource("evidence", organisation=organisation)
    parts.append(
        EvidenceRow.filed_by == organisation
        if organisation and allowed(principal, "read", mine)
        else false()
    )
    return or_(*parts)
