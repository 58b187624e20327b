"""Failed attempts, counted by sign-in name and by address, answered by growing waits.

Names that exist and names that do not are counted alike, under keyed hashes. After a few free
failures each further one doubles the wait, up to a quarter of an hour; a day without a failure
forgets them. A wait hits the owner of a name too: that is why it is short, and why open sessions
and API tokens go on.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import math

from sqlalchemy import delete
from sqlalchemy.orm import Session

from qamtu.service.accounts.errors import TooManyAttempts
from qamtu.service.accounts.keys import keyed_hash
from qamtu.service.accounts.repository import tidy_login
from qamtu.service.accounts.tables import Attempt
from qamtu.service.settings import Settings

__all__ = ["FREE_ADDRESS", "FREE_NAME", "LONGEST_S", "check", "failed", "keys_of", "succeeded"]

FREE_NAME, FREE_ADDRESS = 5, 30
LONGEST_S = 900
_FORGOTTEN = dt.timedelta(days=1)


def keys_of(settings: Settings, login: str, address: str) -> dict[str, int]:
    """Give the keys an attempt counts under, each with its number of free failures."""
    name = keyed_hash(settings, "attempts", f"name {tidy_login(login)}")
    place = keyed_hash(settings, "attempts", f"address {_network(address)}")
    return {name: FREE_NAME, place: FREE_ADDRESS}


def _network(address: str) -> str:
    """Give an address; of IPv6 the /64 that one customer has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def check(session: Session, keys: dict[str, int]) -> None:
    """Go on only where no wait runs.

    Raises
    ------
    TooManyAttempts
        If one does; the attempt is not even looked at.
    """
    now = dt.datetime.now(dt.UTC)
    waits = [
        (row.locked_until - now).total_seconds()
        for key in keys
        if (row := session.get(Attempt, key)) is not None and row.locked_until is not None
    ]
    if waits and max(waits) > 0:
        raise TooManyAttempts(math.ceil(max(waits)))


def failed(session: Session, keys: dict[str, int]) -> None:
    """Count one more failure under each key."""
    now = dt.datetime.now(dt.UTC)
    session.execute(delete(Attempt).where(Attempt.last_at < now - _FORGOTTEN))
    for key, free in sorted(keys.items()):
        row = session.get(Attempt, key, with_for_update=True)
        if row is None:
            row = Attempt(key=key, failures=0, last_at=now)
            session.add(row)
        row.failures += 1
        row.last_at = now
        if row.failures >= free:
            wait = min(2.0 ** min(row.failures - free, 20), LONGEST_S)
            row.locked_until = now + dt.timedelta(seconds=wait)
    session.flush()


def succeeded(session: Session, keys: dict[str, int]) -> None:
    """Forget the failures under the name; those of the address stay (others may share it)."""
    names = [key for key, free in keys.items() if free == FREE_NAME]
    session.execute(delete(Attempt).where(Attempt.key.in_(names)))
