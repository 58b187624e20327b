"""An httpx client behind the guard, and answers of limited size and time."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpcore
import httpx

from qamtu.core.errors import QamtuError
from qamtu.service.outbound.guard import GuardedBackend
from qamtu.service.settings import Settings

__all__ = ["Answer", "GuardedTransport", "Unreachable", "client", "fetch"]

LIMIT_BYTES = 2**20
LIMIT_S = 10.0
REDIRECTS = 3


class Unreachable(QamtuError):
    """An address outside cannot or may not be reached, or answers too much or too slowly."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers by small letters, content, and the address at the end."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str


class _Stream(httpx.SyncByteStream):
    def __init__(self, stream: httpcore.Response, limit_bytes: int, ends: float) -> None:
        self._stream, self._limit, self._ends = stream, limit_bytes, ends

    def __iter__(self) -> Iterator[bytes]:
        taken = 0
        for part in self._stream.iter_stream():
            taken += len(part)
            if taken > self._limit:
                raise httpx.ReadError(f"the answer is larger than {self._limit} bytes")
            if time.monotonic() > self._ends:
                raise httpx.ReadTimeout("the answer takes too long")
            yield part

    def close(self) -> None:
        self._stream.close()


class GuardedTransport(httpx.BaseTransport):
    """Carries requests over connections that the guard allowed.

    Parameters
    ----------
    settings
        Names the hosts that may be private.
    limit_bytes, limit_s
        Largest answer (as sent) and longest time of one answer.
    """

    def __init__(
        self, settings: Settings, limit_bytes: int = LIMIT_BYTES, limit_s: float = LIMIT_S
    ) -> None:
        self._limit_bytes, self._limit_s = limit_bytes, limit_s
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            network_backend=GuardedBackend(settings.insecure_fetch_hosts),
            max_connections=20,
            keepalive_expiry=5.0,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; redirects are the client's business and pass here again."""
        ends = time.monotonic() + self._limit_s
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.read(),
            extensions=request.extensions,
        )
        with _as_httpx():
            got = self._pool.handle_request(sent)
        return httpx.Response(
            got.status,
            headers=got.headers,
            stream=_Stream(got, self._limit_bytes, ends),
            extensions=got.extensions,
        )

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        value: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.close()


@contextmanager
def _as_httpx() -> Iterator[None]:
    try:
        yield
    except httpcore.TimeoutException as error:
        raise httpx.TimeoutException(str(error)) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise httpx.TransportError(str(error)) from error


def client(
    settings: Settings, *, limit_bytes: int = LIMIT_BYTES, limit_s: float = LIMIT_S
) -> httpx.Client:
    """Give a client behind the guard: no proxies of the environment, no cookies, no redirects."""
    return httpx.Client(
        transport=GuardedTransport(settings, limit_bytes, limit_s),
        timeout=httpx.Timeout(limit_s, connect=min(5.0, limit_s)),
        trust_env=False,
        follow_redirects=False,
    )


def fetch(
    settings: Settings,
    url: str,
    *,
    method: str = "GET",
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    limit_bytes: int = LIMIT_BYTES,
    limit_s: float = LIMIT_S,
) -> Answer:
    """Fetch one address; up to three redirects, each judged anew (GET only).

    Parameters
    ----------
    settings
        Names the hosts that may be private.
    url
        ``http`` or ``https``, without name and password.
    method, content, headers
        Of the request.
    limit_bytes, limit_s
        Largest answer, longest time for all of it.

    Raises
    ------
    Unreachable
        If the address may not be reached, does not answer, or answers too much or too slowly.
    """
    ends = time.monotonic() + limit_s
    with client(settings, limit_bytes=limit_bytes, limit_s=limit_s) as asking:
        for _ in range(REDIRECTS + 1):
            _check(url)
            try:
                got = asking.request(method, url, content=content, headers=headers)
            except (httpx.HTTPError, httpx.InvalidURL, httpcore.TimeoutException) as error:
                raise Unreachable(f"{urlsplit(url).hostname}: {error}") from error
            except httpcore.NetworkError as error:
                raise Unreachable(f"{urlsplit(url).hostname}: {error}") from error
            if not got.has_redirect_location or method != "GET":
                return Answer(got.status_code, dict(got.headers), got.content, url)
            url = str(got.next_request.url) if got.next_request else ""
            if time.monotonic() > ends:
                break
    raise Unreachable("the address leads on too often or too slowly")


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Unreachable("this is not an address") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Unreachable("only http and https addresses are fetched")
    if parts.username or parts.password or port == 0:
        raise Unreachable("an address to fetch has no name and password in it")
