"""Pages of the board: every commitment, one commitment, the regions, one region."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from qamtu.programme.records import Comment
from qamtu.programme.texts import AREAS
from qamtu.service.board import commitment_page, region_page
from qamtu.service.board.asked import SORTS, Asked, asked, chosen, times
from qamtu.service.board.boards import Boards, boards_of
from qamtu.service.board.kept import public_page, store_of
from qamtu.service.board.view import counts, grouped, rows
from qamtu.service.board.words import LIGHTS, SORT_NAMES
from qamtu.service.database.engine import writing
from qamtu.service.pages.country import Region, country
from qamtu.service.pages.environment import Speaker, speaker
from qamtu.service.pages.errors import error_page
from qamtu.service.pages.frame import log_state, reader
from qamtu.service.pages.render import fragment, language_of, page
from qamtu.service.policies import Resource, allowed, require
from qamtu.service.records.repository import file_comment
from qamtu.service.records.rows import new_id
from qamtu.service.state import state_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_TEXT_LIMIT = 4000


@router.get("/")
def board(request: Request) -> Response:
    """Show the board; only its lines where a part of the page asks for them."""
    query = asked(request)
    day, _ = times(query, _zone(request))
    return public_page(request, day, lambda: _board_page(request, query))


def _board_page(request: Request, query: Asked) -> Response:
    lines = Markup(_part(request, "lines", query, lambda: _lines(request, query)))  # noqa: S704
    if request.headers.get("hx-target") == "board" and "hx-request" in request.headers:
        return page(request, "board/part.html.j2", lines=lines)
    boards, _ = _boards(request, query)
    return page(
        request, "board/board.html.j2", lines=lines, query=query, areas=_areas(boards),
        owners=_owners(boards, _speaker(request)), lights=LIGHTS, area_names=AREAS,
        sorts={sort: SORT_NAMES[sort] for sort in SORTS},
    )  # fmt: skip


@router.get("/commitments/{record}")
def commitment(request: Request, record: str) -> Response:
    """Show one commitment."""
    query = asked(request)
    day, _ = times(query, _zone(request))
    return public_page(request, day, lambda: _commitment_page(request, query, record))


def _commitment_page(request: Request, query: Asked, record: str) -> Response:
    boards, day = _boards(request, query)
    line = next((one for one in boards.country.lines if one.commitment.record == record), None)
    if line is None:
        return error_page(request, 404)
    before = request.query_params.get("before", "")
    unpublished = allowed(reader(request), "read", Resource("evidence"))
    everywhere = request.query_params.get("evidence") == "all"

    def make() -> str:
        context = commitment_page.context(
            state_of(request), boards, line, _speaker(request), day=day,
            known_at=times(query, _zone(request))[1],
            before=int(before) if before.isdigit() else None, unpublished=unpublished,
            everywhere=everywhere,
        )  # fmt: skip
        return fragment(request, "board/commitment_body.html.j2", query=query, **context)

    body = _part(request, f"commitment:{record}:{before}:{unpublished}:{everywhere}", query, make)
    return page(
        request, "board/commitment.html.j2", line=line, query=query, body=Markup(body),  # noqa: S704
        may_comment=allowed(reader(request), "comment", Resource("comment")), limit=_TEXT_LIMIT,
    )  # fmt: skip


@router.post("/commitments/{record}/comments")
def comment(request: Request, record: str, text: Annotated[str, Form()] = "") -> Response:
    """Take a comment of the auditor."""
    who = reader(request)
    require(who, "comment", Resource("comment"))
    boards, _ = _boards(request, Asked())
    known = any(one.commitment.record == record for one in boards.country.lines)
    said = text.strip()[:_TEXT_LIMIT]
    if not known:
        return error_page(request, 404)
    if not said:
        return error_page(request, 422, _speaker(request).t("A comment needs words."))
    name = new_id()
    version = Comment(
        id=new_id(), record=name, learned_at=dt.datetime.now(dt.UTC), about=record,
        author=who.id, text=said,
    )  # fmt: skip
    with writing(state_of(request).sessions) as session:
        file_comment(session, version, by=who.id)
    return RedirectResponse(f"/commitments/{record}#comments", status_code=303)


@router.get("/regions")
def regions(request: Request) -> Response:
    """Show the regions."""
    query = asked(request)
    place = country(_pack(request))

    def make() -> str:
        boards, _ = _boards(request, query, [one.id for one in place.regions])
        found = region_page.overview(boards, place)
        return fragment(request, "board/regions_body.html.j2", regions=found, lights=LIGHTS)

    body = _part(request, "regions", query, make)
    return page(request, "board/regions.html.j2", body=Markup(body))  # noqa: S704


@router.get("/regions/{region}")
def region(request: Request, region: str) -> Response:
    """Show what one region owes, what is late there, and what is planned there."""
    place = country(_pack(request)).region(region)
    if place is None:
        return error_page(request, 404)
    query = asked(request)
    day, _ = times(query, _zone(request))
    return public_page(request, day, lambda: _region_page(request, query, place))


def _region_page(request: Request, query: Asked, place: Region) -> Response:
    def make() -> str:
        boards, day = _boards(request, query, [place.id])
        context = region_page.context(state_of(request), boards, place, _speaker(request), day)
        return fragment(
            request, "board/region_body.html.j2", query=query, lights=LIGHTS, area_names=AREAS,
            **context,
        )  # fmt: skip

    body = _part(request, f"region:{place.id}", query, make)
    return page(request, "board/region.html.j2", place=place, body=Markup(body))  # noqa: S704


def _lines(request: Request, query: Asked) -> str:
    place = country(_pack(request)).region(query.region)
    boards, day = _boards(request, query, [] if place is None else [place.id])
    of_region = boards.regions.get(f"region:{query.region}") if query.region else None
    shown = boards.country if not query.region else of_region
    lines = () if shown is None else shown.lines
    unlit = Asked(area=query.area, owner=query.owner)
    made = rows(chosen(lines, query), boards.organisations, _speaker(request), day)
    return fragment(
        request, "board/lines.html.j2", query=query, groups=grouped(made), number=len(made),
        whole=len(boards.country.lines), counts=counts(chosen(lines, unlit)), lights=LIGHTS,
        area_names=AREAS, day=day, sorted_otherwise=query.sort != SORTS[0], rows=made,
    )  # fmt: skip


def _boards(
    request: Request, query: Asked, regions: Collection[str] = ()
) -> tuple[Boards, dt.date]:
    day, known_at = times(query, _zone(request))
    found = boards_of(
        state_of(request), store_of(request).boards, size=log_state(request).size,
        true_on=day, known_at=known_at, regions=regions,
    )  # fmt: skip
    return found, day


def _part(request: Request, name: str, query: Asked, make: Any) -> str:
    day, _ = times(query, _zone(request))
    key = (name, query.key, day, log_state(request).size, language_of(request))
    text: str = store_of(request).parts.get(key, make)
    return text


def _speaker(request: Request) -> Speaker:
    return speaker(language_of(request), country(_pack(request)).zone)


def _zone(request: Request) -> dt.tzinfo:
    return ZoneInfo(country(_pack(request)).zone)


def _pack(request: Request) -> str:
    return state_of(request).settings.pack


def _areas(boards: Boards) -> list[str]:
    return list(dict.fromkeys(line.commitment.area for line in boards.country.lines))


def _owners(boards: Boards, voice: Speaker) -> dict[str, str]:
    ids = dict.fromkeys(line.commitment.owner for line in boards.country.lines)
    names = {
        one: voice.name(boards.organisations[one].name) if one in boards.organisations else one
        for one in ids
    }
    return dict(sorted(names.items(), key=lambda item: item[1]))
