"""The description of the API (OpenAPI 3.1): every status an operation may answer is declared."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from qamtu.service.edge import PROBLEM

__all__ = ["describe"]

_PREFIX = "/api/"
_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string", "examples": ["Not Found"]},
        "status": {"type": "integer", "examples": [404]},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {key: {"type": "string"} for key in ("id", "where", "what", "mend")},
            },
        },
    },
}
_ALWAYS = (400, 401, 403, 404, 405, 422, 429, 500, 503)
_UNSAFE = (409, 412, 413)
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API token of an account."},
}


def describe(app: FastAPI) -> None:
    """Let the application describe itself: problems, sign-in by token, conditional requests."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(
                get_openapi(
                    title="qamtu",
                    version=app.version,
                    summary="Promises, evidence and plans of universal digital access",
                    routes=app.routes,
                )
            )
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _completed(schema: dict[str, Any]) -> dict[str, Any]:
    components = schema.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = _SECURITY
    schema["security"] = [{}, {"bearer": []}]
    for path, operations in schema["paths"].items():
        if path.startswith(_PREFIX):
            for method, operation in operations.items():
                _complete(operation, safe=method in {"get", "head"})
    return schema


def _complete(operation: dict[str, Any], *, safe: bool) -> None:
    responses = operation.setdefault("responses", {})
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in _ALWAYS if safe else (*_ALWAYS, *_UNSAFE):
        given = responses.get(str(status))
        if given is None or status == 422:
            phrase = HTTPStatus(status).phrase
            responses[str(status)] = {"description": phrase, "content": content}
    if safe:
        responses.setdefault("304", {"description": "Not modified: the reader has it already."})
