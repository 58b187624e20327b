"""Who may see and change which record: the policies, asked for rows and for whole lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
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
from qamtu.service.accounts.errors import Forbidden
from qamtu.service.accounts.tables import Account
from qamtu.service.errors import NotFound
from qamtu.service.policies import Resource, allowed, require
from qamtu.service.records.repository import find
from qamtu.service.records.rows import KINDS, Record, Stored
from qamtu.service.records.tables import CommentRow, CommitmentRow, EvidenceRow

__all__ = [
    "about",
    "decided",
    "organisation_of",
    "readable",
    "region_of",
    "require_own",
    "require_read",
    "resource_of",
    "visible",
]

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


def decided(
    session: Session, principal: Principal, records: Collection[Evidence]
) -> dict[str, Resource]:
    """Say what pieces of evidence are to who would decide them, by record.

    Evidence is one's own where one's account wrote any version that waited for a decision, and an
    operator's where the account that wrote the first one is.
    """
    table = EvidenceRow
    query = (
        select(table.record, table.written_by, Account.role)
        .outerjoin(Account, Account.id == table.written_by)
        .where(table.record.in_([one.record for one in records]))
        .where(table.state == EvidenceState.FILED.value)
        .order_by(table.number)
    )
    filers: dict[str, list[tuple[str, str | None]]] = {}
    for record, account, role in session.execute(query):
        filers.setdefault(record, []).append((account, role))
    found = {}
    for one in records:
        by = filers.get(one.record, [])
        mine = principal.signed_in and any(account == principal.id for account, _role in by)
        from_operator = bool(by) and by[0][1] == "operator"
        found[one.record] = replace(resource_of(one), mine=mine, from_operator=from_operator)
    return found


def require_own(session: Session, principal: Principal, record: Record) -> None:
    """Go on where an akimat speaks in its own name; others are bound by the policies alone.

    Raises
    ------
    Forbidden
        If a region's account files or corrects claims or evidence of another organisation.
    """
    named = {Evidence: "filed_by", Claim: "said_by"}.get(type(record))
    if not principal.region or principal.organisation or named is None:
        return
    if getattr(record, named) != organisation_of(session, principal):
        raise Forbidden("A region speaks in the name of its own akimat.", signed_in=True)


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


def readable(
    session: Session, principal: Principal, versions: Sequence[Stored[Any]]
) -> list[Stored[Any]]:
    """Give the versions of one record that a principal may read.

    Of evidence each version is published by itself: what was filed stays as private as it was
    when a later version is accepted, and what was accepted stays readable when it is corrected.

    Raises
    ------
    NotFound
        If there is none.
    """
    if not isinstance(versions[-1].record, Evidence):
        require_read(session, principal, versions[-1].record)
        return list(versions)
    found = [one for one in versions if allowed(principal, "read", resource_of(one.record))]
    if not found:
        raise NotFound("There is no such record.")
    return found


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
