"""Which language a reader gets: the address, then what was chosen before, then the browser's."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request, Response

from qamtu.service.pages.catalogues import LANGUAGES

__all__ = ["COOKIE", "accepted_language", "choose_language", "keep_language", "language_links"]

COOKIE = "language"


def choose_language(request: Request, offered: Sequence[str]) -> str:
    """Give the language of a request.

    ``?lang=`` counts before the cookie, the cookie before ``Accept-Language``; else the first
    language offered.
    """
    for wanted in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if wanted in offered:
            return str(wanted)
    return accepted_language(request.headers.get("accept-language", ""), offered)


def accepted_language(header: str, offered: Sequence[str]) -> str:
    """Give the offered language that an ``Accept-Language`` header likes best (RFC 9110, 12.5.4).

    A language asked for as ``kk-KZ`` is given as ``kk``.
    """
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, *rest = (piece.strip() for piece in part.split(";"))
        weight = next((piece[2:] for piece in rest if piece.startswith("q=")), "1")
        try:
            quality = float(weight)
        except ValueError:
            continue
        code = tag.lower().partition("-")[0]
        if code in offered and quality > 0:
            ranked.append((-quality, place, code))
    return min(ranked)[2] if ranked else offered[0]


def keep_language(request: Request, response: Response, language: str, *, secure: bool) -> None:
    """Remember the language where the address chose it."""
    if request.query_params.get("lang") == language and request.cookies.get(COOKIE) != language:
        response.set_cookie(
            COOKIE, language, max_age=31_536_000, path="/", samesite="lax", secure=secure,
            httponly=True,
        )  # fmt: skip


def language_links(request: Request, offered: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Give, by language, its own name and the address of this page in it."""
    return {
        code: (LANGUAGES[code], str(request.url.include_query_params(lang=code).query))
        for code in offered
    }
