"""All SQL of plans: register, publish, take back, list; the current plan of each line."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qamtu.core.errors import InputError, MissingInput
from qamtu.programme.records import Commitment, Evidence
from qamtu.service.log.repository import append, entry_of, lock
from qamtu.service.plans.evidence import PREFIX, evidence_of, same
from qamtu.service.plans.names import write_names
from qamtu.service.plans.store import (
    Checked,
    check_folder,
    keep_files,
    plan_folder,
    read_summary,
)
from qamtu.service.plans.tables import PlanPublicationRow, PlanRow
from qamtu.service.records import repository as records
from qamtu.service.records.rows import new_id
from qamtu.service.records.tables import EvidenceRow
from qamtu.service.state import State
from qamtu.service.tiles.repository import make_archive

__all__ = [
    "Plan",
    "align",
    "current",
    "find",
    "folder_of",
    "get",
    "keep",
    "plans",
    "publish",
    "register",
    "unpublish",
]


_UNTOLD = {"mobile": "cities"}
"""Region of a summary that does not tell it, by line: it may be of some cities alone."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A registered plan.

    Parameters
    ----------
    id
        SHA-256 of its summary.
    line
        ``villages``, ``mobile`` or ``corridors``.
    title, pack, region, made_at, version
        What was planned, when, with which version; ``region`` is None for the whole country,
        and ``cities`` for a choice of cities in several regions.
    files
        SHA-256 by file name.
    findings
        What was odd at the registration: id, severity, what, mend.
    registered_at, registered_by
        When and by which account.
    published, published_at
        Whether readers see it, and since when.
    """

    id: str
    line: str
    title: str
    pack: str
    region: str | None
    made_at: dt.datetime
    version: str
    files: dict[str, str]
    findings: tuple[dict[str, Any], ...]
    registered_at: dt.datetime
    registered_by: str
    published: bool
    published_at: dt.datetime | None


def keep(state: State, folder: Path) -> Checked:
    """Check a folder of results, copy it and cut its tiles: the slow part of `register`.

    Needs no transaction; done before one, the others need not wait for it.
    """
    checked = check_folder(folder)
    keep_files(state.settings.data, folder, checked, lambda copy: _derive(copy, checked.line))
    return checked


def _derive(folder: Path, line: str) -> None:
    try:
        make_archive(folder, line)
    except (KeyError, ValueError) as error:
        raise InputError(f"the tables have no shapes that can be drawn: {error}") from error
    if line == "villages":
        write_names(folder)


def register(state: State, session: Session, folder: Path, *, by: str) -> Plan:
    """Keep a folder of results, file its measures as evidence, and publish it.

    A folder that is registered already is published again where it was taken back. Measures of
    a plan of one region are kept with it, but file nothing: they do not speak of the country.

    Parameters
    ----------
    folder
        Folder of results of ``qamtu plan``, ``qamtu mobile`` or ``qamtu corridors``.
    by
        Id of the account that answers for it.

    Raises
    ------
    MissingInput, InputError
        If files are missing, or do not give the figures that the summary states.
    StorageFailure
        If the files cannot be kept.
    """
    checked = keep(state, folder)
    lock(session)
    if session.get(PlanRow, checked.id) is None:
        session.add(_row(checked, by))
        session.flush()
    plan = get(session, checked.id)
    return plan if plan.published else publish(state, session, plan.id, by=by)


def publish(state: State, session: Session, plan: str, *, by: str) -> Plan:
    """Show a plan to readers; where it becomes the line's current one, its measures are filed."""
    return _decide(state, session, plan, published=True, by=by)


def unpublish(state: State, session: Session, plan: str, *, by: str) -> Plan:
    """Take a plan back from readers; rows and files stay, its evidence is withdrawn.

    Where an older plan of the line becomes the current one, its measures are filed anew.
    """
    return _decide(state, session, plan, published=False, by=by)


def plans(session: Session, line: str | None = None, *, published: bool = True) -> list[Plan]:
    """List plans, the newest published first.

    Parameters
    ----------
    line
        Only of this line.
    published
        Whether to leave out those that readers do not see.
    """
    newest = _newest().subquery()
    latest = PlanPublicationRow.__table__.alias("latest")
    query = (
        select(PlanRow, latest.c.published, latest.c.at)
        .outerjoin(newest, newest.c.plan == PlanRow.id)
        .outerjoin(latest, (latest.c.plan == newest.c.plan) & (latest.c.at == newest.c.at))
    )
    if line is not None:
        query = query.where(PlanRow.line == line)
    if published:
        query = query.where(latest.c.published.is_(True))
    found = [_plan(row, shown, at) for row, shown, at in session.execute(query)]
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda plan: (plan.published_at or never, plan.id), reverse=True)


