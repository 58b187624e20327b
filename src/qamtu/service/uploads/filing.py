"""Evidence from uploads: filed from a form or a table, taken back before it is decided.

What is filed has grade C, the owner's own statement; B where the regulator files it, which is
independent of owner and builder. Who decides may give another grade. Nothing counts before that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from qamtu.core.errors import InputError
from qamtu.programme.records import (
    Basis,
    Commitment,
    Evidence,
    EvidenceKind,
    EvidenceState,
    Grade,
    Organisation,
)
from qamtu.service.accounts.current import Principal
from qamtu.service.errors import Conflict, NotFound
from qamtu.service.policies import Resource, allowed, require
from qamtu.service.records import repository as records
from qamtu.service.records.rows import new_id
from qamtu.service.records.rules import decided
from qamtu.service.records.tables import EvidenceRow
from qamtu.service.uploads import repository
from qamtu.service.uploads.measurements import Checked, check, read
from qamtu.service.uploads.repository import Upload
from qamtu.service.uploads.store import stored_path

__all__ = [
    "Filed",
    "check_upload",
    "decide",
    "file_one",
    "file_rows",
    "filer",
    "may_decide",
    "own",
    "resource_of",
    "restore",
    "withdraw",
]

_INDEPENDENT = frozenset({"regulator"})


@dataclass(frozen=True, slots=True)
class Filed:
    """What a form says about one piece of evidence; a document has no value."""

    commitment: str
    kind: EvidenceKind
    basis: Basis
    value: float | None
    scope: str
    true_on: dt.date
    title: str
    source: str


def filer(session: Session, by: Principal) -> str:
    """Give the organisation that a principal files for."""
    if by.organisation is not None:
        return by.organisation
    if by.region is not None:
        for one in records.current(session, Organisation):
            if one.region == by.region and one.kind == "akimat":
                return one.id
    return by.role


def resource_of(evidence: Evidence, *, withdrawn: bool = False) -> Resource:
    """Give what the policies are asked about a piece of evidence."""
    published = evidence.state is EvidenceState.ACCEPTED and not withdrawn
    return Resource(
        "evidence", evidence.record, _region(evidence.scope), evidence.filed_by, published
    )


def check_upload(
    session: Session, data: Any, upload: Upload, by: Principal, regions: frozenset[str]
) -> Checked:
    """Read the table of an upload and hold it against contract, commitments and rights.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    suffix = "." + upload.name.rpartition(".")[2]
    table = read(stored_path(data, upload.sha256), suffix, upload.name)
    known = {one.record: one for one in records.current(session, Commitment)}
    mine = filer(session, by)

    def may_file(scope: str) -> bool:
        return allowed(by, "file", Resource("evidence", "", _region(scope), mine))

    today = dt.datetime.now(tz=dt.UTC).date()
    return check(table, upload.name, known, regions, may_file, today)


def file_rows(session: Session, upload: Upload, checked: Checked, by: Principal) -> list[str]:
    """File the rows of a checked table as evidence, all or none.

    Returns
    -------
    records
        Of the evidence, in the order of the rows.

    Raises
    ------
    InputError
        If there are findings.
    Conflict
        If the table was filed before.
    """
    if not checked.good:
        raise InputError("the table cannot be filed", checked.findings.errors)
    if not repository.mark_filed(session, upload.id):
        raise Conflict("The rows of this table are filed already.")
    made = [
        _evidence(session, by, _of_row(row), {upload.name: upload.sha256}, row)
        for row in checked.rows.to_dict("records")
    ]
    records.file_many(session, made, by=by.id)
    for one in made:
        repository.use(session, one.record, [upload.sha256])
    return [one.record for one in made]


def file_one(session: Session, filed: Filed, documents: Sequence[Upload], by: Principal) -> str:
    """File one piece of evidence with its documents; gives its record.

    Raises
    ------
    Forbidden
        If the policies say no.
    NotFound
        If there is no such commitment.
    """
    found = records.find(session, Commitment, filed.commitment)
    if found is None or found.withdrawn:
        raise NotFound(f"There is no commitment {filed.commitment}.")
    files = {one.name: one.sha256 for one in documents}
    made = _evidence(session, by, filed, files, {"unit": found.record.unit})
    require(by, "file", resource_of(made))
    records.file_evidence(session, made, by=by.id)
    repository.use(session, made.record, files.values())
    return made.record


