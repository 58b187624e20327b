"""Conditional requests (RFC 9110, section 13): what did not change is not made again."""

from __future__ import annotations

import hashlib

from fastapi import Request

from qamtu.service.accounts.current import Principal
from qamtu.service.errors import Stale

__all__ = ["NotModified", "check_match", "check_none_match", "tag_of_log"]

_VARY = "Accept, Authorization, Cookie"


class NotModified(Exception):  # no error: an answer
    """The reader has it already.

    Parameters
    ----------
    tag
        The entity tag of what the reader has.
    """

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.headers = headers_of(tag)


def headers_of(tag: str) -> dict[str, str]:
    """Give the headers of an answer with an entity tag."""
    return {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": _VARY}


def tag_of_log(size: int, principal: Principal) -> str:
    """Give the weak entity tag of whatever a principal reads from a log of this size.

    Every change of a record is an entry of the log, so its size is the version of all records.
    """
    who = f"{principal.role} {principal.region} {principal.organisation} {principal.scopes}"
    return f'W/"{size}-{hashlib.blake2b(who.encode(), digest_size=6).hexdigest()}"'


def check_none_match(request: Request, tag: str) -> None:
    """Stop here where the reader has it already.

    Raises
    ------
    NotModified
        If ``If-None-Match`` names the tag, compared weakly.
    """
    asked = request.headers.get("if-none-match", "")
    names = {part.strip().removeprefix("W/") for part in asked.split(",")}
    if tag.removeprefix("W/") in names:
        raise NotModified(tag)


def check_match(request: Request, tag: str) -> None:
    """Stop here where the sender saw another version; without ``If-Match`` go on.

    Raises
    ------
    Stale
        If ``If-Match`` does not name the tag, compared strongly.
    """
    asked = request.headers.get("if-match")
    if asked is None or asked.strip() == "*":
        return
    if tag not in {part.strip() for part in asked.split(",")}:
        raise Stale("The record has changed since it was read.")
