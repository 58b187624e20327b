"""The true address of a reader behind proxies that the settings trust."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Proxied", "address_behind"]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxied:
    """Puts the address that a trusted proxy names in the place of the proxy's own.

    Parameters
    ----------
    app
        What is within.
    trusted
        Addresses or networks of proxies; from all others ``X-Forwarded-For`` means nothing.
    """

    def __init__(self, app: ASGIApp, trusted: Iterable[str]) -> None:
        self._app = app
        self._trusted = tuple(ipaddress.ip_network(one, strict=False) for one in trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Correct the address of the request."""
        if scope["type"] == "http" and self._trusted and scope.get("client"):
            forwarded = [
                v.decode("latin-1") for k, v in scope["headers"] if k == b"x-forwarded-for"
            ]
            address = address_behind(scope["client"][0], ",".join(forwarded), self._trusted)
            scope = {**scope, "client": (address, scope["client"][1])}
        await self._app(scope, receive, send)


def address_behind(peer: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """Give the last address of the chain that no trusted proxy vouches for as another proxy."""
    chain = [part.strip() for part in forwarded.split(",") if part.strip()]
    networks = tuple(trusted)
    address = peer
    while chain and _within(address, networks):
        following = chain.pop()
        if _parsed(following) is None:
            break
        address = following
    return address


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


def _within(address: str, networks: Iterable[Network]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in networks)
