"""Asks an RFC 3161 server for a time stamp over HTTP."""

from __future__ import annotations

from qamtu.core.errors import InputError, QamtuError
from qamtu.programme.log.stamps import accept_answer, request_for
from qamtu.service.outbound import Unreachable, fetch
from qamtu.service.settings import Settings

__all__ = ["NoStamp", "stamp"]

_LIMIT_S = 10.0


class NoStamp(QamtuError):
    """The time-stamp server did not give a stamp."""


def stamp(settings: Settings, message: bytes) -> str:
    """Have a message stamped (RFC 3161, section 3.4); gives the answer as Base64.

    Parameters
    ----------
    settings
        Name the server, and whether it may lie at a private address.
    message
        What to stamp.

    Raises
    ------
    NoStamp
        If the server cannot or may not be reached, or its answer is no stamp of the message.
    """
    request, nonce = request_for(message)
    headers = {"Content-Type": "application/timestamp-query"}
    try:
        answer = fetch(
            settings,
            settings.timestamp_url,
            method="POST",
            content=request,
            headers=headers,
            limit_s=_LIMIT_S,
        )
        if answer.status != 200:
            raise NoStamp(f"the time-stamp server answered with status {answer.status}")
        return accept_answer(answer.content, message, nonce)
    except (Unreachable, InputError) as error:
        raise NoStamp(str(error)) from error
