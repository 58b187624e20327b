"""Which addresses the service may reach: public ones, and hosts that the settings name.

Against server-side request forgery: the name is resolved here, each address is judged, and the
connection goes to the very address that was judged, so that a name cannot answer differently a
moment later (DNS rebinding). It works below TLS and below redirects: every connection passes.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection, Iterable
from typing import Any

import httpcore

__all__ = ["GuardedBackend", "Refusal", "judged", "public"]


class Refusal(httpcore.ConnectError):
    """The address is not one that the service reaches."""


def public(address: str) -> bool:
    """Say whether an address is a public one, of a single host.

    Private, loopback, link-local (clouds keep their secrets there), shared, multicast and
    reserved ranges are not; an IPv6 address that carries an IPv4 one is judged by that too.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        found = [one for one in inner if one is not None]
        if found:
            return all(public(str(one)) for one in found)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def judged(host: str, port: int, excepted: Collection[str]) -> list[str]:
    """Resolve a host and give its addresses, in the order of the system.

    Parameters
    ----------
    host, port
        Where to.
    excepted
        Names of hosts that may lie at private addresses.

    Raises
    ------
    Refusal
        If the host cannot be resolved, or one of its addresses may not be reached.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refusal(f"the host {host} is not known") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if host.casefold().rstrip(".") in {name.casefold() for name in excepted}:
        return addresses
    refused = [address for address in addresses if not public(address)]
    if refused or not addresses:
        raise Refusal(f"the host {host} lies at {', '.join(refused)}, which is not public")
    return addresses


class GuardedBackend(httpcore.SyncBackend):
    """Connects to judged addresses only.

    Parameters
    ----------
    excepted
        Names of hosts that may lie at private addresses.
    """

    def __init__(self, excepted: Collection[str]) -> None:
        super().__init__()
        self._excepted = frozenset(excepted)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first judged address that answers."""
        failure: Exception = Refusal(f"the host {host} has no address")
        for address in judged(host, port, self._excepted):
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Refuse: no fetcher speaks to a file of this machine."""
        del timeout, socket_options
        raise Refusal(f"{path} is not an address")
