"""Signed heads of the running service: made when they are asked for, kept, and stamped.

Writes sign nothing. Whoever asks for a head gets the newest one if it covers the whole log or is
younger than a minute, else a new one; a figure always gets a head that covers its entries. With a
time-stamp server each new head is stamped once; where the server fails the head stands without,
and the next one tries again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from qamtu.programme.log import SignedHead, key_id, sign_head
from qamtu.service.database.engine import reading, writing
from qamtu.service.log import repository
from qamtu.service.log.keys import load_key
from qamtu.service.log.stamping import NoStamp, stamp
from qamtu.service.state import State

__all__ = ["current_head"]

_FRESH = dt.timedelta(minutes=1)


def current_head(
    state: State, *, covering: int = 0, key: Ed25519PrivateKey | None = None
) -> SignedHead:
    """Give a signed head, a new one where the newest is old or too short.

    Parameters
    ----------
    covering
        Least number of entries that the head must have.
    key
        The key of the log where the caller has it already.
    """
    signer = key or load_key(state.settings.data)
    name = key_id(signer.public_key())
    now = dt.datetime.now(dt.UTC)
    with reading(state.sessions) as session:
        known = repository.head(session, name)
        size = repository.size(session)
        if known is not None and known.size >= covering:
            age = now - dt.datetime.fromisoformat(known.at)
            if known.size == size or age < _FRESH:
                return known
        signed = sign_head(size, repository.root(session, size), now, signer)
    signed = _stamped(state, signed)
    with writing(state.sessions) as session:
        repository.lock(session)
        known = repository.head(session, name)
        if known is not None and known.size >= size:
            return known  # somebody else was faster
        repository.keep_head(session, signed)
    return signed


def _stamped(state: State, signed: SignedHead) -> SignedHead:
    if not state.settings.timestamp_url:
        return signed
    try:
        return replace(signed, timestamp=stamp(state.settings, signed.stamped()))
    except NoStamp as error:
        state.log.warning("head without time stamp", size=signed.size, reason=str(error))
        return signed
