"""The pages of uploads and evidence: bring a file, check a table, file, take back, review."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse, RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile as Sent

from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity
from qamtu.programme.records import (
    Basis,
    Commitment,
    EvidenceKind,
    EvidenceState,
    Grade,
    Organisation,
)
from qamtu.service.accounts.current import Principal, principal
from qamtu.service.database.engine import reading, writing
from qamtu.service.pages.country import country
from qamtu.service.pages.render import page
from qamtu.service.policies import Resource, allowed, require
from qamtu.service.records import repository as records
from qamtu.service.records.rules import decided
from qamtu.service.state import State, state_of
from qamtu.service.uploads import acting, filing, repository
from qamtu.service.uploads.endpoints import regions_of
from qamtu.service.uploads.measurements import COLUMNS, READABLE
from qamtu.service.uploads.receiving import keep_file, upload_form
from qamtu.service.uploads.repository import Upload
from qamtu.service.uploads.safe_csv import safe_csv

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

Running = Annotated[State, Depends(state_of)]
Asker = Annotated[Principal, Depends(principal)]
Form = Annotated[FormData, Depends(upload_form)]
UploadId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Record = Annotated[str, Path(pattern="^[0-9A-Za-z:._-]{1,160}$")]
_PREVIEW = 50
_QUEUE = 50


@router.get("/uploads")
def list_page(request: Request, state: Running, by: Asker) -> Response:
    """Show one's uploads and evidence, and the forms to bring more."""
    return _list(request, state, by)


@router.post("/uploads")
def bring(request: Request, state: Running, by: Asker, form: Form) -> Response:
    """Keep a file."""
    acting.may_bring(by)
    purpose = str(form.get("purpose", "document"))
    try:
        if purpose not in acting.PURPOSES:
            raise _wrong("purpose", "The purpose is not known.")
        kept = keep_file(state, _file_of(form))
        with writing(state.sessions) as session:
            upload = acting.bring(session, kept, purpose, by)
    except InputError as error:
        return _list(request, state, by, error=error)
    return _to(f"/uploads/{upload.id}")


@router.get("/uploads/template.csv")
def template() -> Response:
    """Give an empty table of measurements."""
    return _csv(safe_csv(COLUMNS, ()), "measurements.csv")


@router.get("/uploads/{upload}")
def upload_page(request: Request, state: Running, by: Asker, upload: UploadId) -> Response:
    """Show an upload; of a table of measurements its rows and what is wrong with them."""
    with reading(state.sessions) as session:
        found = acting.get(session, upload, by)
        checked, error = None, None
        if found.purpose == "measurements" and found.filed_at is None:
            try:
                checked = _check(state, session, found, by)
            except InputError as unreadable:
                error = unreadable
    rows = [] if checked is None else checked.rows.head(_PREVIEW).to_dict("records")
    return page(
        request, "uploads/upload.html.j2", upload=found, checked=checked, rows=rows,
        columns=COLUMNS, error=error, count=0 if checked is None else len(checked.rows),
        findings=[] if checked is None else list(checked.findings)[:500],
    )  # fmt: skip


@router.post("/uploads/{upload}/file")
def file_rows(state: Running, by: Asker, upload: UploadId) -> Response:
    """File the rows of a table."""
    with writing(state.sessions) as session:
        found = acting.get(session, upload, by)
        filing.file_rows(session, found, _check(state, session, found, by), by)
    return _to("/uploads#evidence")


@router.get("/uploads/{upload}/findings.csv")
def findings_csv(state: Running, by: Asker, upload: UploadId) -> Response:
    """Give all findings of a table as a table."""
    with reading(state.sessions) as session:
        found = acting.get(session, upload, by)
        checked = _check(state, session, found, by)
    listed = [(one.row, one.field, one.id, one.what, one.mend) for one in checked.findings]
    return _csv(safe_csv(("row", "field", "rule", "what", "mend"), listed), "findings.csv")


@router.get("/documents/{sha256}")
def document(
    state: Running, by: Asker, sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
) -> FileResponse:
    """Send a stored file."""
    with reading(state.sessions) as session:
        return acting.document(state, session, sha256, by)


@router.get("/file-evidence")
def evidence_form(
    request: Request,
    state: Running,
    by: Asker,
    commitment: Annotated[str, Query(max_length=160)] = "",
) -> Response:
    """Show the form of one piece of evidence."""
    return _evidence_form(request, state, by, {"commitment": commitment})


@router.post("/file-evidence")
def file_evidence(request: Request, state: Running, by: Asker, form: Form) -> Response:
    """File one piece of evidence, with a document or without."""
    acting.may_bring(by)
    try:
        filed = _filed(form)
        attached = form.get("document")
        given = isinstance(attached, Sent) and bool(attached.filename)
        if filed.value is None and not given:
            raise _wrong("document", "Give a value or a document.")
        kept = keep_file(state, _file_of(form, "document")) if given else None
        with writing(state.sessions) as session:
            documents = [acting.bring(session, kept, "document", by)] if kept else []
            filing.file_one(session, filed, documents, by)
    except InputError as error:
        return _evidence_form(request, state, by, form, error=error)
    return _to("/uploads#evidence")


@router.post("/evidence/{record}/withdraw")
def withdraw(state: Running, by: Asker, record: Record) -> Response:
    """Take one's own evidence back."""
    with writing(state.sessions) as session:
        filing.withdraw(session, record, by)
    return _to("/uploads#evidence")


@router.post("/evidence/{record}/restore")
def restore(state: Running, by: Asker, record: Record) -> Response:
    """Undo that."""
    with writing(state.sessions) as session:
        filing.restore(session, record, by)
    return _to("/uploads#evidence")


