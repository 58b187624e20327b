"""Pages of administration: parse, ask the policies, call, show."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from qamtu.programme.records import Organisation
from qamtu.service.accounts import invitations, personal, repository, second_factor, sessions
from qamtu.service.accounts.current import ROLES, Principal
from qamtu.service.accounts.errors import Refused
from qamtu.service.accounts.forms import go, person, private_page, refusal
from qamtu.service.admin.repository import open_sessions, shown_settings, stored, tables
from qamtu.service.database.engine import reading, writing
from qamtu.service.log import repository as log
from qamtu.service.pages.country import country
from qamtu.service.policies import Resource, require
from qamtu.service.policies.engine import policy_texts
from qamtu.service.policies.table import rows
from qamtu.service.records import repository as records
from qamtu.service.state import state_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=1000)]


def _may_read(request: Request) -> Principal:
    asker = person(request)
    require(asker, "read_admin", Resource("settings"))
    return asker


def _may_manage(request: Request, account: str = "") -> Principal:
    asker = person(request)
    require(asker, "manage_accounts", Resource("account", account))
    return asker


@router.get("/admin")
def overview(request: Request) -> Response:
    """Show the log's head, the settings without secrets, and what is stored."""
    _may_read(request)
    state = state_of(request)
    with reading(state.sessions) as session:
        size, head, count = log.size(session), log.head(session), tables(session)
    return private_page(
        request,
        "admin/overview.html.j2",
        size=size,
        head=head,
        tables=count,
        settings=shown_settings(state.settings),
        stored=stored(state.settings.data),
    )


@router.get("/admin/policies")
def policies(request: Request) -> Response:
    """Show the table of who may do what, and the policies themselves."""
    _may_read(request)
    table: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows():
        table.setdefault((row.action, row.kind), {})[row.role] = row.summary
    known = [(*key, by) for key, by in table.items() if set(by.values()) != {"never"}]
    return private_page(
        request, "admin/policies.html.j2", table=known, roles=ROLES, texts=policy_texts()
    )


@router.get("/admin/accounts")
def accounts(request: Request, after: str = "") -> Response:
    """Show the accounts and the invitations that wait."""
    _may_manage(request)
    return _accounts(request, after=after)


def _accounts(
    request: Request, *, after: str = "", error: Refused | None = None, code: str = ""
) -> Response:
    state = state_of(request)
    with reading(state.sessions) as session:
        found = [_shown(one) for one in repository.listed(session, after=after, limit=200)]
        waiting = [
            {"id": i.id, "email": i.email, "role": i.role, "region": i.region,
             "organisation": i.organisation, "expires_at": i.expires_at}
            for i in invitations.open_ones(session)
        ]  # fmt: skip
        named = records.current(session, Organisation)
    last = found[-1] if len(found) == 200 else None
    return private_page(
        request,
        "admin/accounts.html.j2",
        status=refusal(error) if error else 200,
        accounts=found,
        more=f"{last['name']}\n{last['id']}" if last else "",
        waiting=waiting,
        roles=ROLES,
        organisations=named,
        error=error,
        code=code,
        link=f"{state.settings.public_url.rstrip('/')}/invitation#{code}" if code else "",
    )


def _region(request: Request, given: str) -> str:
    """Give a region of the country: a wrong one would make an akimat of nowhere."""
    region = given.strip()
    known = {one.id for one in country(state_of(request).settings.pack).regions}
    if region and region not in known:
        raise Refused("This region is not known.")
    return region


def _shown(account: Any) -> dict[str, Any]:
    names = ("id", "login", "name", "email", "role", "region", "organisation", "active")
    return {name: getattr(account, name) for name in names} | {
        "codes": account.totp_secret is not None
    }


@router.post("/admin/invitations")
def invite(
    request: Request,
    role: Text = "",
    region: Text = "",
    organisation: Text = "",
    email: Text = "",
) -> Response:
    """Make an invitation and show its link this once."""
    asker = _may_manage(request)
    try:
        with writing(state_of(request).sessions) as session:
            code, _ = invitations.invite(
                session,
                role=role,
                region=_region(request, region),
                organisation=organisation.strip(),
                email=email,
                by=asker.id,
            )
    except Refused as error:
        return _accounts(request, error=error)
    return _accounts(request, code=code)


@router.post("/admin/invitations/{invitation}/revoke")
def revoke_invitation(request: Request, invitation: str) -> Response:
    """Take an invitation back."""
    _may_manage(request)
    with writing(state_of(request).sessions) as session:
        invitations.revoke(session, invitation)
    return go("/admin/accounts")


@router.post("/admin/accounts/{account}/place")
def set_place(
    request: Request,
    account: str,
    role: Text = "",
    region: Text = "",
    organisation: Text = "",
    active: Text = "",
) -> Response:
    """Give an account another role, region or organisation, or stop it."""
    asker = _may_manage(request, account)
    try:
        with writing(state_of(request).sessions) as session:
            found = repository.get(session, account)
            repository.set_place(
                session,
                found,
                role=role,
                region=_region(request, region),
                organisation=organisation.strip(),
                active=active == "yes",
                by=asker.id,
            )
            if not found.active:
                sessions.end_all(session, found.id)
    except Refused as error:
        return _accounts(request, error=error)
    return go("/admin/accounts")


@router.post("/admin/accounts/{account}/codes/remove")
def remove_codes(request: Request, account: str) -> Response:
    """Switch off the one-time codes of somebody who lost the telephone."""
    asker = _may_manage(request, account)
    with writing(state_of(request).sessions) as session:
        second_factor.remove(session, repository.get(session, account), by=asker.id)
    return go("/admin/accounts")


@router.post("/admin/accounts/{account}/erase")
def erase(request: Request, account: str, sure: Text = "") -> Response:
    """Erase the personal data of an account."""
    asker = person(request)
    require(asker, "erase_account", Resource("account", account))
    try:
        with writing(state_of(request).sessions) as session:
            _erase(session, account, asker, sure=sure)
    except Refused as error:
        return _accounts(request, error=error)
    return go("/admin/accounts")


def _erase(session: Any, account: str, asker: Principal, *, sure: str) -> None:
    if sure != "yes":
        raise Refused("Tick the box to erase an account.")
    personal.erase(session, account, by=asker.id)


@router.get("/admin/sessions")
def all_sessions(request: Request) -> Response:
    """Show who is signed in."""
    _may_manage(request)
    with reading(state_of(request).sessions) as session:
        found = [
            {"account": a.id, "name": a.name, "role": a.role, "agent": s.agent,
             "created_at": s.created_at, "seen_at": s.seen_at}
            for a, s in open_sessions(session)
        ]  # fmt: skip
    return private_page(request, "admin/sessions.html.j2", sessions=found)


@router.post("/admin/accounts/{account}/sessions/end")
def end_sessions(request: Request, account: str) -> Response:
    """Sign somebody out everywhere."""
    _may_manage(request, account)
    with writing(state_of(request).sessions) as session:
        sessions.end_all(session, account)
    return go("/admin/sessions")
