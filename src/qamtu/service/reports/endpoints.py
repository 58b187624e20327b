"""The page of reports: those that were made, one more made, their files."""

from __future__ import annotations

import datetime as dt
from pathlib import PurePosixPath
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from qamtu.programme.exchange import join_files
from qamtu.service.accounts.current import principal
from qamtu.service.database.engine import reading
from qamtu.service.pages.country import country
from qamtu.service.pages.errors import error_page
from qamtu.service.pages.frame import reader
from qamtu.service.pages.render import language_of, page
from qamtu.service.policies import Resource, allowed, require
from qamtu.service.reports import repository
from qamtu.service.state import state_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_MEDIA: Final = {".pdf": "application/pdf", ".html": "text/html", ".json": "application/json"}
_NAMES: Final = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


@router.get("/reports")
def listed(request: Request) -> Response:
    """Show the reports, and the form that makes one to those who may."""
    return _page(request)


@router.post("/reports")
def make(
    request: Request,
    language: Annotated[str, Form(max_length=8)] = "",
    on: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Make a report and go back to the list."""
    who = principal(request)
    require(who, "make_report", Resource("report"))
    state = state_of(request)
    if language not in _NAMES:
        return _page(request, wrong="Choose a language of the list.", status=422)
    today = dt.datetime.now(ZoneInfo(country(state.settings.pack).zone)).date()
    try:
        day = dt.date.fromisoformat(on) if on else today
    except ValueError:
        return _page(request, wrong="Write the day as year, month and day.", status=422)
    if day > today:
        return _page(request, wrong="A report cannot speak of a day to come.", status=422)
    repository.make(state, language=language, true_on=day, by=who.id)
    return RedirectResponse("/reports", status_code=303)


@router.get("/reports/{report}/{name:path}")
def download(request: Request, report: str, name: str) -> Response:
    """Give a file of a report, or all of them with the figures as one archive."""
    state = state_of(request)
    with reading(state.sessions) as session:
        found = repository.find(session, report)
    if found is None:
        return error_page(request, 404)
    saved = f"report-{found.true_on.isoformat()}-{found.language}"
    if name == "all.zip":
        paths = {one: repository.file_of(state, found, one) for one in found.files}
        content = join_files({one: path.read_bytes() for one, path in paths.items() if path})
        headers = {"Content-Disposition": f'attachment; filename="{saved}.zip"'}
        return Response(content, headers=headers, media_type="application/zip")
    path = repository.file_of(state, found, name)
    if path is None:
        return error_page(request, 404)
    ending = PurePosixPath(name).suffix
    filename = f"{saved}{ending}" if "/" not in name else PurePosixPath(name).name
    return FileResponse(
        path,
        media_type=_MEDIA.get(ending, "application/octet-stream"),
        filename=filename,
        headers={"X-Content-Type-Options": "nosniff", "ETag": f'"{found.files[name]}"'},
    )


def _page(request: Request, *, wrong: str = "", status: int = 200) -> Response:
    state = state_of(request)
    with reading(state.sessions) as session:
        found = repository.reports(session)
    today = dt.datetime.now(ZoneInfo(country(state.settings.pack).zone)).date()
    return page(
        request,
        "reports/reports.html.j2",
        status=status,
        reports=found,
        names=_NAMES,
        chosen=language_of(request),
        today=today,
        wrong=wrong,
        may_make=allowed(reader(request), "make_report", Resource("report")),
    )
