"""Where tasks run: in this process, in others beside it, or on a Dask cluster.

The answer is the same wherever they run: tasks are pure and come back in their order.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from qamtu.connectivity.villages.divide import Mapper
from qamtu.core.errors import InputError
from qamtu.core.findings import Finding, Severity

__all__ = ["mapping"]


@contextmanager
def mapping(scheduler: str = "processes", workers: int | None = None) -> Iterator[Mapper]:
    """Give a mapper for as long as the block lasts.

    Parameters
    ----------
    scheduler
        ``serial``, ``processes`` or the address of a Dask scheduler (``tcp://host:port``).
    workers
        Processes to start; as many as there are processors where None.

    Raises
    ------
    InputError
        If the scheduler is unknown, the ``cluster`` extra is not installed, or no cluster
        answers at the address.
    """
    if scheduler == "serial":
        yield map
    elif scheduler == "processes":
        count = workers or len(os.sched_getaffinity(0))
        if count == 1:
            yield map
            return
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(count, mp_context=context) as pool:
            for _ in range(count):  # start them now, while the caller still reads its data
                pool.submit(_wake)
            yield _cancelling(pool)
    elif "://" in scheduler:
        client = _connect(scheduler)
        try:
            yield lambda function, tasks: _on_cluster(client, function, tasks)
        finally:
            client.close()
    else:
        raise _unknown(scheduler, "give serial, processes or an address such as tcp://host:8786")


def _wake() -> str:
    """Load what the tasks need, so that the first of them does not wait for it."""
    return import_module("qamtu.connectivity.villages").__name__


def _cancelling(pool: ProcessPoolExecutor) -> Mapper:
    def mapper(function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterable[Any]:
        try:
            return list(pool.map(function, tasks))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise

    return mapper


def _connect(address: str) -> Any:
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        mend = "install it with: pip install 'qamtu[cluster]'"
        raise _unknown(address, mend, "dask.distributed is not installed") from error
    try:
        return distributed.Client(address, timeout="10s")
    except (OSError, TimeoutError, ValueError) as error:
        mend = "start one (dask scheduler, dask worker) or check the address"
        raise _unknown(address, mend, "no Dask scheduler answers") from error


def _on_cluster(client: Any, function: Callable[[Any], Any], tasks: Iterable[Any]) -> list[Any]:
    futures = client.map(function, list(tasks), pure=False)
    made: list[Any] = client.gather(futures)
    return made


def _unknown(scheduler: str, mend: str, what: str = "this scheduler is not known") -> InputError:
    finding = Finding(
        "scheduler", Severity.ERROR, f"{scheduler}: {what}", mend, None, None, "scheduler"
    )
    return InputError("the tasks cannot be mapped", [finding])
