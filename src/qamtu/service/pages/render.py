"""A page: a template and its context in, an answer with its headers out.

``page(request, "board/board.html.j2", ...)`` is all that a resource needs. Every template may use

- ``t("Text with {value}", value=…)`` and ``ngettext("{n} thing", "{n} things", n)``; numbers and
  days among the values are written as the language does; ``name(texts)`` for texts by language;
- ``quantity(value, unit)`` (with the plural form of the unit), ``number(value)``, ``share``,
  ``money(value, currency)``, ``date(day)``, ``moment(time)``, as functions and as filters;
- ``static("pages/css/base.css")``; own files in ``service/<resource>/static/<resource>/``;
- ``request``, ``principal`` (None for the public), ``csrf_token``, ``language``, ``country``,
  ``path`` and ``may(action, kind)``.

It extends ``pages/base.html.j2`` and fills the blocks ``title``, ``head`` (style sheets), ``main``
and ``scripts``. Nothing is inline: no ``style=`` and no ``on…=`` attribute, no script in the page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request, Response

from qamtu import __version__
from qamtu.service.pages.country import country
from qamtu.service.pages.environment import environment
from qamtu.service.pages.frame import frame
from qamtu.service.pages.languages import choose_language, keep_language
from qamtu.service.state import state_of

__all__ = ["POLICY", "fragment", "language_of", "page", "policy_headers", "same"]

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; worker-src 'self' blob:; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""What a page may load: its own, and nothing inline."""


def language_of(request: Request) -> str:
    """Give the language of the answer to a request."""
    return choose_language(request, state_of(request).settings.languages)


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """Render a page.

    Parameters
    ----------
    request
        Request to answer.
    template
        Name of the template below a ``templates`` folder.
    status
        Status of the answer.
    headers
        Further headers, before those set here.
    context
        What the template needs besides the frame.

    Returns
    -------
    response
        The page; ``304`` without a body where the reader has it already.
    """
    settings = state_of(request).settings
    language = language_of(request)
    text = fragment(request, template, **frame(request), **context)
    response = _answer(request, text, status, {**policy_headers(), **(headers or {})})
    response.headers["Content-Language"] = language
    keep_language(request, response, language, secure=settings.secure)
    return response


def fragment(request: Request, template: str, **context: Any) -> str:
    """Render a template as text in the language of the request, without the frame's context."""
    state = state_of(request)
    place = country(state.settings.pack)
    shown = environment(language_of(request), place.zone).get_template(template)
    return shown.render(request=request, country=place, version=__version__, **context)


def policy_headers() -> dict[str, str]:
    """Give the headers that every page has."""
    return {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Language, Cookie, HX-Request",
    }


def same(asked: str, tag: str) -> bool:
    """Tell whether an ``If-None-Match`` header names a tag (RFC 9110, 13.1.2)."""
    return any(part.strip().removeprefix("W/") == tag for part in asked.split(","))


def _answer(request: Request, text: str, status: int, headers: dict[str, str]) -> Response:
    content = text.encode()
    if request.method not in {"GET", "HEAD"} or status != 200:
        return Response(content, status, headers, media_type="text/html; charset=utf-8")
    tag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    headers = {**headers, "ETag": tag}
    if same(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(content, status, headers, media_type="text/html; charset=utf-8")