def withdraw(session: Session, record: str, by: Principal) -> None:
    """Take back one's own evidence before it is decided: a new version of it.

    Raises
    ------
    NotFound, Forbidden, Conflict
        If it is not there, not one's own, or decided or taken back already.
    """
    _rewrite(session, record, by, withdrawn=True)


def restore(session: Session, record: str, by: Principal) -> None:
    """Undo the taking back of one's own evidence; errors as `withdraw`."""
    _rewrite(session, record, by, withdrawn=False)


def decide(
    session: Session, record: str, state: EvidenceState, by: Principal, grade: Grade | None
) -> None:
    """Accept or reject filed evidence.

    Raises
    ------
    NotFound, Forbidden, Conflict
        If it is not there, not the principal's to decide, or decided already.
    """
    found = records.find(session, Evidence, record)
    if found is None:
        raise NotFound(f"There is no evidence {record}.")
    require(by, "decide", decided(session, by, [found.record])[record])
    if found.withdrawn or found.record.state is not EvidenceState.FILED:
        raise Conflict("This evidence is decided or taken back already.")
    records.decide(session, record, state, by.id, grade=grade)


def may_decide(by: Principal) -> bool:
    """Say whether a principal decides any evidence of others at all."""
    kinds = (Resource("evidence"), Resource("evidence", from_operator=True))
    return any(allowed(by, "decide", one) for one in kinds)


def own(session: Session, by: Principal, limit: int = 100) -> list[Any]:
    """List the evidence of a principal's own house, the newest first, taken back ones too."""
    page = records.page(
        session, Evidence, EvidenceRow.filed_by == filer(session, by), limit=limit, withdrawn=True
    )
    return list(page.rows)


def _rewrite(session: Session, record: str, by: Principal, *, withdrawn: bool) -> None:
    found = records.find(session, Evidence, record)
    if found is None:
        raise NotFound(f"There is no evidence {record}.")
    require(by, "correct", resource_of(found.record))
    if found.record.filed_by != filer(session, by):
        raise Conflict("Only who filed it takes it back.")
    if found.record.state is not EvidenceState.FILED or found.withdrawn == withdrawn:
        raise Conflict("This evidence is decided or taken back already.")
    now = dt.datetime.now(tz=dt.UTC)
    version = replace(found.record, id=new_id(), learned_at=now, withdrawn=withdrawn)
    records.file_evidence(session, version, by=by.id)


def _evidence(
    session: Session,
    by: Principal,
    filed: Filed,
    files: Mapping[str, str],
    row: Mapping[Any, Any],
) -> Evidence:
    name = new_id()
    band = row.get("uncertainty")
    return Evidence(
        id=new_id(), record=name, learned_at=dt.datetime.now(tz=dt.UTC),
        commitment=filed.commitment, kind=filed.kind, basis=filed.basis,
        grade=Grade.B if by.role in _INDEPENDENT else Grade.C, value=filed.value,
        unit=str(row["unit"]), scope=filed.scope, true_on=filed.true_on, title=filed.title,
        source=filed.source, provenance=tuple(f"document:{one}" for one in files.values()),
        files=dict(files), filed_by=filer(session, by),
        uncertainty=None if band is None or pd.isna(band) else float(band),
    )  # fmt: skip


def _of_row(row: Mapping[Any, Any]) -> Filed:
    title = row.get("title")
    named = title is not None and not pd.isna(title) and str(title).strip()
    return Filed(
        commitment=str(row["commitment"]), kind=EvidenceKind(str(row["kind"])),
        basis=Basis(str(row["basis"])), value=float(row["value"]), scope=str(row["scope"]),
        true_on=dt.date.fromisoformat(str(row["true_on"]).strip()[:10]),
        title=str(title).strip() if named else f"{row['commitment']}: {row['value']}",
        source=str(row["source"]),
    )  # fmt: skip


def _region(scope: str) -> str | None:
    kind, _, region = scope.partition(":")
    return region if kind == "region" else None
