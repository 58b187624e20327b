"""From a request to a kept file: streamed, hashed on the way, refused once it is too large."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import HTTPException, Request, UploadFile
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from qamtu.service.state import State, state_of
from qamtu.service.uploads.store import Kept, Receiving, TooLarge

__all__ = ["keep_file", "keep_stream", "small_enough", "upload_form"]

_FIELDS_BYTES = 2**20
_BLOCK = 2**20
_TOO_LARGE = "The file is larger than what is taken here."


def small_enough(request: Request, extra_bytes: int = 0) -> None:
    """Refuse a body by its announced length, before it is read.

    Raises
    ------
    fastapi.HTTPException
        413 if it is too long; 411 if its length is not said and ``extra_bytes`` is given.
    """
    limit = state_of(request).settings.upload_limit_bytes + extra_bytes
    size = request.headers.get("content-length", "")
    if size.isdigit() and int(size) > limit:
        raise HTTPException(413, _TOO_LARGE)
    if extra_bytes and not size.isdigit():
        raise HTTPException(413, "The length of the form is not said.")


async def upload_form(request: Request) -> AsyncIterator[FormData]:
    """Read a form with a file; its length must be announced and within the limit."""
    small_enough(request, _FIELDS_BYTES)
    form = await request.form(max_files=5, max_fields=50)
    try:
        yield form
    finally:
        await form.close()


async def keep_stream(request: Request, name: str) -> Kept:
    """Keep the body of a request as a file.

    Raises
    ------
    fastapi.HTTPException
        413 as soon as more came than is taken.
    InputError
        If its type is not taken.
    """
    small_enough(request)
    settings = state_of(request).settings
    with Receiving(settings.data, settings.upload_limit_bytes) as coming:
        try:
            async for block in request.stream():
                await run_in_threadpool(coming.feed, block)
        except TooLarge as error:
            raise HTTPException(413, _TOO_LARGE) from error
        return await run_in_threadpool(coming.keep, name)


def keep_file(state: State, file: UploadFile) -> Kept:
    """Keep the file of a form; errors as `keep_stream`."""
    settings = state.settings
    with Receiving(settings.data, settings.upload_limit_bytes) as coming:
        try:
            while block := file.file.read(_BLOCK):
                coming.feed(block)
        except TooLarge as error:
            raise HTTPException(413, _TOO_LARGE) from error
        return coming.keep(file.filename or "file")
