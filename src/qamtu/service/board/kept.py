"""What the board keeps between requests: boards, rendered parts, whole pages of the public."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fastapi import Request, Response

from qamtu.service.cache import Cache
from qamtu.service.pages.frame import log_state, reader
from qamtu.service.pages.render import language_of, same

__all__ = ["Store", "public_page", "store_of"]

_BOARDS = 8
_PARTS = 256
_PAGES = 512
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Store:
    """Boards, parts and pages of one running service; their keys hold the size of the log."""

    boards: Cache = field(default_factory=lambda: Cache(_BOARDS))
    parts: Cache = field(default_factory=lambda: Cache(_PARTS))
    pages: Cache = field(default_factory=lambda: Cache(_PAGES))


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it is sent: compressed, with its headers."""

    content: bytes
    headers: Mapping[str, str]
    status: int


def store_of(request: Request) -> Store:
    """Give what the service of a request keeps."""
    found = getattr(request.app.state, "board_store", None)
    if found is None:
        found = request.app.state.board_store = Store()
    made: Store = found
    return made


def public_page(request: Request, day: dt.date, make: Callable[[], Response]) -> Response:
    """Answer with a whole page that is kept where the public asks for it.

    Who is signed in gets a page of their own (it holds the token of their forms), and so does who
    changes the language (it sets the cookie).

    Parameters
    ----------
    request
        Request to answer.
    day
        Day of the board.
    make
        Makes the answer.
    """
    own = reader(request).signed_in or bool(getattr(request.state, "csrf_token", ""))
    zipped = "gzip" in request.headers.get("accept-encoding", "")
    if own or not zipped or "lang" in request.query_params:
        return make()
    url, part = request.url, request.headers.get("hx-target", "")[:32]
    key = (
        url.path, url.query, day, log_state(request), language_of(request), part,
        request.cookies.get("theme", "")[:8],
    )  # fmt: skip
    asked = request.headers.get("if-none-match", "")
    found: _Page | None = store_of(request).pages.get(key, lambda: _zipped(make()))
    if found is None or found.status != 200:
        return make()
    if same(asked, found.headers.get("etag", "")):
        return Response(status_code=304, headers=dict(found.headers))
    return Response(found.content, headers={**found.headers, "content-encoding": "gzip"})


def _zipped(response: Response) -> _Page:
    kept = {k: v for k, v in response.headers.items() if k not in {"content-length", "set-cookie"}}
    kept["vary"] = f"{kept.get('vary', '')}, Accept-Encoding".lstrip(", ")
    body = gzip.compress(bytes(response.body), _LEVEL, mtime=0)
    return _Page(body, kept, response.status_code)
