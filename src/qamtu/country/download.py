"""Files over HTTP, several at once: continued where they broke off, checked, never half in place.

A file is written beside its place with the ending ``.part`` and renamed when it is whole. A part
is continued with a range request on condition that the file at the server is still the one it was
begun from (``If-Range`` with its entity tag, RFC 9110 section 13.1.5). What can be checked is: the
length always; the MD5 where the entity tag is one (an object store's files of one part); the
SHA-256 where the caller has it.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from threading import Event
from typing import Any, Final
from urllib.parse import urlsplit

from qamtu.core.errors import InputError, StorageFailure
from qamtu.core.progress import Report, Stage, silent
from qamtu.core.provenance import file_sha256

__all__ = ["Fetched", "Outcome", "Wanted", "fetch_all"]

_MD5_TAG: Final = re.compile(r'^"([0-9a-f]{32})"$')
_BLOCK: Final = 1 << 18
_RETRIED: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_POLL_S: Final = 0.5


class Outcome:
    """How fetching a file ended."""

    FETCHED: Final = "fetched"
    THERE: Final = "there"
    ABSENT: Final = "absent"
    FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file to fetch.

    Parameters
    ----------
    url
        Where it is; http or https.
    path
        Where to put it.
    sha256
        What it must be, where that is known.
    """

    url: str
    path: Path
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a file.

    Parameters
    ----------
    wanted
        The file.
    outcome
        One of `Outcome`: fetched, there before, absent at the server (404), failed.
    size_bytes
        Bytes transferred now.
    sha256
        Of the file; empty where there is none.
    why
        What went wrong, with the URL.
    """

    wanted: Wanted
    outcome: str
    size_bytes: int = 0
    sha256: str = ""
    why: str = ""


class _Broken(Exception):
    """A transfer that did not arrive whole, and whether it may be tried again."""

    def __init__(self, why: str, *, again: bool = True) -> None:
        super().__init__(why)
        self.again = again


def fetch_all(
    wanted: Sequence[Wanted], *, parallel: int = 4, retries: int = 4, timeout_s: float = 30.0,
    pause_s: float = 1.0, report: Report = silent,
) -> tuple[Fetched, ...]:  # fmt: skip
    """Fetch files, a few at a time.

    Parameters
    ----------
    wanted
        What to fetch; a file that is in place (and is what it must be) is not fetched again.
    parallel
        Transfers at once.
    retries
        Further attempts after a broken transfer or a busy server.
    timeout_s
        How long a server may be silent [s].
    pause_s
        Wait before the first further attempt [s]; doubled for each one after.
    report
        Called after each file.

    Returns
    -------
    tuple
        In the order of ``wanted``; failures are told, not raised.

    Raises
    ------
    InputError
        If a URL is neither http nor https.
    StorageFailure
        If a file cannot be written.
    """
    for one in wanted:
        if urlsplit(one.url).scheme not in {"http", "https"}:
            msg = f"{one.url!r} cannot be fetched: only http and https URLs can"
            raise InputError(msg)
    stop = Event()

    def work(one: Wanted) -> Fetched:
        return _fetch(one, retries=retries, timeout_s=timeout_s, pause_s=pause_s, stop=stop)

    pool = ThreadPoolExecutor(max_workers=max(1, parallel))
    try:
        return _gather([pool.submit(work, one) for one in wanted], parallel, stop, report)
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _gather(
    futures: list[Future[Fetched]], parallel: int, stop: Event, report: Report
) -> tuple[Fetched, ...]:
    """Wait for all, telling of each; a stop by the user is heard between the polls.

    Where the first files all fail the server cannot be reached, and the others are not tried.
    """
    pending, size, good, bad = set(futures), 0, 0, 0
    while pending:
        ready, pending = wait(pending, timeout=_POLL_S, return_when=FIRST_COMPLETED)
        for future in ready:
            made = future.result()
            size += made.size_bytes
            bad += made.outcome == Outcome.FAILED
            good += made.outcome in {Outcome.FETCHED, Outcome.ABSENT}
            if bad >= parallel and not good:
                stop.set()
            name = made.wanted.path.name
            report(Stage("Fetch", 1 - len(pending) / len(futures), f"{name}, {size / 1e6:,.1f} MB"))
    return tuple(future.result() for future in futures)


def _fetch(
    one: Wanted, *, retries: int, timeout_s: float, pause_s: float, stop: Event
) -> Fetched:  # fmt: skip
    """Fetch one file, again and again if need be."""
    if one.path.is_file():
        found = file_sha256(one.path)
        if not one.sha256 or found == one.sha256:
            return Fetched(one, Outcome.THERE, 0, found)
        one.path.unlink()
    why = "stopped"
    for attempt in range(retries + 1):
        if stop.wait(pause_s * 2.0 ** (attempt - 1) if attempt else 0.0):
            break
        try:
            return _once(one, timeout_s, stop)
        except _Broken as error:
            why = str(error)
            if not error.again:
                break
    return Fetched(one, Outcome.FAILED, why=f"{one.url}: {why}")


def _once(one: Wanted, timeout_s: float, stop: Event) -> Fetched:
    """Fetch one file once.

    Raises
    ------
    _Broken
        If it did not arrive whole.
    """
    try:
        return _checked(one, _transfer(one, timeout_s, stop))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == HTTPStatus.NOT_FOUND:
            return Fetched(one, Outcome.ABSENT, why=f"{one.url}: {error.code}")
        what = f"the server answers {error.code} {error.reason}"
        raise _Broken(what, again=error.code in _RETRIED) from error
    except urllib.error.URLError as error:
        raise _Broken(str(error.reason)) from error
    except http.client.HTTPException as error:
        raise _Broken(str(error) or type(error).__name__) from error
    except OSError as error:
        if error.filename is not None or error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFailure(f"{one.path} could not be written: {error}") from error
        raise _Broken(str(error) or type(error).__name__) from error


def _checked(one: Wanted, size: int) -> Fetched:
    """Put a whole part in its place if it is what it must be.

    Raises
    ------
    _Broken
        If it is not; the part is thrown away.
    """
    part, tag = _part(one.path), _tag(one.path)
    found = file_sha256(part)
    if one.sha256 and found != one.sha256:
        part.unlink()
        tag.unlink(missing_ok=True)
        msg = f"the SHA-256 is {found[:12]}…, not {one.sha256[:12]}…"
        raise _Broken(msg)
    match = _MD5_TAG.match(tag.read_text(encoding="ascii")) if tag.is_file() else None
    if match is not None and match[1] != _md5(part):
        part.unlink()
        tag.unlink()
        msg = f"the MD5 is not that of the entity tag ({match[1][:12]}…)"
        raise _Broken(msg)
    part.replace(one.path)
    tag.unlink(missing_ok=True)
    return Fetched(one, Outcome.FETCHED, size, found)


def _md5(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, _md5_state).hexdigest()


def _md5_state() -> Any:
    """MD5 against broken transfers, not against forgery."""
    return hashlib.md5(usedforsecurity=False)


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _tag(path: Path) -> Path:
    return path.with_name(f"{path.name}.etag")


def _opener() -> urllib.request.OpenerDirector:
    """Open http and https only, redirects too, through the proxies that the environment names."""
    made = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(), urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(), urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):  # fmt: skip
        made.add_handler(handler)
    return made


def _transfer(one: Wanted, timeout_s: float, stop: Event) -> int:
    """Fetch what a part lacks; give the bytes transferred.

    Raises
    ------
    _Broken
        If the transfer ends early.
    """
    part, tag = _part(one.path), _tag(one.path)
    one.path.parent.mkdir(parents=True, exist_ok=True)
    have = part.stat().st_size if part.is_file() and tag.is_file() else 0
    request = urllib.request.Request(one.url)  # noqa: S310  # the scheme was checked
    if have:
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", tag.read_text(encoding="ascii"))
    try:
        answer = _opener().open(request, timeout=timeout_s)
    except urllib.error.HTTPError as error:
        # a part that is no beginning of what is there now
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and have:
            error.close()
            part.unlink()
            tag.unlink()
            msg = "the part kept does not fit the file at the server: begun again"
            raise _Broken(msg) from error
        raise
    with answer:
        continued = answer.status == HTTPStatus.PARTIAL_CONTENT
        span = answer.headers.get("Content-Range", "")
        if continued and not span.startswith(f"bytes {have}-"):
            msg = f"the server sent {span!r}, not what was asked for"
            raise _Broken(msg)
        etag = answer.headers.get("ETag", "")
        length = answer.headers.get("Content-Length")
        if etag and not etag.startswith("W/"):
            tag.write_text(etag, encoding="ascii")
        else:
            with suppress(FileNotFoundError):
                tag.unlink()
        return _write(answer.read, part, "ab" if continued else "wb", length, stop)


def _write(
    read: Callable[[int], bytes], part: Path, mode: str, length: str | None, stop: Event
) -> int:
    written = 0
    with part.open(mode) as stream:
        while block := read(_BLOCK):
            stream.write(block)
            written += len(block)
            if stop.is_set():
                msg = "stopped"
                raise _Broken(msg, again=False)
    if length is not None and written != int(length):
        msg = f"the transfer ended after {written:,} of {int(length):,} bytes"
        raise _Broken(msg)
    return written
