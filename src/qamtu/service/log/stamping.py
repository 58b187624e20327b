"""Asks an RFC 3161 server for a time stamp over HTTP."""

from __future__ import annotations

import httpx

from qamtu.core.errors import QamtuError
from qamtu.programme.log.stamps import accept_answer, request_for

__all__ = ["NoStamp", "stamp"]

_LIMIT_S = 10.0
_LARGEST = 2**20


class NoStamp(QamtuError):
    """The time-stamp server did not give a stamp."""


def stamp(url: str, message: bytes) -> str:
    """Have a message stamped (RFC 3161, section 3.4); gives the answer as Base64.

    The address is one that the operator of the service configured; redirections are not followed.

    Raises
    ------
    NoStamp
        If the server cannot be reached, or its answer is no stamp of the message.
    """
    request, nonce = request_for(message)
    headers = {"Content-Type": "application/timestamp-query"}
    try:
        with httpx.Client(timeout=_LIMIT_S, trust_env=False) as client:
            answer = client.post(url, content=request, headers=headers)
            answer.raise_for_status()
            if len(answer.content) > _LARGEST:
                raise NoStamp(f"the time-stamp server answered with {len(answer.content)} bytes")
            return accept_answer(answer.content, message, nonce)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NoStamp(f"the time-stamp server gave no answer: {error}") from error
    except QamtuError as error:
        raise NoStamp(str(error)) from error
