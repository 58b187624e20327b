"""One address, one or more processes that answer there, and a shutdown that finishes requests."""

from __future__ import annotations

import errno
import functools
import os
import shutil
import signal
import socket
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from qamtu.core.errors import QamtuError
from qamtu.service.app import create_app
from qamtu.service.board.warm import start_warming
from qamtu.service.middleware.logs import route_standard_logging
from qamtu.service.middleware.measures import MULTIPROCESS
from qamtu.service.settings import Settings

__all__ = ["application", "bind", "run", "until_stopped"]

_FINISH_S = 20
_BEGIN_S = 60  # a process that imports and opens everything on a busy machine is not dead


class _Stopped(BaseException):
    """The process was told to end."""


def bind(host: str, port: int) -> socket.socket:
    """Take an address; port 0 takes any that is free.

    Raises
    ------
    QamtuError
        If it is taken by another program, or not one of this machine.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            msg = f"port {port} of {host} is in use: another --port, or stop what uses it"
            raise QamtuError(msg) from error
        raise QamtuError(f"cannot listen at {host}:{port}: {error.strerror}") from error
    listener.set_inheritable(True)
    return listener


def application(settings: Settings) -> FastAPI:
    """Make the application of one process, with the logs of libraries in its log, and warm it."""
    app = create_app(settings)
    route_standard_logging(app.state.qamtu.log)
    start_warming(app)
    return app


def run(settings: Settings, listener: socket.socket) -> None:
    """Answer requests until Ctrl-C or SIGTERM; requests at work are finished first."""
    config = uvicorn.Config(
        functools.partial(application, settings),
        factory=True,
        workers=settings.workers,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=_FINISH_S,
        timeout_worker_healthcheck=_BEGIN_S,
    )
    if settings.workers == 1:
        uvicorn.Server(config).run(sockets=[listener])
        return
    with _shared_measures(settings, os.environ):
        Multiprocess(config, [listener]).run()


@contextmanager
def until_stopped() -> Iterator[None]:
    """Leave the block in peace at Ctrl-C and SIGTERM."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _Stopped

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except (_Stopped, KeyboardInterrupt):
        return
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def _shared_measures(settings: Settings, environment: MutableMapping[str, str]) -> Iterator[None]:
    """Let several processes add up their measures in a folder."""
    folder = settings.data / "measures"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment[MULTIPROCESS] = str(folder)
    try:
        yield
    finally:
        environment.pop(MULTIPROCESS, None)
        shutil.rmtree(folder, ignore_errors=True)
