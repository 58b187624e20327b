"""What the process of one job does: reads its order, runs the study, tells how far it is.

It knows no database and no secret: the order comes as the first line of its standard input, words
of progress go out as lines of JSON. The input stays open as long as the worker lives; when it
closes the worker is gone, and the process stops itself. What a study has solved by then lies in
its checkpoint beside the results, and the next attempt takes it up.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from types import FrameType
from typing import IO, Any

from qamtu.core.errors import InputError, QamtuError
from qamtu.core.progress import Stage
from qamtu.service.jobs.kinds import KINDS, Order, study_request

__all__ = ["main", "order_line"]

_GRACE_S = 15.0


def order_line(order: Order) -> bytes:
    """Write an order as the line that the process of a job reads."""
    return json.dumps(asdict(order), ensure_ascii=True).encode() + b"\n"


class _Stop(BaseException):  # past `except Exception` in studies and solvers
    """The job is to end."""


def main() -> None:
    """Do the job that the standard input names."""
    given = os.fdopen(os.dup(0), "rb", buffering=0)
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no progress
    order = Order(**json.loads(_first_line(given)))
    threading.Thread(target=_watch, args=(given,), daemon=True).start()
    ended = _do(order, told)
    _tell(told, ended)
    told.close()


def _do(order: Order, told: IO[str]) -> Mapping[str, Any]:
    """Run the study and give the last word."""

    def report(stage: Stage) -> None:
        _tell(told, {"stage": stage.name, "share": stage.share, "detail": stage.detail})

    try:
        with _stoppable():
            KINDS[order.kind].run(study_request(order), report)
    except _Stop:
        return {"end": "stopped"}
    except InputError as error:
        found = [asdict(one) | {"severity": one.severity.value} for one in error.findings]
        return {"end": "failed", "error": str(error.args[0]), "findings": found[:500]}
    except (QamtuError, MemoryError) as error:
        return {"end": "failed", "error": str(error) or type(error).__name__, "findings": []}
    return {"end": "done"}


def _tell(told: IO[str], content: Mapping[str, Any]) -> None:
    told.write(json.dumps(content) + "\n")
    told.flush()


def _first_line(given: Any) -> bytes:
    """Read one line and nothing of what follows."""
    line = bytearray()
    while not line.endswith(b"\n"):
        one = given.read(1)
        if not one:
            raise SystemExit("there is no order")
        line += one
    return bytes(line)


def _watch(given: Any) -> None:
    """Stop this process when the worker is gone, and all it started if it does not heed."""
    while given.read(4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_S)
    os.killpg(os.getpgid(0), signal.SIGKILL)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let the first SIGTERM end the block; compiled code may turn it into an error of its own."""
    heard = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal heard
        if not heard:
            heard = True
            raise _Stop

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        yield
    except BaseException as error:
        if heard:
            raise _Stop from error
        raise


if __name__ == "__main__":
    main()
