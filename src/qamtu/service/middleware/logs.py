"""Structured logs: one JSON object a line, without anything that opens a door."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

__all__ = ["Log", "hide", "make_log", "route_standard_logging"]

Log = Any
"""A bound logger of structlog: ``log.info("event", key=value)``."""

_SECRET = re.compile(
    r"pass(word|wd|phrase)?$|secret|token|cookie|authorization|csrf|totp|otp$|^code$|_code$"
    r"|session|api_?key|private|signature|verifier|nonce|^query|^body$|^form$",
    re.IGNORECASE,
)
_QUERY = re.compile(r"\?[^\s\"'<>]*")
_BEARER = re.compile(r"\b(bearer|basic)\s+\S+", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"(?i)\b([\w-]*(?:password|passwd|secret|token|cookie|csrf|otp|api_?key)[\w-]*\s*[=:]\s*)"
    r"(?:\"[^\"]*\"|'[^']*'|[^\s,;&]+)"
)
_URL_LOGIN = re.compile(r"(\w+://[^\s:/@]+):[^\s@/]+@")
_HIDDEN = "[hidden]"


def hide(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide secrets by the names of their keys and by their form in texts (a processor)."""
    return {key: _hidden(key, value) for key, value in event.items()}


def make_log(stream: TextIO | None = None) -> Log:
    """Make the log of a service.

    Parameters
    ----------
    stream
        Where lines go; standard error by default.
    """
    return structlog.wrap_logger(
        structlog.PrintLogger(stream or sys.stderr),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            hide,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )


def route_standard_logging(log: Log, level: int = logging.WARNING) -> None:
    """Send what libraries log from a level on to the same lines."""
    root = logging.getLogger()
    root.handlers[:] = [_Handler(log)]
    root.setLevel(level)


class _Handler(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        write = self._log.error if record.levelno >= logging.ERROR else self._log.info
        write("library", logger=record.name, message=record.getMessage(), exc_info=record.exc_info)


def _hidden(key: str, value: Any) -> Any:
    if _SECRET.search(key) and value not in {None, "", True, False}:
        return _HIDDEN
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, Mapping):
        return {str(name): _hidden(str(name), one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden("", one) for one in value]
    return value


def _clean(text: str) -> str:
    text = _URL_LOGIN.sub(rf"\1:{_HIDDEN}@", text)
    text = _BEARER.sub(rf"\1 {_HIDDEN}", text)
    text = _QUERY.sub(f"?{_HIDDEN}", text) if "://" in text or text.startswith("/") else text
    return _ASSIGNED.sub(rf"\1{_HIDDEN}", text)
