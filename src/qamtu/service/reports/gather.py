"""What a report is made of: the board with its proofs from a service, or from a pack alone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qamtu.core.errors import InputError, MissingInput, raise_errors
from qamtu.country.pack import Pack
from qamtu.country.programme import read_programme
from qamtu.programme.board import Board, assemble
from qamtu.programme.exchange import Bundle, read_files
from qamtu.programme.load import from_tables
from qamtu.programme.log import key_id
from qamtu.programme.log.figure import render
from qamtu.programme.records import Evidence
from qamtu.service.database.engine import reading
from qamtu.service.log.figures import figure
from qamtu.service.log.keys import load_key
from qamtu.service.pages.catalogues import translations
from qamtu.service.pages.country import pack_of
from qamtu.service.plans import repository as plans
from qamtu.service.plans.evidence import evidence_of
from qamtu.service.records.repository import programme
from qamtu.service.state import State
from qamtu.studies.report.catalogue import country_names
from qamtu.studies.session_report import (
    Country,
    MapData,
    Proofs,
    ReportFiles,
    make_report,
    map_of_plan,
)

__all__ = ["Given", "from_pack", "from_service", "report_of"]


@dataclass(frozen=True, slots=True)
class Given:
    """What a report is made of."""

    board: Board
    country: Country
    map_data: MapData
    proofs: Proofs


def from_service(
    state: State, *, true_on: dt.date, known_at: dt.datetime | None = None,
    plan: Path | None = None,
) -> Given:  # fmt: skip
    """Gather from a service, with a figure for each piece of evidence that the report may use.

    Parameters
    ----------
    state
        Of the service; where it has no signed head yet, one is signed.
    true_on, known_at
        The two times; None for now.
    plan
        Folder of the plan on the map; the service's own by default.
    """
    with reading(state.sessions) as session:
        commitments, claims, evidence, organisations = programme(session, known_at)
        current = plans.current(session, "villages")
    pack = pack_of(state.settings.pack)
    board = assemble(
        commitments, claims, evidence, true_on=true_on,
        known_at=known_at or dt.datetime.now(dt.UTC), organisations=organisations,
        ratios=from_tables(*read_programme(pack)).ratios,
    )  # fmt: skip
    folder = plan or (None if current is None else plans.folder_of(state, current))
    return Given(
        board,
        Country(pack.code.upper(), country_names(pack.code), tuple(organisations)),
        _map(pack, folder),
        Proofs(_figures(state, board), key_id(load_key(state.settings.data).public_key())),
    )


def from_pack(
    pack: Pack, *, language: str, true_on: dt.date, known_at: dt.datetime,
    plans_given: Sequence[Path] = (), records: Path | None = None,
) -> Given:  # fmt: skip
    """Gather from a pack, with the measures of plans as evidence; nothing of it is proven.

    Parameters
    ----------
    pack
        With the commitments, organisations and claims.
    language
        Of the words of claims.
    true_on, known_at
        The two times.
    plans_given
        Folders of plans; the first with settlements is on the map.
    records
        File or folder of further records (any format of exchange).

    Raises
    ------
    MissingInput, InputError
        If a folder is no plan, or records cannot be read.
    """
    known = from_tables(*read_programme(pack), language=language)
    added = Bundle() if records is None else _records(records)
    commitments = (*known.commitments, *added.commitments)
    evidence: list[Evidence] = list(added.evidence)
    for folder in plans_given:
        evidence += _measures(folder, commitments, known_at)
    organisations = (*known.organisations, *added.organisations)
    board = assemble(
        commitments, (*known.claims, *added.claims), evidence, true_on=true_on,
        known_at=known_at, organisations=organisations, ratios=known.ratios,
    )  # fmt: skip
    shown = [one for one in plans_given if (one / "plan_settlements.parquet").is_file()]
    names = country_names(pack.code)
    country = Country(pack.code.upper(), names, organisations)
    return Given(board, country, _map(pack, shown[0] if shown else None), Proofs())


def report_of(
    given: Given, language: str, made_on: dt.date, previous: Path | None = None
) -> ReportFiles:
    """Make the report in a language, the words of the board translated."""
    return make_report(
        given.board,
        language=language,
        country=given.country,
        made_on=made_on,
        map_data=given.map_data,
        previous=previous,
        proofs=given.proofs,
        translate=str if language == "en" else translations(language).gettext,
    )


def _map(pack: Pack, folder: Path | None) -> MapData:
    regions = pack.tables["regions"]
    return MapData(regions) if folder is None else map_of_plan(regions, folder)


def _figures(state: State, board: Board) -> dict[str, bytes]:
    """Make the figures of what the board shows and plans, where the log holds that version."""
    made: dict[str, bytes] = {}
    for one in _used(board):
        try:
            document = figure(state, one.record)
        except LookupError:
            continue
        if document["evidence"]["content"]["id"] == one.id:
            made[one.record] = render(document)
    return made


def _used(board: Board) -> Iterable[Evidence]:
    for line in board.lines:
        if line.best is not None:
            yield line.best
        yield from [one for one in line.planned if one.value is not None][-1:]


def _measures(folder: Path, commitments: Sequence[object], now: dt.datetime) -> list[Evidence]:
    path = folder / "summary.json"
    if not path.is_file():
        raise MissingInput(f"{path} is not there: name the folder of a plan")
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
        files = {str(k): str(v) for k, v in dict(summary.get("checksums") or {}).items()}
        return evidence_of(summary, folder.name, "", files, commitments, now)  # type: ignore[arg-type]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no summary of a plan ({error})") from error


def _records(path: Path) -> Bundle:
    if not path.exists():
        raise MissingInput(f"{path} is not there: name a file or folder of records")
    found = [path] if path.is_file() else sorted(one for one in path.iterdir() if one.is_file())
    read = read_files({one.name: one.read_bytes() for one in found})
    raise_errors(read.findings, f"the records of {path} cannot be read")
    return read.bundle
