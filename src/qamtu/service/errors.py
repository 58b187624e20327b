"""Which error becomes which HTTP status: one table, and the problem (RFC 9457) that says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException

from qamtu.core.errors import (
    InputError,
    MissingInput,
    OutputExists,
    QamtuError,
    StorageFailure,
)
from qamtu.service.accounts.errors import Forbidden, TooManyAttempts

__all__ = ["STATUSES", "Conflict", "NotFound", "Problem", "Stale", "Unreadable", "problem_of"]


class NotFound(QamtuError):
    """There is no such thing, or the reader may not know of it."""


class Conflict(QamtuError):
    """Somebody else changed the record meanwhile, or it is already there."""


class Stale(QamtuError):
    """What is to be changed is not what the sender saw (``If-Match``)."""


class Unreadable(QamtuError):
    """A parameter of the address cannot be read."""


STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (TooManyAttempts, 429),
    (NotFound, 404),
    (Conflict, 409),
    (Stale, 412),
    (Unreadable, 422),
    (MissingInput, 404),
    (InputError, 422),
    (OutputExists, 409),
    (StorageFailure, 503),
    (IntegrityError, 409),
    (OperationalError, 503),
    (NoConnection, 503),
    (DBAPIError, 500),
    (QamtuError, 500),
)
"""Status of each type of error; the first that fits counts. `Forbidden` is 401 or 403."""

_RETRY_S = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """What is told about an error.

    Parameters
    ----------
    status
        HTTP status.
    detail
        One sentence for people; empty where it would say too much.
    errors
        What is wrong where: of a form, a body or a file.
    headers
        Further headers of the answer.
    """

    status: int
    detail: str = ""
    errors: Sequence[Mapping[str, Any]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Name of the status."""
        return HTTPStatus(self.status).phrase

    def content(self, path: str, request_id: str) -> dict[str, Any]:
        """Give the members of the problem (RFC 9457, section 3)."""
        said: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "instance": path,
            "request_id": request_id,
        }
        if self.detail:
            said["detail"] = self.detail
        if self.errors:
            said["errors"] = list(self.errors)
        return said


def problem_of(error: Exception) -> Problem:
    """Say what is told about an error; what was typed is never repeated."""
    match error:
        case Forbidden(signed_in=True):
            problem = Problem(403, _sentence(error))
        case Forbidden():
            problem = Problem(401, _sentence(error), headers={"WWW-Authenticate": "Bearer"})
        case TooManyAttempts():
            problem = Problem(429, _sentence(error), headers={"Retry-After": str(error.wait_s)})
        case HTTPException():
            problem = Problem(error.status_code, _detail(error), headers=error.headers or {})
        case RequestValidationError():
            problem = Problem(422, "The request is not as described.", _places(error))
        case IntegrityError():
            problem = Problem(409, "The record is already there or has changed meanwhile.")
        case _:
            problem = _by_table(error)
    return problem


def _by_table(error: Exception) -> Problem:
    status = next((number for kind, number in STATUSES if isinstance(error, kind)), 500)
    if status >= 500:
        headers = {"Retry-After": str(_RETRY_S)} if status == 503 else {}
        return Problem(status, headers=headers)
    findings = error.findings if isinstance(error, InputError) else ()
    errors = [
        {"id": one.id, "where": one.where, "what": one.what, "mend": one.mend} for one in findings
    ]
    return Problem(status, _sentence(error), errors)


def _sentence(error: Exception) -> str:
    return str(error.args[0]) if error.args else ""


def _detail(error: HTTPException) -> str:
    detail = str(error.detail)
    return "" if detail == HTTPStatus(error.status_code).phrase else detail


def _places(error: RequestValidationError) -> list[dict[str, Any]]:
    return [
        {"where": ".".join(str(part) for part in one["loc"]), "what": one["msg"], "id": one["type"]}
        for one in error.errors()
    ]
