"""The edge: every error leaves as a problem in the API, and as a page elsewhere."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qamtu.core.errors import QamtuError
from qamtu.service.conditional import NotModified
from qamtu.service.errors import Problem, problem_of
from qamtu.service.pages.errors import error_page
from qamtu.service.state import state_of

__all__ = ["PROBLEM", "Edge", "answer", "handle_errors"]

PROBLEM = "application/problem+json"
"""Media type of a problem (RFC 9457)."""
SIGN_IN = "/sign-in"
_MACHINE = ("/api", "/metrics", "/healthz")


def handle_errors(app: FastAPI) -> None:
    """Let the application answer errors by the one table."""
    for kind in (QamtuError, HTTPException, RequestValidationError, SQLAlchemyError):
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(NotModified, _not_modified)


def answer(request: Request, error: Exception) -> Response:
    """Answer an error: a problem where a program asks, the sign-in page or an error page else."""
    problem = problem_of(error)
    state = state_of(request)
    if problem.status >= 500:
        state.log.error("request.failed", error=type(error).__name__, exc_info=error)
    if _machine(request):
        return _problem(request, problem)
    if problem.status == 401 and request.method == "GET":
        return _to_sign_in(request)
    try:
        return error_page(request, problem.status, problem.detail, headers=problem.headers)
    except Exception as second:  # the page of an error must not fail
        state.log.exception("page.failed", error=type(second).__name__)
        return _problem(request, problem)


class Edge:
    """Turns what no handler caught, also of the middleware within, into an answer.

    Parameters
    ----------
    app
        What is within.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run what is within; answer its error where nothing was sent yet."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = False

        async def watched(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if began:
                raise
            response = await run_in_threadpool(answer, Request(scope), error)
            await response(scope, receive, send)


async def _answer(request: Request, error: Exception) -> Response:
    return await run_in_threadpool(answer, request, error)


async def _not_modified(_request: Request, error: Exception) -> Response:
    return Response(status_code=304, headers=cast("NotModified", error).headers)


def _machine(request: Request) -> bool:
    path = request.url.path
    if any(path == one or path.startswith(f"{one}/") for one in _MACHINE):
        return True
    accepted = request.headers.get("accept", "")
    return "json" in accepted and "text/html" not in accepted


def _problem(request: Request, problem: Problem) -> Response:
    request_id = str(getattr(request.state, "request_id", ""))
    content = problem.content(request.url.path, request_id)
    headers = {"Cache-Control": "no-store", **problem.headers}
    return JSONResponse(content, problem.status, headers, media_type=PROBLEM)


def _to_sign_in(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    target = f"{SIGN_IN}?{urlencode({'next': request.url.path + query})}"
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": target})
    return RedirectResponse(target, 303, {"Cache-Control": "no-store"})
