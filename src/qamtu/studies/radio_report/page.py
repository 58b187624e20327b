"""What all radio pages share: their styles and scripts, and the parts of their data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from qamtu.studies.output.palette import year_colours
from qamtu.studies.output.summary import plain
from qamtu.studies.radio_report.terms import COLOURS, TERMS
from qamtu.studies.report.catalogue import (
    LANGUAGES,
    country_names,
    currency_symbols,
    load_catalogue,
    made_on,
)
from qamtu.studies.report.frame import Asset, english_title, render_frame
from qamtu.studies.report.terms import TERMS as PLAN_TERMS

__all__ = ["SCRIPTS", "STYLES", "page_texts", "render_radio", "shared_payload"]

_OWN: Final = "qamtu.studies.radio_report"
_REPORT: Final = "qamtu.studies.report"

STYLES: Final[tuple[Asset, ...]] = (
    *((_REPORT, f"{n}.css") for n in ("base", "header", "map", "figures", "tables")),
    (_OWN, "radio.css"),
    (_REPORT, "print.css"),
)
"""Style sheets in the order in which they apply."""

_BEFORE: Final = (
    "core", "language", "format", "dom", "decode", "table", "chart", "head", "proof", "map_base",
    "map_frame",
)  # fmt: skip
_SHARED: Final = (
    "radio_data", "raster", "filtered", "curve", "radio_map", "radio_legend", "radio_card",
    "radio_page",
)  # fmt: skip

SCRIPTS: Final[dict[str, tuple[Asset, ...]]] = {
    kind: (
        *((_REPORT, f"{n}.js") for n in _BEFORE),
        *(
            (_OWN, f"{n}.js")
            for n in (*_SHARED, f"{kind}_map", f"{kind}_figures", f"{kind}_tables")
        ),
        (_REPORT, "sources.js"),
        (_REPORT, "main.js"),
    )
    for kind in ("corridors", "mobile", "coverage")
}
"""Scripts of each kind of page in the order in which they run."""

_NOT_SHOWN: Final = frozenset({"measures", "checksums"})


def page_texts(language: str) -> dict[str, str | list[str]]:
    """Give the translations of a radio page: the plan's, and its own before them."""
    return load_catalogue(language) | load_catalogue(language, _OWN, "radio")


def shared_payload(
    summary: Mapping[str, Any],
    years: Sequence[int],
    bounds: tuple[float, float, float, float],
    country: Mapping[str, Any],
) -> dict[str, Any]:
    """Gather what every radio page reads.

    Parameters
    ----------
    summary
        The study's figures.
    years
        Years that have a colour [year].
    bounds
        West, south, east, north of what the map shows first [deg].
    country
        What lies under it (`qamtu.studies.radio_report.ground.ground_payload`).
    """
    currency = str(summary.get("currency") or "")
    shown = {key: value for key, value in summary.items() if key not in _NOT_SHOWN}
    return {
        "summary": plain(shown),
        "made_on": made_on(str(summary.get("made_at") or "")),
        "country": country_names(str(summary.get("pack") or "")),
        "currency": currency_symbols(currency) if currency else {},
        "colours": COLOURS
        | {"year": {str(year): colour for year, colour in year_colours(years).items()}},
        "terms": PLAN_TERMS | TERMS,
        "text": {language: page_texts(language) for language in LANGUAGES},
        "bounds": [round(value, 5) for value in bounds],
        **country,
    }


def render_radio(kind: str, payload: Mapping[str, Any]) -> str:
    """Render a page of a kind (a key of `SCRIPTS`) as text."""
    title = payload["summary"].get("title")
    return render_frame(
        (_OWN, f"{kind}.html.j2"),
        title=english_title(title, payload["country"].get("en", "")),
        styles=STYLES,
        scripts=SCRIPTS[kind],
        payload=payload,
    )
