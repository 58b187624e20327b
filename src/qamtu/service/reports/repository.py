"""Reports kept: files in the data folder, a row and an entry of the log for each."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from qamtu.core.files import replaced_folder
from qamtu.programme.log import entry_of
from qamtu.service.database.engine import reading, writing
from qamtu.service.log.repository import append
from qamtu.service.records.rows import new_id
from qamtu.service.reports.gather import from_service, report_of
from qamtu.service.reports.tables import ReportRow
from qamtu.service.state import State

__all__ = ["Report", "file_of", "find", "make", "reports"]

_MOST_LISTED: Final = 100


@dataclass(frozen=True, slots=True)
class Report:
    """One report that was made."""

    id: str
    language: str
    true_on: dt.date
    made_at: dt.datetime
    files: Mapping[str, str]
    log_index: int


def make(state: State, *, language: str, true_on: dt.date, by: str) -> Report:
    """Make a report, keep its files, and file their hashes in the log.

    Parameters
    ----------
    state
        The service.
    language
        ``kk``, ``ru`` or ``en``.
    true_on
        Day that the report speaks of.
    by
        Id of the account that asks.
    """
    with reading(state.sessions) as session:
        last = next(iter(reports(session)), None)
    before = None if last is None else _folder(state, last.id) / "report.json"
    given = from_service(state, true_on=true_on)
    made = report_of(given, language, true_on, before if before and before.is_file() else None)
    named = made.named()
    report, now = new_id(), dt.datetime.now(dt.UTC)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in named.items()}
    with replaced_folder(_folder(state, report)) as scratch:
        for name, content in named.items():
            (scratch / name).parent.mkdir(exist_ok=True)
            (scratch / name).write_bytes(content)
    said = {"files": hashes, "language": language, "true_on": true_on.isoformat()}
    with writing(state.sessions) as session:
        (index,) = append(session, [entry_of("report", report, report, said, now)])
        row = ReportRow(
            id=report, language=language, true_on=true_on, made_at=now, made_by=by, files=hashes,
            log_index=index,
        )  # fmt: skip
        session.add(row)
        return _report(row)


def reports(session: Session) -> list[Report]:
    """Give the reports, the newest first, a hundred at most."""
    newest = select(ReportRow).order_by(ReportRow.made_at.desc(), ReportRow.log_index.desc())
    return [_report(row) for row in session.scalars(newest.limit(_MOST_LISTED))]


def find(session: Session, report: str) -> Report | None:
    """Give a report, None where there is none of this id."""
    row = session.get(ReportRow, report)
    return None if row is None else _report(row)


def file_of(state: State, report: Report, name: str) -> Path | None:
    """Give the path of a file of a report; None where the report has no such file."""
    if name not in report.files:
        return None
    path = _folder(state, report.id) / name
    return path if path.is_file() else None


def _folder(state: State, report: str) -> Path:
    return state.settings.data / "reports" / report


def _report(row: ReportRow) -> Report:
    return Report(row.id, row.language, row.true_on, row.made_at, dict(row.files), row.log_index)