@router.get("/review")
def review_page(
    request: Request,
    state: Running,
    by: Asker,
    before: Annotated[int | None, Query(ge=0, le=2**53)] = None,
) -> Response:
    """Show the evidence that waits for a decision."""
    if not filing.may_decide(by):
        require(by, "decide", Resource("evidence"))
    with reading(state.sessions) as session:
        queue = records.evidence_page(
            session, state=EvidenceState.FILED, before=before, limit=_QUEUE
        )
        known = {one.record: one for one in records.current(session, Commitment)}
        bodies = {one.id: one for one in records.current(session, Organisation)}
        asked = decided(session, by, [one.record for one in queue.rows])
    return page(
        request, "uploads/review.html.j2", asked=asked,
        mine_to_decide={name for name, one in asked.items() if allowed(by, "decide", one)},
        rows=queue.rows, next=queue.next, known=known, organisations=bodies,
        grades=[grade.value for grade in Grade],
    )  # fmt: skip


@router.post("/review/{record}")
def decide(state: Running, by: Asker, record: Record, form: Form) -> Response:
    """Accept or reject evidence."""
    words = {"accept": EvidenceState.ACCEPTED, "reject": EvidenceState.REJECTED}
    decision = words.get(str(form.get("decision", "")))
    if decision is None:
        raise _wrong("decision", "The decision is not known.")
    given = str(form.get("grade", ""))
    grade = Grade(given) if given in {one.value for one in Grade} else None
    with writing(state.sessions) as session:
        filing.decide(session, record, decision, by, grade)
    return _to("/review")


def _list(
    request: Request, state: State, by: Principal, error: InputError | None = None
) -> Response:
    acting.may_bring(by)
    everyone = allowed(by, "read", Resource("document"))
    with reading(state.sessions) as session:
        found = repository.uploads(session, by, everyone=everyone)
        mine = filing.own(session, by)
        known = {one.record: one for one in records.current(session, Commitment)}
    return page(
        request, "uploads/list.html.j2", status=422 if error else 200, uploads=found,
        evidence=mine, known=known, error=error, may_decide=filing.may_decide(by),
        limit_mb=state.settings.upload_limit_bytes // 2**20,
    )  # fmt: skip


def _evidence_form(
    request: Request, state: State, by: Principal, values: Any, error: InputError | None = None
) -> Response:
    acting.may_bring(by)
    with reading(state.sessions) as session:
        commitments = records.current(session, Commitment)
        mine = filing.filer(session, by)
    place = country(state.settings.pack)

    def may(region: str | None) -> bool:
        return allowed(by, "file", Resource("evidence", "", region, mine))

    names = ("commitment", "kind", "basis", "value", "scope", "true_on", "title", "source")
    return page(
        request, "uploads/evidence.html.j2", status=422 if error else 200, error=error,
        commitments=sorted(commitments, key=lambda one: one.record),
        country_too=may(None), regions=[one for one in place.regions if may(one.id)],
        values={name: str(values.get(name, "")) for name in names},
        found={one.field: one for one in error.findings} if error else {},
        today=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        limit_mb=state.settings.upload_limit_bytes // 2**20,
    )  # fmt: skip


def _filed(form: FormData) -> filing.Filed:
    """Read the form of one piece of evidence."""

    def text(name: str, longest: int) -> str:
        value = " ".join(str(form.get(name, "")).split())
        if not value or len(value) > longest or not value.isprintable():
            raise _wrong(name, "The field is empty or too long.")
        return value

    value = str(form.get("value", "")).strip().replace("\u00a0", "").replace(" ", "")
    try:
        number = float(value.replace(",", ".").replace("−", "-")) if value else None
        day = dt.date.fromisoformat(str(form.get("true_on", "")))
    except ValueError as error:
        raise _wrong("value", "The value is no number or the day is no day.") from error
    if number is not None and not abs(number) < 1e300:
        raise _wrong("value", "The value is no number or the day is no day.")
    if not dt.date(1990, 1, 1) <= day <= dt.datetime.now(tz=dt.UTC).date():
        raise _wrong("true_on", "The day is in the future or long ago.")
    kind, basis = str(form.get("kind", "")), str(form.get("basis", ""))
    if kind not in {one.value for one in EvidenceKind} or basis not in {"observed", "estimated"}:
        raise _wrong("kind", "The kind is not known.")
    return filing.Filed(
        commitment=text("commitment", 160), kind=EvidenceKind(kind), basis=Basis(basis),
        value=number, scope=text("scope", 160), true_on=day, title=text("title", 300),
        source=text("source", 2000),
    )  # fmt: skip


def _check(state: State, session: Session, upload: Upload, by: Principal) -> Any:
    if "." + upload.name.rpartition(".")[2] not in READABLE:
        raise _wrong("file", "The file is no table that can be read.")
    return filing.check_upload(session, state.settings.data, upload, by, regions_of(state))


def _file_of(form: FormData, name: str = "file") -> UploadFile:
    file = form.get(name)
    if not isinstance(file, Sent) or not file.filename:
        raise _wrong(name, "Choose a file.")
    return UploadFile(file.file, filename=file.filename, size=file.size, headers=file.headers)


def _wrong(field: str, what: str) -> InputError:
    return InputError(what, [Finding("form", Severity.ERROR, what, "", None, None, field)])


def _csv(text: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(text, headers=headers, media_type="text/csv; charset=utf-8")


def _to(target: str) -> RedirectResponse:
    return RedirectResponse(target, 303, {"Cache-Control": "no-store"})
