"""The frame of every page: one HTML file with styles, scripts and data, closed to the network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from qamtu.studies.report.catalogue import LANGUAGES
from qamtu.studies.report.encode import packed

__all__ = ["Asset", "english_title", "read_asset", "render_frame"]

_PACKAGE: Final = "qamtu.studies.report"

Asset = tuple[str, str]
"""Package and name of one of its own style sheets (``.css``) or scripts (``.js``)."""


def render_frame(
    template: Asset,
    *,
    title: str,
    styles: Sequence[Asset],
    scripts: Sequence[Asset],
    payload: Mapping[str, Any],
) -> str:
    """Render a page as text.

    Parameters
    ----------
    template
        Package and name of a template that extends ``frame.html.j2``.
    title
        English title, until the page's script puts another.
    styles, scripts
        Own style sheets and scripts in the order in which they apply and run; the map's come
        before them.
    payload
        What the scripts read.
    """
    package, name = template
    codes = [_vendored("maplibre-gl.js"), _joined(scripts)]
    sheets = [_vendored("maplibre-gl.css"), *(read_asset(asset) for asset in styles)]
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader(_PACKAGE)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=_translatable, ta=_translatable_attribute)
    return environment.get_template(name).render(
        title=title,
        languages=LANGUAGES,
        policy=_policy(codes, sheets),
        styles=[Markup(text) for text in sheets],  # noqa: S704  # own files
        scripts=[Markup(text) for text in codes],  # noqa: S704  # own files
        licence=_vendored("maplibre-gl.LICENSE.txt"),
        payload=packed(payload),
    )


def english_title(title: object, country: str) -> str:
    """Give the English title of a page: that of its summary, else the country's name."""
    if isinstance(title, Mapping):
        title = title.get("en")
    return str(title or country or "Plan")


def read_asset(asset: Asset) -> str:
    """Read a style sheet or script of a package."""
    package, name = asset
    kind = name.rsplit(".", 1)[-1]
    return files(package).joinpath("assets", kind, name).read_text(encoding="utf-8")


def _translatable(text: str) -> Markup:
    """Mark a text so that the page's script can put it into the chosen language."""
    return Markup('<span data-t="{0}">{0}</span>').format(text)


def _translatable_attribute(name: str, text: str) -> Markup:
    """Write an attribute so that the page's script can put it into the chosen language."""
    return Markup('{0}="{1}" data-ta-{0}="{1}"').format(escape(name), text)


def _joined(scripts: Sequence[Asset]) -> str:
    bodies = "\n".join(read_asset(asset) for asset in scripts)
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