def current(session: Session, line: str) -> Plan | None:
    """Give the plan of the whole country that holds for a line: the newest published one."""
    return next((plan for plan in plans(session, line) if plan.region is None), None)


def find(session: Session, plan: str) -> Plan | None:
    """Give a plan by id, None where there is none."""
    row = session.get(PlanRow, plan)
    if row is None:
        return None
    query = (
        select(PlanPublicationRow)
        .where(PlanPublicationRow.plan == plan)
        .order_by(PlanPublicationRow.at.desc())
        .limit(1)
    )
    last = session.scalars(query).first()
    return _plan(row, last.published if last else None, last.at if last else None)


def get(session: Session, plan: str) -> Plan:
    """Give a plan by id.

    Raises
    ------
    MissingInput
        If there is none.
    """
    found = find(session, plan)
    if found is None:
        raise MissingInput(f"there is no plan {plan}")
    return found


def folder_of(state: State, plan: Plan) -> Path:
    """Give the folder where the files of a plan lie."""
    return plan_folder(state.settings.data, plan.id)


def _newest() -> Any:
    return select(PlanPublicationRow.plan, func.max(PlanPublicationRow.at).label("at")).group_by(
        PlanPublicationRow.plan
    )


def _row(checked: Checked, by: str) -> PlanRow:
    summary = checked.summary
    made_at = dt.datetime.fromisoformat(str(summary["made_at"]))
    return PlanRow(
        id=checked.id,
        line=checked.line,
        title=str(summary["title"]),
        pack=str(summary["pack"]),
        region=summary.get("region", _UNTOLD.get(checked.line)),
        made_at=made_at if made_at.tzinfo else made_at.replace(tzinfo=dt.UTC),
        version=str(summary["version"]),
        files=dict(checked.files),
        findings={"findings": [asdict(f) | {"severity": f.severity.value}
                               for f in checked.findings]},
        registered_at=dt.datetime.now(tz=dt.UTC),
        registered_by=by,
    )  # fmt: skip


def _decide(state: State, session: Session, plan: str, *, published: bool, by: str) -> Plan:
    lock(session)
    before = get(session, plan)
    if before.published == published and before.published_at is not None:
        return before
    now = dt.datetime.now(tz=dt.UTC)
    if before.published_at is not None and now <= before.published_at:
        now = before.published_at + dt.timedelta(microseconds=1)
    row = PlanPublicationRow(id=str(uuid.uuid4()), plan=plan, published=published, at=now, by=by)
    session.add(row)
    session.flush()
    said = {
        "plan": plan, "line": before.line, "title": before.title, "files": before.files,
        "published": published, "at": now.isoformat(), "by": by,
    }  # fmt: skip
    append(session, [entry_of("plan", plan, row.id, said, now)])
    align(state, session, before.line, by=by)
    return get(session, plan)


def align(state: State, session: Session, line: str, *, by: str) -> None:
    """Make the evidence of a line that of its current plan: new versions, the rest withdrawn.

    Done whenever a plan is published or taken back; needed by itself where commitments changed.
    """
    holding = current(session, line)
    now = dt.datetime.now(tz=dt.UTC)
    new: dict[str, Evidence] = {}
    if holding is not None:
        summary = read_summary(state.settings.data, holding.id)
        commitments = records.current(session, Commitment)
        made = evidence_of(summary, holding.id, line, holding.files, commitments, now)
        new = {one.record: one for one in made}
    own = EvidenceRow.record.like(f"{PREFIX}{line}:%")
    old = {one.record: one for one in records.current(session, Evidence, own)}
    gone = [
        replace(one, id=new_id(), learned_at=now, withdrawn=True)
        for name, one in old.items()
        if name not in new
    ]
    changed = [one for name, one in new.items() if name not in old or not same(old[name], one)]
    records.file_many(session, [*gone, *changed], by=by)


def _plan(row: PlanRow, published: bool | None, at: dt.datetime | None) -> Plan:
    findings: Sequence[dict[str, Any]] = row.findings.get("findings", [])
    return Plan(
        id=row.id,
        line=row.line,
        title=row.title,
        pack=row.pack,
        region=row.region,
        made_at=row.made_at,
        version=row.version,
        files=dict(row.files),
        findings=tuple(findings),
        registered_at=row.registered_at,
        registered_by=row.registered_by,
        published=bool(published),
        published_at=at,
    )
