"""Requests that the service sends itself: every one goes through `guard`, and ends in time.

`client` gives an httpx client for libraries that want one, `fetch` one answer of limited size.
"""

from qamtu.service.outbound.fetch import Answer, Unreachable, client, fetch

__all__ = ["Answer", "Unreachable", "client", "fetch"]
