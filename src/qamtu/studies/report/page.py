"""The page of a plan: which styles and scripts it is made of, rendered and written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from qamtu.core.files import write_text
from qamtu.studies.report.frame import english_title, render_frame
from qamtu.studies.report.payload import make_payload

__all__ = ["SCRIPTS", "STYLES", "render_report", "write_report"]

STYLES: Final = ("base.css", "header.css", "map.css", "figures.css", "tables.css", "print.css")
"""Own style sheets in the order in which they apply."""

SCRIPTS: Final = (
    "core.js", "language.js", "format.js", "dom.js", "decode.js", "data.js", "paths.js",
    "table.js", "chart.js", "head.js", "hero.js", "proof.js", "targets.js", "map_base.js",
    "map_frame.js", "map_style.js", "map.js", "legend.js", "card.js", "search.js",
    "costs.js", "risk.js", "places.js", "sources.js", "main.js",
)  # fmt: skip
"""Own scripts in the order in which they run."""

_PACKAGE: Final = "qamtu.studies.report"


def write_report(
    path: Path,
    tables: Mapping[str, pd.DataFrame],
    summary: Mapping[str, Any],
    regions: gpd.GeoDataFrame,
    *,
    districts: pd.DataFrame | None = None,
    roads: gpd.GeoDataFrame | None = None,
    water: gpd.GeoDataFrame | None = None,
) -> Path:
    """Write the page of a plan.

    Parameters
    ----------
    path
        File to make.
    tables
        ``settlements`` and ``routes`` of the plan (EPSG:4326).
    summary
        The figures of the plan, as in its ``summary.json``; a section whose figures are not
        there is left out of the page.
    regions, districts
        Regions with their borders, and districts with their names.
    roads, water
        The road skeleton and the waters to draw under the plan.

    Returns
    -------
    path
        The file written.

    Raises
    ------
    StorageFailure
        If the file cannot be written.
    """
    page = render_report(
        tables, summary, regions, districts=districts, roads=roads, water=water
    )  # fmt: skip
    write_text(path, page)
    return path


def render_report(
    tables: Mapping[str, pd.DataFrame],
    summary: Mapping[str, Any],
    regions: gpd.GeoDataFrame,
    *,
    districts: pd.DataFrame | None = None,
    roads: gpd.GeoDataFrame | None = None,
    water: gpd.GeoDataFrame | None = None,
) -> str:
    """Render the page of a plan as text; see `write_report`."""
    payload = make_payload(
        tables, summary, regions, districts=districts, roads=roads, water=water
    )  # fmt: skip
    return render_frame(
        (_PACKAGE, "report.html.j2"),
        title=english_title(summary.get("title"), payload["country"].get("en", "")),
        styles=[(_PACKAGE, name) for name in STYLES],
        scripts=[(_PACKAGE, name) for name in SCRIPTS],
        payload=payload,
    )
