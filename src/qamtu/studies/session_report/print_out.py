"""The report as PDF by Typst: tagged (PDF/UA-1), the same bytes for the same document.

The document enters the template as data, never as Typst code: whatever a text holds, it is set as
it is written. Only the fonts that the compiler brings are used, so every machine sets alike.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import typst

__all__ = ["render_pages", "render_pdf"]

_STANDARD: Final = "ua-1"
_SIGNS: Final = {"green": "●", "amber": "▲", "red": "■", "grey": "○"}


def render_pdf(document: Mapping[str, Any]) -> bytes:
    """Write a document as PDF/UA-1.

    Parameters
    ----------
    document
        From `make_document`.
    """
    day = dt.date.fromisoformat(document["made_on"])
    stamp = int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())
    made = _compiler().compile(
        format="pdf", pdf_standards=[_STANDARD], timestamp=stamp, sys_inputs=_inputs(document)
    )
    assert isinstance(made, bytes)
    return made


def render_pages(document: Mapping[str, Any], ppi: float = 80.0) -> list[bytes]:
    """Write the pages of the print as PNG, to look at."""
    made = _compiler().compile(format="png", ppi=ppi, sys_inputs=_inputs(document))
    return [made] if isinstance(made, bytes) else list(made or ())


def _inputs(document: Mapping[str, Any]) -> dict[str, str]:
    day = dt.date.fromisoformat(document["made_on"])
    data = dict(document) | {"signs": _SIGNS, "day": [day.year, day.month, day.day]}
    return {"data": json.dumps(data, ensure_ascii=False)}


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _compiler() -> typst.Compiler:
    source = files("qamtu.studies.session_report").joinpath("assets", "session_report.typ")
    return typst.Compiler(source.read_bytes(), font_paths=_fonts(), ignore_system_fonts=True)
