"""Render the page: template, styles, scripts and data in one file that needs no network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from qamtu.core.files import write_text
from qamtu.studies.report.catalogue import LANGUAGES
from qamtu.studies.report.encode import packed
from qamtu.studies.report.payload import make_payload

__all__ = ["SCRIPTS", "STYLES", "render_report", "write_report"]

STYLES: Final = ("base.css", "header.css", "map.css", "figures.css", "tables.css", "print.css")
"""Own style sheets in the order in which they apply."""

SCRIPTS: Final = (
    "core.js", "language.js", "format.js", "dom.js", "data.js", "paths.js", "table.js",
    "chart.js", "hero.js", "targets.js", "map_style.js", "map.js", "legend.js", "card.js",
    "search.js", "costs.js", "risk.js", "places.js", "sources.js", "main.js",
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
    scripts = [_vendored("maplibre-gl.js"), _own_script()]
    styles = [_vendored("maplibre-gl.css"), *(_asset("css", name) for name in STYLES)]
    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=_translatable, ta=_translatable_attribute)
    return environment.get_template("report.html.j2").render(
        title=_english(summary.get("title"), payload["country"].get("en", "")),
        languages=LANGUAGES,
        policy=_policy(scripts, styles),
        styles=[Markup(text) for text in styles],  # noqa: S704  # own files
        scripts=[Markup(text) for text in scripts],  # noqa: S704  # own files
        licence=_vendored("maplibre-gl.LICENSE.txt"),
        payload=packed(payload),
    )


def _english(title: object, country: str) -> str:
    if isinstance(title, Mapping):
        title = title.get("en")
    return str(title or country or "Plan")


def _translatable(text: str) -> Markup:
    """Mark a text so that the page's script can put it into the chosen language."""
    return Markup('<span data-t="{0}">{0}</span>').format(text)


def _translatable_attribute(name: str, text: str) -> Markup:
    """Write an attribute so that the page's script can put it into the chosen language."""
    return Markup('{0}="{1}" data-ta-{0}="{1}"').format(escape(name), text)


def _asset(kind: str, name: str) -> str:
    return files(_PACKAGE).joinpath("assets", kind, name).read_text(encoding="utf-8")


def _own_script() -> str:
    bodies = "\n".join(_asset("js", name) for name in SCRIPTS)
    return f'"use strict";\n{bodies}'


def _vendored(name: str) -> str:
    """Read a vendored file, less the line that names its source map (a file not shipped)."""
    text = files(_PACKAGE).joinpath("vendor", name).read_text(encoding="utf-8")
    return "\n".join(
        line for line in text.split("\n") if not line.startswith("//# sourceMappingURL=")
    )


def _policy(scripts: list[str], styles: list[str]) -> str:
    """Give the content security policy: the page's own scripts and styles, and no network."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(_hash(text) for text in scripts)}",
            f"style-src {' '.join(_hash(text) for text in styles)}",
            "img-src data: blob:",
            "worker-src blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
