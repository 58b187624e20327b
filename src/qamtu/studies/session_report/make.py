"""Making the report: a board in; a page, a print and their data out, the same bytes each time."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qamtu.programme.board import Board
from qamtu.studies.session_report.differences import read_previous
from qamtu.studies.session_report.document import Country, make_document
from qamtu.studies.session_report.notes import Proofs, figure_name
from qamtu.studies.session_report.page import render_page
from qamtu.studies.session_report.print_out import render_pdf
from qamtu.studies.session_report.region_map import MapData
from qamtu.studies.session_report.words import Words

__all__ = ["ReportFiles", "make_report"]


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """The files of a report.

    Parameters
    ----------
    html, pdf, json
        The page (one file, no request), the print (tagged, PDF/UA-1) and the data.
    figures
        ``FIGURE.json`` of each piece of evidence that the report uses, by file name.
    """

    html: bytes
    pdf: bytes
    json: bytes
    figures: Mapping[str, bytes] = field(default_factory=dict)

    def named(self) -> dict[str, bytes]:
        """Give all files by name."""
        figures = {f"figures/{name}": content for name, content in sorted(self.figures.items())}
        return {
            "report.html": self.html,
            "report.json": self.json,
            "report.pdf": self.pdf,
        } | figures


def make_report(
    board: Board, *, language: str, country: Country, made_on: dt.date,
    map_data: MapData | None = None, previous: Path | None = None,
    proofs: Proofs | None = None, translate: Callable[[str], str] = str,
) -> ReportFiles:  # fmt: skip
    """Make the report to a session of the Government.

    Parameters
    ----------
    board
        The board at its two times.
    language
        ``kk``, ``ru`` or ``en``.
    country
        Whose report it is.
    made_on
        Day written on the report; the only time that enters it.
    map_data
        What the map shows; no map without it.
    previous
        Folder of the last report, for the differences.
    proofs
        Figures from the log of a service; without them the report says that no proof exists.
    translate
        Translates the words of the board (domain ``programme``); English by default.

    Raises
    ------
    MissingInput, InputError
        If the last report is not there or is none.
    """
    words = Words(language, translate)
    before = None if previous is None else read_previous(previous)
    given = proofs or Proofs()
    document = make_document(
        board, words, country, made_on=made_on, map_data=map_data, previous=before, proofs=given
    )
    used = [one["record"] for one in document["notes"] if one["figure"]]
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return ReportFiles(
        html=render_page(document).encode(),
        pdf=render_pdf(document),
        json=f"{text}\n".encode(),
        figures={figure_name(record): given.figures[record] for record in used},
    )
