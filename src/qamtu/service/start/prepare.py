"""What is done before the first request: database, the pack's programme, plans, the first admin."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from qamtu.core.errors import InputError
from qamtu.core.progress import Report, Stage
from qamtu.country.pack import load_pack
from qamtu.country.programme import read_programme
from qamtu.programme.load import Programme, from_tables
from qamtu.programme.records import Organisation
from qamtu.service.accounts import invitations
from qamtu.service.database.engine import reading, writing
from qamtu.service.database.migrate import migrate
from qamtu.service.log import repository as log
from qamtu.service.plans import repository as plans
from qamtu.service.records.repository import file_many, written_by_program
from qamtu.service.records.rows import Record, content_of, new_id
from qamtu.service.state import State

__all__ = ["LINES", "Prepared", "load_programme", "load_records", "prepare", "register_plans"]

LINES = ("mobile", "corridors")
"""Folders of results that are looked for beside that of the pack's plan."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was done.

    Parameters
    ----------
    written
        Versions of records that the pack brought.
    plans
        Folders whose plans were registered now.
    refused
        Folders that hold no plan that can be registered, with the reason.
    code
        One-time code of the first admin; None where there is one already.
    """

    written: int
    plans: tuple[Path, ...]
    refused: tuple[tuple[Path, str], ...]
    code: str | None


def prepare(state: State, results: Path | None, report: Report) -> Prepared:
    """Bring the database to its newest form and load what the pack and the results have.

    It may be done again at any time: only what changed becomes a new version.

    Parameters
    ----------
    results
        Folder with folders of results (``kz``, ``mobile``, ``corridors``); None for none.

    Raises
    ------
    InputError
        If the pack cannot be used.
    """
    state.settings.data.mkdir(parents=True, exist_ok=True)
    migrate(state.engine)
    report(Stage("database", 1.0, state.engine.dialect.name))
    pack = load_pack(state.settings.pack)
    programme = from_tables(*read_programme(pack))
    with writing(state.sessions) as session:
        written = load_programme(session, programme)
    counts = f"{len(programme.commitments)} commitments, {written} versions written"
    report(Stage("programme", 1.0, counts))
    done, refused = register_plans(state, _folders(state, results), report)
    with writing(state.sessions) as session:
        code = invitations.first_run(session)
    return Prepared(written, done, refused, code)


def load_programme(session: Session, programme: Programme) -> int:
    """File what a pack says and the database does not have yet; gives how many versions."""
    parts: tuple[Sequence[Record], ...] = (
        programme.organisations, programme.commitments, programme.claims,
    )  # fmt: skip
    return sum(load_records(session, records) for records in parts)


def load_records(session: Session, records: Sequence[Record]) -> int:
    """File records of one type that differ from what the program wrote last.

    A record that a person corrected since stays as corrected until the pack changes it.
    """
    if not records:
        return 0
    log.lock(session)
    kind: type[Any] = type(records[0])
    last = written_by_program(session, kind)
    fresh: list[Record] = []
    for record in records:
        name = record.id if isinstance(record, Organisation) else record.record
        before = last.get(name)
        if before is None:
            fresh.append(record)
        elif _said(record) != _said(before.record):
            fresh.append(_new_version(record))
    file_many(session, fresh)
    return len(fresh)


def register_plans(
    state: State, folders: Sequence[Path], report: Report
) -> tuple[tuple[Path, ...], tuple[tuple[Path, str], ...]]:
    """Register the plans that are not there yet; a plan that was taken back stays so."""
    done: list[Path] = []
    refused: list[tuple[Path, str]] = []
    for folder in folders:
        summary = folder / "summary.json"
        if not summary.is_file():
            continue
        name = hashlib.sha256(summary.read_bytes()).hexdigest()
        with reading(state.sessions) as session:
            if plans.find(session, name) is not None:
                report(Stage(f"plan {folder}", 1.0, "as before"))
                continue
        report(Stage(f"plan {folder}"))
        try:
            plans.keep(state, folder)
            with writing(state.sessions) as session:
                plan = plans.register(state, session, folder, by="")
        except InputError as error:
            refused.append((folder, str(error)))
            continue
        done.append(folder)
        report(Stage(f"plan {folder}", 1.0, plan.title))
    return tuple(done), tuple(refused)


def _folders(state: State, results: Path | None) -> list[Path]:
    if results is None:
        return []
    return [results / name for name in (Path(state.settings.pack).name, *LINES)]


def _said(record: Any) -> dict[str, Any]:
    return {
        name: value
        for name, value in content_of(record).items()
        if name not in {"id", "learned_at"}
    }


def _new_version(record: Record) -> Record:
    if isinstance(record, Organisation):
        return record
    return replace(record, id=new_id(), learned_at=dt.datetime.now(dt.UTC))
