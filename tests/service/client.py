"""A synchronous httpx client that speaks to the application in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal


class AppTransport(httpx.BaseTransport):
    """Carry requests to an ASGI application through its event loop in another thread."""

    def __init__(self, portal: BlockingPortal, app: Any, address: str = "127.0.0.1") -> None:
        self._portal = portal
        self._asgi = httpx.ASGITransport(app, client=(address, 50000))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._portal.call(self._answer, request)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        asked = httpx.Request(request.method, request.url, headers=request.headers, content=body)
        answer = await self._asgi.handle_async_request(asked)
        content = b"".join([part async for part in answer.aiter_raw()])
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=httpx.ByteStream(content)
        )


@contextmanager
def clients(app: Any, base_url: str) -> Iterator[Any]:
    """Give a maker of clients of an application; its lifespan is that of the block."""
    with ExitStack() as stack, start_blocking_portal() as portal:
        lifespan = app.router.lifespan_context(app)
        portal.call(lifespan.__aenter__)

        def make(address: str = "127.0.0.1", **options: Any) -> httpx.Client:
            options.setdefault("base_url", base_url)
            return stack.enter_context(
                httpx.Client(transport=AppTransport(portal, app, address), **options)
            )

        try:
            yield make
        finally:
            stack.close()
            portal.call(lifespan.__aexit__, None, None, None)
