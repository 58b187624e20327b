"""The report as one HTML file: no script, no request, styles inside, ready for print."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

__all__ = ["render_page"]

_PACKAGE: Final = "qamtu.studies.session_report"


def render_page(document: Mapping[str, Any]) -> str:
    """Write a document as a page.

    Parameters
    ----------
    document
        From `make_document`; its texts are escaped, its pictures are our own.
    """
    style = files(_PACKAGE).joinpath("assets", "css", "session_report.css").read_text("utf-8")
    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return environment.get_template("session_report.html.j2").render(
        d=document,
        l=document["labels"],
        picture=Markup,  # drawn by charts and region_map
        style=Markup(style),  # noqa: S704  # own file
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'",
    )
